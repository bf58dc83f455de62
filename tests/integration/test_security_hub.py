"""Findings imported into Security Hub over a connection: AWS's own client sends them, moto takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aws_shapes import problems_of_input
from cli.test_commands import run

_ACCOUNT, _REGION = "111122223333", "eu-west-1"
_TEMPLATE = "Resources:\n" + "".join(
    f"  Url{number}: {{Type: AWS::Lambda::Url, Properties: {{TargetFunctionArn: f, AuthType: NONE}}}}\n"
    for number in range(60)
)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a Security Hub that listens on this machine."""
    import boto3
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", _ACCOUNT)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client = boto3.client("securityhub", region_name=_REGION, endpoint_url=f"http://{host}:{port}")
        client.enable_security_hub()
        yield client
    finally:
        server.stop()


@pytest.fixture
def findings(tmp_path: Path) -> list[dict[str, Any]]:
    """What a scan of two templates of the same name writes."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "template.yaml").write_text(_TEMPLATE, encoding="utf-8")
    options = ("--account", _ACCOUNT, "--region", _REGION, "--rule", "lambda-url-auth-none")
    run(tmp_path, "scan", ".", "--no-config", *options, "-f", "asff", "-o", "findings.json")
    written: list[dict[str, Any]] = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    return written


def test_findings_are_imported_and_updated(client: Any, findings: list[dict[str, Any]]) -> None:
    assert len(findings) == 120
    batches = [findings[start : start + 100] for start in range(0, len(findings), 100)]
    for _ in range(2):
        for batch in batches:
            assert problems_of_input("securityhub", "BatchImportFindings", {"Findings": batch}) == []
            answer = client.batch_import_findings(Findings=batch)
            assert (answer["SuccessCount"], answer["FailedFindings"]) == (len(batch), [])
    pages = client.get_paginator("get_findings").paginate()
    kept = {one["Id"]: one for page in pages for one in page["Findings"]}
    assert kept.keys() == {one["Id"] for one in findings}
    one = kept[f"stackwarden/{_ACCOUNT}/{_REGION}/two/template/Url7/lambda-url-auth-none"]
    assert one["Severity"]["Label"] == "HIGH"
    assert one["Resources"][0]["Details"]["Other"]["file"].startswith("two/template.yaml:")
    assert max(len(json.dumps(one)) for one in findings) < 240_000
