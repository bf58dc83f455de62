"""Module `iam`: policies, statements, what they allow and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.iam import (
    access,
    attachments,
    conditions,
    document,
    escalation,
    grants,
    identities,
    meaning,
    principals,
    reach,
)
from stackwarden.iam.actions import LEVELS
from stackwarden.language.builtins._record import (
    Arguments,
    Collection,
    Function,
    Predicate,
    RecordKind,
    function,
)
from stackwarden.language.types import (
    ANY,
    NUMBER,
    STRING,
    STRINGS,
    ListType,
    RecordType,
    ResourceType,
    StringType,
    Type,
)
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Known, Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_STATEMENT: Final = RecordType(document.STATEMENT)
_POLICY: Final = RecordType(attachments.POLICY)
_PRINCIPAL: Final = RecordType(principals.PRINCIPAL)
_ESCALATION: Final = RecordType(escalation.ESCALATION)
_OWNER: Final = ResourceType(attachments.POLICY_TYPES)
_LEVEL: Final = StringType(frozenset(LEVELS))
_IDENTITY: Final = ResourceType(identities.IDENTITIES)


def _literal(value: Value) -> str:
    return value.text if isinstance(value, Known) else ""


def _predicate(
    name: str, takes: tuple[tuple[str, Type], ...], run: Callable[[Stack, Arguments], Logic], doc: str
) -> Predicate:
    return Predicate(f"iam.{name}", takes, run, doc, kept=True)


def _function(
    name: str, takes: tuple[tuple[str, Type], ...], gives: Type, run: Callable[[Stack, Arguments], Value], doc: str
) -> Function:
    return Function(f"iam.{name}", takes, gives, run, doc, kept=True)


def _of_statement(name: str, gives: Type, body: Callable[[Stack, Value], Value], doc: str) -> Function:
    return _function(name, (("statement", _STATEMENT),), gives, lambda stack, given: body(stack, given[0]), doc)


def _about_statement(name: str, body: Callable[[Stack, Value], Logic], doc: str) -> Predicate:
    return _predicate(name, (("statement", _STATEMENT),), lambda stack, given: body(stack, given[0]), doc)


_MEANING: Final = (
    _predicate(
        "grants",
        (("statement", _STATEMENT), ("pattern", STRING)),
        lambda stack, given: grants.grants(stack, given[0], _literal(given[1])),
        "Whether a statement allows every action that a pattern such as `s3:*` or `*:*` stands for.",
    ),
    _predicate(
        "may_grant",
        (("statement", _STATEMENT), ("pattern", STRING)),
        lambda stack, given: grants.may_grant(stack, given[0], _literal(given[1])),
        "Whether a statement allows some action that a pattern such as `s3:Put*` stands for: the two overlap.",
    ),
    _about_statement(
        "is_on_everything",
        grants.is_on_every_resource,
        "Whether a statement is about every resource: `*`, or all but those of `NotResource`.",
    ),
    _predicate(
        "allows",
        (("subject", ANY), ("action", STRING), ("resource", ANY)),
        lambda stack, given: meaning.allows(stack, *given),
        "Whether a statement, a policy, a role, user or group, or a list of them, allows an action on a resource: an"
        " ARN, which may have wildcards, or a resource of the template. Some `Allow` covers both, no `Deny` without"
        " conditions does, and the permissions boundary, if there is one, allows it too.",
    ),
    _function(
        "statements",
        (("document", ANY),),
        ListType(_STATEMENT),
        lambda _, given: document.statements(given[0]),
        "The statements of a policy document, whether it has one or a list of them, as an object or as JSON text.",
    ),
)

_CONDITIONS: Final = (
    _function(
        "condition",
        (("statement", _STATEMENT), ("operator", STRING), ("key", STRING)),
        STRINGS,
        lambda _, given: conditions.condition_values(given[0], _literal(given[1]), _literal(given[2])),
        "The values that a statement compares condition keys with; operator and key are globs (`Bool*`, `*:sub`).",
    ),
    _predicate(
        "is_limited_by",
        (("statement", _STATEMENT), ("key", STRING)),
        lambda stack, given: conditions.is_limited_by(stack, given[0], _literal(given[1])),
        "Whether a condition makes a statement apply only for some values of a condition key, or of one that matches a"
        " glob (`*:ResourceTag/*`). Operators that also hold without the key do not, nor do patterns that everything"
        " matches.",
    ),
    _about_statement("is_unconditional", meaning.is_without_conditions, "Whether a statement has no conditions."),
    _about_statement(
        "is_limited_to_source",
        principals.is_limited_to_source,
        "Whether a condition keeps a service from acting for strangers' resources: on `aws:SourceArn`,"
        " `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`.",
    ),
)

_PRINCIPALS: Final = (
    _of_statement(
        "principals",
        ListType(_PRINCIPAL),
        principals.principals_of,
        "The principals of a statement, each with its kind and account.",
    ),
    _of_statement(
        "external_principals",
        STRINGS,
        principals.external_principals,
        "The principals of a statement in other accounts, which it names.",
    ),
    _about_statement(
        "is_public",
        principals.is_public,
        "Whether a statement allows something to anyone in any account, and no condition leaves only some callers,"
        " networks or sources.",
    ),
    _about_statement(
        "is_cross_account",
        principals.is_cross_account,
        "Whether a statement allows something to a principal of another account, which it names. An account id that is"
        " written out is taken for another's.",
    ),
)

_ACCESS: Final = (
    function("iam.access_level", (("action", STRING),), STRING, access.access_level),
    function("iam.access_levels", (("pattern", STRING),), STRINGS, access.access_levels),
    _of_statement(
        "actions",
        STRINGS,
        access.actions_of,
        "The actions that a statement is about, with wildcards and `NotAction` written out.",
    ),
    _predicate(
        "has_access",
        (("statement", _STATEMENT), ("level", _LEVEL)),
        lambda stack, given: access.has_access(stack, given[0], _literal(given[1])),
        "Whether a statement allows an action of an access level.",
    ),
    _predicate(
        "grants_on_all",
        (("statement", _STATEMENT), ("action", STRING)),
        lambda stack, given: reach.grants_on_all(stack, given[0], _literal(given[1])),
        "Whether a statement allows an action on every resource of a kind that the action is about: on `*`, on"
        " `arn:aws:dynamodb:*:*:table/*`, or on all but some.",
    ),
    _function(
        "actions_on_all",
        (("statement", _STATEMENT), ("level", _LEVEL)),
        STRINGS,
        lambda stack, given: reach.actions_on_all(stack, given[0], _literal(given[1])),
        "The elements of `Action`, as written, that allow something of an access level on every resource of a kind,"
        " although it could be limited. `NotAction` gives none.",
    ),
    _about_statement(
        "is_service_wildcard",
        access.is_service_wildcard,
        "Whether a statement allows every action of some service (`s3:*`), or of all.",
    ),
    _predicate(
        "can_name_resources",
        (("action", STRING),),
        lambda stack, given: access.can_name_resources(stack, given[0]),
        "Whether an action, or one that a pattern stands for, can be limited to some resources. Others need `*`.",
    ),
    _of_statement(
        "unknown_actions",
        STRINGS,
        access.unknown_actions,
        "The actions of a statement that no service of AWS defines.",
    ),
    _of_statement(
        "unsupported_resources",
        STRINGS,
        access.unsupported_resources,
        "The actions of a statement, of those written in full, to which none of its resources applies.",
    ),
)

_IDENTITIES: Final = (
    _function(
        "policies_of",
        (("identity", _IDENTITY),),
        ListType(_POLICY),
        lambda stack, given: identities.policies_of(stack, given[0]),
        "The policies of a role, user, group or permission set: its own, those attached from either side, those of a"
        " user's groups, and AWS's own.",
    ),
    _function(
        "boundary_of",
        (("identity", _IDENTITY),),
        _POLICY,
        lambda stack, given: identities.boundary_of(stack, given[0]),
        "The policy that is the permissions boundary of a role or user; absent where it has none.",
    ),
    _function(
        "escalations",
        (("subject", ANY),),
        ListType(_ESCALATION),
        lambda stack, given: escalation.escalations(stack, given[0]),
        "The published paths by which a role, user or group, or who holds a policy, can get more permissions.",
    ),
)

BUILTINS: Final[tuple[Function | Predicate, ...]] = (*_MEANING, *_CONDITIONS, *_PRINCIPALS, *_ACCESS, *_IDENTITIES)

COLLECTIONS: Final = (
    Collection(
        "iam.policies",
        _POLICY,
        attachments.policies,
        attachments.POLICY_TYPES,
        "Every policy of the template, of whatever `kind`.",
    ),
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
        "Policies that say who may use a resource (bucket, queue, topic, key, secret, function, …).",
    ),
    Collection(
        "iam.trust_policies",
        _POLICY,
        attachments.trust_policies,
        ("AWS::IAM::Role",),
        "Policies that say who may assume a role.",
    ),
    Collection(
        "iam.limiting_policies",
        _POLICY,
        attachments.limiting_policies,
        attachments.LIMIT_TYPES,
        "Policies that grant nothing, but limit what others grant: of VPC endpoints, sessions and organizations.",
    ),
    Collection(
        "iam.device_policies",
        _POLICY,
        attachments.device_policies,
        attachments.DEVICE_TYPES,
        "Policies of AWS IoT, which say what a device may do.",
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
            ("kind", STRING),
        ),
        "A policy document and the resource that it is written in (`owner`, of type `type`). `kind` is `identity`,"
        " `trust`, `resource`, `limit` or `device`. A policy that AWS manages belongs to the identity that attaches it,"
        f" and its `type` is `{identities.AWS_MANAGED}`.",
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
            ("federated", STRINGS),
            ("not_principals", STRINGS),
            ("conditions", ANY),
            ("document", ANY),
        ),
        "A statement; strings and lists are always lists. `services` are service principals, `principals` all others,"
        " `federated` those of identity providers among them; `number` counts from 1.",
    ),
    RecordKind(
        principals.PRINCIPAL,
        (("kind", STRING), ("value", STRING), ("account", STRING)),
        "A principal: `value` as it is written, and its `kind`: `anyone`, `account`, `role`, `user`, `session`,"
        " `service`, `federated`, `canonical` or `other`. `account` is the account it belongs to, absent where it has"
        " none; the stack's own is what `AWS::AccountId` gives.",
    ),
    RecordKind(
        escalation.ESCALATION,
        (
            ("path", STRING),
            ("name", STRING),
            ("source", STRING),
            ("actions", STRINGS),
            ("statement", _STATEMENT),
        ),
        "A way to more permissions: the id of the `path`, what its user does (`name`), the `actions` that it needs, and"
        " where it was published (`source`). `statement` is the one that gives the last of the actions.",
    ),
)
