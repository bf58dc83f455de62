"""A template under one assignment of its parameters, evaluated plainly: no guards, no cases, written from the docs.

Templates are the plain data that their JSON text holds. A stack is a template with the values of its parameters and
pseudo parameters.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Final, cast

from run.brute_force.loops import UNKNOWN, without_loops
from run.brute_force.values import (
    MISSING,
    Data,
    Fields,
    Hole,
    Items,
    Link,
    Missing,
    Pieces,
    Undetermined,
    Value,
    can_be,
    equals,
    piece_together,
)

__all__ = ["ANY_LIST", "STACK_NAME", "Stack", "Undecided", "as_declared", "included", "section"]

STACK_NAME: Final = r"[A-Za-z][A-Za-z0-9-]*"
_NESTED: Final = "AWS::CloudFormation::Stack"


class Undecided(Exception):  # noqa: N818  # no error: somebody has to choose
    """A fact that no known value decides; there are worlds in which it holds, and others."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Stack:
    """A template with the values of its parameters and pseudo parameters.

    `facts` decides what the values leave open; `files` are the templates and snippets that others name, `exported` is
    what other stacks export. `there` is false for a stack whose own condition does not hold.
    """

    template: Mapping[str, Data] = field(repr=False)
    given: Mapping[str, Value]
    facts: Mapping[str, bool]
    files: Mapping[str, Mapping[str, Data]] = field(repr=False)
    exported: Mapping[str, Value] = field(default_factory=dict)
    prefix: str = ""
    there: bool = True
    children: dict[str, Stack] = field(default_factory=dict)
    _properties: dict[str, Value] = field(default_factory=dict)
    _conditions: dict[str, bool] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def with_facts(self, facts: Mapping[str, bool]) -> Stack:
        """The stack as it was before it was opened, with these facts."""
        return Stack(self.template, self.given, facts, self.files, self.exported)

    def opened(self) -> Stack:
        """The stack with its loops written out and its nested stacks made."""
        template = without_loops(self.template, self.value, self.decide)
        stack = Stack(template, self.given, self.facts, self.files, self.exported, self.prefix, self.there)
        for logical_id, resource in section(template, "Resources").items():
            if isinstance(resource, dict) and resource["Type"] == _NESTED:
                stack.children[logical_id] = stack.nested(logical_id).opened()
        return stack

    def nested(self, logical_id: str) -> Stack:
        """A nested stack: its parameters have what the parent passes, else their defaults."""
        properties = self.properties(logical_id)
        assert isinstance(properties, Fields)
        template = self.files[str(properties.get("TemplateURL"))]
        passed = properties.get("Parameters")
        given: dict[str, Value] = {name: value for name, value in self.given.items() if name.startswith("AWS::")}
        path = f"{self.prefix}{logical_id}/"
        given["AWS::StackName"] = Pieces((Hole(f"{path}AWS::StackName", pattern=STACK_NAME),))
        for name, declared in section(template, "Parameters").items():
            assert isinstance(declared, dict)
            value = passed.get(name) if isinstance(passed, Fields) else MISSING
            if isinstance(value, Missing):
                value = self.value(declared["Default"]) if "Default" in declared else Undetermined()
            given[name] = as_declared(str(declared["Type"]), value)
        there = self.there and self.deployed(logical_id)
        return Stack(template, given, self.facts, self.files, self.exported, path, there)

    def together(self) -> Iterator[Stack]:
        """The stack and all below it."""
        yield self
        for child in self.children.values():
            yield from child.together()

    @property
    def asked(self) -> Set[str]:
        """The facts that this stack asked for."""
        return self._asked

    def decide(self, fact: str) -> bool:
        """Whether a fact holds. Raises Undecided where nobody has chosen."""
        if fact not in self.facts:
            raise Undecided(fact)
        self._asked.add(fact)
        return self.facts[fact]

    def resource(self, logical_id: str) -> Mapping[str, Data]:
        """A resource as it is written."""
        return cast("dict[str, Data]", section(self.template, "Resources")[logical_id])

    def deployed(self, logical_id: str) -> bool:
        """Whether the stack has a resource of the name, and its condition holds."""
        if logical_id not in section(self.template, "Resources"):
            return False
        condition = self.resource(logical_id).get("Condition")
        return condition is None or self.condition(str(condition))

    def properties(self, logical_id: str) -> Value:
        """What the properties of a resource are."""
        if logical_id not in self._properties:
            self._properties[logical_id] = self.value(self.resource(logical_id).get("Properties"))
        return self._properties[logical_id]

    def output(self, name: str) -> Value:
        """What an output is."""
        output = section(self.template, "Outputs").get(name)
        return self.value(output["Value"]) if isinstance(output, dict) else Undetermined()

    # --- conditions

    def condition(self, name: str) -> bool:
        """Whether a named condition holds; one that is not in the template is a fact of its own."""
        if name not in self._conditions:
            conditions = section(self.template, "Conditions")
            holds = self.holds(conditions[name]) if name in conditions else self.decide(f"condition {name}")
            self._conditions[name] = holds
        return self._conditions[name]

    def holds(self, claim: Data) -> bool:
        """Whether a condition function is true."""
        assert isinstance(claim, dict)
        ((function, argument),) = claim.items()
        if function == "Condition":
            return self.condition(str(argument))
        assert isinstance(argument, list)
        match function:
            case "Fn::And":
                return all(self.holds(one) for one in argument)
            case "Fn::Or":
                return any(self.holds(one) for one in argument)
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::Equals":
                return self._same(self.value(argument[0]), self.value(argument[1]), argument)
            case "Fn::Contains" | "Fn::EachMemberIn" | "Fn::EachMemberEquals":
                return self._members(function, argument)
        raise AssertionError(function)

    def _same(self, left: Value, right: Value, operands: list[Data]) -> bool:
        same = equals(left, right)
        return self.decide(self._fact((left, right), operands)) if same is None else same

    def _fact(self, sides: tuple[Value, Value], operands: list[Data]) -> str:
        """The name of the fact that two values are equal; what nobody knows is what it is written as."""
        fact = " = ".join(sorted(map(repr, sides)))
        if all(_has_identity(side) for side in sides):
            return fact
        return f"{fact} at {self.prefix}{' = '.join(sorted(map(repr, operands)))}"

    def _members(self, function: str, operands: list[Data]) -> bool:
        left, right = (self.value(operand) for operand in operands)
        first = left if isinstance(left, Items) else Items((left,))
        second = right if isinstance(right, Items) else Items((right,))
        if first.more or second.more:
            return self.decide(f"{function} {first} {second} {operands}")
        if function == "Fn::Contains":
            return any(self._same(member, value, operands) for member in first.items for value in second.items)
        return all(any(self._same(value, one, operands) for one in second.items) for value in first.items)

    # --- values

    def value(self, data: Data) -> Value:
        """What a place of the template holds."""
        match data:
            case None:
                return MISSING
            case bool():
                return "true" if data else "false"
            case str() if UNKNOWN in data:
                parts = re.split(r"(\{\{resolve:\w+\}\})", data)
                return piece_together([Pieces((Hole(x, fixed=False),)) if x.startswith(UNKNOWN) else x for x in parts])
            case str() | int():
                return data
            case list():
                values = (self.value(item) for item in data)
                return Items(tuple(value for value in values if not isinstance(value, Missing)))
        if len(data) == 1:
            ((function, argument),) = data.items()
            if function == "Ref" or (function.startswith("Fn::") and function != "Fn::Transform"):
                return self._function(function, argument)
        return Fields(tuple((key, self.value(entry)) for key, entry in included(data, self.files).items()))

    def _function(self, function: str, argument: Data) -> Value:
        match function, argument:
            case "Ref", str(name):
                return self.reference(name)
            case "Fn::If", [str(name), then, otherwise]:
                return self.value(then if self.condition(name) else otherwise)
            case "Fn::Sub", str(text):
                return self._substituted(text, {})
            case "Fn::Sub", [str(text), dict(names)]:
                return self._substituted(text, names)
            case "Fn::Join", [str(delimiter), items]:
                return _joined(delimiter, self.value(items))
            case "Fn::Split", [str(delimiter), text]:
                whole = self.value(text)
                return Items(tuple(whole.split(delimiter))) if isinstance(whole, str) else Undetermined()
            case "Fn::Select", [index, items]:
                return _selected(self.value(items), self.value(index))
            case "Fn::FindInMap", [name, first, second, *options]:
                return self._looked_up(name, first, second, options)
            case "Fn::GetAtt", [str(logical_id), str(attribute)]:
                return self._attribute(logical_id, attribute)
            case "Fn::ImportValue", name:
                unknown = Pieces((Hole(f"import {name}", fixed=False),))
                found = self.value(name)
                return self.exported.get(found, unknown) if isinstance(found, str) else unknown
            case "Fn::GetStackOutput", _:
                return Pieces((Hole("output of another stack", fixed=False),))
            case "Fn::Base64", text:
                whole = self.value(text)
                return b64encode(str(whole).encode()).decode() if isinstance(whole, str | int) else Undetermined()
            case "Fn::GetAZs", _:
                return ANY_LIST
            case "Fn::Cidr", [block, count, bits]:
                return _cut(self.value(block), self.value(count), self.value(bits))
            case "Fn::Length", items:
                listed = self.value(items)
                known = isinstance(listed, Items) and not listed.more
                return len(cast("Items", listed).items) if known else Undetermined()
            case "Fn::ToJsonString", inner:
                try:
                    return json.dumps(_plain(self.value(inner)), separators=(",", ":"))
                except TypeError:
                    return Pieces((Hole("JSON", fixed=False),))
        raise AssertionError(function, argument)

    def reference(self, name: str) -> Value:
        """What `Ref` gives."""
        if name == "AWS::NoValue":
            return MISSING
        if name in self.given:
            return self.given[name]
        return Pieces((Link(self.prefix + name),))

    def _attribute(self, logical_id: str, attribute: str) -> Value:
        if logical_id in self.children and attribute.startswith("Outputs."):
            return self.children[logical_id].output(attribute.removeprefix("Outputs."))
        return Pieces((Link(self.prefix + logical_id, attribute),))

    def _looked_up(self, name: Data, first: Data, second: Data, options: list[Data]) -> Value:
        keys = (self.value(name), self.value(first), self.value(second))
        unknown = Undetermined()
        found: Data = section(self.template, "Mappings")
        for key in keys:
            assert isinstance(found, dict)
            if not isinstance(key, str | int | Pieces) or (isinstance(key, Pieces) and _is_one_of(key, found)):
                return unknown
            if isinstance(key, Pieces) or str(key) not in found:
                return self.value(_default(options)) if options else unknown
            found = found[str(key)]
        return self.value(found)

    def _substituted(self, text: str, names: Mapping[str, Data]) -> Value:
        parts: list[Value] = []
        for piece in re.split(r"(\$\{[^}]*\})", text):
            if not piece.startswith("${"):
                parts.append(self.value(piece))
            elif piece.startswith("${!"):
                parts.append("${" + piece[3:])
            elif piece[2:-1] in names:
                parts.append(self.value(names[piece[2:-1]]))
            elif "." in piece:
                logical_id, _, attribute = piece[2:-1].partition(".")
                parts.append(self._attribute(logical_id, attribute))
            else:
                parts.append(self.reference(piece[2:-1]))
        return piece_together(parts)


