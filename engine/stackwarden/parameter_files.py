"""Values given for template parameters: `K=V` pairs and the files in which deployment tools keep them.

This stands below the template layer and reads YAML itself: a parameter file is not a template, and all that
is wanted of it is the text of its scalars (`0022` stays `0022`, as every value that CloudFormation takes is text).

Shapes, told apart by their content:
- the AWS CLI's list: `[{"ParameterKey": "K", "ParameterValue": "V"}]` (CreateStack, API reference of CloudFormation);
  also the list of `K=V` texts that `aws cloudformation deploy --parameter-overrides` takes;
- CodePipeline's template configuration: `{"Parameters": {"K": "V"}, "Tags": …, "StackPolicy": …}`;
- Git sync's deployment file: `{template-file-path: …, parameters: {K: V}}`;
- SAM's `samconfig.toml`: `parameter_overrides` under `[ENVIRONMENT.COMMAND.parameters]`;
- a plain map `{K: V}`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stackwarden.diagnostics import Diagnostic

__all__ = ["BadParameters", "read_parameters"]

Data = None | str | list["Data"] | dict[str, "Data"]
"""A parsed file in which every scalar is its text; null is None."""

_PAIR: Final = re.compile(r"([A-Za-z0-9]+)=(.*)", re.DOTALL)
_TEMPLATE_CONFIGURATION: Final = frozenset({"Parameters", "Tags", "StackPolicy"})
_SAM_COMMANDS: Final = ("global", "deploy")
_SAM_ENVIRONMENT: Final = "default"


@dataclass(frozen=True, slots=True)
class BadParameters(Diagnostic):
    """A parameter file (or pair) that cannot be used, and why."""

    file: str
    reason: str
    advice: str | None = None

    def message(self) -> str:
        return f"parameters in `{self.file}`: {self.reason}"

    def help(self) -> str | None:
        return self.advice


class _UnusableError(Exception):
    """Carries the reason out of the nested readers of this module; `read_parameters` turns it into a diagnostic."""


def read_parameters(argument: str) -> Mapping[str, str] | tuple[Diagnostic, ...]:
    """Template parameters from one `--parameters` argument: `NAME=VALUE`, or the path of a file.

    Lists become comma-joined text and null becomes empty text. A value that only a pipeline run knows (`Fn::GetParam`,
    `Fn::GetArtifactAtt`) or that keeps the stack's previous value is left out: the parameter stays open.
    """
    pair = _PAIR.fullmatch(argument)
    if pair is not None:
        return {pair[1]: pair[2]}
    try:
        return _read_file(Path(argument))
    except RecursionError:
        return (BadParameters(None, argument, "the files include each other without end"),)
    except _UnusableError as error:
        advice = "give NAME=VALUE or the path of a YAML, JSON or samconfig.toml file"
        return (BadParameters(None, argument, str(error), None if Path(argument).is_file() else advice),)


def _read_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _UnusableError((error.strerror or str(error)).lower()) from error
    except UnicodeDecodeError as error:
        raise _UnusableError("not UTF-8 text") from error
    if path.suffix == ".toml":
        return _sam_configuration(_toml(text), path)
    data = _json(text, path) if text.lstrip()[:1] in ("{", "[") else _yaml(text)
    return _by_shape(data, path)


def _json(text: str, path: Path) -> Data:
    """JSON, or YAML in flow style where the text is no JSON and its name does not claim so."""
    try:
        return _texts(json.loads(text, parse_int=str, parse_float=str, parse_constant=str))
    except RecursionError as error:
        raise _UnusableError("nested too deeply") from error
    except json.JSONDecodeError as error:
        if path.suffix != ".json":
            return _yaml(text)
        reason = f"not valid JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})"
        raise _UnusableError(reason) from error


def _yaml(text: str) -> Data:
    import yaml

    try:
        return _from_node(yaml.compose(text, Loader=yaml.SafeLoader), 0)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        place = f" (line {at.line + 1}, column {at.column + 1})" if at is not None else ""
        raise _UnusableError(f"not valid YAML: {error.problem or error.context}{place}") from error
    except yaml.YAMLError as error:
        raise _UnusableError(f"not valid YAML: {error}") from error
    except RecursionError as error:
        raise _UnusableError("nested too deeply") from error


def _from_node(node: object, depth: int) -> Data:
    import yaml

    if depth > 20:  # no parameter file nests; this also ends a node that contains itself
        raise _UnusableError("nested too deeply")
    match node:
        case yaml.ScalarNode(tag=tag, value=value):
            return None if tag == "tag:yaml.org,2002:null" else str(value)
        case yaml.SequenceNode(value=items):
            return [_from_node(item, depth + 1) for item in items]
        case yaml.MappingNode(value=pairs):
            return {str(_from_node(key, depth + 1)): _from_node(value, depth + 1) for key, value in pairs}
        case _:
            return None


def _toml(text: str) -> dict[str, Data]:
    import tomllib

    try:
        return {key: _texts(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise _UnusableError(f"not valid TOML: {error}") from error


def _texts(value: object) -> Data:
    """A value as `json` or `tomllib` gives it, with its scalars as CloudFormation text."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return [_texts(item) for item in value]
        case dict():
            return {str(key): _texts(item) for key, item in value.items()}
        case _:  # TOML numbers and dates
            return str(value)


