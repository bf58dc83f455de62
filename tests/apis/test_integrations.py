"""What routes lead to, in each form."""

from __future__ import annotations

import pytest

from stackwarden.apis import routes
from stackwarden.resolve.values import Record

from .told import in_cases, records, stack_of

_COMMON = """
  Fn: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: r}}
  Queue: {Type: AWS::SQS::Queue}
"""


def _told(text: str, *names: str) -> str:
    stack = stack_of(text)
    ((_, route),) = records(routes.routes(stack))
    integration = route.get("integration")
    assert isinstance(integration, Record)
    return ", ".join(in_cases(stack, integration.get(name)) for name in names)


def _method(integration: str) -> str:
    return f"""
Resources:
{_COMMON}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {{RestApiId: a, ResourceId: b, HttpMethod: GET, Integration: {integration}}}
"""


def _operation(integration: str) -> str:
    return f"""
Resources:
{_COMMON}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        x-amazon-apigateway-integrations: {{shared: {{type: http, uri: "http://shared.example.com"}}}}
        paths: {{/a: {{get: {{x-amazon-apigateway-integration: {integration}}}}}}}
"""


_FN = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"


@pytest.mark.parametrize(
    ("method", "operation", "told"),
    [
        (
            f'{{Type: AWS_PROXY, Uri: !Sub "{_FN}"}}',
            f'{{type: aws_proxy, uri: !Sub "{_FN}"}}',
            "AWS_PROXY, lambda, Fn, INTERNET",
        ),
        (
            '{Type: AWS, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:sqs:path/${Queue.QueueName}"}',
            '{type: aws, uri: !Sub "arn:aws:apigateway:${AWS::Region}:sqs:path/${Queue.QueueName}"}',
            "AWS, sqs, Queue, INTERNET",
        ),
        (
            '{Type: HTTP, Uri: "http://example.com", ConnectionType: VPC_LINK}',
            '{type: http, uri: "http://example.com", connectionType: vpc_link}',
            "HTTP, nothing, , VPC_LINK",
        ),
        (
            '{Type: AWS, Uri: "arn:aws:apigateway:eu-west-1:prefix.states:action/StartExecution"}',
            '{type: aws, uri: "arn:aws:apigateway:eu-west-1:prefix.states:action/StartExecution"}',
            "AWS, states, , INTERNET",
        ),
        ("{Type: MOCK}", "{type: mock}", "MOCK, nothing, , INTERNET"),
        (
            "{Type: HTTP, Uri: !ImportValue uri}",
            "{type: http, uri: !ImportValue uri}",
            "HTTP, a value that is not known, …, INTERNET",
        ),
    ],
)
def test_methods_and_operations(method: str, operation: str, told: str) -> None:
    names = ("type", "service", "targets", "connection_type")
    stack_words = _told(_method(method), *names)
    assert stack_words.replace(", , …", ", …") == told
    assert _told(_operation(operation), *names).replace(", , …", ", …") == told


def test_shared_integrations() -> None:
    text = _operation('{$ref: "#/x-amazon-apigateway-integrations/shared"}')
    assert _told(text, "type", "uri") == "HTTP, http://shared.example.com"


def test_an_operation_without_integration() -> None:
    stack = stack_of("Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: {/a: {get: {}}}}}}}")
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("integration")) == "nothing"


_V2 = """
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: r}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a, Target: TARGET}}
  Integration: {Type: AWS::ApiGatewayV2::Integration, Properties: INTEGRATION}
"""


@pytest.mark.parametrize(
    "target", ['!Sub "integrations/${Integration}"', '!Join ["/", [integrations, !Ref Integration]]']
)
@pytest.mark.parametrize(
    ("integration", "told"),
    [
        ("{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}", "AWS_PROXY, lambda, Fn"),
        ("{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage}", "AWS_PROXY, sqs, "),
        ("{ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationUri: http://example.com}", "HTTP_PROXY, nothing, "),
    ],
)
def test_integrations_of_http_apis(target: str, integration: str, told: str) -> None:
    text = _V2.replace("TARGET", target).replace("INTEGRATION", integration)
    assert _told(text, "type", "service", "targets") == told


@pytest.mark.parametrize("target", ["integrations/abc123", "!ImportValue target"])
def test_integrations_of_other_stacks_are_not_known(target: str) -> None:
    stack = stack_of(_V2.replace("TARGET", target).replace("INTEGRATION", "{ApiId: !Ref Api, IntegrationType: MOCK}"))
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("integration")) == "a value that is not known"


def test_what_quick_create_makes() -> None:
    text = """
Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: r}}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}
"""
    assert _told(text, "type", "service", "targets", "api") == "AWS_PROXY, lambda, Fn, Api"
    stack = stack_of(text)
    ((_, route),) = records(routes.routes(stack))
    assert [in_cases(stack, route.get(name)) for name in ("name", "method", "authorization")] == [
        "$default",
        "ANY",
        "NONE",
    ]
