"""Telling AWS Config: evaluations in batches, until it took each of them.

Source: AWS Config API Reference, `PutEvaluations`: 100 evaluations a call; what it refuses, it lists.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from stackwarden.integrations.aws_api import CallFailed, call
from stackwarden.integrations.aws_config.errors import Unanswered
from stackwarden.integrations.aws_config.evaluation import Evaluation

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["TEST_TOKEN", "answer"]

TEST_TOKEN: Final = "TESTMODE"
"""The result token with which AWS Config only checks what it is sent."""
_BATCH: Final = 100
_ATTEMPTS: Final = 3


def answer(
    config: BaseClient, evaluations: Sequence[Evaluation], token: str, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Puts evaluations; those that AWS Config refuses are sent again, twice, and a batch that fails stops no other.

    Raises Unanswered with all that could not be put.
    """
    problems: list[str] = []
    for start in range(0, len(evaluations), _BATCH):
        pending = [one.as_request() for one in evaluations[start : start + _BATCH]]
        for attempt in range(_ATTEMPTS):
            if attempt:
                wait(2.0**attempt / 2)
            try:
                told = call(
                    config, "put_evaluations", Evaluations=pending, ResultToken=token, TestMode=token == TEST_TOKEN
                )
            except CallFailed as error:
                problems.append(f"{len(pending)} evaluations: {error}")
                pending = []
                break
            refused = {_key(one) for one in told.get("FailedEvaluations", ())}
            pending = [one for one in pending if _key(one) in refused]
            if not pending:
                break
        if pending:
            names = ", ".join(str(one["ComplianceResourceId"]) for one in pending)
            problems.append(f"{len(pending)} evaluations were refused {_ATTEMPTS} times ({names})")
    if problems:
        raise Unanswered("AWS Config did not take everything: " + "; ".join(problems))


def _key(evaluation: dict[str, object]) -> tuple[object, object]:
    return evaluation.get("ComplianceResourceType"), evaluation.get("ComplianceResourceId")
