"""Waivers in comments, in Metadata and in the configuration: what they cover, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stackwarden.config import Waiver
from stackwarden.diagnostics import Severity
from stackwarden.run.finding import FileError, Finding, Place, RuleInfo, Waived
from stackwarden.run.waivers import apply_waivers, expired_waivers
from stackwarden.source import Source, Span
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Node, Sequence

TODAY = date(2027, 1, 31)
TEXT = """\
Resources:
  Open:{id}
    Type: AWS::Lambda::Url
    Properties:{properties}
      {above}
      AuthType: NONE{auth}
      Cors:
        AllowOrigins:
          - "*" {item}
  Other:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
"""
MARK = '# stackwarden: ignore[url-open] reason="behind a VPN"'


def rule(rule_id: str) -> RuleInfo:
    return RuleInfo(
        rule_id, "t", Severity.HIGH, "c", "p", "", "", (), (), {}, ("AWS::Lambda::Url",), False, "a.warden:1"
    )


def template_of(text: str, name: str = "app.yaml") -> Template:
    template = load(Source(name, text))
    assert isinstance(template, Template), [problem.message() for problem in template]
    return template


def template_with(**marks: str) -> Template:
    places = dict.fromkeys(("id", "properties", "above", "auth", "item"), "")
    return template_of(TEXT.format(**(places | marks)))


def finding(template: Template, *path: str | int, rule_id: str = "url-open") -> Finding:
    """A finding at a path; at a key where the path ends at one, as for the missing properties of a resource."""
    node: Node = template.root
    for step in path:
        if isinstance(node, Mapping):
            entry = node.entries[str(step)]
            node = entry.value
        else:
            assert isinstance(node, Sequence)
            assert isinstance(step, int)
            node = node.items[step]
    place = Place(path, template.span(node))
    return Finding(rule(rule_id), Severity.HIGH, "fail", None, template.source.name, str(path[1]), "T", place, "m", "f")


AUTH = ("Resources", "Open", "Properties", "AuthType")
ORIGIN = ("Resources", "Open", "Properties", "Cors", "AllowOrigins", 0)
OPEN = ("Resources", "Open")
OTHER = ("Resources", "Other", "Properties", "AuthType")


def waived_paths(template: Template, *paths: tuple[str | int, ...], today: date = TODAY) -> list[tuple[str | int, ...]]:
    findings, errors = apply_waivers(template, [finding(template, *path) for path in paths], (), today)
    assert errors == (), [error.message for error in errors]
    return [each.place.path for each in findings if each.waived is not None]


@pytest.mark.parametrize(
    ("where", "covered"),
    [
        ({"auth": f"  {MARK}"}, [AUTH]),
        ({"above": MARK}, [AUTH]),
        ({"above": f"{MARK}\n      # another comment\n"}, [AUTH]),
        ({"id": f" {MARK}"}, [OPEN, AUTH, ORIGIN]),
        ({"properties": f" {MARK}"}, [AUTH, ORIGIN]),
        ({"item": MARK}, [ORIGIN]),
    ],
)
def test_a_comment_covers_what_starts_on_its_line(where: dict[str, str], covered: list[tuple[str | int, ...]]) -> None:
    assert waived_paths(template_with(**where), OPEN, AUTH, ORIGIN, OTHER) == covered


def test_a_comment_above_a_resource_covers_it() -> None:
    template = template_of(TEXT.format(id="", properties="", above="", auth="", item="").replace(
        "  Open:", f"  {MARK}\n  Open:"
    ))  # fmt: skip
    assert waived_paths(template, OPEN, AUTH, OTHER) == [OPEN, AUTH]


def test_what_a_waiver_says_is_kept() -> None:
    template = template_with(auth=f"{'  ' + MARK} until=2027-01-31")
    findings, _ = apply_waivers(template, [finding(template, *AUTH)], (), TODAY)
    assert findings[0].waived == Waived("behind a VPN", "2027-01-31", "app.yaml:6", "inSource")
    assert replace(findings[0], waived=None) == finding(template, *AUTH)


@pytest.mark.parametrize(
    ("rules", "covers"),
    [
        ("url-open", True),
        ("url-*", True),
        ("other, url-open", True),
        ("other", False),
        ("URL-open", False),
        ("url", False),
    ],
)
def test_rules_are_named_by_id_or_glob(rules: str, covers: bool) -> None:
    template = template_with(auth=f"  # stackwarden: ignore[{rules}] reason='x'")
    assert waived_paths(template, AUTH) == ([AUTH] if covers else [])


@pytest.mark.parametrize(
    ("mark", "message", "advice"),
    [
        ("ignore[url-open]", "it has no reason", "say why"),
        ('ignore[url-open] reason=""', "it has no reason", "say why"),
        ('ignore[url-open] reason="x" until=soon', "`soon` is not a date", ""),
        ('ignore[url-open] reason="x" untill=2027-01-01', "it has no `untill`", "did you mean `until`?"),
        ("ignore[url-open] because of x", "`because of x` is not understood", "write"),
        ('ignore[] reason="x"', "it names no rule", "write"),
        ('ignore[a b] reason="x"', "`a b` is not a rule id", "write"),
        ('ignore url-open reason="x"', "it does not say `ignore[rule-id]`", "write"),
        ('skip[url-open] reason="x"', "it does not say `ignore[rule-id]`", "write"),
    ],
)
def test_a_malformed_mark_waives_nothing_and_is_told(mark: str, message: str, advice: str) -> None:
    template = template_with(auth=f"  # stackwarden: {mark}")
    findings, errors = apply_waivers(template, [finding(template, *AUTH)], (), TODAY)
    assert findings[0].waived is None
    assert [(error.file, error.line, error.fatal) for error in errors] == [("app.yaml", 6, False)]
    assert message in errors[0].message
    assert advice in (errors[0].help or "")


@pytest.mark.parametrize("text", [
    f"Resources: {MARK}\n  Open:\n    Type: AWS::Lambda::Url\n",
    f"Resources:\n  Open:\n    Type: AWS::Lambda::Url\n{MARK}\n",
    f"Resources:\n  Open: {{\n    Type: AWS::Lambda::Url\n  }} {MARK}\n",
])  # fmt: skip
def test_a_mark_that_covers_nothing_is_told(text: str) -> None:
    template = template_of(text)
    findings, errors = apply_waivers(template, [finding(template, "Resources", "Open")], (), TODAY)
    assert findings[0].waived is None
    assert "no resource or property starts" in errors[0].message


def test_text_that_only_looks_like_a_mark_is_none() -> None:
    template = template_of(
        "Resources:\n  Open:\n    Type: AWS::Lambda::Url # see stackwarden: docs\n"
        f"    Properties: {{AuthType: 'NONE {MARK}'}}\n"
    )
    assert waived_paths(template, AUTH) == []


def test_the_last_day_still_counts() -> None:
    template = template_with(auth=f"  {MARK} until=2027-01-31")
    assert waived_paths(template, AUTH, today=date(2027, 1, 31)) == [AUTH]
    findings, errors = apply_waivers(template, [finding(template, *AUTH)], (), date(2027, 2, 1))
    assert findings[0].waived is None
    assert errors[0] == FileError(
        "app.yaml", 6, 23, "the waiver of `url-open` ended on 2027-01-31",
        "fix what it covered, or give it a new `until`", fatal=False,
    )  # fmt: skip


METADATA = """\
Resources:
  Open:
    Type: AWS::Lambda::Url
    Metadata:
      stackwarden:
        ignore: {ignore}
    Properties: {{AuthType: NONE}}
  Other:
    Type: AWS::Lambda::Url
    Properties: {{AuthType: NONE}}
