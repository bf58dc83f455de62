"""Random templates: parameters of every kind, correlated conditions, and values behind nested functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

from run.brute_force.concrete import Data

__all__ = ["LISTS", "NUMBERS", "TEXTS", "templates"]

TEXTS: Final = ("a", "b", "c", "a-b", "b-a")
NUMBERS: Final = (1, 3, 10)
LISTS: Final = ("a,b", "b", "a,c,b")
NO_VALUE: Final[Data] = {"Ref": "AWS::NoValue"}
Draw = st.DrawFn


@dataclass(slots=True)
class _Names:
    """What the rest of a template may refer to."""

    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)


_Make = Callable[[Draw, _Names], Data]


@st.composite
def templates(draw: Draw) -> dict[str, Data]:
    """A template as data: up to 6 parameters and 5 conditions, two or three functions, URLs that point at them."""
    names = _Names()
    parameters = _parameters(draw, names)
    conditions = _conditions(draw, names)
    names.functions = ["Fn0", "Fn1", "Fn2"][: draw(st.integers(1, 3))]
    resources: dict[str, Data] = {}
    for name in names.functions:
        resources[name] = _resource(draw, names, "AWS::Lambda::Function", _function_properties(draw, names))
    for index in range(draw(st.integers(0, 2))):
        resources[f"Url{index}"] = _resource(draw, names, "AWS::Lambda::Url", _url_properties(draw, names))
    return {
        "Parameters": parameters,
        "Mappings": _mappings(draw),
        "Conditions": conditions,
        "Resources": resources,
    }


def _parameters(draw: Draw, names: _Names) -> dict[str, Data]:
    parameters: dict[str, Data] = {}
    for index in range(draw(st.integers(1, 6))):
        name = f"P{index}"
        kind = draw(st.sampled_from(("closed", "closed", "default", "open", "list", "number")))
        match kind:
            case "number":
                parameters[name] = _declared(draw, "Number", st.sampled_from(NUMBERS))
                names.numbers.append(name)
            case "list":
                parameters[name] = _declared(draw, "CommaDelimitedList", st.sampled_from(LISTS))
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
    return parameters


def _declared(draw: Draw, kind: str, values: st.SearchStrategy[str] | st.SearchStrategy[int]) -> Data:
    match draw(st.sampled_from(("closed", "default", "open"))):
        case "closed":
            return {"Type": kind, "AllowedValues": list(draw(st.lists(values, min_size=1, max_size=2, unique=True)))}
        case "default":
            return {"Type": kind, "Default": draw(values)}
        case _:
            return {"Type": kind}


def _mappings(draw: Draw) -> Data:
    rows = draw(st.lists(st.sampled_from(TEXTS[:3]), min_size=1, max_size=2, unique=True))
    return {"Map": {row: _row(draw) for row in rows}}


def _row(draw: Draw) -> Data:
    """A row of the map; its text is missing at times."""
    row: dict[str, Data] = {
        "number": draw(st.sampled_from(NUMBERS)),
        "list": list(draw(st.lists(st.sampled_from(TEXTS), max_size=2))),
    }
    if draw(st.integers(0, 3)):
        row["text"] = draw(st.sampled_from(TEXTS))
    return row


def _conditions(draw: Draw, names: _Names) -> dict[str, Data]:
    conditions: dict[str, Data] = {}
    for index in range(draw(st.integers(0, 5))):
        conditions[f"C{index}"] = _condition(draw, names, draw(st.integers(0, 2)))
        names.conditions.append(f"C{index}")
    return conditions


def _condition(draw: Draw, names: _Names, depth: int) -> Data:
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


def _sides(draw: Draw, names: _Names) -> list[Data]:
    kinds = ["literals"]
    if names.texts:
        kinds += ["text"] * 4 + ["pair", "sub", "map"]
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
        case _:
            sides = [draw(st.sampled_from(TEXTS)), draw(st.sampled_from(TEXTS))]
    return sides if draw(st.booleans()) else sides[::-1]


def _resource(draw: Draw, names: _Names, resource_type: str, properties: dict[str, Data]) -> Data:
    resource: dict[str, Data] = {"Type": resource_type, "Properties": properties}
    if draw(st.booleans()) and names.conditions:
        resource["Condition"] = draw(st.sampled_from(names.conditions))
    return resource


def _function_properties(draw: Draw, names: _Names) -> dict[str, Data]:
    return _some_of(
        draw,
        {
            "FunctionName": lambda: _branching(draw, names, _text, 2),
            "Description": lambda: _branching(draw, names, _text, 2),
            "Timeout": lambda: _branching(draw, names, _number, 2),
            "Layers": lambda: _branching(draw, names, _list, 1),
            "VpcConfig": lambda: _branching(draw, names, _block, 2),
        },
    )


def _url_properties(draw: Draw, names: _Names) -> dict[str, Data]:
    return _some_of(
        draw,
        {
            "AuthType": lambda: _branching(draw, names, _auth_type, 1),
            "TargetFunctionArn": lambda: _branching(draw, names, _link, 2),
        },
    )


def _some_of(draw: Draw, properties: dict[str, Callable[[], Data]]) -> dict[str, Data]:
    return {name: make() for name, make in properties.items() if draw(st.integers(0, 3))}


def _branching(draw: Draw, names: _Names, make: _Make, depth: int) -> Data:
    """A value, or `Fn::If` over values, one of which may be `AWS::NoValue`."""
    if not names.conditions or not depth or draw(st.booleans()):
        return NO_VALUE if draw(st.integers(0, 7)) == 0 else make(draw, names)
    then, otherwise = (_branching(draw, names, make, depth - 1) for _ in range(2))
    return {"Fn::If": [draw(st.sampled_from(names.conditions)), then, otherwise]}


def _text(draw: Draw, names: _Names) -> Data:
    kinds = ["literal", "select"]
    if names.texts:
        kinds += ["ref", "ref", "sub", "join", "map", "split"]
    if names.lists:
        kinds += ["element", "joined"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": draw(st.sampled_from(names.texts))}
        case "sub":
            return {"Fn::Sub": "a-${" + draw(st.sampled_from(names.texts)) + "}"}
        case "join":
            parts = [_branching(draw, names, _word, 1), _branching(draw, names, _word, 1), "b"]
            return {"Fn::Join": ["-", parts]}
        case "map":
            return {"Fn::FindInMap": ["Map", {"Ref": draw(st.sampled_from(names.texts))}, "text"]}
        case "split":
            split: Data = {"Fn::Split": ["-", {"Ref": draw(st.sampled_from(names.texts))}]}
            return {"Fn::Select": [draw(st.integers(0, 1)), split]}
        case "element":
            return {"Fn::Select": [draw(st.integers(0, 2)), {"Ref": draw(st.sampled_from(names.lists))}]}
        case "joined":
            return {"Fn::Join": ["-", {"Ref": draw(st.sampled_from(names.lists))}]}
        case "select":
            items = [_branching(draw, names, _word, 1) for _ in range(3)]
            return {"Fn::Select": [0, [*items, "c"]]}
        case _:
            return draw(st.sampled_from(TEXTS))


def _word(draw: Draw, names: _Names) -> Data:
    if names.texts and draw(st.integers(0, 3)) == 0:
        return {"Ref": draw(st.sampled_from(names.texts))}
    word: str = draw(st.sampled_from(TEXTS[:3]))
    return word


def _number(draw: Draw, names: _Names) -> Data:
    kinds = ["literal"]
    if names.numbers:
        kinds += ["ref", "ref"]
    if names.texts:
        kinds += ["map"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": draw(st.sampled_from(names.numbers))}
        case "map":
            return {"Fn::FindInMap": ["Map", {"Ref": draw(st.sampled_from(names.texts))}, "number"]}
        case _:
            return draw(st.sampled_from(NUMBERS))


def _list(draw: Draw, names: _Names) -> Data:
    kinds = ["items", "items", "items"]
    if names.lists:
        kinds += ["ref"]
    if names.texts:
        kinds += ["split", "map", "single"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": draw(st.sampled_from(names.lists))}
        case "split":
            return {"Fn::Split": ["-", {"Ref": draw(st.sampled_from(names.texts))}]}
        case "map":
            return {"Fn::FindInMap": ["Map", {"Ref": draw(st.sampled_from(names.texts))}, "list"]}
        case "single":
            return {"Ref": draw(st.sampled_from(names.texts))}
        case _:
            return [_branching(draw, names, _text, 1) for _ in range(draw(st.integers(0, 3)))]


def _block(draw: Draw, names: _Names) -> Data:
    block: dict[str, Data] = {}
    if draw(st.booleans()):
        block["SubnetIds"] = _branching(draw, names, _list, 1)
    if draw(st.booleans()):
        block["SecurityGroupIds"] = _branching(draw, names, _list, 1)
    return block


def _auth_type(draw: Draw, _: _Names) -> Data:
    return draw(st.sampled_from(("NONE", "AWS_IAM")))


def _link(draw: Draw, names: _Names) -> Data:
    function = draw(st.sampled_from(names.functions))
    kinds = ["ref", "getatt", "sub", "literal", "import"]
    if names.texts:
        kinds += ["parameter"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": function}
        case "getatt":
            return {"Fn::GetAtt": [function, "Arn"]}
        case "sub":
            return {"Fn::Sub": "${" + function + ".Arn}:live"}
        case "import":
            return {"Fn::ImportValue": "elsewhere"}
        case "parameter":
            return {"Ref": draw(st.sampled_from(names.texts))}
        case _:
            return draw(st.sampled_from(TEXTS))
