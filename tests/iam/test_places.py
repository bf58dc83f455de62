"""The table of policy documents against CloudFormation's resource schemas: every place exists, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stackwarden.iam.permissions import PERMISSIONS
from stackwarden.iam.places import PLACES, types_of
from stackwarden.schema.registry import Registry
from stackwarden.schema.shapes import AnyShape, ListShape, ObjectShape, Shape, StringShape

# Properties whose names sound like policies of IAM and that hold something else.
NOT_POLICIES = {
    "AWS::EC2::VerifiedAccessEndpoint.PolicyDocument",  # Cedar, the language of Verified Permissions
    "AWS::EC2::VerifiedAccessGroup.PolicyDocument",
    "AWS::Logs::AccountPolicy.PolicyDocument",
    "AWS::NetworkManager::CoreNetwork.PolicyDocument",
    "AWS::OpenSearchServerless::AccessPolicy.Policy",
    "AWS::OpenSearchServerless::LifecyclePolicy.Policy",
    "AWS::OpenSearchServerless::SecurityPolicy.Policy",
}
DOCUMENTED = ("PolicyDocument", "PolicyText", "AccessPolicy", "AccessPolicies", "ResourcePolicy", "InlinePolicy")

REGISTRY = Registry()


def shape_at(resource_type: str, path: str) -> Shape | None:
    shape: Shape | None = REGISTRY.shape(resource_type)
    for step in path.split("."):
        name = step.removesuffix("[*]")
        shape = REGISTRY.property(shape, name) if shape is not None else None
        if name != step:
            assert isinstance(shape, ListShape), f"{resource_type}: {step} is no list"
            shape = shape.item
    return shape


@pytest.mark.parametrize("resource_type", PLACES)
def test_every_place_is_a_property_that_may_hold_a_document(resource_type: str) -> None:
    for place in PLACES[resource_type]:
        assert isinstance(shape_at(resource_type, place.path), AnyShape | StringShape), place.path


@pytest.mark.parametrize("resource_type", PERMISSIONS)
def test_every_permission_is_a_type(resource_type: str) -> None:
    assert REGISTRY.shape(resource_type) is not None


def documents(resource_type: str, shape: ObjectShape) -> Iterator[str]:
    for name in shape.properties:
        if name.endswith(DOCUMENTED) or name in {"Policy", "KeyPolicy"}:
            found = shape.properties[name]
            if isinstance(found, AnyShape) or (isinstance(found, StringShape) and found.enum is None):
                yield f"{resource_type}.{name}"


def test_no_property_named_like_a_policy_document_is_missing() -> None:
    known = {f"{name}.{place.path.split('.')[0]}" for name, places in PLACES.items() for place in places}
    missing = set()
    for resource_type in REGISTRY.types():
        shape = REGISTRY.shape(resource_type)
        if shape is not None and not resource_type.startswith("AWS::Serverless"):
            missing |= set(documents(resource_type, shape)) - known
    assert missing == NOT_POLICIES


def test_types_of_a_kind_come_in_the_order_of_the_table() -> None:
    assert types_of("trust") == ("AWS::IAM::Role",)
    assert types_of("identity", "trust")[:2] == ("AWS::IAM::Role", "AWS::IAM::User")