"""


@pytest.mark.parametrize(
    "ignore",
    [
        "[{rule: url-open, reason: x}]",
        "[{rule: other, reason: x}, {rule: 'url-*', reason: x, until: 2027-01-31}]",
        "{rule: [a, url-open], reason: x}",
    ],
)
def test_metadata_covers_its_resource(ignore: str) -> None:
    template = template_of(METADATA.format(ignore=ignore))
    assert waived_paths(template, OPEN, AUTH, OTHER) == [OPEN, AUTH]


def test_metadata_of_a_json_template() -> None:
    template = template_of(
        '{"Resources": {"Open": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE"},'
        '"Metadata": {"stackwarden": {"ignore": [{"rule": "url-open", "reason": "x", "until": "2027-01-31"}]}}}}}',
        "app.json",
    )
    findings, errors = apply_waivers(template, [finding(template, *AUTH)], (), TODAY)
    assert findings[0].waived == Waived("x", "2027-01-31", "app.json:1", "inSource")
    assert errors == ()


@pytest.mark.parametrize(
    ("ignore", "message"),
    [
        ("[{rule: url-open}]", "it has no reason"),
        ("[{reason: x}]", "it names no rule"),
        ("[url-open]", "must be a map"),
        ("[{rule: url-open, reason: {a: b}}]", "`reason` must be a text"),
        ("[{rule: url-open, reasons: x}]", "it has no `reasons`"),
        ("[{rule: url-open, reason: x, until: 31.1.2027}]", "`31.1.2027` is not a date"),
        ("[{rule: url-open, reason: x, until: 2026-12-31}]", "ended on 2026-12-31"),
    ],
)
def test_malformed_metadata_waives_nothing_and_is_told(ignore: str, message: str) -> None:
    template = template_of(METADATA.format(ignore=ignore))
    findings, errors = apply_waivers(template, [finding(template, *AUTH)], (), TODAY)
    assert findings[0].waived is None
    assert message in errors[0].message
    assert errors[0].line == 6


def test_configured_waivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = template_with()
    found = [finding(template, *AUTH), finding(template, *OTHER), finding(template, *AUTH, rule_id="else")]
    config = Source("stackwarden.toml", "\n\n[[waivers]]\n")
    base = Waiver("url-*", "known", root=tmp_path, span=Span(config, 2, 13))
    cases: list[tuple[Waiver, list[bool]]] = [
        (base, [True, True, False]),
        (replace(base, resource="Op*"), [True, False, False]),
        (replace(base, path="*.yaml"), [True, True, False]),
        (replace(base, path="legacy/"), [False, False, False]),
        (replace(base, until=TODAY), [True, True, False]),
        (replace(base, until=date(2027, 1, 30)), [False, False, False]),
        (replace(base, rule="*", resource="Other"), [False, True, False]),
    ]
    for waiver, covered in cases:
        findings, errors = apply_waivers(template, found, [waiver], TODAY)
        assert [each.waived is not None for each in findings] == covered
        assert errors == ()
    findings, _ = apply_waivers(template, found, [base], TODAY)
    assert findings[0].waived == Waived("known", None, "stackwarden.toml:3", "external")


def test_expired_configured_waivers_are_told_once(tmp_path: Path) -> None:
    config = Source("stackwarden.toml", "\n\n[[waivers]]\n")
    old = Waiver("url-*", "known", until=date(2027, 1, 30), root=tmp_path, span=Span(config, 2, 13))
    assert expired_waivers([old, replace(old, until=TODAY), replace(old, until=None)], TODAY) == (
        FileError("stackwarden.toml", 3, 1, "the waiver of `url-*` ended on 2027-01-30",
                  "fix what it covered, or give it a new `until`", fatal=False),
    )  # fmt: skip


def test_a_comment_wins_over_the_configuration() -> None:
    template = template_with(auth=f"  {MARK}")
    findings, _ = apply_waivers(template, [finding(template, *AUTH)], [Waiver("*", "configured")], TODAY)
    assert findings[0].waived is not None
    assert findings[0].waived.reason == "behind a VPN"


def test_a_mark_at_an_anchor_covers_where_its_text_is_used() -> None:
    template = template_of(
        f"Resources:\n  Open:\n    Type: AWS::Lambda::Url\n    Properties: &shared\n      AuthType: NONE {MARK}\n"
        "  Other:\n    Type: AWS::Lambda::Url\n    Properties: *shared\n"
    )
    assert waived_paths(template, AUTH, OTHER) == [AUTH, OTHER]
