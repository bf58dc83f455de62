"""Params of the rules about Cognito and AppSync take out what an organisation means to be open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stackwarden.cli.app import app

_TEMPLATE = """
Resources:
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: AMAZON_COGNITO_USER_POOLS}}
  Cache:
    Type: AWS::AppSync::ApiCache
    Properties: {ApiId: !GetAtt Api.ApiId, ApiCachingBehavior: PER_RESOLVER_CACHING, Ttl: 60, Type: SMALL}
  Products:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: products, CachingConfig: {Ttl: 60}}
  Orders:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: orders, CachingConfig: {Ttl: 60}}
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - {PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: "mq:CreateUser", Resource: broker}}}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: pool, AccessTokenValidity: 4}}
"""


def _found(tmp_path: Path, rule: str, *options: str) -> set[str]:
    path = tmp_path / "app.yaml"
    path.write_text(_TEMPLATE)
    arguments = ("scan", str(path), "--rule", rule, "--no-config", "--exit-zero", "-f", "json", *options)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return {finding["resource"] for finding in json.loads(result.stdout)["findings"]}


@pytest.mark.parametrize(
    ("rule", "before", "setting", "after"),
    [
        (
            "appsync-cache-key-ignores-caller",
            {"Products", "Orders"},
            "public_graphql_fields=Query.products,products,Query.other",
            {"Orders"},
        ),
        ("cognito-identitypool-guest-role-privileges", {"Roles"}, "guest_actions=mq:createuser", set()),
        ("cognito-client-long-lived-tokens", {"Client"}, "max_access_token_minutes=240", set()),
        ("cognito-client-long-lived-tokens", {"Client"}, "max_access_token_minutes=239", {"Client"}),
    ],
)
def test_a_param_opens_what_it_names(
    tmp_path: Path, rule: str, before: set[str], setting: str, after: set[str]
) -> None:
    assert _found(tmp_path, rule) == before
    assert _found(tmp_path, rule, "--set", setting) == after
