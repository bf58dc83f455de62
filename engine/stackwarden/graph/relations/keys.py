"""Keys that encrypt and secrets that are read, found by what any property names.

A property uses a KMS key where its name says so (`KmsMasterKeyId`, `SSEKMSKeyArn`, `EncryptionKey`); policies and
aliases are not uses. A secret is read wherever it is named but in what belongs to the secret itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stackwarden.graph.edges import Edge, Family, Kind
from stackwarden.graph.follow import ends
from stackwarden.graph.leaves import Leaf, leaves
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import under
from stackwarden.resolve.values import Known, ResourceValue, Unknown

__all__ = ["FAMILY"]

_KEYS: Final = ("AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_SECRETS: Final = ("AWS::SecretsManager::Secret", "AWS::SSM::Parameter")
_KEY_PROPERTY: Final = re.compile(r"kms|encryptionkey|masterkey|customermanagedkey", re.IGNORECASE)
_IDENTIFIES: Final = re.compile(r"(id|arn|key|name|ref)s?$", re.IGNORECASE)
_NO_USE: Final = ("AWS::KMS::", "AWS::IAM::", "AWS::SecretsManager::R", "AWS::SecretsManager::SecretTarget")


def _edges(stack: Stack) -> Iterator[Edge]:
    for resource in stack.resources():
        resource_type = resource.resource.resource_type
        if resource_type.startswith("AWS::KMS::"):
            if resource_type == "AWS::KMS::Alias":
                yield from _alias(stack, resource)
            continue
        for leaf in leaves(stack, resource):
            if leaf.path and _KEY_PROPERTY.search(leaf.path[-1]) and _IDENTIFIES.search(leaf.path[-1]):
                yield from _to(stack, resource, leaf, _KEYS, Kind.ENCRYPTS_WITH)
            elif not resource_type.startswith(_NO_USE) and not isinstance(leaf.plain, Known):
                yield from _secrets(stack, resource, leaf)


def _alias(stack: Stack, resource: ResourceValue) -> Iterator[Edge]:
    for leaf in leaves(stack, resource):
        if leaf.path == ("TargetKeyId",):
            yield from _to(stack, resource, leaf, _KEYS, Kind.ENCRYPTS_WITH)


def _secrets(stack: Stack, resource: ResourceValue, leaf: Leaf) -> Iterator[Edge]:
    if any(_is_secret(stack, logical_id) for logical_id in leaf.mentions()):
        yield from _to(stack, resource, leaf, _SECRETS, Kind.READS_SECRET)


def _is_secret(stack: Stack, logical_id: str) -> bool:
    resource = stack.resource(logical_id)
    return resource is not None and resource.resource.resource_type in _SECRETS


def _to(stack: Stack, resource: ResourceValue, leaf: Leaf, types: tuple[str, ...], kind: Kind) -> Iterator[Edge]:
    own = resource.resource.logical_id
    written = not isinstance(leaf.plain, Unknown) or leaf.plain.written
    for end, claim in ends(stack, leaf.plain, types):
        if end != own:
            there = under(leaf.guard, claim)
            yield Edge(own, end, kind, there, own, ".".join(leaf.path), leaf.plain.origin, written=written)


FAMILY: Final = Family("keys", frozenset({Kind.ENCRYPTS_WITH, Kind.READS_SECRET}), _edges)
