"""The collection of all integrations, and what a definition says of TLS at the endpoint."""

from __future__ import annotations

from stackwarden.apis import backends, definitions

from .told import stack_of, told

_ALL = """
Conditions: {IsOn: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
  Used:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Http, IntegrationType: HTTP_PROXY, ConnectionType: VPC_LINK, IntegrationUri: "http://a"}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Http, RouteKey: GET /a, Target: !Sub "integrations/${Used}"}
  Idle:
    Type: AWS::ApiGatewayV2::Integration
    Condition: IsOn
    Properties: {ApiId: !ImportValue api, IntegrationType: HTTP_PROXY, IntegrationUri: "http://b"}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: a, ResourceId: r, HttpMethod: GET, Integration: {Type: HTTP, Uri: "http://c"}}
  Bare: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: a, ResourceId: r, HttpMethod: PUT}}
  Rest:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: {paths: {/a: {get: {x-amazon-apigateway-integration: {type: http, uri: "http://d"}}}}}
  Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: q, ProtocolType: HTTP, Target: "https://e"}}
  Hidden: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}
"""


def test_every_integration_is_there_once_whether_a_route_uses_it_or_not() -> None:
    stack = stack_of(_ALL)
    assert sorted(told(stack, backends.integrations(stack), ("uri", "owner", "connection_type"))) == [
        "uri http://a, owner Used, connection_type VPC_LINK",
        "uri http://b when IsOn is true, owner Idle when IsOn is true, connection_type INTERNET when IsOn is true",
        "uri http://c, owner Get, connection_type INTERNET",
        "uri http://d, owner Rest, connection_type INTERNET",
        "uri https://e, owner Quick, connection_type INTERNET",
    ]


def test_a_definition_may_say_which_tls_its_endpoint_speaks() -> None:
    stack = stack_of("""
Resources:
  Written:
    Type: AWS::ApiGateway::RestApi
    Properties: {SecurityPolicy: TLS_1_2, EndpointAccessMode: STRICT}
  Defined:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        x-amazon-apigateway-security-policy: SecurityPolicy_TLS13_1_3_2025_09
        x-amazon-apigateway-endpoint-access-mode: BASIC
        paths: {}
""")
    assert told(stack, definitions.apis(stack), ("owner", "security_policy", "endpoint_access_mode")) == [
        "owner Written, security_policy TLS_1_2, endpoint_access_mode STRICT",
        "owner Defined, security_policy SecurityPolicy_TLS13_1_3_2025_09, endpoint_access_mode BASIC",
    ]
