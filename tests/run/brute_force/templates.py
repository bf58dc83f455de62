"""Random templates, whose values stand behind nested functions.

The parts that they are made of also make the templates with loops, nested stacks and files of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st

from run.brute_force.sections import NUMBERS, PSEUDO, TEXTS, Names, conditions, mappings, parameters, rules_section
from run.brute_force.values import Data

__all__ = [
    "branching",
    "function_properties",
    "list_of",
    "resource",
    "templates",
    "text",
    "url_properties",
]

NO_VALUE: Final[Data] = {"Ref": "AWS::NoValue"}
Draw = st.DrawFn
Make = Callable[[Draw, Names], Data]


@st.composite
def templates(draw: Draw) -> dict[str, Data]:
    """A template as data: up to 6 parameters and 5 conditions, two or three functions, URLs that point at them."""
    names = Names()
    declared = parameters(draw, names)
    made: dict[str, Data] = {
        "Parameters": declared,
        "Mappings": mappings(draw),
        "Rules": rules_section(draw, names),
        "Conditions": conditions(draw, names),
    }
    names.functions = ["Fn0", "Fn1", "Fn2"][: draw(st.integers(1, 3))]
    resources: dict[str, Data] = {}
    for name in names.functions:
        resources[name] = resource(draw, names, "AWS::Lambda::Function", function_properties(draw, names))
    for index in range(draw(st.integers(0, 2))):
        resources[f"Url{index}"] = resource(draw, names, "AWS::Lambda::Url", url_properties(draw, names))
    return {**made, "Resources": resources}


def resource(draw: Draw, names: Names, resource_type: str, properties: dict[str, Data]) -> Data:
    """A resource, perhaps with a condition."""
    resource: dict[str, Data] = {"Type": resource_type, "Properties": properties}
    if draw(st.booleans()) and names.conditions:
        resource["Condition"] = draw(st.sampled_from(names.conditions))
    if names.extended and draw(st.booleans()):
        resource["DeletionPolicy"] = branching(draw, names, _policy, 1)
    return resource


def _policy(draw: Draw, _: Names) -> Data:
    return draw(st.sampled_from(("Retain", "Delete")))


def function_properties(draw: Draw, names: Names) -> dict[str, Data]:
    """Some properties of a Lambda function."""
    return _some_of(
        draw,
        {
            "FunctionName": lambda: branching(draw, names, text, 2),
            "Description": lambda: branching(draw, names, text, 2),
            "Timeout": lambda: branching(draw, names, _number, 2),
            "Layers": lambda: branching(draw, names, list_of, 1),
            "VpcConfig": lambda: branching(draw, names, _block, 2),
        },
    )


def url_properties(draw: Draw, names: Names) -> dict[str, Data]:
    """Some properties of a function URL."""
    return _some_of(
        draw,
        {
            "AuthType": lambda: branching(draw, names, _auth_type, 1),
            "TargetFunctionArn": lambda: branching(draw, names, _link, 2),
        },
    )


def _some_of(draw: Draw, properties: dict[str, Callable[[], Data]]) -> dict[str, Data]:
    return {name: make() for name, make in properties.items() if draw(st.integers(0, 3))}


def branching(draw: Draw, names: Names, make: Make, depth: int) -> Data:
    """A value, or `Fn::If` over values, one of which may be `AWS::NoValue`."""
    if not names.conditions or not depth or draw(st.booleans()):
        return NO_VALUE if draw(st.integers(0, 7)) == 0 else make(draw, names)
    then, otherwise = (branching(draw, names, make, depth - 1) for _ in range(2))
    return {"Fn::If": [draw(st.sampled_from(names.conditions)), then, otherwise]}


def text(draw: Draw, names: Names) -> Data:
    """A text, or a function that gives one."""
    kinds = ["literal", "literal", "select", "pseudo", "region", "encoded", "block"]
    if names.values:
        kinds += ["value"] * 6
    if names.texts:
        kinds += ["ref", "ref", "ref", "sub", "join", "map", "split"]
    if names.extended:
        kinds += ["json", "json", "default", "default", "named"]
    if names.lists:
        kinds += ["element", "joined"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": draw(st.sampled_from(names.texts))}
        case "sub" if draw(st.booleans()):
            name = draw(st.sampled_from(names.texts))
            own = branching(draw, names, _word, 1)
            own = "a" if name in repr(own) else own  # that both parts are the same is not seen where neither is known
            return {"Fn::Sub": ["${Own}-${" + name + "}", {"Own": own}]}
        case "sub":
            return {"Fn::Sub": "a-${" + draw(st.sampled_from(names.texts)) + "}"}
        case "join":
            parts = [branching(draw, names, _word, 1), branching(draw, names, _word, 1), "b"]
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
            items = [branching(draw, names, _word, 1) for _ in range(3)]
            return {"Fn::Select": [0, [*items, "c"]]}
        case "pseudo":
            return {"Fn::Sub": "a-${" + draw(st.sampled_from(sorted(PSEUDO))) + "}"}
        case "region":
            return {"Fn::FindInMap": ["Regional", {"Ref": "AWS::Region"}, "text"]}
        case "encoded":
            return {"Fn::Base64": branching(draw, names, _word, 1)}
        case "block":  # the first or second address block of two networks
            blocks: Data = {"Fn::Cidr": [branching(draw, names, _network, 1), draw(st.integers(1, 2)), 8]}
            return {"Fn::Select": [draw(st.integers(0, 1)), blocks]}
        case "value":
            return draw(st.sampled_from(names.values))
        case "json":  # the second piece of `["…"]`
            return {"Fn::Select": [1, {"Fn::Split": ['"', _json(draw, names)]}]}
        case "default":
            default: Data = {"DefaultValue": branching(draw, names, _word, 1)}
            if draw(st.booleans()):
                return {"Fn::FindInMap": ["Regional", {"Ref": "AWS::Region"}, "text", default]}
            return {"Fn::FindInMap": ["Map", branching(draw, names, _word, 1), "text", default]}
        case "named":
            return {"Fn::FindInMap": [branching(draw, names, _map_name, 1), "a", "text", {"DefaultValue": "b"}]}
        case _:
            return draw(st.sampled_from(TEXTS))


def _json(draw: Draw, names: Names) -> Data:
    """A list as JSON; its first element is missing at times."""
    item = branching(draw, names, _word, 1)
    if names.conditions:
        item = {"Fn::If": [draw(st.sampled_from(names.conditions)), NO_VALUE, item]}
    return {"Fn::ToJsonString": [item, "c"]}


def _map_name(draw: Draw, _: Names) -> Data:
    return draw(st.sampled_from(("Map", "Regional")))


def _word(draw: Draw, names: Names) -> Data:
    if names.texts and draw(st.integers(0, 3)) == 0:
        return {"Ref": draw(st.sampled_from(names.texts))}
    word: str = draw(st.sampled_from(TEXTS[:3]))
    return word


def _network(draw: Draw, _: Names) -> Data:
    return draw(st.sampled_from(("10.0.0.0/16", "10.1.0.0/20")))


def _number(draw: Draw, names: Names) -> Data:
    kinds = ["literal"]
    if names.numbers:
        kinds += ["ref", "ref"]
    if names.texts:
        kinds += ["map"]
    if names.extended:
        kinds += ["length"] * 3 + ["json"]
    match draw(st.sampled_from(kinds)):
        case "ref":
            return {"Ref": draw(st.sampled_from(names.numbers))}
        case "length":
            return {"Fn::Length": branching(draw, names, list_of, 1)}
        case "json":  # how many elements it has
            return {"Fn::Length": {"Fn::Split": [",", _json(draw, names)]}}
        case "map":
            return {"Fn::FindInMap": ["Map", {"Ref": draw(st.sampled_from(names.texts))}, "number"]}
        case _:
            return draw(st.sampled_from(NUMBERS))


def list_of(draw: Draw, names: Names) -> Data:
    """A list, or a function that gives one."""
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
            return [branching(draw, names, text, 1) for _ in range(draw(st.integers(0, 3)))]


def _block(draw: Draw, names: Names) -> Data:
    block: dict[str, Data] = {}
    if draw(st.booleans()):
        block["SubnetIds"] = branching(draw, names, list_of, 1)
    if draw(st.booleans()):
        block["SecurityGroupIds"] = branching(draw, names, list_of, 1)
    return block


def _auth_type(draw: Draw, _: Names) -> Data:
    return draw(st.sampled_from(("NONE", "AWS_IAM")))


def _link(draw: Draw, names: Names) -> Data:
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
