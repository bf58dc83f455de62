"""ZAP's report in ours: alerts at routes and resources, ranked with the findings of a scan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from integration.checkout import ROOT
from stackwarden.cli.app import app
from stackwarden.diagnostics import Severity
from stackwarden.report import reporters

_REPORT = (Path(__file__).parent / "zap" / "report.json").read_text(encoding="utf-8")
_TEMPLATE = (ROOT / "fixtures" / "orders-api.yaml").read_text(encoding="utf-8")
_HOST = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"


def _import(folder: Path, *arguments: str, report: str = _REPORT, template: str = _TEMPLATE) -> tuple[int, str, str]:
    (folder / "zap.json").write_text(report, encoding="utf-8")
    (folder / "app.yaml").write_text(template, encoding="utf-8")
    paths = (str(folder / "zap.json"), str(folder / "app.yaml"))
    done = CliRunner().invoke(app, ["import", "zap-report", *paths, "--no-config", *arguments])
    return done.exit_code, done.stdout, done.stderr


def _alerts(folder: Path, *arguments: str, report: str = _REPORT, template: str = _TEMPLATE) -> dict[str, Any]:
    """ZAP's findings by rule and file."""
    code, out, err = _import(folder, "-f", "json", *arguments, report=report, template=template)
    assert code == 1, err
    found = [one for one in json.loads(out)["findings"] if one["pack"] == "zap"]
    return {f"{one['rule']} {Path(one['file']).name}": one for one in found}


def _line(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


def test_alerts_stand_at_the_routes_that_requests_were_for(tmp_path: Path) -> None:
    found = _alerts(tmp_path)
    assert set(found) == {
        "zap-40018 app.yaml",
        "zap-10035-1 app.yaml",
        "zap-10035-1 zap.json",
        "zap-90034 app.yaml",
        "zap-10098 app.yaml",
    }
    injection = found["zap-40018 app.yaml"]
    assert (injection["resource"], injection["resource_type"]) == ("Orders", "AWS::ApiGateway::RestApi")
    assert injection["line"] == _line(_TEMPLATE, "get:\n              security: [{users: []}]")
    assert (
        injection["message"] == "GET /orders of orders: SQL Injection, parameter `page` (confidence medium), 2 requests"
    )
    assert (injection["severity"], injection["maps"]) == ("high", {"cwe": ["89"], "wasc": ["19"]})
    assert injection["because"] == "SQL injection may be possible."
    greedy = found["zap-10035-1 app.yaml"]
    assert greedy["line"] == _line(_TEMPLATE, "x-amazon-apigateway-any-method:\n              security: [{partners")
    elsewhere = found["zap-10035-1 zap.json"]
    assert (elsewhere["resource"], elsewhere["line"]) == ("", _line(_REPORT, "robots.txt"))
    assert elsewhere["message"].startswith(f"GET {_HOST}/robots.txt: ")


def test_confidence_counts(tmp_path: Path) -> None:
    found = _alerts(tmp_path)
    assert found["zap-90034 app.yaml"]["severity"] == "medium"  # high risk, low confidence
    assert found["zap-10098 app.yaml"]["waived"]["reason"] == "marked as a false positive in ZAP"
    assert found["zap-40018 app.yaml"]["waived"] is None


def test_all_findings_are_ranked_together(tmp_path: Path) -> None:
    _, out, _ = _import(tmp_path, "-f", "json")
    findings = json.loads(out)["findings"]
    ranks = [Severity.parse(one["severity"]) or Severity.INFO for one in findings]
    assert ranks == sorted(ranks, reverse=True)
    assert {one["pack"] == "zap" for one in findings if one["severity"] == "high"} == {True, False}


def test_the_exit_code_is_that_of_a_scan(tmp_path: Path) -> None:
    harmless = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/own}}}\n"
    assert _import(tmp_path, template=harmless)[0] == 1
    assert _import(tmp_path, "--fail-on", "critical", template=harmless)[0] == 0
    assert _import(tmp_path, "--exit-zero")[0] == 0
    assert _import(tmp_path, template="Resources: [")[0] == 3


@pytest.mark.parametrize("name", [reporter.name for reporter in reporters()])
def test_no_format_shows_what_zap_saw(tmp_path: Path, name: str) -> None:
    code, out, err = _import(tmp_path, "-f", name, "--account", "123456789012", "--region", "eu-west-1")
    assert code == 1, err
    assert "40018" in out
    assert "in-the-" not in out


def test_fingerprints_outlast_hosts_stages_and_lines(tmp_path: Path) -> None:
    before = _alerts(tmp_path)
    moved = _REPORT.replace(_HOST, "https://zzzzzzzzzz.execute-api.us-east-1.amazonaws.com").replace("/test/", "/prod/")
    after = _alerts(tmp_path, report=moved, template="# moved\n\n" + _TEMPLATE)
    for key, finding in before.items():
        if key.endswith("app.yaml"):
            assert after[key]["fingerprint"] == finding["fingerprint"]
            assert after[key]["line"] == finding["line"] + 2


def test_a_waiver_in_the_template_counts(tmp_path: Path) -> None:
    mark = (
        '            get:  # stackwarden: ignore[zap-40018] reason="bound parameters"\n              security: [{users'
    )
    waived = _TEMPLATE.replace("            get:\n              security: [{users", mark, 1)
    found = _alerts(tmp_path, template=waived)
    assert found["zap-40018 app.yaml"]["waived"]["reason"] == "bound parameters"


def test_a_server_says_where_routes_start(tmp_path: Path) -> None:
    local = _REPORT.replace(f"{_HOST}/test", "http://localhost:8080/base")
    assert "zap-40018 zap.json" in _alerts(tmp_path, report=local)
    assert "zap-40018 app.yaml" in _alerts(tmp_path, "--server", "http://localhost:8080/base", report=local)
    assert "zap-40018 zap.json" in _alerts(tmp_path, "--server", "http://localhost:8080/other", report=local)


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ("{", "zap.json:1:"),
        ("[]", "is no JSON object"),
        ('{"runs": []}', "has no list `site`"),
        ('{"site": [{"@name": "x"}]}', "has no list `alerts` in site 1"),
        ('{"site": [{"alerts": [{"name": "x"}]}]}', "has no `pluginid` in alert 1 of site 1"),
        ('{"site": [{"alerts": [{"pluginid": "1", "riskcode": "9"}]}]}', "has no `riskcode` from 0 to 3 in alert 1"),
        ("<html>", "zap.json"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, report: str, told: str) -> None:
    code, out, err = _import(tmp_path, report=report)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())


def test_a_missing_report_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["import", "zap-report", str(tmp_path / "none.json"), str(tmp_path)])
    assert done.exit_code == 2
    assert "no such file" in done.stderr


def test_a_file_is_no_stage(tmp_path: Path) -> None:
    open_stage = _TEMPLATE.replace("StageName: $default", "StageName: !Ref UserPool")
    assert "zap-10035-1 zap.json" in _alerts(tmp_path, template=open_stage)
