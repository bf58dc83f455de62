"""Who a statement is about: principals of every spelling, and whether that is anyone, another account, or a service.

Source: IAM User Guide, *AWS JSON policy elements: Principal*, *The confused deputy problem*, *AWS global condition
context keys*; Amazon S3 User Guide, *The meaning of "public"*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.iam.conditions import limits
from stackwarden.iam.document import as_list
from stackwarden.iam.grants import has_effect, of_statements, some
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, Logic, both, either, negate, under
from stackwarden.resolve.questions import ask, ask_both, can_equal, settle
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Hole,
    Item,
    Known,
    ListValue,
    MapValue,
    ParameterHole,
    Plain,
    Record,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = [
    "PRINCIPAL",
    "external_principals",
    "is_cross_account",
    "is_limited_to_source",
    "is_public",
    "principals_of",
]

PRINCIPAL: Final = "iam.Principal"

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?P<account>[^:]*):(?P<resource>.*)", re.DOTALL)
_OWN: Final = "\ue000"
_OTHER: Final = "\ue001"
_KINDS: Final = {
    "root": "account",
    "user": "user",
    "role": "role",
    "assumed-role": "session",
    "federated-user": "session",
}
_OF_KEY: Final = {"Service": "service", "Federated": "federated", "CanonicalUser": "canonical"}

_WHO: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalisawsservice",
        "aws:userid",
        "kms:calleraccount",
        "lambda:eventsourcetoken",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "sns:endpoint",
    }
)
_FROM: Final = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
        "elasticfilesystem:accessedviamounttarget",
    }
)
_DEPUTY: Final = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"}
)


def principals_of(stack: Stack, statement: Value) -> Value:
    """The principals of a statement as `iam.Principal` records; those of `NotPrincipal` are not among them."""
    return bind(statement, lambda plain: _listed(stack, plain))


def is_public(stack: Stack, statement: Value) -> Logic:
    """Where a statement allows something to anyone, in any account.

    `*` is anyone, and so is who is not excepted by `NotPrincipal`, unless a condition leaves only some callers,
    networks or sources. An external id leaves anyone who knows it, and it is no secret.
    """
    return of_statements(statement, lambda one: _is_public(stack, one))


def is_cross_account(stack: Stack, statement: Value) -> Logic:
    """Where a statement allows something to a principal of a named account that is not the stack's.

    The stack's own is `AWS::AccountId`; an account id that is written out is taken for another's.
    """

    own = _own_account(stack)

    def claim_of(one: Record) -> Logic:
        outcome = NO
        for item in _aws_members(one):
            outcome = either(outcome, under(item.guard, ask_both(item.value, own, _is_external, stack.domains)))
        return both(has_effect(stack, one, "Allow"), outcome)

    return of_statements(statement, claim_of)


def external_principals(stack: Stack, statement: Value) -> Value:
    """The principals of a statement that belong to a named account other than the stack's."""

    def one(plain: Plain) -> Value:
        if not isinstance(plain, Record):
            return ListValue((), open=isinstance(plain, Unknown | Text), origin=plain.origin)
        items: list[Item] = []
        unknown: Guard = FALSE
        for item in _aws_members(plain):
            for guard, member in cases_of(item.value):
                answer = ask_both(member, own, _is_external, stack.domains)
                there = item.guard & guard
                if (there & answer.true) is not FALSE:
                    items.append(Item(member, there & answer.true))
                unknown = unknown | (there & answer.unknown)
        return ListValue(tuple(items), open=unknown is not FALSE, origin=plain.origin)

    own = _own_account(stack)
    return bind(statement, one)


def is_limited_to_source(stack: Stack, statement: Value) -> Logic:
    """Where a condition keeps a service from acting for resources of strangers (the confused deputy).

    It is one on `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths` (`aws:SourceOwner` in
    older policies).
    """
    return limits(stack, statement, _DEPUTY.__contains__)


def _is_public(stack: Stack, statement: Record) -> Logic:
    claim = has_effect(stack, statement, "Allow")
    if claim is NO:
        return NO
    anyone = some(stack, statement.get("not_principals"), lambda _: True)
    for item in _aws_members(statement):
        anyone = either(anyone, under(item.guard, ask(item.value, _is_anyone, stack.domains)))
    claim = both(claim, anyone)
    return claim if claim is NO else both(claim, negate(limits(stack, statement, (_WHO | _FROM).__contains__)))


