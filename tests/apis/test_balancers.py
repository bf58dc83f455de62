"""Routes of load balancers, GraphQL APIs and function URLs."""

from __future__ import annotations

import pytest

from stackwarden.apis import routes

from .told import stack_of, told

_TEMPLATE = """
Parameters: {Stage: {Type: String, AllowedValues: [test, prod]}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {}}
  Https:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Protocol: HTTPS
      Port: 443
      DefaultActions:
        - !If [IsProd, {Type: authenticate-oidc, Order: 1}, !Ref AWS::NoValue]
        - {Type: forward, Order: 2}
  Tcp:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Balancer, Protocol: TCP, Port: 5000, DefaultActions: [{Type: forward}]}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Https
      Priority: 1
      Conditions:
        - {Field: path-pattern, PathPatternConfig: {Values: [/a/*, /b/*]}}
        - {Field: http-request-method, HttpRequestMethodConfig: {Values: [get]}}
        - {Field: host-header, Values: [www.example.com]}
      Actions: [{Type: authenticate-cognito}, {Type: forward}]
  Elsewhere:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !ImportValue listener
      Priority: 2
      Conditions: [{Field: path-pattern, Values: [/c]}]
      Actions: !ImportValue actions
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: g, AuthenticationType: AMAZON_COGNITO_USER_POOLS}}
  Lambda: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: g, AuthenticationType: AWS_LAMBDA}}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [IsProd, AWS_IAM, NONE], TargetFunctionArn: f}}
"""


def test_routes_of_single_endpoints_and_load_balancers() -> None:
    stack = stack_of(_TEMPLATE)
    assert told(stack, routes.routes(stack), ("api", "name", "authorization")) == [
        "api Graph, name POST /graphql, authorization COGNITO_USER_POOLS",
        "api Lambda, name POST /graphql, authorization CUSTOM",
        "api Url, name ANY /, authorization AWS_IAM when IsProd is true; NONE when IsProd is false",
        "api Balancer, name ANY /*, authorization OPENID_CONNECT when IsProd is true; NONE when IsProd is false",
        "api Balancer, name GET /a/*, authorization COGNITO_USER_POOLS",
        "api Balancer, name GET /b/*, authorization COGNITO_USER_POOLS",
        "api nothing, name ANY /c, authorization a value that is not known",
    ]


_ASKING = """
Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      Protocol: HTTPS
      DefaultActions:
        - {Type: authenticate-oidc, Order: 1, AuthenticateOidcConfig: {OnUnauthenticatedRequest: WHAT}}
        - {Type: forward, Order: 2}
"""


@pytest.mark.parametrize(
    ("what", "authorization"),
    [
        ("authenticate", "OPENID_CONNECT"),
        ("deny", "OPENID_CONNECT"),
        ("allow", "NONE"),
        ("!ImportValue what", "a value that is not known"),
    ],
)
def test_an_action_that_lets_strangers_pass_asks_for_nothing(what: str, authorization: str) -> None:
    stack = stack_of(_ASKING.replace("WHAT", what))
    assert told(stack, routes.routes(stack), ("authorization",)) == [f"authorization {authorization}"]