def _by_shape(data: Data, path: Path) -> dict[str, str]:
    match data:
        case None:
            raise _UnusableError("the file is empty")
        case str():
            raise _UnusableError("expected a map or a list, found a single value")
        case list():
            return _entries(data)
        case dict() if path.stem == "samconfig" and "version" in data:
            return _sam_configuration(data, path)
        case {"parameters": dict() as parameters, "template-file-path": str()}:
            return _plain(parameters)
        case {"Parameters": dict() as parameters} if data.keys() <= _TEMPLATE_CONFIGURATION:
            return _plain(parameters)
        case dict() if data and data.keys() <= _TEMPLATE_CONFIGURATION and isinstance(data.get("Parameters"), list):
            return _entries(data["Parameters"])  # the CLI's list as `--cli-input-json` holds it
        case dict():
            return _plain(data)


def _entries(items: Data) -> dict[str, str]:
    assert isinstance(items, list)  # callers looked
    values: dict[str, str] = {}
    for number, item in enumerate(items, start=1):
        match item:
            case {"ParameterKey": str() as key, "ParameterValue": value}:
                values[key] = _text(key, value)
            case {"ParameterKey": str(), "UsePreviousValue": "true"}:
                continue  # only the deployed stack knows it
            case str() if pair := _PAIR.fullmatch(item):
                values[pair[1]] = pair[2]
            case _:
                raise _UnusableError(f"entry {number} of the list has no `ParameterKey` with a `ParameterValue`")
    return values


def _plain(values: Mapping[str, Data]) -> dict[str, str]:
    pipeline = ("Fn::GetArtifactAtt", "Fn::GetParam")
    return {
        key: _text(key, value)
        for key, value in values.items()
        if not (isinstance(value, dict) and any(name in value for name in pipeline))
    }


def _text(key: str, value: Data) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return ",".join(_text(key, item) for item in value)
        case dict():
            raise _UnusableError(
                f"the value of `{key}` is a map; a parameter takes a text, a number, a boolean or a list"
            )


def _sam_configuration(document: Mapping[str, Data], path: Path) -> dict[str, str]:
    """`parameter_overrides` of the environment `default`: of `global`, then of `deploy`, which wins."""
    environment = document.get(_SAM_ENVIRONMENT)
    values: dict[str, str] = {}
    found = False
    for command in _SAM_COMMANDS:
        match environment:
            case {**commands}:
                section = commands.get(command)
            case _:
                raise _UnusableError(f"no environment `{_SAM_ENVIRONMENT}`")
        match section:
            case {"parameters": {"parameter_overrides": overrides}}:
                values |= _sam_overrides(overrides, path)
                found = True
            case _:
                continue
    if not found:
        raise _UnusableError(f"no `parameter_overrides` under `{_SAM_ENVIRONMENT}.deploy.parameters`")
    return values


def _sam_overrides(overrides: Data, path: Path) -> dict[str, str]:
    """What SAM's command line accepts: one text of pairs, a list of texts and maps, a map, or `file://` of either."""
    values: dict[str, str]
    match overrides:
        case str() if overrides.startswith("file://"):
            return _read_file(path.parent / overrides.removeprefix("file://"))
        case str():
            return _sam_text(overrides)
        case list():
            values = {}
            for item in overrides:
                values |= _sam_overrides(item, path)
            return values
        case dict():
            included = overrides.get("$include")
            values = _read_file(path.parent / included) if isinstance(included, str) else {}
            return values | _plain({key: value for key, value in overrides.items() if key != "$include"})
        case None:
            return {}


def _sam_text(text: str) -> dict[str, str]:
    """`K=V L="a b"`, or `ParameterKey=K,ParameterValue=V …`."""
    try:
        words: Sequence[str] = shlex.split(text)
    except ValueError as error:
        raise _UnusableError(f"`parameter_overrides`: {str(error).lower()}") from error
    values: dict[str, str] = {}
    for word in words:
        long = re.fullmatch(r"ParameterKey=([A-Za-z0-9]+),ParameterValue=(.*)", word, re.DOTALL)
        pair = long or _PAIR.fullmatch(word)
        if pair is None:
            raise _UnusableError(f"`parameter_overrides`: `{word}` is not NAME=VALUE")
        values[pair[1]] = pair[2]
    return values
