"""What actions with holes may grant."""

from __future__ import annotations

import pytest

from stackwarden.iam.grants import grants
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic

from .stacks import statement


@pytest.mark.parametrize(
    ("elements", "pattern", "answer"),
    [
        ('Action: "*"', "*:*", YES),
        ('Action: !Sub "s3:${Open}*"', "*:*", NO),
        ('Action: !Sub "S3:Get${Open}"', "s3:GetObject", MAYBE),
        ('Action: !Sub "s3:Get${Open}"', "s3:PutObject", NO),
        ("Action: !Ref Open", "*:*", MAYBE),
        ('NotAction: !Sub "iam:${Open}"', "s3:GetObject", YES),
        ('NotAction: !Sub "iam:${Open}"', "iam:PassRole", MAYBE),
        ('NotAction: "organizations:*"', "iam:PassRole", YES),
    ],
)
def test_grants(elements: str, pattern: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert grants(stack, made, pattern) == answer
