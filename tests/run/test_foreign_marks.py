"""Suppressions of other tools count for the rules that map to their ids, and only where the configuration says so."""

from __future__ import annotations

import pytest

from stackwarden.config import Settings
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source

TEMPLATE = """
Resources:
  Nag:
    Type: AWS::Lambda::Url
    Metadata:
      cfn_nag: {rules_to_suppress: [{id: W99, reason: not ours}]}
    Properties: {AuthType: NONE, TargetFunctionArn: f}
  Skipped:
    Type: AWS::Lambda::Url
    Metadata: {checkov: {skip: [{id: CKV_AWS_258, comment: public on purpose}]}}
    Properties: {AuthType: NONE, TargetFunctionArn: f}
  Commented:
    # checkov:skip=CKV_AWS_258:not worth it
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: f}
"""


def session(*tools: str) -> Session:
    opened = open_session(SessionOptions(rules=("lambda-url-auth-none",), settings=Settings(honor_suppressions=tools)))
    assert isinstance(opened, Session)
    return opened


@pytest.mark.parametrize(
    ("tools", "reasons"),
    [
        ((), {"Nag": None, "Skipped": None, "Commented": None}),
        (("cfn-nag",), {"Nag": None, "Skipped": None, "Commented": None}),
        (("checkov",), {"Nag": None, "Skipped": "public on purpose", "Commented": "not worth it"}),
    ],
)
def test_honoured_suppressions(tools: tuple[str, ...], reasons: dict[str, str | None]) -> None:
    scanned = scan_source(Source("t.yaml", TEMPLATE), session(*tools))
    assert {one.resource: one.waived and one.waived.reason for one in scanned.findings} == reasons
