"""The registry over the data files of the installed cfn-lint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stackwarden.assets import schema_dir
from stackwarden.schema.registry import Registry
from stackwarden.schema.shapes import (
    AnyShape,
    BooleanShape,
    ListShape,
    MapShape,
    NumberShape,
    ObjectShape,
    Shape,
    StringShape,
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry()


def at(registry: Registry, resource_type: str, path: str) -> Shape:
    """The shape at a path such as `Rules[].Status`."""
    shape: Shape | None = registry.shape(resource_type)
    for name in path.replace("[]", ".[]").split("."):
        assert shape is not None, path
        shape = registry.item(shape) if name == "[]" else registry.property(shape, name)
    assert shape is not None, path
    return shape


def test_types(registry: Registry) -> None:
    types = registry.types()
    assert len(types) > 1500
    assert {"AWS::S3::Bucket", "AWS::Serverless::Function", "AWS::CloudFormation::CustomResource"} <= types
    providers = sorted((schema_dir() / "providers").glob("*.json"))
    assert types == set().union(*(json.loads(path.read_text()) for path in providers))


def test_matching(registry: Registry) -> None:
    assert registry.matching("AWS::S3::Bucket") == ("AWS::S3::Bucket",)
    assert registry.matching("AWS::S3::Bukket") == ()
    queues = registry.matching("AWS::SQS::*")
    assert queues == tuple(sorted(name for name in registry.types() if name.startswith("AWS::SQS::")))
    assert "AWS::SQS::QueuePolicy" in queues
    assert registry.matching("AWS::*") == ()
    assert registry.matching("Custom::Thing") == ("Custom::Thing",)
    assert registry.matching("AWS::S3::Bucket::MODULE") == ("AWS::S3::Bucket::MODULE",)


@pytest.mark.parametrize(
    ("resource_type", "path"),
    [
        ("AWS::ApiGateway::RestApi", "Body"),
        ("AWS::ApiGateway::RestApi", "Policy"),
        ("AWS::ApiGatewayV2::Api", "Body"),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("AWS::IAM::Role", "Policies[].PolicyDocument"),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
        ("AWS::KMS::Key", "KeyPolicy"),
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
        ("AWS::Serverless::Function", "Policies"),
        ("AWS::Serverless::Api", "DefinitionBody"),
        ("AWS::StepFunctions::StateMachine", "Definition"),
        ("AWS::DynamoDB::Table", "KeySchema"),
    ],
)
def test_free_json(registry: Registry, resource_type: str, path: str) -> None:
    assert at(registry, resource_type, path) == AnyShape()


@pytest.mark.parametrize(
    ("resource_type", "path", "shape"),
    [
        ("AWS::S3::Bucket", "BucketName", StringShape()),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration.BlockPublicAcls", BooleanShape()),
        ("AWS::S3::Bucket", "VersioningConfiguration.Status", StringShape(frozenset({"Enabled", "Suspended"}))),
        ("AWS::Lambda::Url", "AuthType", StringShape(frozenset({"AWS_IAM", "NONE"}))),
        ("AWS::Logs::LogGroup", "RetentionInDays", NumberShape(integer=True)),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress[].FromPort", NumberShape(integer=True)),
        ("AWS::ApiGateway::RestApi", "EndpointConfiguration.Types", ListShape(StringShape())),
        ("AWS::ApiGateway::Stage", "Variables", MapShape(StringShape())),
        ("AWS::Serverless::Api", "OpenApiVersion", StringShape()),
        ("AWS::CloudFormation::CustomResource", "AnythingAtAll", AnyShape()),
        ("Custom::Thing", "AnythingAtAll", AnyShape()),
        ("Custom::Thing", "ServiceToken", StringShape()),
        ("AWS::EC2::VPC::MODULE", "AnythingAtAll", AnyShape()),
    ],
)
def test_properties(registry: Registry, resource_type: str, path: str, shape: Shape) -> None:
    assert at(registry, resource_type, path) == shape


def test_unknown_names(registry: Registry) -> None:
    bucket = registry.shape("AWS::S3::Bucket")
    assert bucket is not None
    assert not bucket.open
    assert registry.property(bucket, "BucketEncription") is None
    assert registry.item(bucket) is None
    assert registry.property(StringShape(), "A") is None
    assert registry.shape("AWS::S3::Bukket") is None
    assert registry.attributes("AWS::S3::Bukket") == frozenset()


def test_read_only_properties_are_attributes(registry: Registry) -> None:
    instance = registry.shape("AWS::RDS::DBInstance")
    assert instance is not None
    attributes = registry.attributes("AWS::RDS::DBInstance")
    assert {"DBInstanceArn", "Endpoint.Address", "Endpoint.Port"} <= attributes
    assert not any("*" in attribute for attribute in attributes)
    assert "DBInstanceArn" not in instance.properties
    assert "MasterUserSecret" in instance.properties  # only a part of it is read-only
    signer = registry.shape("AWS::Signer::SigningProfile")
    assert signer is not None
    assert "ProfileName" in signer.properties  # read-only and create-only: a template may set it


def test_recursive_schemas_end(registry: Registry) -> None:
    path = "Rules[].Statement" + ".NotStatement.Statement" * 5
    assert isinstance(at(registry, "AWS::WAFv2::WebACL", path), ObjectShape)


def test_every_type_has_shapes(registry: Registry) -> None:
    seen: set[str] = set()

    def walk(shape: Shape) -> None:
        match shape:
            case ObjectShape():
                if shape.name not in seen:
                    seen.add(shape.name)
                    for name in shape.properties:
                        walk(shape.properties[name])
            case ListShape():
                walk(shape.item)
            case MapShape():
                walk(shape.value)
            case StringShape() | NumberShape() | BooleanShape() | AnyShape():
                pass

    for resource_type in registry.types():
        shape = registry.shape(resource_type)
        assert shape is not None
        assert shape.name == resource_type
        walk(shape)
        registry.attributes(resource_type)
    assert len(seen) > 10_000


def test_only_files_that_are_asked_for_are_read(tmp_path: Path) -> None:
    (tmp_path / "providers").mkdir()
    (tmp_path / "resources").mkdir()
    (tmp_path / "providers" / "us-east-1.json").write_text('{"AWS::A::B": "1", "AWS::A::C": "gone"}')
    (tmp_path / "providers" / "eu-west-1.json").write_text('{"AWS::A::B": "2", "AWS::A::D": "gone"}')
    schema = '{"typeName": "AWS::A::B", "properties": {"P": {"type": "boolean"}}, "additionalProperties": false}'
    (tmp_path / "resources" / "1.json").write_text(schema)
    registry = Registry(tmp_path)
    assert registry.matching("AWS::A::*") == ("AWS::A::B", "AWS::A::C", "AWS::A::D")
    assert at(registry, "AWS::A::B", "P") == BooleanShape()


def test_cfn_lint_is_not_imported() -> None:
    script = (
        "import sys; from stackwarden.schema.registry import Registry;"
        "assert Registry().shape('AWS::S3::Bucket').properties['BucketName'];"
        "assert 'cfnlint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
