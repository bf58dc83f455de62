"""Edges of the kind `allows`: from whoever holds a policy to the resources that a statement lets it use.

A statement's resources are matched with the template's by logical id, by name and by ARN. `*` is every resource of the
services that the actions belong to. Conditions of a statement are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from stackwarden.globs import ANY, STAR, Glob, Wild, overlaps
from stackwarden.graph.candidates import candidates, matching
from stackwarden.graph.edges import Each, Edge, End, Family, Kind, Outside, Somewhere
from stackwarden.graph.follow import follow, wording
from stackwarden.graph.names import literal_names
from stackwarden.graph.references import name_symbols, refers
from stackwarden.graph.relations import FAMILIES
from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import identity_policies
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import ask, ask_both
from stackwarden.resolve.values import (
    Hole,
    Known,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
)

__all__ = ["EDGE_FAMILIES", "FAMILY", "SERVICES", "ends_of"]

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aoss": "OpenSearchServerless",
        "apigateway": "ApiGateway",
        "appsync": "AppSync",
        "cognito-idp": "Cognito",
        "dynamodb": "DynamoDB",
        "elasticfilesystem": "EFS",
        "elasticloadbalancing": "ElasticLoadBalancingV2",
        "es": "OpenSearchService",
        "execute-api": "ApiGateway",
        "firehose": "KinesisFirehose",
        "kafka": "MSK",
        "rds-data": "RDS",
        "rds-db": "RDS",
        "states": "StepFunctions",
    }
)
"""The namespace of resource types for a service prefix of actions; any other is its own, but for case.

