"""A second opinion on resolved values: AWS's own offline engine, `cloudformation-validate` (extra `oracle`).

For every scalar property and output of every template, YAML and JSON, what the one engine says the value is, the
other has to allow; every condition has to hold for the same assignments. The values of a property are a set of texts,
of texts with open parts, or anything. The templates are those of a folder named by `STACKWARDEN_CORPUS`, or of
`../shared/corpus` beside the project; without folder or engine the test is skipped.

Theirs does not run the Serverless transform, so the templates are compared as they are before it, with loops written
out.
These differences are known, and theirs:

- In a branch of a condition, theirs still takes a parameter for a value with which the branch is not taken: the default
  in `!If [HasKey, !Ref Key, …]`, where `HasKey` is that `Key` is not its default.
- Theirs puts `Globals` into the resources of the Serverless transform.
- A block text that ends with the file, without a line end, has one for theirs.
- Theirs takes a resource whose `Type` is no text, which ours reports.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import can_equal, settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.transforms.plain import to_plain
from stackwarden.resolve.transforms.sam import TRANSFORM as SERVERLESS
from stackwarden.resolve.values import Absent, Known, ListValue, MapValue, Text, Value
from stackwarden.run.discover import discover
from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping as Node

CORPUS = Path(os.environ.get("STACKWARDEN_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
validate = pytest.importorskip("cloudformation_validate", reason="the extra `oracle` is missing")

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """The texts that a value may be, each with where it may; `forms` have open parts; `anything`: it may be others."""

    guards: Mapping[str, Guard] = field(default_factory=dict)
    forms: tuple[Text, ...] = ()
    anything: bool = False

    @property
    def texts(self) -> list[str]:
        return sorted(self.guards)

    def allows(self, text: str) -> bool:
        return (
            self.anything
            or text in self.texts
            or any(_is_same_scalar(text, other) for other in self.texts)
            or any(can_equal(form, text) for form in self.forms)
        )

    @property
    def closed(self) -> bool:
        return not self.anything and not self.forms

    def __or__(self, other: Possible) -> Possible:
        guards = {**self.guards}
        for text, guard in other.guards.items():
            guards[text] = guards.get(text, FALSE) | guard
        return Possible(guards, (*self.forms, *other.forms), self.anything or other.anything)


ANYTHING = Possible(anything=True)
Leaves = dict[Path_, Possible]


def _is_same_scalar(one: str, other: str) -> bool:
    """Whether two texts differ only as the engines do: by how a number is written, by a line end that is not there."""
    try:
        return float(one) == float(other)
    except ValueError:
        return "\n" in one and one.rstrip("\n") == other.rstrip("\n")


def _add(leaves: Leaves, path: Path_, one: Possible) -> None:
    leaves[path] = leaves[path] | one if path in leaves else one


def ours(stack: Stack, value: Value, leaves: Leaves, path: Path_ = (), under: Guard = TRUE) -> Leaves:
    """Our scalars by path, in all cases; below a list whose elements come and go nothing is compared."""
    for guard, plain in settle(value, stack.domains):
        there = guard & under
        if there is FALSE:
            continue
        match plain:
            case MapValue():
                for name in plain.names():
                    ours(stack, plain.get(name), leaves, (*path, name), there)
            case ListValue() if not plain.open and all(item.guard is TRUE for item in plain.items):
                for index, item in enumerate(plain.items):
                    ours(stack, item.value, leaves, (*path, index), there)
            case Known():
                _add(leaves, path, Possible({plain.text: there}))
            case Text():
                _add(leaves, path, Possible(forms=(plain,)))
            case Absent():
                pass
            case _:
                _add(leaves, path, ANYTHING)
    return leaves


def theirs(resolver: Resolver, value: Any, leaves: Leaves, path: Path_ = (), under: Guard = TRUE) -> Leaves:
    """Their scalars by path; the conditions around them are looked up by name."""
    if value.is_map():
        for entry in value.entries:
            theirs(resolver, entry.value, leaves, (*path, entry.key), under)
    elif value.is_list_value():
        for index, item in enumerate(value.items):
            theirs(resolver, item, leaves, (*path, index), under)
    elif value.is_enum_value():
        for variant in value.variants:
            theirs(resolver, variant, leaves, path, under)
    elif value.is_conditional():
        holds = resolver.condition(value.condition, resolver.template.root)
        theirs(resolver, value.if_true, leaves, path, under & holds)
        theirs(resolver, value.if_false, leaves, path, under & ~holds)
    elif value.is_concrete():
        _json(_unwrapped(value.value), leaves, path, under)
    else:
        _add(leaves, path, ANYTHING)
    return leaves


def _json(value: object, leaves: Leaves, path: Path_, under: Guard) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _json(inner, leaves, (*path, key), under)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _json(inner, leaves, (*path, index), under)
    elif value is not None:
        _add(leaves, path, Possible({_text(value): under}))


def _unwrapped(value: Any) -> object:
    """Their JSON values as plain ones."""
    match type(value).__name__.rpartition(".")[2]:
        case "NULL":
            return None
        case "ARRAY":
            return [_unwrapped(item) for item in value.items]
        case "OBJECT":
            return {key: _unwrapped(item) for key, item in value.entries.items()}
        case _:
            return value.value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def compared(where: str, left: Leaves, right: Leaves, resolver: Resolver) -> Iterator[str]:
    """Where two engines differ on the values of one thing."""
    for key in left.keys() & right.keys():
        mine, other = left[key], right[key]
        for text, under in other.guards.items():
            if not mine.allows(text) and not _never_has(text, under, resolver):
                yield f"{where}{list(key)}: theirs {text!r}, ours {mine.texts}"
        for text in mine.texts if mine.closed else ():
            if not other.allows(text):
                yield f"{where}{list(key)}: ours {text!r}, theirs {other.texts}"
            elif other.closed and (mine.guards[text] & ~other.guards.get(text, TRUE)) is not FALSE:
                yield f"{where}{list(key)}: ours {text!r} where theirs has {other.texts}"
    for one, others, side in ((left, right, "ours"), (right, left, "theirs")):
        for key in one.keys() - others.keys():
            above = [others[key[:length]] for length in range(len(key)) if key[:length] in others]
            below = any(path[: len(key)] == key for path in others)
            if not one[key].anything and not any(part.anything for part in above) and not below:
                yield f"{where}{list(key)}: only {side} {one[key].texts}"


def _never_has(text: str, under: Guard, resolver: Resolver) -> bool:
    """Whether a text is made of a parameter's value that the conditions around it exclude."""
    for name in resolver.template.parameters:
        for value in resolver.parameters.domain(f"Parameters.{name}")[0]:
            if value in text and (resolver.parameters.fact(f"Parameters.{name}", value) & under) is FALSE:
                return True
    return False


