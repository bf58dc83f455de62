"""The worlds of a template: every assignment of parameters, pseudo parameters and facts that it allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Final, TypeVar

from run.brute_force.concrete import ANY_LIST, STACK_NAME, Stack, Undecided, as_declared, included, section
from run.brute_force.values import OTHER, Data, Hole, Link, Pieces, Value, piece_together
from run.brute_force.world import Domain, World

__all__ = ["Templates", "worlds"]

_PSEUDO: Final = {
    "AWS::AccountId": r"[0-9]{12}",
    "AWS::Partition": r"aws[a-z-]*",
    "AWS::Region": r"[a-z]{2,}[a-z0-9-]+",
    "AWS::StackName": STACK_NAME,
}
"""Pseudo parameters and what they look like at their widest: AWS adds regions and partitions."""
_SHARED: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region")
_COMPARING: Final = ("Fn::Equals", "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals")

_Made = TypeVar("_Made")
Known = dict[str, Domain]
"""Parameter or pseudo parameter → what it can be."""


@dataclass(frozen=True, slots=True)
class Templates:
    """A template, the files that it names, and the other templates of the run, which may export something."""

    main: Mapping[str, Data]
    files: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    others: tuple[Mapping[str, Data], ...] = ()


def worlds(templates: Templates, most: int) -> list[World] | None:
    """Every world that the templates allow; None where there are more than `most`."""
    compared: dict[str, set[str]] = {}
    _compare(templates.main, templates.files, compared)
    known = _known(templates.main, compared)
    if "Fn::ForEach" in repr(templates.main) and _product(known) <= most:
        compared = {}  # what loops compare shows when they are written out
        for stack in _with(templates, known, _opened):
            _compare(stack.template, templates.files, compared)
        known = _known(templates.main, compared)
    if _product(known) > most:
        return None
    found = [world for world in _with(templates, known, _evaluated) if world is not None]
    return found if len(found) <= most else None


def _product(known: Known) -> int:
    size = 1
    for domain in known.values():
        size *= len(domain.values) + (not domain.closed)
    return size


def _with(templates: Templates, known: Known, make: Callable[[Stack, World], _Made]) -> Iterator[_Made]:
    """What `make` gives of each assignment, once for each choice of the facts that it asks for."""
    exported: dict[tuple[Value, ...], dict[str, Value]] = {}
    for values in product(*((*domain.values, *(() if domain.closed else (OTHER,))) for domain in known.values())):
        assignment = dict(zip(known, values, strict=True))
        given = _given(templates.main, known, assignment)
        shared = tuple(given[name] for name in _SHARED)
        if shared not in exported:
            exported[shared] = _exported(templates, given)
        stack = Stack(templates.main, given, {}, templates.files, exported[shared])
        yield from _decided(stack, known, assignment, make)


def _decided(
    stack: Stack, known: Known, assignment: dict[str, str], make: Callable[[Stack, World], _Made]
) -> Iterator[_Made]:
    """What `make` gives for each choice of the facts that come up: one that does is chosen, and all begins anew."""
    try:
        opened = stack.opened()
        made = make(opened, World({one.prefix: one for one in opened.together()}, known, assignment))
    except Undecided as undecided:
        for answer in (True, False):
            chosen = {**stack.facts, undecided.fact: answer}
            yield from _decided(stack.with_facts(chosen), known, assignment, make)
    else:
        yield made


def _opened(stack: Stack, _: World) -> Stack:
    return stack


def _evaluated(outermost: Stack, world: World) -> World | None:
    """The world with all evaluated that a rule may read; None where the `Rules` section refuses it."""
    for stack in world.stacks.values():
        for name in section(stack.template, "Conditions"):
            stack.condition(name)
    for path in world.paths():
        world.deployed(path)
        world.properties(path)
        world.beside(path, "DeletionPolicy")
    accepted = [_accepted(outermost, rule) for rule in section(outermost.template, "Rules").values()]
    return world if all(accepted) else None


def _accepted(stack: Stack, rule: Data) -> bool:
    assert isinstance(rule, dict)
    assertions = rule["Assertions"]
    assert isinstance(assertions, list)
    applies = "RuleCondition" not in rule or stack.holds(rule["RuleCondition"])
    accepted = all(stack.holds(one["Assert"]) for one in assertions if isinstance(one, dict))
    return accepted or not applies


def _given(template: Mapping[str, Data], known: Known, assignment: Mapping[str, str]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for name, pattern in _PSEUDO.items():
        value = assignment.get(name, OTHER)
        excluded = known[name].literals if name in known else frozenset[str]()
        given[name] = Pieces((Hole(name, excluded, pattern),)) if value == OTHER else value
    for name, declared in section(template, "Parameters").items():
        assert isinstance(declared, dict)
        kind, value = str(declared["Type"]), assignment[name]
        if value != OTHER:
            given[name] = as_declared(kind, value)
        elif kind == "CommaDelimitedList":
            given[name] = ANY_LIST
        else:
            pattern = str(declared.get("AllowedPattern", ".*"))
            given[name] = Pieces((Hole(name, known[name].literals, pattern),))
    return given


# --- known values


def _known(template: Mapping[str, Data], compared: Mapping[str, set[str]]) -> Known:
    """The values that tell: allowed ones, else the default and what the parameter is compared with."""
    known: Known = {}
    for name, declared in section(template, "Parameters").items():
        assert isinstance(declared, dict)
        allowed = declared.get("AllowedValues")
        values = [str(declared["Default"])] if "Default" in declared else []
        closed = isinstance(allowed, list) and declared["Type"] != "CommaDelimitedList"
        if isinstance(allowed, list):
            texts = [str(value) for value in allowed]
            values = texts if closed else [*values, *texts, ",".join(texts)]
        if not closed:
            values += sorted(compared.get(name, ()))
        possible = tuple(one for one in dict.fromkeys(values) if _is_possible(declared, one))
        if closed and not possible:  # nobody can deploy it, and so its constraints say nothing
            possible = tuple(values)
        known[name] = Domain(possible, frozenset(values), closed)
    for name in _PSEUDO:
        if name in compared:
            known[name] = Domain(tuple(sorted(compared[name])), frozenset(compared[name]), closed=False)
    return known


def _is_possible(declared: Mapping[str, Data], value: str) -> bool:
    """Whether a value is within the constraints of a parameter; those of a list hold for each element."""
    parts = [part.strip() for part in value.split(",")] if declared["Type"] == "CommaDelimitedList" else [value]
    allowed, pattern = declared.get("AllowedValues"), declared.get("AllowedPattern")
    if isinstance(allowed, list) and not all(part in [str(one) for one in allowed] for part in parts):
        return False
    if isinstance(pattern, str) and not all(re.fullmatch(pattern, part) for part in parts):
        return False
    size = len(value) if declared["Type"] == "String" else float(value) if declared["Type"] == "Number" else 0
    low, high = ("MinValue", "MaxValue") if declared["Type"] == "Number" else ("MinLength", "MaxLength")
    return float(str(declared.get(low, size))) <= size <= float(str(declared.get(high, size)))


def _compare(template: Mapping[str, Data], files: Mapping[str, Mapping[str, Data]], found: dict[str, set[str]]) -> None:
    """What conditions, rules and maps compare parameters with, here and in nested stacks that get them by `Ref`."""
    for part in (section(template, "Conditions"), section(template, "Rules")):
        for function in _COMPARING:
            for sides in _functions(part, function):
                for side in sides:
                    if isinstance(side, dict) and "Ref" in side:
                        found.setdefault(str(side["Ref"]), set()).update(_literals(sides))
    for name, first, second, *_ in _functions(_with_snippets(dict(template), files), "Fn::FindInMap"):
        rows = section(template, "Mappings").get(name) if isinstance(name, str) else None
        if isinstance(rows, dict):
            keys = [key for row in rows.values() if isinstance(row, dict) for key in row]
            for side, names in ((first, list(rows)), (second, keys)):
                if isinstance(side, dict) and "Ref" in side:
                    found.setdefault(str(side["Ref"]), set()).update(names)
    for resource in section(template, "Resources").values():
        properties = section(resource, "Properties") if isinstance(resource, dict) else {}
        file = properties.get("TemplateURL")
        if isinstance(file, str):
            below: dict[str, set[str]] = {}
            _compare(files[file], files, below)
            for name, literals in below.items():
                passed = section(properties, "Parameters").get(name)
                outer = name if name in _SHARED else _referenced(passed)
                if outer is not None:
                    found.setdefault(outer, set()).update(literals)


def _with_snippets(data: Data, files: Mapping[str, Mapping[str, Data]]) -> Data:
    match data:
        case dict():
            return {key: _with_snippets(value, files) for key, value in included(data, files).items()}
        case list():
            return [_with_snippets(item, files) for item in data]
        case _:
            return data


def _referenced(data: Data) -> str | None:
    return str(data["Ref"]) if isinstance(data, dict) and list(data) == ["Ref"] else None


def _literals(data: Data) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _literals(item)
    elif not isinstance(data, dict):
        yield str(data)


def _functions(data: Data, name: str) -> Iterator[list[Data]]:
    if isinstance(data, list):
        for item in data:
            yield from _functions(item, name)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == name:
                assert isinstance(value, list)
                yield value
            yield from _functions(value, name)


# --- exports


def _exported(templates: Templates, given: Mapping[str, Value]) -> dict[str, Value]:
    """What the other templates export, by names that they all determine, where they agree on the value."""
    found: dict[str, set[Value]] = {}
    for template in templates.others:
        compared: dict[str, set[str]] = {}
        _compare(template, {}, compared)
        known = {name: domain for name, domain in _known(template, compared).items() if not name.startswith("AWS::")}
        shared = {name: given[name] for name in _SHARED}
        for exported in _with(Templates(template), known, partial(_exports, shared)):
            for name, value in exported.items():
                found.setdefault(name, set()).add(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _exports(shared: Mapping[str, Value], outermost: Stack, _: World) -> dict[str, Value]:
    """The outputs that a stack exports, by name; it has some pseudo parameters from the stack that imports."""
    stack = Stack(outermost.template, {**outermost.given, **shared}, outermost.facts, {})
    exported: dict[str, Value] = {}
    for output in section(stack.template, "Outputs").values():
        assert isinstance(output, dict)
        there = "Condition" not in output or stack.condition(str(output["Condition"]))
        if there and "Export" in output:
            name = str(section(output, "Export")["Name"])
            exported[name] = _foreign(stack.value(output["Value"]), f"import {name}")
    return exported


def _foreign(value: Value, name: str) -> Value:
    """The value of another stack's output: its own parameters are not known here, nor are its resources' names."""
    if isinstance(value, Pieces):
        return piece_together([piece for part in value.parts for piece in _foreign_part(part, name)])
    return value if isinstance(value, str | int) else Pieces((Hole(name, fixed=False),))


def _foreign_part(part: str | Hole | Link, name: str) -> list[Value]:
    match part:
        case str():
            return [part]
        case Hole():
            return [Pieces((part if part.name in _SHARED else Hole(name, fixed=False),))]
        case Link():
            start = "arn:" if part.attribute.endswith("Arn") else ""
            return [start, Pieces((Hole(name, fixed=False),))]  # whether a foreign name is empty is not asked