Source: Service Authorization Reference (prefixes) and CloudFormation Template Reference (namespaces).
"""


def _edges(stack: Stack) -> Iterator[Edge]:
    for item in identity_policies(stack).items:
        policy = item.value
        if isinstance(policy, Record) and policy.resource is not None:
            for guard, statement in _elements(policy.get("statements"), item.guard):
                if isinstance(statement, Record):
                    yield from _of_statement(stack, policy.resource, statement, guard)


def _of_statement(stack: Stack, owner: ResourceValue, statement: Record, guard: Guard) -> Iterator[Edge]:
    allows = ask(statement.get("effect"), _is_allow, stack.domains)
    if allows is NO:
        return
    own = owner.resource.logical_id
    label = _actions(statement)
    types = _types(stack, statement)
    for inner, plain in _elements(statement.get("resources"), guard):
        for end, claim in ends_of(stack, plain, types):
            there = under(inner, both(allows, claim))
            yield Edge(own, end, Kind.ALLOWS, there, own, "Statement.Resource", plain.origin, label)
    if types is not None:
        for inner, plain in _elements(statement.get("not_resources"), guard):
            there = under(inner, both(allows, MAYBE))
            yield Edge(own, Somewhere(types), Kind.ALLOWS, there, own, "Statement.NotResource", plain.origin, label)


def ends_of(stack: Stack, plain: Plain, types: tuple[str, ...] | None) -> Iterator[tuple[End, Logic]]:
    """What an element of `Resource` stands for, and where; `*` for all resources of some types (None: for none)."""
    match plain:
        case Known(text="*"):
            if types is not None:
                yield Each(types), YES
        case Known() | Text():
            yield from _matching(stack, plain, types or ())
        case Unknown():
            if plain.mentions:
                yield from ((logical_id, YES) for logical_id, _ in plain.mentions if stack.resource(logical_id))
            elif types is not None:
                yield Somewhere(types), MAYBE
        case _:
            return


def _matching(stack: Stack, plain: Known | Text, types: tuple[str, ...]) -> Iterator[tuple[End, Logic]]:
    possible = candidates(stack, plain)
    mentions = isinstance(plain, Text) and bool(plain.mentions())
    settled = NO
    for resource in stack.some_resources(possible.ids if mentions else possible.ids | matching(stack, plain)):
        matched = NO if mentions else _matches(stack, plain, resource)
        claim = under(resource.guard, either(refers(stack, plain, resource), matched))
        if claim.false is not TRUE:
            settled = either(settled, claim)
            yield resource.resource.logical_id, claim
    if mentions:
        return
    if possible.open:
        yield Somewhere(types), decided(FALSE, settled.true)
    else:
        yield Outside("external", wording(plain)), negate(settled)


def _matches(stack: Stack, pattern: Value, resource: ResourceValue) -> Logic:
    """Whether a pattern with wildcards matches an ARN of a resource."""
    outcome = NO
    for name in literal_names(stack, resource):
        outcome = either(outcome, ask_both(pattern, name, _is_match, stack.domains))
    return outcome


def _is_match(pattern: Plain, name: Plain) -> bool | None:
    if not isinstance(pattern, Known | Text) or not isinstance(name, Known | Text):
        return None if isinstance(pattern, Unknown) or isinstance(name, Unknown) else False
    mine, other = name_symbols(pattern), name_symbols(name)
    if other[:4] != tuple("arn:"):
        return False
    if "*" not in mine and "?" not in mine:
        return False  # `refers` tells what a name without wildcards names
    if _matcher(_spelling(mine)).fullmatch(_spelling(other)) is not None:
        return True
    if all(isinstance(symbol, str) and len(symbol) == 1 for symbol in (*mine, *other)):
        return False
    return None if overlaps(_as_glob(mine, wild=True), _as_glob(other, wild=False)) else False


def _spelling(symbols: tuple[str | Hole, ...]) -> str:
    """A name as text: what only the deployment knows is spelled by what stands for it, equal only to itself."""
    return "".join(symbol if isinstance(symbol, str) else f"\0{symbol!r}\0" for symbol in symbols)


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _as_glob(symbols: tuple[str | Hole, ...], *, wild: bool) -> Glob:
    """The texts that a name may be; what only the deployment knows may be any text."""
    found: list[str | Wild] = []
    for symbol in symbols:
        if not isinstance(symbol, str) or len(symbol) > 1 or (wild and symbol == "*"):
            found.append(STAR)
        else:
            found.append(ANY if wild and symbol == "?" else symbol)
    return tuple(found)


def _elements(value: Value, guard: Guard) -> Iterator[tuple[Guard, Plain]]:
    return follow(value, (), guard)


def _is_allow(effect: Plain) -> bool | None:
    match effect:
        case Known():
            return effect.text == "Allow"
        case Text() | Unknown():
            return None
        case _:
            return False


def _actions(statement: Record) -> str:
    words = [
        wording(plain) for _, plain in _elements(statement.get("actions"), TRUE) if isinstance(plain, Known | Text)
    ]
    others = [
        "not " + wording(plain)
        for _, plain in _elements(statement.get("not_actions"), TRUE)
        if isinstance(plain, Known | Text)
    ]
    return ", ".join(dict.fromkeys((*words, *others)))


def _types(stack: Stack, statement: Record) -> tuple[str, ...] | None:
    """The resource types of the stack that the actions are about; none: any. None where the stack has no such type."""
    prefixes: set[str] = set()
    for _, plain in _elements(statement.get("actions"), TRUE):
        prefix, colon, _ = plain.text.lower().partition(":") if isinstance(plain, Known) else ("*", "", "")
        if "*" in prefix or "?" in prefix or not colon:
            return ()
        prefixes.add(SERVICES.get(prefix, prefix).lower())
    if not prefixes:
        return ()
    return tuple(sorted(name for name in stack.types if name.split("::")[1].lower() in prefixes)) or None


FAMILY: Final = Family("iam", frozenset({Kind.ALLOWS}), _edges)
EDGE_FAMILIES: Final = (*FAMILIES, FAMILY)
"""Who makes the edges of the whole graph: the relations of properties, and what policies allow."""
