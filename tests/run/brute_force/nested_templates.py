"""Random templates of several files: nested stacks, snippets for `AWS::Include`, and exports of another stack."""

from __future__ import annotations

from typing import Final, cast

from hypothesis import strategies as st

from run.brute_force.sections import TEXTS, Names, conditions, mappings, parameters
from run.brute_force.templates import branching, function_properties, list_of, resource, text, url_properties
from run.brute_force.values import Data
from run.brute_force.worlds import Templates

__all__ = ["nested_templates"]

Draw = st.DrawFn
_FUNCTION: Final = "AWS::Lambda::Function"
_URL: Final = "AWS::Lambda::Url"
_SNIPPET: Final = "snippet.json"


@st.composite
def nested_templates(draw: Draw) -> Templates:
    """A stack that nests one or two others, which may nest one in turn; a snippet; another stack that exports."""
    names = Names()
    files: dict[str, dict[str, Data]] = {}
    others = (_exporting(draw),) if draw(st.booleans()) else ()
    declared = parameters(draw, names, 3)
    maps = mappings(draw)
    named = conditions(draw, names, 2)
    for name in ("shared-a", "shared-b") if others else ():
        names.values.append({"Fn::ImportValue": name})
    if others and names.texts:
        names.values.append({"Fn::ImportValue": {"Fn::Sub": "shared-${" + draw(st.sampled_from(names.texts)) + "}"}})
    resources: dict[str, Data] = {}
    for index in range(draw(st.integers(1, 2))):
        resources[f"Nested{index}"] = _nested(draw, names, files, f"child{index}.json", deeper=index == 0)
    own = names.copy()
    own.functions = ["Fn0"]
    resources["Fn0"] = resource(draw, own, _FUNCTION, _with_snippet(draw, names, files))
    properties = url_properties(draw, own)
    if draw(st.booleans()):
        properties["TargetFunctionArn"] = {"Fn::GetAtt": ["Nested0", "Outputs.Function"]}
    resources["Url0"] = resource(draw, own, _URL, properties)
    main: dict[str, Data] = {"Parameters": declared, "Mappings": maps, "Conditions": named, "Resources": resources}
    return Templates(main, files, others)


def _nested(draw: Draw, names: Names, files: dict[str, dict[str, Data]], file: str, *, deeper: bool) -> Data:
    """A nested stack; its outputs are texts for what comes after it."""
    child, child_names = _child_parameters(draw)
    passed: dict[str, Data] = {}
    for name, declared in child.items():
        kind = cast("dict[str, Data]", declared)["Type"]
        if draw(st.integers(0, 5)) or "Default" not in cast("dict[str, Data]", declared):
            passed[name] = branching(draw, names, text if kind == "String" else _joined_list, 1)
            if draw(st.booleans()) and names.texts:
                passed[name] = {"Ref": draw(st.sampled_from(names.texts))}
    files[file] = _child(draw, child, child_names, files, deeper)
    properties: dict[str, Data] = {"TemplateURL": file, "Parameters": passed}
    logical_id = file.removesuffix(".json").replace("child", "Nested")
    names.values += [{"Fn::GetAtt": [logical_id, f"Outputs.Text{index}"]} for index in range(2)]
    return resource(draw, names, "AWS::CloudFormation::Stack", properties)


def _joined_list(draw: Draw, names: Names) -> Data:
    """A list as parents pass it: as one text."""
    kinds = ["literal"]
    if names.lists:
        kinds += ["list"] * 2
    if names.texts:
        kinds += ["text"]
    match draw(st.sampled_from(kinds)):
        case "list":
            return {"Fn::Join": [",", {"Ref": draw(st.sampled_from(names.lists))}]}
        case "text":
            return {"Ref": draw(st.sampled_from(names.texts))}
        case _:
            return draw(st.sampled_from(("a,b", "b", "a, c")))


