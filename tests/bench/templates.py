"""Templates whose size is a number, and rules that read them."""

from __future__ import annotations

import json
from collections.abc import Callable

__all__ = [
    "as_json",
    "correlated",
    "guarded",
    "lookup",
    "looped",
    "nested",
    "ordinary",
    "resources",
    "spread",
    "unguarded",
    "unused",
]


def guarded(count: int) -> str:
    """`count` functions whose timeouts each stand behind a condition of their own, on a parameter of its own."""
    return _with_conditions(count, lambda index: f"!If [C{index}, 900, 10]")


def unused(count: int) -> str:
    """The same with the conditions left standing, but timeouts that do not use them."""
    return _with_conditions(count, lambda _: "900")


def unguarded(count: int) -> str:
    """The same without conditions."""
    return "\n".join(_functions(count, lambda _: "900"))


def correlated(count: int) -> str:
    """One function with a layer behind each of `count` independent conditions."""
    lines = ["Parameters:"]
    lines += [f"  P{index}: {{Type: String, AllowedValues: [yes-please, no-thanks]}}" for index in range(count)]
    lines += ["Conditions:", *(f"  C{index}: !Equals [!Ref P{index}, yes-please]" for index in range(count))]
    lines += ["Resources:", "  Fn:", "    Type: AWS::Lambda::Function", "    Properties:", "      Layers:"]
    lines += [f'        - !If [C{index}, layer-{index}, !Ref "AWS::NoValue"]' for index in range(count)]
    return "\n".join(lines) + "\n"


def resources(count: int) -> str:
    """`count` functions, each with a URL that refers to it."""
    lines = ["Resources:"]
    for index in range(count):
        lines += [
            f"  Fn{index}:",
            "    Type: AWS::Lambda::Function",
            f"    Properties: {{FunctionName: name-{index}, Timeout: {index % 1000}}}",
            f"  Url{index}:",
            "    Type: AWS::Lambda::Url",
            f"    Properties: {{AuthType: NONE, TargetFunctionArn: !Ref Fn{index}}}",
        ]
    return "\n".join(lines) + "\n"


def spread(conditions: int, uses: int) -> str:
    """`uses` functions; each of `conditions` independent conditions guards one property of every function."""
    lines = ["Parameters:"]
    lines += [f"  P{index}: {{Type: String, AllowedValues: [yes-please, no-thanks]}}" for index in range(conditions)]
    lines += ["Conditions:", *(f"  C{index}: !Equals [!Ref P{index}, yes-please]" for index in range(conditions))]
    lines += ["Resources:"]
    for use in range(uses):
        lines += [f"  Fn{use}:", "    Type: AWS::Lambda::Function", "    Properties:", "      Layers:"]
        lines += [f'        - !If [C{index}, layer-{index}, !Ref "AWS::NoValue"]' for index in range(conditions)]
    return "\n".join(lines) + "\n"


def looped(count: int) -> str:
    """A loop that makes `count` functions with long timeouts."""
    names = ", ".join(f"N{index}" for index in range(count))
    return f"""Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Functions:
    - Name
    - [{names}]
    - Fn${{Name}}: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub "fn-${{Name}}", Timeout: 900}}}}
"""


def as_json(count: int) -> str:
    """`count` functions with long timeouts and descriptions, as JSON: about 400 characters each."""
    properties = {"Timeout": 900, "Description": "word " * 60}
    made = {f"Fn{index}": {"Type": "AWS::Lambda::Function", "Properties": properties} for index in range(count)}
    return json.dumps({"Resources": made}, indent=1)


def nested(depth: int) -> str:
    """A timeout at the bottom of `depth` nested `Fn::If`, each on a parameter of its own."""
    value = "900"
    for index in range(depth):
        value = f"!If [C{index}, {index}, {value}]"
    lines = ["Parameters:", *(f"  P{index}: {{Type: String}}" for index in range(depth))]
    lines += ["Conditions:", *(f"  C{index}: !Equals [!Ref P{index}, on]" for index in range(depth))]
    return "\n".join([*lines, *_functions(1, lambda _: value)])


def lookup(size: int) -> str:
    """A timeout from a map of `size` × `size` entries, keyed by two open parameters."""
    lines = ["Parameters:", "  Row: {Type: String}", "  Column: {Type: String}", "Mappings:", "  Map:"]
    for row in range(size):
        lines.append(f"    row{row}: {{" + ", ".join(f"column{one}: {row * one}" for one in range(size)) + "}")
    return "\n".join([*lines, *_functions(1, lambda _: "!FindInMap [Map, !Ref Row, !Ref Column]")])


def _with_conditions(count: int, timeout: Callable[[int], str]) -> str:
    lines = ["Parameters:"]
    lines += [f"  P{index}: {{Type: String, AllowedValues: [yes-please, no-thanks]}}" for index in range(count)]
    lines += ["Conditions:", *(f"  C{index}: !Equals [!Ref P{index}, yes-please]" for index in range(count))]
    return "\n".join([*lines, *_functions(count, timeout)])


def _functions(count: int, timeout: Callable[[int], str]) -> list[str]:
    lines = ["Resources:"]
    for index in range(count):
        lines += [
            f"  Fn{index}:",
            "    Type: AWS::Lambda::Function",
            f"    Properties: {{FunctionName: name-{index}, Timeout: {timeout(index)}}}",
        ]
    return [*lines, ""]


def ordinary(count: int, *, conditions: bool) -> str:
    """`count` functions with the properties that functions have, their tracing behind a condition each, or off."""
    lines = ["Parameters:", *(f"  P{index}: {{Type: String}}" for index in range(count))] if conditions else []
    if conditions:
        lines += ["Conditions:", *(f"  C{index}: !Equals [!Ref P{index}, on]" for index in range(count))]
    lines += ["Resources:"]
    for index in range(count):
        mode = f"!If [C{index}, Active, PassThrough]" if conditions else "PassThrough"
        lines += [
            f"  Fn{index}:",
            "    Type: AWS::Lambda::Function",
            "    Properties:",
            f"      FunctionName: fn-{index}",
            "      Handler: index.handler",
            "      Runtime: python3.13",
            "      Role: !ImportValue role",
            "      MemorySize: 256",
            "      Timeout: 30",
            "      Environment:",
            "        Variables: {TABLE: !ImportValue table, STAGE: live}",
            "      Code: {S3Bucket: code, S3Key: fn.zip}",
            f"      TracingConfig: {{Mode: {mode}}}",
            "      Tags:",
            "        - {Key: team, Value: shop}",
        ]
    return "\n".join(lines) + "\n"
