"""A resource whose neighbours nobody knows: what they could mend is a maybe, what is wrong by itself still fails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler, constant
from stackwarden.resolve.transforms import open_template
from stackwarden.run.check import sources_of
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, info_of, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping as MappingNode
from stackwarden.template.nodes import Node, Sequence
from stackwarden.template.nodes import Scalar as ScalarNode

_RESOLVED = frozenset(
    {
        "apigateway-apikey-value-plaintext",
        "apigateway-stage-access-logging",
        "apigatewayv2-jwt-authorizer-no-audience",
        "appsync-api-key-additional-provider",
        "appsync-oidc-client-not-restricted",
        "cognito-idp-client-secret-plaintext",
        "iam-role-trust-cross-account-no-external-id",
        "lambda-environment-secret",
        "lambda-permission-cross-account",
        "resource-policy-cross-account",
    }
)
"""Rules about what a value is: an example has a reference where a resource that is deployed has the value itself."""

_NOT_YET = frozenset(
    {
        "apigateway-unauthenticated-service-integration",  # whether the API of a method is private
        "apigatewayv2-route-authorization-none",  # what overrides the route that an API makes for itself
    }
)


@dataclass(frozen=True, slots=True)
class _Example:
    """What a rule says of the resources of an example, which the rule's author wrote."""

    check: Check
    verdict: str
    subjects: tuple[str, ...]
    document: Mapping[str, Any]
    given: Mapping[str, str]


@cache
def _examples() -> tuple[_Example, ...]:
    sources, problems = sources_of(())
    checked = check_files(sources)
    assert not problems and not checked.diagnostics
    params = {param.key: constant(param.value) for file in checked.files for param in file.params}
    found: list[_Example] = []
    for tree, file in zip(checked.trees, checked.files, strict=True):
        for rule, typed in zip(tree.rules, file.rules, strict=True):
            info = info_of(typed, "", tree.span.source.name, Severity.HIGH)
            check = Check(info, typed, Compiler(params, typed.lets))
            for example in rule.examples:
                template = load(Source("example", example.template))
                assert isinstance(template, Template)
                if template.transforms:
                    continue
                document = _plain(template.root)
                for one in example.expectations:
                    found.append(_Example(check, one.verdict, one.at, document, dict(one.given)))
    return tuple(found)


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {entry.key: _plain(entry.value) for entry in node}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, ScalarNode)
    return node.data


def _resolved(value: Any, names: frozenset[str]) -> Any:
    """A value with literals for references to resources, as CloudFormation gives it to a hook."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((key, inner),) = value.items()
            if key == "Ref" and inner in names:
                return f"made-{inner.lower()}-1AB2C"
            if key == "Fn::GetAtt":
                logical_id, attribute = inner if isinstance(inner, list) else inner.split(".", 1)
                made = f"made-{logical_id.lower()}-1AB2C"
                return f"arn:aws:x:us-east-1:111122223333:thing/{made}" if str(attribute).endswith("Arn") else made
        return {key: _resolved(inner, names) for key, inner in value.items()}
    return [_resolved(inner, names) for inner in value] if isinstance(value, list) else value


def _fails_alone(example: _Example) -> Iterator[str]:
    """The resources of an example at which its rule fails when they stand alone."""
    resources = example.document["Resources"]
    shared = {key: example.document[key] for key in ("Parameters", "Mappings", "Conditions") if key in example.document}
    looked_at = example.check.info.resources
    for logical_id, resource in resources.items():
        if (looked_at and resource["Type"] not in looked_at) or (
            example.subjects and logical_id not in example.subjects
        ):
            continue
        alone = {**shared, "Resources": {logical_id: _resolved(resource, frozenset(resources))}}
        template = load(Source("alone", json.dumps(alone)))
        assert isinstance(template, Template)
        resolver, _ = open_template(template, example.given, alone=True)
        findings = evaluate(Stack(resolver, alone=True), [example.check])
        if any(one.verdict == "fail" and one.resource == logical_id for one in findings):
            yield logical_id


def test_no_resource_fails_alone_that_passes_among_others() -> None:
    fails = {
        example.check.info.id
        for example in _examples()
        if example.verdict == "passes" and any(True for _ in _fails_alone(example))
    }
    assert fails == _RESOLVED | _NOT_YET


def test_most_of_what_fails_among_others_fails_alone() -> None:
    """Else nothing would be left of the rules."""
    failing = [one for one in _examples() if one.verdict == "fails" and one.subjects]
    kept = sum(set(example.subjects) <= set(_fails_alone(example)) for example in failing)
    assert kept > len(failing) * 0.6


@pytest.mark.parametrize(
    ("resource_type", "properties", "verdicts"),
    [
        ("AWS::Lambda::Url", {"AuthType": "NONE", "TargetFunctionArn": "f"}, {"lambda-url-auth-none": "fail"}),
        (
            "AWS::ApiGateway::Stage",
            {"RestApiId": "a1b2c3d4e5", "StageName": "prod", "DeploymentId": "d"},
            {"apigateway-stage-waf-missing": "maybe", "apigateway-stage-access-logging": "fail"},
        ),
        (
            "AWS::S3::Bucket",
            {},
            {"s3-bucket-policy-tls-only-missing": "maybe", "s3-bucket-public-access-block": "fail"},
        ),
        ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, {"ec2-vpc-flow-logs": "maybe"}),
    ],
)
def test_verdicts_alone(resource_type: str, properties: Mapping[str, object], verdicts: Mapping[str, str]) -> None:
    session = open_session(SessionOptions(rules=tuple(verdicts)))
    assert isinstance(session, Session)
    text = json.dumps({"Resources": {"R": {"Type": resource_type, "Properties": properties}}})
    found = scan_source(Source("r", text), session, alone=True).findings
    assert {one.rule.id: one.verdict for one in found} == verdicts