def _child_parameters(draw: Draw) -> tuple[dict[str, Data], Names]:
    """Parameters of a nested stack: the parent passes texts and lists, and leaves some to their defaults."""
    names = Names()
    declared: dict[str, Data] = {}
    for index in range(draw(st.integers(1, 2))):
        one: dict[str, Data] = {"Type": "String"}
        if draw(st.booleans()):
            one["Default"] = draw(st.sampled_from(TEXTS))
        declared[f"Q{index}"] = one
        names.texts.append(f"Q{index}")
    if draw(st.booleans()):
        declared["QList"] = {"Type": "CommaDelimitedList"}
        names.lists.append("QList")
    return declared, names


def _child(
    draw: Draw, declared: dict[str, Data], names: Names, files: dict[str, dict[str, Data]], deeper: bool
) -> dict[str, Data]:
    maps = mappings(draw)
    named = conditions(draw, names, 2)
    resources: dict[str, Data] = {}
    if deeper and draw(st.integers(0, 2)) == 0:
        resources["Nested2"] = _nested(draw, names, files, "child2.json", deeper=False)
    names.functions = ["Fn0"]
    properties = _with_snippet(draw, names, files)
    if names.lists and "Layers" in properties:
        properties["Layers"] = {"Ref": names.lists[0]}
    resources["Fn0"] = resource(draw, names, _FUNCTION, properties)
    if draw(st.booleans()):
        resources["Url0"] = resource(draw, names, _URL, url_properties(draw, names))
    outputs: dict[str, Data] = {f"Text{index}": {"Value": branching(draw, names, text, 1)} for index in range(2)}
    outputs["Function"] = {"Value": _function_itself(draw)}
    return {
        "Parameters": declared,
        "Mappings": maps,
        "Conditions": named,
        "Resources": resources,
        "Outputs": outputs,
    }


def _with_snippet(draw: Draw, names: Names, files: dict[str, dict[str, Data]]) -> dict[str, Data]:
    """Properties of a function, some of them out of a snippet, which every template may include."""
    properties = function_properties(draw, names)
    if draw(st.integers(0, 2)) == 0:
        plain = Names()  # the snippet stands in several templates and so names nothing of theirs
        files.setdefault(_SNIPPET, {"Description": text(draw, plain), "Layers": list_of(draw, plain)})
        properties = {name: value for name, value in properties.items() if name not in files[_SNIPPET]}
        properties["Fn::Transform"] = {"Name": "AWS::Include", "Parameters": {"Location": _SNIPPET}}
    return properties


def _exporting(draw: Draw) -> dict[str, Data]:
    """Another stack of the run, whose exports are its own in part.

    Its condition compares a parameter: what a pseudo parameter decides there stays open for the importing stack, though
    both share it.
    """
    names = Names()
    declared = parameters(draw, names, 2)
    if names.texts:
        names.conditions = ["C0"]
    compared: Data = {"Ref": names.texts[0]} if names.texts else "a"
    outputs: dict[str, Data] = {}
    for name in ("shared-a", "shared-b"):
        value = branching(draw, names, _exported_text, 1) if draw(st.integers(0, 2)) else _function_itself(draw)
        output: dict[str, Data] = {"Value": value, "Export": {"Name": name}}
        if draw(st.booleans()) and names.conditions:
            output["Condition"] = "C0"
            if draw(st.booleans()):  # there is no export where the condition does not hold, and so one value
                output["Value"] = {"Fn::If": ["C0", draw(st.sampled_from(TEXTS)), "c"]}
        outputs[name.title().replace("-", "")] = output
    return {
        "Parameters": declared,
        "Conditions": {"C0": {"Fn::Equals": [compared, draw(st.sampled_from(TEXTS))]}},
        "Resources": {"Fn0": {"Type": _FUNCTION, "Properties": {}}},
        "Outputs": outputs,
    }


def _exported_text(draw: Draw, names: Names) -> Data:
    match draw(st.sampled_from(("literal", "region", "parameter"))):
        case "region":
            return {"Fn::Sub": "a-${AWS::Region}"}
        case "parameter" if names.texts:
            return {"Ref": draw(st.sampled_from(names.texts))}
        case _:
            return draw(st.sampled_from(TEXTS))


def _function_itself(draw: Draw) -> Data:
    if draw(st.booleans()):
        return {"Ref": "Fn0"}
    return {"Fn::GetAtt": ["Fn0", "Arn"]}
