"""Reports by a standard: what counts, what a score is, and how the formats show it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stackwarden
from browser import open_page
from cli.test_commands import ROOT, run
from report.reports import FULL, PORTS, URL
from stackwarden.diagnostics import Severity
from stackwarden.report.by_standard import FORMATS, by_standard
from stackwarden.run.discover import Found
from stackwarden.run.finding import Outcomes, Report
from stackwarden.run.scan import scan
from stackwarden.run.score import WEIGHTS, Graded, grade
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.standards import Practice, Requirement, Standard, load_standard, standard_files

OPEN = Requirement("A1", "Nothing is <open> to everyone | at all", {"owasp-api": ("API2:2023",)})
CLOSED = Requirement("A2", "Ports are closed", {}, ("ec2-*",), "Who uses a port does not show.")
PEOPLE = Requirement("B1", "People are trained", {}, (), "This is about people.")
HOUSE = Standard(
    "house",
    "The house's rules",
    "2026",
    "https://example.org/rules",
    "What we hold to.",
    (OPEN, CLOSED, PEOPLE),
    (Practice("Exposure", "Who reaches what.", (OPEN, CLOSED)), Practice("People", "", (PEOPLE,))),
)
COUNTED = replace(
    FULL,
    outcomes={
        URL.id: Outcomes(passed=3, failures=((Severity.CRITICAL, 1),)),
        PORTS.id: Outcomes(passed=1, failures=((Severity.LOW, 1), (Severity.HIGH, 1)), maybe=1, not_applicable=4),
    },
)


def _score(passed: int, failed: int) -> float:
    return passed * 1000 // (passed + failed) / 10


def test_a_score_is_the_weighted_share_of_what_passed() -> None:
    graded = grade(HOUSE, COUNTED)
    exposure, people = graded.practices
    first, second = exposure.requirements
    assert (first.grade.score, second.grade.score) == (75.0, _score(5, 6))
    assert exposure.grade.score == graded.grade.score == _score(35, 16)
    assert exposure.grade.outcomes == Outcomes(4, ((Severity.LOW, 1), (Severity.HIGH, 1), (Severity.CRITICAL, 1)), 1, 4)
    assert (people.grade.score, people.grade.outcomes) == (None, Outcomes())
    assert [one.message for one in second.findings] == [
        "Wide lets the world reach port 22",
        "port 22 may be open to 日本",
        '<b>"Other" & co.</b>',
    ]


def test_a_rule_counts_once_in_a_practice_and_in_all() -> None:
    twice = replace(HOUSE, requirements=(CLOSED, replace(CLOSED, id="A3")))
    twice = replace(twice, practices=(Practice("Both", "", twice.requirements),))
    graded = grade(twice, COUNTED)
    assert graded.grade == graded.practices[0].grade == graded.practices[0].requirements[0].grade
    assert graded.outside == 1


counts = st.integers(0, 6)
severities = st.sampled_from([*Severity])
outcomes = st.builds(
    lambda passed, failures, maybe: Outcomes(passed, tuple(failures.items()), maybe),
    counts,
    st.dictionaries(severities, st.integers(1, 4), max_size=5),
    counts,
)


@given(outcomes, outcomes, st.data())
def test_mending_never_lowers_a_score(first: Outcomes, second: Outcomes, data: st.DataObject) -> None:
    """A mended check passes, fails less gravely, is left to what is unknown, or is no more."""
    before = _graded(first, second)
    if not first.failures:
        return
    severity, count = data.draw(st.sampled_from(first.failures))
    rest = tuple(one for one in first.failures if one[0] != severity)
    left = (*rest, *(((severity, count - 1),) if count > 1 else ()))
    milder = data.draw(st.sampled_from([None, *(one for one in Severity if one < severity)]))
    mended = replace(first, failures=left)
    if milder is None:
        mended = replace(mended, passed=first.passed + data.draw(st.integers(0, 1)))
    else:
        mended += Outcomes(failures=((milder, 1),))
    after = _graded(mended, second)
    for old, new in ((before, after), (before.practices[0], after.practices[0])):
        assert new.grade.score is None or old.grade.score is None or new.grade.score >= old.grade.score
        assert new.grade.score is None or 0 <= new.grade.score <= 100


def _graded(first: Outcomes, second: Outcomes) -> Graded:
    return grade(HOUSE, replace(COUNTED, outcomes={URL.id: first, PORTS.id: second}))


@pytest.mark.parametrize("format_", FORMATS)
def test_golden(format_: str, golden: Callable[[str, str], None]) -> None:
    text = by_standard(format_, HOUSE).render(COUNTED).replace(stackwarden.__version__, "@VERSION@")
    golden(f"by-standard/house.{ {'markdown': 'md'}.get(format_, format_) }", text)


def _template_with(properties: str) -> bytes:
    return (
        f"Resources: {{Url: {{Type: AWS::Lambda::Url, Properties: {{{properties}, TargetFunctionArn: f}}}}}}".encode()
    )


def _report(template: bytes) -> Report:
    session = open_session(SessionOptions(count_outcomes=True))
    assert isinstance(session, Session)
    return scan(session, [Found("-", None, True)], stdin=template)


@pytest.mark.parametrize(
    ("properties", "outcome"),
    [
        ("AuthType: NONE", Outcomes(failures=((Severity.HIGH, 1),))),
        ("AuthType: AWS_IAM", Outcomes(passed=1)),
        ("AuthType: !ImportValue auth", Outcomes(maybe=1)),
    ],
)
def test_a_scan_counts_how_subjects_come_out(properties: str, outcome: Outcomes) -> None:
    report = _report(_template_with(properties))
    assert report.outcomes is not None
    assert report.outcomes["lambda-url-auth-none"] == outcome


def test_subjects_that_a_rule_is_not_about_are_told_from_passed_ones() -> None:
    rest = b"""
    Resources:
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {EndpointConfiguration: {Types: [PRIVATE]}}}
      Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
    """
    report = _report(rest)
    assert report.outcomes is not None
    assert report.outcomes["apigateway-stage-waf-missing"] == Outcomes(not_applicable=1)


def test_what_nobody_asked_for_is_not_counted() -> None:
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    assert scan(session, [Found("-", None, True)], stdin=_template_with("AuthType: NONE")).outcomes is None


@pytest.mark.parametrize("name", sorted(standard_files()))
def test_every_shipped_standard_has_a_report(name: str) -> None:
    standard = load_standard(standard_files()[name])
    assert isinstance(standard, Standard)
    assert sorted(one.id for practice in standard.practices for one in practice.requirements) == sorted(
        one.id for one in standard.requirements
    )
    data = json.loads(by_standard("json", standard).render(COUNTED))
    assert data["by"]["standard"] == name
    assert len(data["by"]["practices"]) == len(standard.practices)


def test_the_command_line_takes_the_beginning_of_a_name(tmp_path: Path) -> None:
    arguments = ("scan", str(ROOT / "fixtures" / "insecure-api.yaml"), "--no-config")
    wanted = ("-f", "json", "-o", "score.json", "-f", "markdown", "-o", "score.md")
    done = run(tmp_path, *arguments, "--by", "well-architected", *wanted)
    assert done.returncode == 1, done.stderr
    data = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))
    assert data["score"] == data["by"]["score"]
    titles = [practice["title"] for practice in data["by"]["practices"]]
    assert titles[:5] == ["Least privilege", "Private connectivity", "Edge protection", "Detection", "Data protection"]
    known = {one["fingerprint"] for one in data["findings"]}
    listed = {
        one for practice in data["by"]["practices"] for each in practice["requirements"] for one in each["findings"]
    }
    assert listed and listed <= known
    text = (tmp_path / "score.md").read_text(encoding="utf-8")
    assert "What a template cannot show:" in text
    assert f"| **all** | **{data['score']}** |" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--by", "zero-trst", "-f", "json"), "did you mean `zero-trust`?"),
        (("--by", "zero-trust"), "--by is for the formats markdown, html, json"),
    ],
)
def test_a_wrong_call_is_told(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    done = run(tmp_path, "scan", str(ROOT / "fixtures" / "insecure-api.yaml"), "--no-config", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_the_page_leads_from_practices_to_findings(tmp_path: Path) -> None:
    file = tmp_path / "house.html"
    file.write_text(by_standard("html", HOUSE).render(COUNTED), encoding="utf-8")
    with open_page(file.as_uri()) as page:
        assert page.locator(".grades tbody tr").count() == 3
        assert page.locator("meter").count() == 2
        assert "This is about people." in page.inner_text("#practice-1")
        page.click("#practice-0 a >> nth=0")
        assert page.url.endswith(f"#f-{FULL.findings[0].fingerprint}")
        page.select_option("#severity", "critical")
        assert page.locator("article:visible").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_weights_grow_with_severity() -> None:
    ordered = [WEIGHTS[severity] for severity in sorted(Severity)]
    assert ordered == sorted(set(ordered))