def included(data: Mapping[str, Data], files: Mapping[str, Mapping[str, Data]]) -> Mapping[str, Data]:
    """An object with what `AWS::Include` puts into it."""
    match data:
        case {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": str(file)}}, **others}:
            return {**others, **files[file]}
    return data


def section(template: Mapping[str, Data], name: str) -> dict[str, Data]:
    """A section of a template; empty where there is none."""
    found = template.get(name, {})
    assert isinstance(found, dict)
    return found


def as_declared(kind: str, value: Value) -> Value:
    """What `Ref` of a parameter gives: lists are cut at commas and trimmed."""
    if kind != "CommaDelimitedList" or isinstance(value, Items):
        return value
    return Items(tuple(part.strip() for part in str(value).split(","))) if isinstance(value, str | int) else ANY_LIST


ANY_LIST: Final = Items((), more=True)


def _is_one_of(text: Pieces, names: Mapping[str, Data]) -> bool:
    return any(can_be(text, name) for name in names)


def _default(options: list[Data]) -> Data:
    assert isinstance(options[0], dict)
    return options[0]["DefaultValue"]


def _has_identity(value: Value) -> bool:
    """Whether two values that look alike are the same."""
    match value:
        case str() | int():
            return True
        case Pieces():
            return all(part.fixed for part in value.parts if isinstance(part, Hole))
        case _:
            return False


def _selected(listed: Value, index: Value) -> Value:
    if not isinstance(listed, Items) or listed.more or not isinstance(index, str | int):
        return Undetermined()
    return listed.items[int(index)] if int(index) < len(listed.items) else Undetermined()


def _cut(block: Value, count: Value, bits: Value) -> Value:
    """Address blocks of the size that the host bits give, one after the other."""
    if not isinstance(block, str) or not isinstance(count, str | int) or not isinstance(bits, str | int):
        return ANY_LIST
    whole = ip_network(block)
    size = 2 ** int(bits)
    starts = (whole.network_address + size * index for index in range(int(count)))
    return Items(tuple(f"{start}/{whole.max_prefixlen - int(bits)}" for start in starts))


def _joined(delimiter: str, listed: Value) -> Value:
    if not isinstance(listed, Items) or listed.more:
        return Undetermined()
    parts: list[Value] = []
    for item in listed.items:
        parts.extend((delimiter, item) if parts else (item,))
    return piece_together(parts)


def _plain(value: Value) -> Data:
    """A value as data. Raises TypeError where some of it is not known."""
    match value:
        case str() | int():
            return value
        case Items(more=False):
            return [_plain(item) for item in value.items]
        case Fields():
            return {name: _plain(entry) for name, entry in value.entries if not isinstance(entry, Missing)}
        case _:
            raise TypeError(value)
