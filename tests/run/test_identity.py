"""One id for a fault, wherever it is found."""

from __future__ import annotations

import pytest

from stackwarden.run.identity import finding_id, stack_identity


@pytest.mark.parametrize(
    ("stack", "identity"),
    [
        ("shop", "shop"),
        ("arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0b1c-22", "shop"),
        ("arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/shop-Db-1ABCDEFGHIJK2/0b1c", "shop-Db"),
        ("shop-Db-1ABCDEFGHIJK2-Replica-9ZYXWVUTSRQ8", "shop-Db-Replica"),
        ("shop-111122223333", "shop-111122223333"),
        ("shop-PRODUCTION", "shop-PRODUCTION"),
        ("", ""),
    ],
)
def test_a_stack_is_called_what_a_template_can_know(stack: str, identity: str) -> None:
    assert stack_identity(stack) == identity


def test_a_nested_stack_is_the_same_before_and_after_deployment() -> None:
    before = finding_id("111122223333", "eu-west-1", "shop", "Table", "r", through=["Db", "Replica"])
    name = "shop-Db-1ABCDEFGHIJK2-Replica-9ZYXWVUTSRQ8"
    assert finding_id("111122223333", "eu-west-1", name, "Table", "r") == before
    assert before == "stackwarden/111122223333/eu-west-1/shop-Db-Replica/Table/r"


def test_what_belongs_to_no_stack_has_an_id_too() -> None:
    one = finding_id("111122223333", "eu-west-1", "", "arn:aws:s3:::b", "r")
    assert one == "stackwarden/111122223333/eu-west-1/-/arn:aws:s3:::b/r"
    assert finding_id("1", "r", "s", "", "rule") == "stackwarden/1/r/s/template/rule"