# --- conditions


def guard_of(expression: ast.expr, resolver: Resolver) -> Guard:
    """Where a condition holds that is written as theirs are: `Not(Equals(Param(Stage), "prod"))`."""
    match expression:
        case ast.Call(func=ast.Name(id="Not"), args=[inner]):
            return ~guard_of(inner, resolver)
        case ast.Call(func=ast.Name(id="And"), args=[*inner]):
            guard = TRUE
            for one in inner:
                guard = guard & guard_of(one, resolver)
            return guard
        case ast.Call(func=ast.Name(id="Or"), args=[*inner]):
            guard = FALSE
            for one in inner:
                guard = guard | guard_of(one, resolver)
            return guard
        case ast.Call(func=ast.Name(id="Condition"), args=[ast.Name(id=name)]):
            return resolver.condition(name, resolver.template.root)
        case ast.Call(func=ast.Name(id="Equals"), args=[ast.Constant(value=left), ast.Constant(value=right)]):
            return TRUE if left == right else FALSE
        case (
            ast.Call(func=ast.Name(id="Equals"), args=[parameter, ast.Constant(value=str(text))])
            | ast.Call(func=ast.Name(id="Equals"), args=[ast.Constant(value=str(text)), parameter])
        ):
            return resolver.parameters.fact(_variable(parameter), text)
        case _:
            raise NotImplementedError(ast.unparse(expression))


def _variable(expression: ast.expr) -> str:
    match expression:
        case ast.Call(func=ast.Name(id="Param"), args=[ast.Name(id=name)]):
            return f"Parameters.{name}"
        case ast.Call(func=ast.Name(id="Pseudo"), args=[ast.Name(id=name)]):
            return f"AWS::{name}"
        case _:
            raise NotImplementedError(ast.unparse(expression))


def conditions_that_differ(other: Any, resolver: Resolver) -> Iterator[str]:
    known = resolver.template.conditions
    for name, condition in other.to_diagnostic_model().conditions.items():
        if name not in known:
            yield f"condition {name}: only theirs"
            continue
        written = re.sub(r"\bAWS::(\w+)(?=[,)])", r"Pseudo(\1)", condition.expression)
        if resolver.condition(name, known[name]) is not guard_of(ast.parse(written, mode="eval").body, resolver):
            yield f"condition {name}: theirs {condition.expression}"


# --- templates


