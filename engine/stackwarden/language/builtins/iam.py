"""Module `iam`: policies, statements, what they allow and to whom."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.iam import attachments, conditions, document
from stackwarden.iam.grants import grants
from stackwarden.language.builtins._record import Arguments, Collection, Function, Predicate, RecordKind
from stackwarden.language.types import ANY, NUMBER, STRING, STRINGS, ListType, RecordType, ResourceType
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Known, Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_STATEMENT: Final = RecordType(document.STATEMENT)
_POLICY: Final = RecordType(attachments.POLICY)
_OWNER: Final = ResourceType(tuple(dict.fromkeys((*attachments.IDENTITY_TYPES, *attachments.RESOURCE_TYPES))))


def _grants(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a statement allows every action that a pattern such as `s3:*` or `*:*` stands for."""
    return grants(stack, arguments[0], _literal(arguments[1]))


def _statements(_: Stack, arguments: Arguments) -> Value:
    """The statements of a policy document, whether it has one or a list of them."""
    return document.statements(arguments[0])


def _condition(_: Stack, arguments: Arguments) -> Value:
    """The values that a statement compares a condition key with, by operators that match a glob (`Bool*`)."""
    statement, operator, key = arguments
    return conditions.condition_values(statement, _literal(operator), _literal(key))


def _is_limited_by(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a condition makes a statement apply only for some values of a condition key."""
    return conditions.is_limited_by(stack, arguments[0], _literal(arguments[1]))


def _literal(value: Value) -> str:
    return value.text if isinstance(value, Known) else ""


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Predicate("iam.grants", (("statement", _STATEMENT), ("pattern", STRING)), _grants, _grants.__doc__ or ""),
    Function(
        "iam.condition",
        (("statement", _STATEMENT), ("operator", STRING), ("key", STRING)),
        STRINGS,
        _condition,
        _condition.__doc__ or "",
    ),
    Predicate(
        "iam.is_limited_by", (("statement", _STATEMENT), ("key", STRING)), _is_limited_by, _is_limited_by.__doc__ or ""
    ),
    Function("iam.statements", (("document", ANY),), ListType(_STATEMENT), _statements, _statements.__doc__ or ""),
)

COLLECTIONS: Final = (
    Collection(
        "iam.identity_policies",
        _POLICY,
        attachments.identity_policies,
        attachments.IDENTITY_TYPES,
        "Policies of roles, users, groups and permission sets, inline and managed.",
    ),
    Collection(
        "iam.resource_policies",
        _POLICY,
        attachments.resource_policies,
        attachments.RESOURCE_TYPES,
        "Policies that say who may use a resource (bucket, queue, topic, key, secret, …).",
    ),
    Collection(
        "iam.trust_policies",
        _POLICY,
        attachments.trust_policies,
        ("AWS::IAM::Role",),
        "Policies that say who may assume a role.",
    ),
)

RECORDS: Final = (
    RecordKind(
        attachments.POLICY,
        (
            ("name", STRING),
            ("document", ANY),
            ("statements", ListType(_STATEMENT)),
            ("owner", _OWNER),
            ("type", STRING),
        ),
        "A policy document and the resource that it is written in (`owner`, of type `type`).",
    ),
    RecordKind(
        document.STATEMENT,
        (
            ("number", NUMBER),
            ("sid", STRING),
            ("effect", STRING),
            ("actions", STRINGS),
            ("not_actions", STRINGS),
            ("resources", STRINGS),
            ("not_resources", STRINGS),
            ("principals", STRINGS),
            ("services", STRINGS),
            ("not_principals", STRINGS),
            ("conditions", ANY),
            ("document", ANY),
        ),
        "A statement; strings and lists are always lists. `services` are service principals, `principals` all others; "
        "`number` counts from 1.",
    ),
)
