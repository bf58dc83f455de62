"""Importing findings into AWS Security Hub, in batches, with an account of what was refused.

Source: Security Hub API Reference, *BatchImportFindings* (100 findings a call; `FailedFindings` of the answer), and
User Guide, *Guidelines for using BatchImportFindings* (240 KB a finding, 6 MB a call).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from stackwarden.report.asff import Object, as_data
from stackwarden.run.finding import Finding, Report

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["ended", "found", "import_findings", "securityhub"]

_MOST: Final = 100
_LARGEST_BATCH: Final = 6_000_000  # bytes


def found(report: Report) -> list[Object]:
    """The findings of a report that has `AWS::AccountId` and `AWS::Region`, as of now."""
    return as_data(replace(report, finished_at=report.finished_at or _now(), show_maybe=True))


def ended(report: Report, gone: Sequence[Finding]) -> list[Object]:
    """Findings that are no more, for the same account, region and stack: passed and archived."""
    still = {one["Id"] for one in found(report)}
    past = [one for one in found(replace(report, findings=tuple(gone))) if one["Id"] not in still]
    return [{**one, "Compliance": {"Status": "PASSED"}, "RecordState": "ARCHIVED"} for one in past]


def import_findings(findings: Iterable[Object], client: BaseClient) -> list[str]:
    """Imports findings; what was not taken, and why, in words. Raises nothing."""
    from botocore.exceptions import BotoCoreError, ClientError

    problems: list[str] = []
    for batch in _batches(findings):
        try:
            answer: dict[str, Any] = client.batch_import_findings(Findings=batch)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            advice = "; the role needs securityhub:BatchImportFindings" if "Denied" in code else ""
            problems.append(f"{len(batch)} findings refused ({code}){advice}")
        except BotoCoreError as error:
            problems.append(f"{len(batch)} findings not imported: {error}")
        else:
            problems += [f"{one['Id']}: {one['ErrorMessage']}" for one in answer.get("FailedFindings", ())]
    return problems


def securityhub(region: str) -> BaseClient:
    """A client that gives up soon, as a deployment waits for it."""
    import boto3
    from botocore.config import Config

    quick = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2})
    return boto3.client("securityhub", region_name=region or None, config=quick)


def _batches(findings: Iterable[Object]) -> Iterator[list[Object]]:
    batch: list[Object] = []
    size = 0
    for finding in findings:
        length = len(json.dumps(finding))
        if batch and (len(batch) == _MOST or size + length > _LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(finding)
        size += length
    if batch:
        yield batch


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