def disagreements(template: Template, other: Any) -> Iterator[str]:
    """What two engines make of a template differently; the Serverless transform is left out."""
    transforms = tuple(name for name in template.transforms if name != SERVERLESS)
    resolver, _ = open_template(replace(template, transforms=transforms), {})
    stack = Stack(resolver)
    yield from conditions_that_differ(other, resolver)
    refused = " ".join(fault.message() for fault in template.diagnostics)
    for logical_id, resource in other.resources().items():
        mine = stack.resource(logical_id)
        if mine is None:
            if f"`{logical_id}`" not in refused:
                yield f"{logical_id}: only theirs"
            continue
        if mine.resource.condition != resource.condition:
            yield f"{logical_id}: condition {resource.condition}, ours {mine.resource.condition}"
        common = _globals(template, mine.resource.resource_type)
        right: Leaves = {}
        for name, value in resource.properties.items():
            theirs(resolver, value, right, (name,))
        right = {path: one for path, one in right.items() if path[0] not in common}
        left = {path: one for path, one in ours(stack, mine.properties, {}).items() if path[0] not in common}
        yield from compared(logical_id, left, right, resolver)
    for name, output in other.outputs().items():
        node = resolver.template.outputs[name].node.get("Value") if name in resolver.template.outputs else None
        if node is None:
            yield f"output {name}: only theirs"
        else:
            found = ours(stack, resolver.resolve(node), {})
            yield from compared(f"output {name}", found, theirs(resolver, output.value, {}), resolver)


def _globals(template: Template, resource_type: str) -> frozenset[str]:
    """The properties that the `Globals` section gives to resources of a type."""
    section = template.root.get("Globals")
    given = section.get(resource_type.rpartition("::")[2]) if isinstance(section, Node) else None
    is_serverless = resource_type.startswith("AWS::Serverless::")
    return frozenset(given.entries) if is_serverless and isinstance(given, Node) else frozenset()


def read(path: Path) -> Template:
    source = decode(path.read_bytes(), path.name)
    template = load(source) if isinstance(source, Source) else (source,)
    if not isinstance(template, Template):
        pytest.skip(f"ours refuses it: {template[0].message()}")
    return template


def model(path: Path) -> Any:
    try:
        return validate.TemplateModel(str(path))
    except validate.ValidationError as error:
        pytest.skip(f"their parser refuses it: {error}")


FILES = [found.path for found in discover([str(CORPUS)]).files if found.path is not None] if CORPUS.is_dir() else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_engines_allow_each_others_values(path: Path) -> None:
    assert not list(disagreements(read(path), model(path)))


TEXT = """
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
Mappings: {Size: {dev: {Days: 1}, prod: {Days: 30}}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !If [IsProd, AWS_IAM, NONE]}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !FindInMap [Size, !Ref Stage, Days]}}
Outputs: {Joined: {Value: !Join ["-", [a, !Select [1, [b, c]]]]}}
"""


@pytest.mark.parametrize(
    ("written", "changed", "told"),
    [
        ("x", "x", []),
        ("AWS_IAM, NONE", "AWS_IAM, CUSTOM", ["Url['AuthType']: theirs 'CUSTOM'", "Url['AuthType']: ours 'NONE'"]),
        ("Days: 30", "Days: 14", ["Logs['RetentionInDays']: theirs '14'", "Logs['RetentionInDays']: ours '30'"]),
        (
            "AWS_IAM, NONE",
            "NONE, AWS_IAM",
            ["Url['AuthType']: ours 'AWS_IAM' where", "Url['AuthType']: ours 'NONE' where"],
        ),
        ("[!Ref Stage, prod]", "[!Ref Stage, dev]", ["condition IsProd: theirs"]),
        ("TargetFunctionArn: f, ", "", ["Url['TargetFunctionArn']: only ours"]),
        ("Select [1", "Select [0", ["output Joined[]: theirs 'a-b'", "output Joined[]: ours 'a-c'"]),
        ("  Logs:", "  Other:", ["Other: only theirs"]),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_the_comparison_notices_what_differs(
    tmp_path: Path, written: str, changed: str, told: list[str], as_json: bool
) -> None:
    path = tmp_path / ("t.json" if as_json else "t.yaml")
    text = TEXT.replace(written, changed, 1)
    path.write_text(_as_json(text) if as_json else text, encoding="utf-8")
    template = load(Source("t.yaml", TEXT))
    assert isinstance(template, Template)
    found = list(disagreements(template, model(path)))
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True)), found


def _as_json(text: str) -> str:
    template = load(Source("t.yaml", text))
    assert isinstance(template, Template)
    return json.dumps(to_plain(template.root))
