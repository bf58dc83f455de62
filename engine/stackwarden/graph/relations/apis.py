"""API Gateway: domain → stage → API → method or route → integration → function, and who authorizes.

Source: CloudFormation Template Reference, `AWS::ApiGateway::*` and `AWS::ApiGatewayV2::*`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, Relation, family
from stackwarden.graph.relations.types import BALANCERS, FUNCTIONS, QUEUES, REST, STATE_MACHINES

__all__ = ["FAMILY"]

_HTTP: Final = ("AWS::ApiGatewayV2::Api",)
_INTEGRATION: Final = ("AWS::ApiGatewayV2::Integration",)
_AUTHORIZER: Final = ("AWS::ApiGateway::Authorizer",)
_POOLS: Final = ("AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient")
_BEHIND: Final = (
    *FUNCTIONS,
    *QUEUES,
    *STATE_MACHINES,
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Kinesis::Stream",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
)
_LISTENERS: Final = ("AWS::ElasticLoadBalancingV2::Listener", *BALANCERS, "AWS::ServiceDiscovery::Service")

_LAMBDA_AUTHORIZERS: Final = (
    "Body.components.securitySchemes.*.x-amazon-apigateway-authorizer.authorizerUri",
    "Body.securityDefinitions.*.x-amazon-apigateway-authorizer.authorizerUri",
)
_POOL_AUTHORIZERS: Final = (
    "Body.components.securitySchemes.*.x-amazon-apigateway-authorizer.providerARNs",
    "Body.securityDefinitions.*.x-amazon-apigateway-authorizer.providerARNs",
)

_REST_RELATIONS: Final[tuple[Relation, ...]] = (
    Names("AWS::ApiGateway::Stage", "RestApiId", Kind.ROUTES_TO, REST),
    Names("AWS::ApiGateway::Stage", "DeploymentId", Kind.RUNS, ("AWS::ApiGateway::Deployment",)),
    Names("AWS::ApiGateway::Deployment", "RestApiId", Kind.PART_OF, REST),
    Names("AWS::ApiGateway::Resource", "RestApiId", Kind.PART_OF, REST),
    Names("AWS::ApiGateway::Authorizer", "RestApiId", Kind.PART_OF, REST),
    Names("AWS::ApiGateway::Method", "RestApiId", Kind.ROUTES_TO, REST, reverse=True),
    Names("AWS::ApiGateway::Method", "Integration.Uri", Kind.INVOKES, _BEHIND),
    Names("AWS::ApiGateway::Method", "Integration.ConnectionId", Kind.ROUTES_TO, ("AWS::ApiGateway::VpcLink",)),
    Names("AWS::ApiGateway::Method", "Integration.Credentials", Kind.RUNS_AS, ("AWS::IAM::Role",)),
    Names("AWS::ApiGateway::Method", "AuthorizerId", Kind.AUTHORIZED_BY, _AUTHORIZER),
    Names("AWS::ApiGateway::RestApi", "Body.paths.*.*.x-amazon-apigateway-integration.uri", Kind.INVOKES, _BEHIND),
    Names("AWS::ApiGateway::Authorizer", "AuthorizerUri", Kind.INVOKES, FUNCTIONS),
    Names("AWS::ApiGateway::Authorizer", "ProviderARNs", Kind.AUTHORIZED_BY, _POOLS),
    Names("AWS::ApiGateway::Authorizer", "AuthorizerCredentials", Kind.RUNS_AS, ("AWS::IAM::Role",)),
    Names("AWS::ApiGateway::VpcLink", "TargetArns", Kind.ROUTES_TO, BALANCERS),
    Link(
        "AWS::ApiGateway::BasePathMapping",
        "DomainName",
        "RestApiId",
        Kind.ROUTES_TO,
        ("AWS::ApiGateway::DomainName",),
        REST,
    ),
    Link(
        "AWS::ApiGateway::BasePathMapping",
        "DomainName",
        "Stage",
        Kind.ROUTES_TO,
        ("AWS::ApiGateway::DomainName",),
        ("AWS::ApiGateway::Stage",),
    ),
    Names("AWS::ApiGateway::UsagePlan", "ApiStages.ApiId", Kind.ATTACHED_TO, REST),
)
_HTTP_RELATIONS: Final[tuple[Relation, ...]] = (
    Names("AWS::ApiGatewayV2::Stage", "ApiId", Kind.ROUTES_TO, _HTTP),
    Names("AWS::ApiGatewayV2::Deployment", "ApiId", Kind.PART_OF, _HTTP),
    Names("AWS::ApiGatewayV2::Route", "ApiId", Kind.ROUTES_TO, _HTTP, reverse=True),
    Names("AWS::ApiGatewayV2::Integration", "ApiId", Kind.PART_OF, _HTTP),
    Names("AWS::ApiGatewayV2::Authorizer", "ApiId", Kind.PART_OF, _HTTP),
    Names("AWS::ApiGatewayV2::Route", "Target", Kind.ROUTES_TO, _INTEGRATION),
    Names("AWS::ApiGatewayV2::Route", "AuthorizerId", Kind.AUTHORIZED_BY, ("AWS::ApiGatewayV2::Authorizer",)),
    Names("AWS::ApiGatewayV2::Api", "Target", Kind.INVOKES, _BEHIND),
    Names("AWS::ApiGatewayV2::Api", "CredentialsArn", Kind.RUNS_AS, ("AWS::IAM::Role",)),
    Names("AWS::ApiGatewayV2::Api", "Body.paths.*.*.x-amazon-apigateway-integration.uri", Kind.INVOKES, _BEHIND),
    Names("AWS::ApiGatewayV2::Integration", "IntegrationUri", Kind.INVOKES, (*_BEHIND, *_LISTENERS)),
    Names("AWS::ApiGatewayV2::Integration", "ConnectionId", Kind.ROUTES_TO, ("AWS::ApiGatewayV2::VpcLink",)),
    Names("AWS::ApiGatewayV2::Integration", "CredentialsArn", Kind.RUNS_AS, ("AWS::IAM::Role",)),
    Names("AWS::ApiGatewayV2::Authorizer", "AuthorizerUri", Kind.INVOKES, FUNCTIONS),
    Names("AWS::ApiGatewayV2::Authorizer", "JwtConfiguration.Issuer", Kind.AUTHORIZED_BY, _POOLS),
    Names("AWS::ApiGatewayV2::Authorizer", "JwtConfiguration.Audience", Kind.AUTHORIZED_BY, _POOLS),
    Link(
        "AWS::ApiGatewayV2::ApiMapping",
        "DomainName",
        "ApiId",
        Kind.ROUTES_TO,
        ("AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainName"),
        (*_HTTP, *REST),
    ),
    Link(
        "AWS::ApiGatewayV2::ApiMapping",
        "DomainName",
        "Stage",
        Kind.ROUTES_TO,
        ("AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainName"),
        ("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage"),
    ),
)

_BODY_RELATIONS: Final[tuple[Relation, ...]] = tuple(
    Names(api, path, Kind.AUTHORIZED_BY, targets)
    for api in (*REST, *_HTTP)
    for paths, targets in ((_LAMBDA_AUTHORIZERS, FUNCTIONS), (_POOL_AUTHORIZERS, _POOLS))
    for path in paths
)

FAMILY: Final[Family] = family("apis", (*_REST_RELATIONS, *_HTTP_RELATIONS, *_BODY_RELATIONS))
