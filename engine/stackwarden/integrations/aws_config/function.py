"""The Lambda function of a custom rule of AWS Config."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from stackwarden.integrations.aws_api import CallFailed, client
from stackwarden.integrations.aws_config.answer import answer
from stackwarden.integrations.aws_config.errors import BadItem, Unanswered
from stackwarden.integrations.aws_config.evaluation import NOT_APPLICABLE, Evaluation, evaluate, not_applicable
from stackwarden.integrations.aws_config.events import Invocation, read_event
from stackwarden.integrations.aws_config.gather import all_of, related_items, whole_item
from stackwarden.integrations.aws_config.selection import Selection, select
from stackwarden.schema.registry import Registry

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["handle", "handler"]

_LOGGER: Final = logging.getLogger("stackwarden")
_ACCOUNT: Final = "AWS::::Account"


def handler(event: Mapping[str, object], _context: object = None) -> dict[str, object]:
    """Judges what an event of AWS Config is about and tells AWS Config; gives what was told.

    Whatever goes wrong is raised once everything else is answered, so that Lambda tries again and then keeps the event.
    """
    _LOGGER.setLevel(logging.INFO)
    return handle(event, client("config"))


def handle(event: Mapping[str, object], config: BaseClient) -> dict[str, object]:
    """The same with a client of AWS Config. Raises BadEvent, BadItem, BadSetup, CallFailed or Unanswered."""
    invocation = read_event(event)
    selection = select(invocation.parameters)
    problems: list[str] = []
    if invocation.item is None:
        evaluations = _scheduled(invocation, selection, config, problems)
    else:
        evaluations = [_changed(invocation, selection, config)]
    for one in evaluations:
        _LOGGER.info(json.dumps({"check": invocation.rule_name, **one.as_data()}))
    answer(config, evaluations, invocation.result_token)
    if problems:
        raise Unanswered(f"{len(evaluations)} resources were judged, others could not be: " + "; ".join(problems))
    return {"evaluations": [one.as_data() for one in evaluations]}


def _changed(invocation: Invocation, selection: Selection, config: BaseClient) -> Evaluation:
    item = invocation.item
    assert item is not None  # the event is about one
    time = item.captured or datetime.now(UTC).isoformat()
    if invocation.left_scope:
        return not_applicable(item, time)
    if invocation.kind == "oversized" and not item.is_gone:
        item = whole_item(config, item)
    verdict = evaluate(item, selection, _registry(), time=time)
    if not verdict.undecided or not item.related:
        return verdict
    return evaluate(item, selection, _registry(), time=time, related=related_items(config, item))


def _scheduled(
    invocation: Invocation, selection: Selection, config: BaseClient, problems: list[str]
) -> list[Evaluation]:
    """The verdicts on all resources of the check's types; an account that has none of them gets one of its own."""
    evaluations: list[Evaluation] = []
    for one in all_of(config, selection.resource_types):
        if isinstance(one, CallFailed | BadItem):
            problems.append(str(one))
            continue
        try:
            evaluations.append(evaluate(one, selection, _registry(), time=invocation.created))
        except BadItem as error:
            problems.append(str(error))
    if not evaluations and not problems:
        text = "no resource of the types that this check is about"
        evaluations.append(Evaluation(_ACCOUNT, invocation.account, NOT_APPLICABLE, text, invocation.created))
    return evaluations


@cache
def _registry() -> Registry:
    return Registry()
