"""The identity of a fault: the same before and after deployment, whoever finds it.

A scan knows a template and, if told, the name of its stack; a hook knows the stack and the logical id; AWS Config knows
a resource whose tags `aws:cloudformation:stack-name` and `aws:cloudformation:logical-id` name the same two. What all
three know is account, region, stack, logical id and rule. Files, lines and paths of properties are no part of it: a
deployed resource has none, and an item of AWS Config spells its properties in ways of its own.
Source: AWS CloudFormation User Guide, *Resource tags* (the two tags) and *Embed stacks within other stacks* (the name
of a nested stack: that of its parent, its logical id there and a random suffix).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["finding_id", "stack_identity"]

_STACK_ID: Final = re.compile(r"arn:[^:]+:cloudformation:[^:]*:[^:]*:stack/(?P<name>[^/]+)(?:/.*)?")
_SUFFIX: Final = re.compile(r"-(?=[0-9A-Z]*[0-9])(?=[0-9A-Z]*[A-Z])[0-9A-Z]{12,13}(?=-|$)")
"""What CloudFormation adds to the name of a nested stack. Digits alone (an account's id) belong to the name itself."""


def finding_id(account: str, region: str, stack: str, resource: str, rule: str, *, through: Iterable[str] = ()) -> str:
    """The id of what a rule says of a resource, as Security Hub takes it.

    `stack` is a stack's name or its ARN, `-` where a resource belongs to none; `through` are the logical ids of the
    nested stacks that a template's resource is in, outermost first. `resource` is the logical id; where there is none,
    the ARN or the id that AWS gave.
    """
    return f"stackwarden/{account}/{region}/{stack_identity(stack, through) or '-'}/{resource or 'template'}/{rule}"


def stack_identity(stack: str, through: Iterable[str] = ()) -> str:
    """A stack's name as a template can know it: without the random suffixes of nested stacks.

    >>> stack_identity("arn:aws:cloudformation:eu-west-1:111122223333:stack/shop-Db-1ABCDEFGHIJK2/5f2d")
    'shop-Db'
    >>> stack_identity("shop", ["Db"])
    'shop-Db'
    """
    found = _STACK_ID.fullmatch(stack)
    name = _SUFFIX.sub("", found["name"] if found is not None else stack)
    return "-".join((name, *through))
