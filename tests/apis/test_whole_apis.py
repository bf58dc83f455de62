"""Whole APIs, their domain names, validators, gateway responses and CORS, in each form."""

from __future__ import annotations

import pytest

from stackwarden.apis import cors, definitions, domains, gateway_responses, routes, validators

from .told import in_cases, records, stack_of, told

_AS_RESOURCES = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      ApiKeySourceType: AUTHORIZER
      MinimumCompressionSize: 1024
      BinaryMediaTypes: [image/png]
      DisableExecuteApiEndpoint: true
      Policy: {Statement: {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}}}
  Body:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {Name: body, RestApiId: !Ref Api, ValidateRequestBody: true}
  Denied:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Api
      ResponseType: ACCESS_DENIED
      StatusCode: "403"
      ResponseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      RequestValidatorId: !Ref Body
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'https://a.example.com'"
              method.response.header.Access-Control-Allow-Methods: "'GET,POST'"
              method.response.header.Access-Control-Allow-Credentials: "'true'"
"""
_AS_DEFINITION = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders}
        x-amazon-apigateway-api-key-source: AUTHORIZER
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-binary-media-types: [image/png]
        x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}
        x-amazon-apigateway-policy: {Statement: {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}}}
        x-amazon-apigateway-request-validators: {body: {validateRequestBody: true}}
        x-amazon-apigateway-request-validator: body
        x-amazon-apigateway-gateway-responses:
          ACCESS_DENIED:
            statusCode: "403"
            responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}
        paths:
          /:
            post:
              x-amazon-apigateway-integration:
                type: mock
                responses:
                  default:
                    responseParameters:
                      method.response.header.Access-Control-Allow-Origin: "'https://a.example.com'"
                      method.response.header.Access-Control-Allow-Methods: "'GET,POST'"
                      method.response.header.Access-Control-Allow-Credentials: "'true'"
"""
_FORMS = pytest.mark.parametrize("text", [_AS_RESOURCES, _AS_DEFINITION], ids=["resources", "definition"])


@_FORMS
def test_what_is_said_of_the_whole_api(text: str) -> None:
    stack = stack_of(text)
    names = (
        "kind",
        "name",
        "api_key_source",
        "minimum_compression_size",
        "binary_media_types",
        "disables_default_endpoint",
        "is_closed",
        "endpoint_types",
    )
    assert told(stack, definitions.apis(stack), names) == [
        (
            "kind rest, name orders, api_key_source AUTHORIZER, minimum_compression_size 1024, "
            "binary_media_types image/png, disables_default_endpoint true, is_closed true, endpoint_types EDGE"
        )
    ]


@_FORMS
def test_validators(text: str) -> None:
    stack = stack_of(text)
    words = ["name body, api Api, checks_body true, checks_parameters false"]
    names = ("name", "api", "checks_body", "checks_parameters")
    assert told(stack, validators.validators(stack), names) == words
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("request_validator")) == "body"


@_FORMS
def test_gateway_responses(text: str) -> None:
    stack = stack_of(text)
    assert told(stack, gateway_responses.gateway_responses(stack), ("type", "status", "api")) == [
        "type ACCESS_DENIED, status 403, api Api"
    ]


@_FORMS
def test_cors(text: str) -> None:
    stack = stack_of(text)
    assert told(stack, cors.cors(stack), ("route", "origins", "methods", "credentials")) == [
        "route POST /, origins https://a.example.com, methods GET, POST, credentials true",
        "route nothing, origins *, methods , credentials false",
    ]


@pytest.mark.parametrize(
    "properties",
    [
        "{Name: a, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*'], AllowCredentials: true}}",
        "{Body: {x-amazon-apigateway-cors: {allowOrigins: ['*'], allowCredentials: true}}}",
    ],
)
def test_cors_of_http_apis(properties: str) -> None:
    stack = stack_of(f"Resources: {{Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {properties}}}}}")
    assert told(stack, cors.cors(stack), ("api", "origins", "credentials")) == ["api Api, origins *, credentials true"]


def test_a_validator_that_is_not_declared() -> None:
    body = "{x-amazon-apigateway-request-validator: all, paths: {/a: {post: {}}}}"
    stack = stack_of(f"Resources: {{Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Body: {body}}}}}}}")
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("request_validator")) == "nothing"


def test_domains_and_mappings() -> None:
    text = """
Resources:
  Rest: {Type: AWS::ApiGateway::RestApi}
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  RestDomain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: rest.example.com
      SecurityPolicy: TLS_1_2
      EndpointConfiguration: {Types: [REGIONAL]}
      RegionalCertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/a
      MutualTlsAuthentication: {TruststoreUri: s3://bucket/store.pem}
  HttpDomain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties:
      DomainName: http.example.com
      DomainNameConfigurations: [{SecurityPolicy: TLS_1_2, EndpointType: REGIONAL}]
  RestMapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref RestDomain, RestApiId: !Ref Rest, Stage: live}
  HttpMapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {DomainName: http.example.com, ApiId: !Ref Http, Stage: $default, ApiMappingKey: v1}
  Other:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {DomainName: other.example.com, ApiId: !ImportValue api, Stage: $default}
"""
    stack = stack_of(text)
    names = ("name", "endpoint_types", "security_policies", "truststore", "is_private")
    assert told(stack, domains.domains(stack), names) == [
        (
            "name rest.example.com, endpoint_types REGIONAL, security_policies TLS_1_2, "
            "truststore s3://bucket/store.pem, is_private false"
        ),
        (
            "name http.example.com, endpoint_types REGIONAL, security_policies TLS_1_2, "
            "truststore nothing, is_private false"
        ),
    ]
    assert told(stack, domains.mappings(stack), ("domain", "api", "stage", "path")) == [
        "domain RestDomain, api Rest, stage live, path nothing",
        "domain HttpDomain, api Http, stage $default, path v1",
        "domain nothing, api nothing, stage $default, path nothing",
    ]
    assert [in_cases(stack, one.get("mappings")) for _, one in records(definitions.apis(stack))] == [
        "RestMapping",
        "HttpMapping",
    ]


@pytest.mark.parametrize(
    ("definition", "disabled"),
    [
        ("{x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}", "true"),
        ("{servers: [{x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]}", "true"),
        (
            "{servers: [{url: a}, {x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]}",
            "true",
        ),
        ("{servers: [{x-amazon-apigateway-endpoint-configuration: {vpcEndpointIds: [vpce-1]}}]}", "false"),
        ("{servers: [{url: a}]}", "false"),
        ("{servers: !ImportValue servers}", "a value that is not known"),
    ],
)
def test_endpoint_settings_stand_at_the_top_or_at_a_server(definition: str, disabled: str) -> None:
    stack = stack_of(f"Resources: {{Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Body: {definition}}}}}}}")
    assert told(stack, definitions.apis(stack), ("disables_default_endpoint",)) == [
        f"disables_default_endpoint {disabled}"
    ]
