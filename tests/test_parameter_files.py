"""Parameter files of every deployment tool, told apart by their shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.parameter_files import read_parameters

PLAIN_JSON = '{"Stage": "dev", "Port": 8080, "Debug": true, "Zones": ["a", "b"], "Empty": null}'
CLI_LIST = '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]'
PIPELINE = '{"Parameters": {"A": "1", "B": {"Fn::GetArtifactAtt": ["S", "ObjectKey"]}}, "Tags": {"t": "u"}}'
SAM_TEXT = """\
version = 0.1
[default.deploy.parameters]
parameter_overrides = 'A=1 B="two words"'
"""
SAM_GLOBAL = """\
version = 0.1
[default.global.parameters]
parameter_overrides = ['A=1', {B = 2}]
[default.deploy.parameters]
parameter_overrides = {B = true, C = ['x', 'y']}
"""
SAM_YAML = """\
version: 0.1
default:
  deploy:
    parameters:
      parameter_overrides: ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue='x y'
"""
WANTED = {"Stage": "dev", "Port": "8080", "Debug": "true", "Zones": "a,b", "Empty": ""}


def reasons(argument: Path | str) -> str:
    result = read_parameters(str(argument))
    assert isinstance(result, tuple), result
    return result[0].message()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("plain.json", PLAIN_JSON, WANTED),
        ("plain.yaml", "Stage: dev\nPort: 8080\nDebug: true\nZones: [a, b]\nEmpty:\n", WANTED),
        ("plain", "{Stage: dev, Code: 0022, On: yes, Day: 2027-01-31}", {
            "Stage": "dev", "Code": "0022", "On": "yes", "Day": "2027-01-31",
        }),
        ("empty.json", "{}", {}),
        ("cli.json", CLI_LIST, {"A": "1"}),
        ("cli.yaml", "- ParameterKey: A\n  ParameterValue: x\n", {"A": "x"}),
        ("pairs.json", '["A=1", "B=two=2"]', {"A": "1", "B": "two=2"}),
        ("pipeline.json", PIPELINE, {"A": "1"}),
        ("input.json", '{"Parameters": [{"ParameterKey": "A", "ParameterValue": "1"}]}', {"A": "1"}),
        ("sync.yaml", "template-file-path: t.yaml\nparameters: {A: 1}\ntags: {x: y}\n", {"A": "1"}),
        ("map.yaml", "Parameters: x\nOther: y\n", {"Parameters": "x", "Other": "y"}),
        ("samconfig.toml", SAM_TEXT, {"A": "1", "B": "two words"}),
        ("samconfig.toml", SAM_GLOBAL, {"A": "1", "B": "true", "C": "x,y"}),
        ("samconfig.yaml", SAM_YAML, {"A": "1", "B": "x y"}),
        ("bom.json", "\ufeff" + PLAIN_JSON, WANTED),
    ],
)  # fmt: skip
def test_shapes(tmp_path: Path, name: str, text: str, expected: dict[str, str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_parameters(str(tmp_path / name)) == expected


def test_a_pair_is_not_a_file() -> None:
    assert read_parameters("Stage=dev=1") == {"Stage": "dev=1"}
    assert read_parameters("Empty=") == {"Empty": ""}


def test_samconfig_may_point_to_a_file(tmp_path: Path) -> None:
    text = "version = 0.1\n[default.deploy.parameters]\nparameter_overrides = 'file://given.yaml'\n"
    (tmp_path / "samconfig.toml").write_text(text, encoding="utf-8")
    (tmp_path / "given.yaml").write_text("A: 1\n", encoding="utf-8")
    assert read_parameters(str(tmp_path / "samconfig.toml")) == {"A": "1"}
    (tmp_path / "samconfig.toml").write_text(text.replace("given.yaml", "samconfig.toml"), encoding="utf-8")
    assert "without end" in reasons(tmp_path / "samconfig.toml")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", '{"A": }', "not valid JSON: expecting value (line 1, column 7)"),
        ("a.yaml", "A: [", "not valid YAML"),
        ("a.yaml", "", "the file is empty"),
        ("a.yaml", "just text", "expected a map or a list"),
        ("a.json", '{"A": {"B": 1}}', "the value of `A` is a map"),
        ("a.json", '[{"Key": "A"}]', "entry 1 of the list has no `ParameterKey`"),
        ("samconfig.toml", "version = 0.1\n", "no environment `default`"),
        ("samconfig.toml", "[default.deploy.parameters]\nx = 1\n", "no `parameter_overrides`"),
        ("samconfig.toml", "[default.deploy.parameters]\nparameter_overrides = 'A B=1'\n", "`A` is not NAME=VALUE"),
        ("a.toml", "= 1", "not valid TOML"),
        ("a.yaml", "&a [*a]", "nested too deeply"),
        ("a.json", "[" * 100_000, "nested too deeply"),
    ],
)
def test_faults_name_the_file_and_the_reason(tmp_path: Path, name: str, text: str, reason: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    message = reasons(tmp_path / name)
    assert reason in message
    assert str(tmp_path / name) in message


def test_a_missing_file(tmp_path: Path) -> None:
    result = read_parameters(str(tmp_path / "none.json"))
    assert isinstance(result, tuple)
    assert "no such file" in result[0].message()
    assert "NAME=VALUE" in (result[0].help() or "")