def _listed(stack: Stack, statement: Plain) -> Value:
    if not isinstance(statement, Record):
        return ListValue((), open=isinstance(statement, Unknown | Text), origin=statement.origin)
    own = _own_account(stack)
    items: list[Item] = []
    for key, item in _members(statement):
        for guard, member in settle(item.value, stack.domains):
            there = item.guard & guard
            if there is not FALSE and not isinstance(member, Absent):
                items.append(Item(_principal(key, member, own, statement), there))
    return ListValue(tuple(items), origin=statement.origin)


def _principal(key: str, value: Plain, own: Value, statement: Record) -> Record:
    kind, account = (Known(_OF_KEY[key]), Absent()) if key in _OF_KEY else _kind_and_account(value, own)
    fields: dict[str, Value] = {"kind": kind, "value": value, "account": account}
    return Record(PRINCIPAL, fields, statement.resource, value.origin)


def _kind_and_account(value: Plain, own: Value) -> tuple[Value, Value]:
    """What an `AWS` principal is and whose: `AWS::AccountId` for one of the stack's own account."""
    text = _spelled(value)
    if text is None:
        unknown = Unknown("the principal is not known", value.origin)
        return unknown, unknown
    if _is_anyone(value):
        return Known("anyone"), Absent()
    if _ACCOUNT_ID.fullmatch(text) or text == _OWN:
        return Known("account"), own if text == _OWN else Known(text)
    arn = _ARN.fullmatch(text)
    if arn is None:
        return Known("other"), Absent()
    account = arn["account"]
    whose = own if account == _OWN else Known(account) if _ACCOUNT_ID.fullmatch(account) else Unknown("not known")
    return Known(_KINDS.get(arn["resource"].partition("/")[0], "other")), whose


def _members(statement: Record) -> Iterator[tuple[str, Item]]:
    """The principals as written, each with the key that it stands under."""
    document = statement.get("document")
    for guard, node in cases_of(document):
        for inner, plain in cases_of(node.get("Principal") if isinstance(node, MapValue) else Absent()):
            there = guard & inner
            match plain:
                case MapValue():
                    for key in plain.names():
                        for item in _elements(plain.get(key)):
                            yield key, Item(item.value, there & item.guard)
                    if plain.open:
                        yield "AWS", Item(Unknown("further principals", plain.origin), there)
                case Absent():
                    pass
                case _:
                    yield "AWS", Item(plain, there)


def _aws_members(statement: Record) -> Iterator[Item]:
    return (item for key, item in _members(statement) if key not in _OF_KEY)


def _elements(value: Value) -> Iterator[Item]:
    for guard, listed in cases_of(as_list(value)):
        if isinstance(listed, ListValue):
            for item in listed.items:
                yield Item(item.value, item.guard & guard)
            if listed.open:
                yield Item(Unknown("further principals", listed.origin), guard)


def _own_account(stack: Stack) -> Value:
    return stack.resolver.reference("AWS::AccountId", stack.template.root)


def _spelled(value: Plain) -> str | None:
    """A principal as text, a mark for the stack's own account and one for every other hole; None where it is unknown.

    An attribute that stands alone is the ARN of a resource of the stack, so of its own account.
    """
    match value:
        case Known():
            return value.text.strip()
        case Text(parts=(AttributeHole(token=True),)):
            return f"arn:aws:iam::{_OWN}:role/{_OTHER}"
        case Text(parts=(hole,)) if not isinstance(hole, str) and _mark(hole) != _OWN:
            return None
        case Text():
            return "".join(part if isinstance(part, str) else _mark(part) for part in value.parts)
        case _:
            return None


def _mark(hole: Hole) -> str:
    return _OWN if isinstance(hole, ParameterHole) and hole.variable == "AWS::AccountId" else _OTHER


def _is_anyone(value: Plain) -> bool | None:
    """`*`, or an ARN of any account, which IAM would refuse but whose meaning is clear."""
    match value:
        case Known():
            text = value.text.strip()
            arn = _ARN.fullmatch(text)
            return text == "*" or (arn is not None and "*" in arn["account"])
        case Text():
            return None if can_equal(value, "*") else False
        case Unknown():
            return None
        case _:
            return False


def _is_external(value: Plain, own: Plain) -> bool | None:
    text = _spelled(value)
    if text is None:
        return None if isinstance(value, Unknown | Text) else False
    arn = _ARN.fullmatch(text)
    account = text if arn is None else arn["account"]
    if _ACCOUNT_ID.fullmatch(account):
        return account != own.text if isinstance(own, Known) else True
    return None if _OTHER in account else False
