"""Random templates with `AWS::LanguageExtensions`: loops in every section, over literals, parameters and maps."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from run.brute_force.sections import TEXTS, Names, conditions, mappings, parameters
from run.brute_force.templates import branching, function_properties, list_of, resource, text, url_properties
from run.brute_force.values import Data

__all__ = ["loop_templates"]

Draw = st.DrawFn
_FUNCTION: Final = "AWS::Lambda::Function"
_URL: Final = "AWS::Lambda::Url"


@st.composite
def loop_templates(draw: Draw) -> dict[str, Data]:
    """A template with one to three loops beside a function of its own."""
    names = Names(extended=True)
    declared = parameters(draw, names, 3)
    maps = mappings(draw)
    named = conditions(draw, names, 2)
    elements = draw(st.lists(st.sampled_from(TEXTS[:3]), min_size=1, max_size=2, unique=True))
    if draw(st.booleans()):
        named["Fn::ForEach::Conditions"] = ["X", list(elements), {"Is${X}": _comparison(draw, names)}]
        names.conditions += [f"Is{element}" for element in elements]
    names.functions = ["Fn0"]
    resources: dict[str, Data] = {"Fn0": resource(draw, names, _FUNCTION, _properties(draw, names))}
    has_conditions = "Fn::ForEach::Conditions" in named
    for index in range(draw(st.integers(1, 2))):
        collection: Data = list(elements) if has_conditions and draw(st.booleans()) else _collection(draw, names)
        inner = _inner(names, "X", has_conditions and collection == elements)
        resources[f"Fn::ForEach::Loop{index}"] = ["X", collection, _body(draw, inner, index)]
    return {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": declared,
        "Mappings": maps,
        "Conditions": named,
        "Resources": resources,
    }


def _comparison(draw: Draw, names: Names) -> Data:
    compared: Data = {"Ref": draw(st.sampled_from(names.texts))} if names.texts else draw(st.sampled_from(TEXTS))
    element: Data = {"Ref": "X"} if draw(st.booleans()) else "${X}"
    return {"Fn::Equals": [compared, element]}


def _inner(names: Names, variable: str, has_condition: bool) -> Names:
    """What the body of a loop may refer to."""
    inner = names.copy()
    inner.texts += [variable] * 3
    if has_condition:
        inner.conditions += [f"Is${{{variable}}}"] * 3
    return inner


def _collection(draw: Draw, names: Names) -> Data:
    kinds = ["literals", "elements"]
    if names.lists:
        kinds += ["list", "list"]
    if names.texts:
        kinds += ["map"]
    match draw(st.sampled_from(kinds)):
        case "list":
            return {"Ref": draw(st.sampled_from(names.lists))}
        case "map":
            return {"Fn::FindInMap": ["Map", {"Ref": draw(st.sampled_from(names.texts))}, "list"]}
        case "elements" if names.texts:  # two elements that are the same are an error to CloudFormation, and one here
            return [{"Ref": draw(st.sampled_from(names.texts))}, "b"]
        case _:
            return list(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2, unique=True)))


def _body(draw: Draw, names: Names, index: int) -> Data:
    """What a loop repeats: a function, perhaps with its URL, or another loop."""
    match draw(st.sampled_from(("function", "function", "url", "loop"))):
        case "function":
            return {f"Fn{index}&{{X}}": resource(draw, names, _FUNCTION, _properties(draw, names))}
        case "url":
            target = names.copy()
            target.functions = ["Fn0", f"Fn{index}&{{X}}", f"Fn{index}&{{X}}"]
            return {
                f"Fn{index}&{{X}}": resource(draw, names, _FUNCTION, _properties(draw, names)),
                f"Url{index}&{{X}}": resource(draw, target, _URL, url_properties(draw, target)),
            }
        case _:
            inner = _inner(names, "Y", has_condition=False)
            body = resource(draw, inner, _FUNCTION, _properties(draw, inner))
            return {f"Fn::ForEach::Inner{index}": ["Y", _collection(draw, names), {f"Fn{index}&{{X}}0${{Y}}": body}]}


def _properties(draw: Draw, names: Names) -> dict[str, Data]:
    """Properties of a function, some of them out of a loop."""
    if draw(st.integers(0, 2)):
        return function_properties(draw, names)
    inner = _inner(names, "Property", has_condition=False)
    looped: list[Data] = ["FunctionName", "Description"] if draw(st.booleans()) else ["Description"]
    properties: dict[str, Data] = {"Fn::ForEach::Texts": ["Property", looped, {"${Property}": text(draw, inner)}]}
    if draw(st.booleans()):
        properties["Layers"] = branching(draw, names, list_of, 1)
    return properties
