"""Random sections of templates: parameters of every kind, maps, the `Rules` section, correlated conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

from hypothesis import strategies as st

from run.brute_force.values import Data

__all__ = ["NUMBERS", "PSEUDO", "TEXTS", "Names", "conditions", "mappings", "parameters", "rules_section"]

TEXTS: Final = ("a", "b", "c", "a-b", "b-a")
NUMBERS: Final = (1, 3, 10)
LISTS: Final = ("a,b", "b", "c, a,b")
REGIONS: Final = ("us-east-1", "eu-west-1")
PSEUDO: Final = {
    "AWS::AccountId": ("111111111111", "222222222222"),
    "AWS::Partition": ("aws", "aws-cn"),
    "AWS::Region": REGIONS,
    "AWS::StackName": TEXTS,
}
"""Pseudo parameters and what conditions compare them with."""
PATTERNS: Final = ("[ab].*", ".*b", "[a-z]", "[bc]")
Draw = st.DrawFn


@dataclass(slots=True)
class Names:
    """What the rest of a template may refer to.

    `values` are texts from elsewhere: imports, outputs of nested stacks. With `extended`, the functions of
    `AWS::LanguageExtensions` may be used.
    """

    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    values: list[Data] = field(default_factory=list)
    extended: bool = False

    def copy(self) -> Names:
        """Names to add to."""
        return Names(
            [*self.texts], [*self.numbers], [*self.lists], [*self.conditions], [*self.functions], [*self.values],
            self.extended,
        )  # fmt: skip


def parameters(draw: Draw, names: Names, most: int = 6) -> dict[str, Data]:
    """The section of the name; at least one parameter."""
    parameters: dict[str, Data] = {}
    for index in range(draw(st.integers(1, most))):
        name = f"P{index}"
        kind = draw(st.sampled_from(("closed", "closed", "default", "open", "list", "list", "number")))
        match kind:
            case "number":
                parameters[name] = _declared(draw, "Number", st.sampled_from(NUMBERS))
                names.numbers.append(name)
            case "list":
                parameters[name] = _declared_list(draw)
                names.lists.append(name)
            case "closed":
                allowed = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))
                parameters[name] = {"Type": "String", "AllowedValues": list(allowed)}
                names.texts.append(name)
            case "default":
                parameters[name] = {"Type": "String", "Default": draw(st.sampled_from(TEXTS))}
                names.texts.append(name)
            case _:
                parameters[name] = {"Type": "String"}
                names.texts.append(name)
        if draw(st.booleans()):
            _constrain(draw, cast("dict[str, Data]", parameters[name]))
    return parameters


def _constrain(draw: Draw, declared: dict[str, Data]) -> None:
    """Constraints, which may exclude some of the known values."""
    match declared["Type"]:
        case "Number":
            declared[draw(st.sampled_from(("MinValue", "MaxValue")))] = draw(st.sampled_from(NUMBERS))
        case "String" if draw(st.booleans()):
            name, length = draw(
                st.sampled_from((("MaxLength", 1), ("MinLength", 3), ("MinLength", 2), ("MaxLength", 3)))
            )
            declared[name] = length
        case _:
            declared["AllowedPattern"] = draw(st.sampled_from(PATTERNS))


def _declared_list(draw: Draw) -> Data:
    match draw(st.sampled_from(("elements", "default", "open"))):
        case "elements":
            allowed = draw(st.lists(st.sampled_from(TEXTS[:3]), min_size=1, max_size=2, unique=True))
            return {"Type": "CommaDelimitedList", "AllowedValues": list(allowed)}
        case "default":
            return {"Type": "CommaDelimitedList", "Default": draw(st.sampled_from(LISTS))}
        case _:
            return {"Type": "CommaDelimitedList"}


def rules_section(draw: Draw, names: Names) -> dict[str, Data]:
    """The `Rules` section: one rule at most, which has no named conditions to use."""
    if draw(st.integers(0, 2)):
        return {}
    rule: dict[str, Data] = {
        "Assertions": [{"Assert": _assertion(draw, names)} for _ in range(draw(st.integers(1, 2)))]
    }
    if draw(st.booleans()):
        rule["RuleCondition"] = _condition(draw, names, 1)
    return {"Rule": rule}


def _assertion(draw: Draw, names: Names) -> Data:
    kinds = ["condition"]
    if names.texts:
        kinds += ["contains", "contains", "in"]
    if names.lists:
        kinds += ["each", "each", "equal"]
    some: list[Data] = list(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True)))
    match draw(st.sampled_from(kinds)):
        case "contains":
            return {"Fn::Contains": [some, {"Ref": draw(st.sampled_from(names.texts))}]}
        case "in":
            return {"Fn::EachMemberIn": [[{"Ref": draw(st.sampled_from(names.texts))}], some]}
        case "each":
            return {"Fn::EachMemberIn": [{"Ref": draw(st.sampled_from(names.lists))}, some]}
        case "equal":
            return {"Fn::EachMemberEquals": [{"Ref": draw(st.sampled_from(names.lists))}, some[0]]}
        case _:
            return _condition(draw, names, 1)


def _declared(draw: Draw, kind: str, values: st.SearchStrategy[int]) -> Data:
    match draw(st.sampled_from(("closed", "default", "open"))):
        case "closed":
            return {"Type": kind, "AllowedValues": list(draw(st.lists(values, min_size=1, max_size=2, unique=True)))}
        case "default":
            return {"Type": kind, "Default": draw(values)}
        case _:
            return {"Type": kind}


def mappings(draw: Draw) -> Data:
    """One map by texts and one by regions; a row has `number`, `list` and most often `text`."""
    rows = draw(st.lists(st.sampled_from(TEXTS[:3]), min_size=1, max_size=2, unique=True))
    made: dict[str, Data] = {row: _row(draw) for row in rows}
    other: dict[str, Data] = {"number": 3, "list": ["c"], "text": "b"}
    return {"Map": made, "Regional": {REGIONS[0]: made[rows[0]], REGIONS[1]: other}}


def _row(draw: Draw) -> Data:
    """A row of the map; its text is missing at times."""
    row: dict[str, Data] = {
        "number": draw(st.sampled_from(NUMBERS)),
        "list": list(draw(st.lists(st.sampled_from(TEXTS), max_size=2))),
    }
    if draw(st.integers(0, 3)):
        row["text"] = draw(st.sampled_from(TEXTS))
    return row


def conditions(draw: Draw, names: Names, most: int = 5) -> dict[str, Data]:
    """The section of the name."""
    conditions: dict[str, Data] = {}
    for index in range(draw(st.integers(0, most))):
        conditions[f"C{index}"] = _condition(draw, names, draw(st.integers(0, 2)))
        names.conditions.append(f"C{index}")
    return conditions


def _condition(draw: Draw, names: Names, depth: int) -> Data:
    kinds = ["equals", "equals", "equals"]
    if names.conditions:
        kinds += ["condition"]
    if depth:
        kinds += ["and", "or", "not"]
    match draw(st.sampled_from(kinds)):
        case "condition":
            return {"Condition": draw(st.sampled_from(names.conditions))}
        case "not":
            return {"Fn::Not": [_condition(draw, names, depth - 1)]}
        case "and":
            return {"Fn::And": [_condition(draw, names, depth - 1) for _ in range(2)]}
        case "or":
            return {"Fn::Or": [_condition(draw, names, depth - 1) for _ in range(2)]}
        case _:
            return {"Fn::Equals": _sides(draw, names)}


def _sides(draw: Draw, names: Names) -> list[Data]:
    kinds = ["literals", "pseudo"]
    if names.texts:
        kinds += ["text"] * 6 + ["pair", "sub", "map"]
    if names.numbers:
        kinds += ["number"]
    if names.lists:
        kinds += ["list"]
    match draw(st.sampled_from(kinds)):
        case "text":
            sides: list[Data] = [{"Ref": draw(st.sampled_from(names.texts))}, draw(st.sampled_from(TEXTS))]
        case "pair":
            sides = [{"Ref": draw(st.sampled_from(names.texts))} for _ in range(2)]
        case "sub":
            sides = [{"Fn::Sub": "a-${" + draw(st.sampled_from(names.texts)) + "}"}, draw(st.sampled_from(TEXTS))]
        case "map":
            key: Data = {"Ref": draw(st.sampled_from(names.texts))}
            sides = [{"Fn::FindInMap": ["Map", key, "text"]}, draw(st.sampled_from(TEXTS))]
        case "number":
            sides = [{"Ref": draw(st.sampled_from(names.numbers))}, draw(st.sampled_from(NUMBERS))]
        case "list":
            listed: Data = {"Fn::Join": ["-", {"Ref": draw(st.sampled_from(names.lists))}]}
            sides = [listed, draw(st.sampled_from(TEXTS))]
        case "pseudo":
            name = draw(st.sampled_from(sorted(PSEUDO)))
            sides = [{"Ref": name}, draw(st.sampled_from(PSEUDO[name]))]
        case _:
            sides = [draw(st.sampled_from(TEXTS)), draw(st.sampled_from(TEXTS))]
    return sides if draw(st.booleans()) else sides[::-1]
