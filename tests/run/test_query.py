"""JSONPath over the resolved template: values with their place and setting, nested stacks, environments."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.config import Settings
from stackwarden.run.discover import Found
from stackwarden.run.opened import Asked, open_file
from stackwarden.run.query import BadQuery, query
from stackwarden.run.session import SessionOptions
from stackwarden.run.when import when_in_words

_HERE = Path(__file__).parent / "explained" / "trails"
_ENVIRONMENTS = Settings(environments=(("dev", ("Stage=dev",)), ("prod", ("Stage=prod",))))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_HERE)


def found(path: str, file: str, *, settings: Settings | None = None, **given: str) -> list[tuple[str, ...]]:
    opened = open_file(Asked(Found(file, Path(file), True)), SessionOptions(parameters=given, settings=settings))
    assert not opened.wrong and not opened.faults
    values = query(opened.stacks, path)
    assert not isinstance(values, BadQuery)
    rows: list[tuple[str, ...]] = []
    for one in values:
        begin = one.place.span.begin
        place = f"{one.place.span.source.name}:{begin.line}:{begin.column}"
        rows.append((place, one.path, one.words, " ".join(one.environments) or when_in_words(one.when)))
    return rows


def test_a_resource_of_a_nested_stack() -> None:
    assert found('$.Resources["Net/Passed"].Properties.AuthType', "parent.yaml") == [
        ("child.yaml:9:50", "Resources.'Net/Passed'.Properties.AuthType", "NONE", "IsProd is true")
    ]


def test_what_depends_on_a_nested_stack() -> None:
    assert found("$.Resources.Url.Properties.AuthType", "parent.yaml") == [
        ("parent.yaml:14:50", "Resources.Url.Properties.AuthType", "NONE", "IsProd is true"),
        ("parent.yaml:14:50", "Resources.Url.Properties.AuthType", "AWS_IAM", "IsProd is false"),
    ]


def test_sections_of_a_nested_template() -> None:
    assert found("$.Stacks.Net.Outputs.Chosen.Value", "parent.yaml") == [
        ("child.yaml:15:32", "Stacks.Net.Outputs.Chosen.Value", "NONE", "IsProd is true")
    ]


def test_given_parameters() -> None:
    place, path = "parent.yaml:14:50", "Resources.Url.Properties.AuthType"
    assert found("$.Resources.Url.Properties.AuthType", "parent.yaml", Stage="dev") == [(place, path, "AWS_IAM", "")]


def test_environments() -> None:
    path = "Resources.Url.Properties"
    assert found("$.Resources.Url.Properties", "parent.yaml", settings=_ENVIRONMENTS) == [
        ("parent.yaml:14:37", f"{path}.TargetFunctionArn", "f", "dev prod"),
        ("parent.yaml:14:50", f"{path}.AuthType", "AWS_IAM", "dev"),
        ("parent.yaml:14:50", f"{path}.AuthType", "NONE", "prod"),
    ]


@pytest.mark.parametrize("text", ["$..[", "$.Resources[", "", "$.a b"])
def test_a_text_that_is_no_path(text: str) -> None:
    opened = open_file(Asked(Found("parent.yaml", Path("parent.yaml"), True)), SessionOptions())
    bad = query(opened.stacks, text)
    assert isinstance(bad, BadQuery)
    assert f"`{text}` is no JSONPath: " in bad.message()
    assert bad.help() == "for example `$.Resources.*.Properties.BucketName`"
