"""AppSync: API → resolver → function → data source → what holds the data.

Source: CloudFormation Template Reference, `AWS::AppSync::*`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Names, family
from stackwarden.graph.relations.types import FUNCTIONS, ROLES

__all__ = ["FAMILY"]

_API: Final = ("AWS::AppSync::GraphQLApi",)
_SOURCE: Final = ("AWS::AppSync::DataSource",)

FAMILY: Final[Family] = family(
    "graphql",
    (
        Names("AWS::AppSync::Resolver", "ApiId", Kind.ROUTES_TO, _API, reverse=True),
        Names("AWS::AppSync::Resolver", "DataSourceName", Kind.ROUTES_TO, _SOURCE),
        Names(
            "AWS::AppSync::Resolver",
            "PipelineConfig.Functions",
            Kind.ROUTES_TO,
            ("AWS::AppSync::FunctionConfiguration",),
        ),
        Names("AWS::AppSync::FunctionConfiguration", "ApiId", Kind.PART_OF, _API),
        Names("AWS::AppSync::FunctionConfiguration", "DataSourceName", Kind.ROUTES_TO, _SOURCE),
        Names("AWS::AppSync::DataSource", "ApiId", Kind.PART_OF, _API),
        Names("AWS::AppSync::DataSource", "LambdaConfig.LambdaFunctionArn", Kind.INVOKES, FUNCTIONS),
        Names("AWS::AppSync::DataSource", "DynamoDBConfig.TableName", Kind.ROUTES_TO, ("AWS::DynamoDB::Table",)),
        Names("AWS::AppSync::DataSource", "EventBridgeConfig.EventBusArn", Kind.INVOKES, ("AWS::Events::EventBus",)),
        Names(
            "AWS::AppSync::DataSource",
            "OpenSearchServiceConfig.Endpoint",
            Kind.ROUTES_TO,
            ("AWS::OpenSearchService::Domain",),
        ),
        Names(
            "AWS::AppSync::DataSource",
            "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier",
            Kind.ROUTES_TO,
            ("AWS::RDS::DBCluster",),
        ),
        Names("AWS::AppSync::DataSource", "ServiceRoleArn", Kind.RUNS_AS, ROLES),
        Names("AWS::AppSync::ApiKey", "ApiId", Kind.PART_OF, _API),
        Names("AWS::AppSync::GraphQLSchema", "ApiId", Kind.PART_OF, _API),
        Names("AWS::AppSync::GraphQLApi", "UserPoolConfig.UserPoolId", Kind.AUTHORIZED_BY, ("AWS::Cognito::UserPool",)),
        Names(
            "AWS::AppSync::GraphQLApi",
            "AdditionalAuthenticationProviders.UserPoolConfig.UserPoolId",
            Kind.AUTHORIZED_BY,
            ("AWS::Cognito::UserPool",),
        ),
        Names("AWS::AppSync::GraphQLApi", "LambdaAuthorizerConfig.AuthorizerUri", Kind.AUTHORIZED_BY, FUNCTIONS),
    ),
)
