"""Signatures of defines: the same for what means the same, another one for whatever else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.language import ir
from stackwarden.language.check import check_files
from stackwarden.source import Source


def signed(body: str, *, before: str = "", parameter: str = "queue") -> str:
    """The signature of a define with this body, as a rule's call of it has it."""
    text = f"""
{before}
define wanted({parameter}: AWS::SQS::Queue) = {body}

rule a-rule {{
    title "t" severity low category c because "b" remediate "r"
    for queue in AWS::SQS::Queue
    require wanted(queue)
}}
"""
    checked = check_files([(Path("a.warden"), Source("a.warden", text))])
    (rule,) = checked.files[0].rules
    call = rule.requires[0].condition
    assert isinstance(call, ir.BindTruth), checked.diagnostics
    return call.signature


def test_names_and_places_do_not_count() -> None:
    assert signed("queue.DelaySeconds > 5") == signed("one.DelaySeconds  >  5", parameter="one", before="\n\n# moved")


@pytest.mark.parametrize(
    "other",
    [
        "queue.DelaySeconds > 6",
        "queue.DelaySeconds >= 5",
        "queue.MessageRetentionPeriod > 5",
        "not queue.DelaySeconds > 5",
        "queue.DelaySeconds > 5 and queue.DelaySeconds > 5",
    ],
)
def test_another_meaning_has_another_signature(other: str) -> None:
    assert signed("queue.DelaySeconds > 5") != signed(other)


def test_the_defines_that_a_body_calls_count() -> None:
    inner = "define long(queue: AWS::SQS::Queue) = queue.DelaySeconds > {}"
    five, six = (signed("long(queue)", before=inner.format(limit)) for limit in (5, 6))
    assert five != six
    assert five == signed("long(queue)", before=inner.format(5))


def test_variables_are_told_apart_by_what_they_stand_for() -> None:
    body = "some x in queue.Tags satisfies some y in queue.Tags satisfies {}.Key == {}.Value"
    assert signed(body.format("x", "y")) == signed(body.replace("some x", "some z").format("z", "y"))
    assert signed(body.format("x", "y")) != signed(body.format("y", "x"))
