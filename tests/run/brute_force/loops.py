"""`AWS::LanguageExtensions` under one assignment: every `Fn::ForEach` written out, from the Template Reference.

A loop is `"Fn::ForEach::Name": [identifier, collection, {key: value}]`. `${Identifier}` in texts and keys stands for
the element, `&{Identifier}` for its letters and digits, and `{"Ref": identifier}` for the element as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from run.brute_force.values import Data, Items, Value

__all__ = ["UNKNOWN", "without_loops"]

LOOP = "Fn::ForEach::"
UNKNOWN = "{{resolve:"
"""How an element begins that nobody knows: it reads as a dynamic reference."""

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Writer:
    evaluate: Callable[[Data], Value]
    decide: Callable[[str], bool]
    parameters: Mapping[str, Data]

    def data(self, data: Data, names: Names) -> Data:
        if isinstance(data, str):
            return _replaced(data, names, is_name=False)
        match data:
            case list():
                return [self.data(item, names) for item in data]
            case dict() if list(data) == ["Ref"] and isinstance(name := data["Ref"], str) and name in names:
                return names[name]
            case dict():
                return dict(self.entries(data, names))
            case _:
                return data

    def entries(self, mapping: Mapping[str, Data], names: Names) -> Iterator[tuple[str, Data]]:
        for key, value in mapping.items():
            if not key.startswith(LOOP):
                yield _replaced(key, names, is_name=True), self.named(key, value, names)
                continue
            assert isinstance(value, list)
            identifier, collection, body = value
            assert isinstance(identifier, str) and isinstance(body, dict)
            evaluated = self.evaluate(self.data(collection, names))
            for element in self.elements(key, identifier, evaluated, self.allowed(collection)):
                yield from self.entries(body, {**names, identifier: element})

    def named(self, key: str, value: Data, names: Names) -> Data:
        """What stands under a key; the name of a resource or condition is the one that its loop gave it."""
        if key in ("Ref", "Condition") and isinstance(value, str) and value not in names:
            return _replaced(value, names, is_name=True)
        if key in ("Fn::If", "Fn::GetAtt") and isinstance(value, list) and isinstance(value[0], str):
            return [_replaced(value[0], names, is_name=True), *(self.data(one, names) for one in value[1:])]
        return self.data(value, names)

    def allowed(self, collection: Data) -> list[str]:
        """The elements that a parameter allows; none where it allows any."""
        if not isinstance(collection, dict) or "Ref" not in collection:
            return []
        declared = self.parameters.get(str(collection["Ref"]))
        allowed = declared.get("AllowedValues") if isinstance(declared, dict) else None
        return [str(one) for one in allowed] if isinstance(allowed, list) else []

    def elements(self, key: str, identifier: str, collection: Value, allowed: list[str]) -> Iterator[str]:
        """The elements; unknown ones are those that are allowed or one of a kind, each of which may be there or not."""
        if isinstance(collection, Items):
            yield from dict.fromkeys(str(item) for item in collection.items if isinstance(item, str | int))
            if not collection.more and all(isinstance(item, str | int) for item in collection.items):
                return
        if allowed:
            yield from (one for one in allowed if self.decide(f"{key} has {one}"))
        elif self.decide(f"{key} has other elements"):
            yield f"{UNKNOWN}{identifier}}}}}"


def _replaced(text: str, names: Names, *, is_name: bool) -> str:
    if not names or "{" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        form, name = match.groups()
        if name not in names:
            return match.group()
        element = names[name]
        if element.startswith(UNKNOWN) and (is_name or form == "&"):
            return name
        return element if form == "$" else re.sub(r"[^A-Za-z0-9]", "", element)

    return re.sub(r"([$&])\{(\w+)\}", replaced, text)


def without_loops(
    template: Mapping[str, Data], evaluate: Callable[[Data], Value], decide: Callable[[str], bool]
) -> dict[str, Data]:
    """A template with its loops written out.

    `evaluate` says what a collection is, and `decide` whether a loop over an unknown collection has elements.
    """
    if "Transform" not in template:
        return dict(template)
    parameters = template.get("Parameters")
    writer = _Writer(evaluate, decide, parameters if isinstance(parameters, dict) else {})
    sections = ("Conditions", "Resources", "Outputs")
    return {name: writer.data(section, {}) if name in sections else section for name, section in template.items()}
