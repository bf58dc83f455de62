"""`stackwarden.toml`: every key, every kind of mistake with its place, and which file counts."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.config import Settings, Waiver, find_config, load_settings
from stackwarden.config.places import key_places
from stackwarden.diagnostics import Severity

FULL = """\
packs = ["api-security", "iam"]
policies = ["policies"]                  # folders of our own
select = ["iam-*", "high"]
ignore = ["logs-group-retention"]
exclude = ["vendor/", "*.generated.yaml"]
fail-on = "high"
min-severity = "info"
honor-suppressions = ["checkov", "cfn-nag"]

[severity]
s3-bucket-logging = "low"

[params]
ports = [22, 3389]
prefix = "team"
strict = true

[parameters]
"templates/*.yaml" = ["params/dev.json", "Stage=dev"]
"other.yaml" = "params/other.yaml"

[stacks]
"shop.yaml" = "shop"

[[waivers]]
rule = "iam-*"
path = "legacy/**"
resource = "Old*"
reason = "moves out in spring"
until = 2027-01-31
owner = "platform"

[[waivers]]
rule = "s3-bucket-public"
reason = "a public web site"
until = "2027-06-30"
"""


def settings_of(folder: Path, text: str, name: str = "stackwarden.toml") -> Settings:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    settings = load_settings(path)
    assert isinstance(settings, Settings), [problem.message() for problem in settings]
    return settings


def problems_of(folder: Path, text: str, name: str = "stackwarden.toml") -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    problems = load_settings(path)
    assert isinstance(problems, tuple)
    lines = []
    for problem in problems:
        place = problem.position
        advice = f" ({problem.help()})" if problem.help() else ""
        lines.append(f"{place.line}:{place.column} {problem.message()}{advice}")
    return lines


def test_every_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL)
    assert settings == Settings(
        file=tmp_path / "stackwarden.toml",
        root=tmp_path,
        packs=("api-security", "iam"),
        policies=(str(tmp_path / "policies"),),
        select=("iam-*", "high"),
        ignore=("logs-group-retention",),
        severity={"s3-bucket-logging": Severity.LOW},
        params={"ports": (22, 3389), "prefix": "team", "strict": True},
        parameters=(
            ("templates/*.yaml", (str(tmp_path / "params/dev.json"), "Stage=dev")),
            ("other.yaml", (str(tmp_path / "params/other.yaml"),)),
        ),
        stacks=(("shop.yaml", "shop"),),
        fail_on=Severity.HIGH,
        min_severity=Severity.INFO,
        exclude=("vendor/", "*.generated.yaml"),
        honor_suppressions=("checkov", "cfn-nag"),
        waivers=(
            Waiver("iam-*", "moves out in spring", "legacy/**", "Old*", date(2027, 1, 31), "platform", root=tmp_path),
            Waiver("s3-bucket-public", "a public web site", until=date(2027, 6, 30), root=tmp_path),
        ),
    )
    assert settings.waivers[1].place == f"{tmp_path / 'stackwarden.toml'}:33"


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "")
    assert settings == Settings(file=tmp_path / "stackwarden.toml", root=tmp_path)


def test_pyproject_table(tmp_path: Path) -> None:
    text = (
        '[project]\nname = "x"\n[tool.stackwarden]\nfail-on = "low"\n'
        '[[tool.stackwarden.waivers]]\nrule="a"\nreason="b"\n'
    )
    settings = settings_of(tmp_path, text, "pyproject.toml")
    assert settings.fail_on is Severity.LOW
    assert settings.waivers[0].place.endswith("pyproject.toml:5")
    assert problems_of(tmp_path, text + "[tool.stackwarden.params]\nx = {y = 1}\n", "pyproject.toml") == [
        "9:1 `params.x` must be a string, a number, a boolean or a list of them, not a table"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("polices = []", ["1:1 unknown setting `polices` (did you mean `policies`?)"]),
        ('# a\nfail_on = "high"', ["2:1 unknown setting `fail_on` (did you mean `fail-on`?)"]),
        ("packs = 'iam'", ["1:1 `packs` must be a list of strings, not a string"]),
        ('packs = [\n  "iam",\n  7,\n]', ["3:3 `packs[1]` must be a string, not a number"]),
        (
            'fail-on = "hihg"',
            ["1:1 `fail-on` must be one of critical, high, medium, low, info, not `hihg` (did you mean `high`?)"],
        ),
        ("fail-on = true", ["1:1 `fail-on` must be a severity, not a boolean"]),
        ("severity = {a = 'low', b = 'los'}", [
            "1:24 `severity.b` must be one of critical, high, medium, low, info, not `los` (did you mean `low`?)"
        ]),
        ("[params]\nwhen = 2027-01-01", [
            "2:1 `params.when` must be a string, a number, a boolean or a list of them, not a date or time"
        ]),
        ("[[waivers]]\nrule = 'a'", ["1:1 a waiver needs a `reason`"]),
        ("[[waivers]]\nrule = 'a'\nreason = '  '", ["1:1 a waiver needs a `reason`"]),
        (
            "[[waivers]]\nrule = 'a'\nreason = 'x'\n\n[[waivers]]\nreason = 'y'\nunti = 2027-01-01",
            ["7:1 unknown setting `unti` (did you mean `until`?)", "5:1 a waiver needs a `rule`"],
        ),
        (
            "[[waivers]]\nrule = 'a'\nreason = 'x'\nuntil = 'soon'",
            ["4:1 `waivers[0].until` must be a date such as 2027-01-31, not `soon`"],
        ),
        (
            "[[waivers]]\nrule = 'a'\nreason = 'x'\nuntil = 2027-01-01T00:00:00",
            ["4:1 `waivers[0].until` must be a date such as 2027-01-31, not a date or time"],
        ),
        ("waivers = {rule = 'a'}", ["1:1 `waivers` must be a list of tables (`[[waivers]]`), not a table"]),
        (
            "honor-suppressions = ['chekov']",
            [
                (
                    "1:23 `honor-suppressions` must be one of cfn-nag, checkov, guard, "
                    "not `chekov` (did you mean `checkov`?)"
                )
            ],
        ),
        ("stacks = {'a' = 7}", ["1:11 `stacks.a` must be a string, not a number"]),
        ("a = 1\nb = = 2", ["2:5 not valid TOML: invalid value"]),
        ("packs = [", ["1:10 not valid TOML: invalid value"]),
    ],
)  # fmt: skip
def test_mistakes_have_a_place_and_a_hint(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert problems_of(tmp_path, text) == expected


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    assert len(problems_of(tmp_path, "pack = []\nignore = 3\nfail-on = 'x'\n")) == 3


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    missing = load_settings(tmp_path / "none.toml")
    assert isinstance(missing, tuple)
    assert missing[0].message().endswith("no such file or directory")
    (tmp_path / "stackwarden.toml").write_bytes(b"\xff\xfe")
    latin = load_settings(tmp_path / "stackwarden.toml")
    assert isinstance(latin, tuple)
    assert "UTF-8" in latin[0].message()


def test_the_nearest_file_above_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "stackwarden.toml").write_text("", encoding="utf-8")
    assert find_config(inner / "t.yaml") == tmp_path / "stackwarden.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'stackwarden-user'\n", encoding="utf-8")
    assert find_config(inner / "t.yaml") == tmp_path / "stackwarden.toml"  # no table of ours in it
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.stackwarden]\n", encoding="utf-8")
    assert find_config(inner / "t.yaml") == tmp_path / "a" / "pyproject.toml"
    (inner / "stackwarden.toml").write_text("", encoding="utf-8")
    assert find_config(inner) == inner / "stackwarden.toml"


def test_globs_are_seen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path, FULL)
    (tmp_path / "legacy").mkdir()
    monkeypatch.chdir(tmp_path / "legacy")
    assert settings.waivers[0].covers_file("old.yaml")
    assert settings.waivers[0].covers_file(str(tmp_path / "legacy" / "deep" / "old.yaml"))
    assert not settings.waivers[0].covers_file("../old.yaml")
    assert settings.waivers[1].covers_file("anything.yaml")
    assert settings.parameter_arguments(tmp_path / "templates" / "a.yaml")[1] == "Stage=dev"
    assert settings.parameter_arguments(tmp_path / "a.yaml") == ()


def test_places_of_keys() -> None:
    text = (
        'a.b = """x\n[no]\n"""\n"q\\u0041" = [1, [\n 2 # ]\n], {z = "}"}]\n'
        "[t . 'u']\nk = 1\n[[l]]\nn = 1\n[[l]]\nn = 2\n[l.sub]\nm = 3\n[[l.deep]]\no = 1\n"
    )
    places = key_places(text)
    written = {path: text[start:end] for path, (start, end) in places.items()}
    assert written[("a", "b")] == "b"
    assert written[("qA",)] == '"q\\u0041"'
    assert written[("qA", 1, 0)] == "2"
    assert written[("qA", 2, "z")] == "z"
    assert written[("t", "u", "k")] == "k"
    assert text.index("n = 2") == places[("l", 1, "n")][0]
    assert written[("l", 1, "sub", "m")] == "m"
    assert written[("l", 1, "deep", 0, "o")] == "o"


def _paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} if path else set()
    if isinstance(value, dict):
        for key, item in value.items():
            found |= _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found |= _paths(item, (*path, index))
    return found


_keys = st.text(st.characters(codec="ascii", exclude_characters="\x7f", min_codepoint=32), min_size=1, max_size=6)
_values = st.recursive(
    st.integers() | st.booleans() | st.text("ab#]}\"'\\\n,=", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _write(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[ " + " , ".join(_write(item) for item in value) + "\n]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quote(key)} = {_write(item)}" for key, item in value.items()) + "}"
    return _quote(value) if isinstance(value, str) else str(value)


@given(st.dictionaries(_keys, _values, max_size=4))
def test_places_cover_exactly_what_tomllib_reads(document: dict[str, object]) -> None:
    text = "".join(f"{_quote(key)}={_write(value)} # c\n" for key, value in document.items())
    assert tomllib.loads(text) == document
    assert set(key_places(text)) == _paths(document)
