"""What GitHub, GitLab and readers of Markdown make of their formats, whatever the report."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given
from markdown_it import MarkdownIt

from report.reports import EMPTY, FULL, PORTS, WORLD, at, finding
from report.test_formats import reports
from stackwarden.diagnostics import Severity
from stackwarden.report import reporter
from stackwarden.report._reporter import Reporter
from stackwarden.run.finding import Report

_COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")
_GITLAB_KEYS = {"description", "check_name", "fingerprint", "severity", "location"}


def _render(name: str, report: Report) -> str:
    found = reporter(name)
    assert not hasattr(found, "known")
    one: Reporter = found
    return one.render(report)


def _commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    *lines, last, end = _render("github", report).split("\n")
    assert end == "" and "finding" in last
    found = []
    for line in lines:
        match = _COMMAND.fullmatch(line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], properties, match[3]))
    return found


@given(reports)
def test_each_annotation_is_one_command(report: Report) -> None:
    commands = _commands(report)
    shown = [one for one in report.shown() if one.waived is None]
    assert len(commands) == len(shown) + len(report.errors)
    for command, properties, _ in commands[len(report.errors) :]:
        assert {"file", "line", "endLine", "title"} <= set(properties)
        assert command in ("error", "warning", "notice")


def test_annotations_come_worst_first_and_say_where() -> None:
    low = finding(PORTS, at("FromPort: 22"), severity=Severity.LOW, message="100% open,\nyes: all")
    commands = _commands(replace(FULL, findings=(low, *FULL.findings), errors=()))
    assert [command for command, _, _ in commands] == ["error", "error", "notice", "notice"]
    _, properties, text = commands[2]
    assert text.startswith("100%25 open,%0Ayes: all")
    assert properties == {
        "file": "templates/my app.yaml",
        "line": "17",
        "endLine": "17",
        "col": "11",
        "endColumn": "22",
        "title": "ec2-sg-ingress-admin-ports-open (low)",
    }
    assert "col" not in commands[1][1]  # a range over lines has no columns


@given(reports)
def test_gitlab_entries_have_all_fields_and_differ(report: Report) -> None:
    entries = json.loads(_render("gitlab", report))
    for entry in entries:
        assert set(entry) == _GITLAB_KEYS
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(entry["location"]["lines"]["begin"], int)
        assert not entry["location"]["path"].startswith("./")
    fingerprints = [entry["fingerprint"] for entry in entries]
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_gitlab_fingerprint_outlives_moved_lines() -> None:
    here, there = (
        json.loads(_render("gitlab", replace(EMPTY, findings=(finding(PORTS, at(text), resource="Wide"),))))
        for text in (WORLD, "FromPort: 22")
    )
    assert here[0]["location"] != there[0]["location"]
    assert here[0]["fingerprint"] == there[0]["fingerprint"]


@given(reports)
def test_markdown_holds_no_tag_of_a_template(report: Report) -> None:
    """Read by a real parser, text stays text: the only tags are the ones that fold the reasons away."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(_render("markdown", report))
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<details><summary>.*</summary>|</details>", block, re.DOTALL) for block in blocks)
    inline = [child for token in tokens for child in token.children or ()]
    assert not any(child.type == "html_inline" for child in inline)
    rows = sum(token.type == "tr_open" for token in tokens)
    shown = [one for one in report.shown() if one.waived is None]
    groups = {(one.rule.id, one.severity, one.verdict) for one in shown}
    tables = sum(token.type == "table_open" for token in tokens)
    assert rows - tables - (tables - len(groups)) == len(shown)


def test_markdown_that_is_too_long_says_what_is_missing() -> None:
    many = tuple(
        replace(finding(PORTS, resource=f"R{number}", message="x" * 400), rule=replace(PORTS, id=f"r-{number:03}"))
        for number in range(200)
    )
    text = _render("markdown", replace(EMPTY, findings=many))
    assert len(text) < 65_536
    shown = text.count("| R")
    assert f"{200 - shown} findings more" in text
