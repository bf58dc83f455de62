"""Formats of access logs: which variables they have, and whether their lines are JSON."""

from __future__ import annotations

import pytest

from apis.told import in_cases, stack_of
from stackwarden.apis.log_formats import is_json, variables_of
from stackwarden.apis.reading import truth
from stackwarden.resolve.questions import ask
from stackwarden.resolve.reading import at

NOT_KNOWN = "a value that is not known"
_STACK = """
Parameters:
  Field: {{Type: String, AllowedValues: [ip, user]}}
  Open: {{Type: String}}
Conditions: {{IsIp: !Equals [!Ref Field, ip]}}
Resources:
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: a1b2c3
      AccessLogSetting:
        Format: {format}
"""


@pytest.mark.parametrize(
    ("written", "variables", "json"),
    [
        pytest.param('\'{"id": "$context.requestId"}\'', "requestId", "true", id="JSON"),
        pytest.param('\'{"id": "$context.requestId", "status": $context.status}\'', "requestId, status", "true"),
        pytest.param("'{\"groups\": \"$context.authorizer.claims[''cognito:groups'']\"}'", "authorizer.claims", "true"),
        pytest.param('|\n            {\n              "id": "$context.requestId"\n            }', "requestId", "true"),
        pytest.param('"$context.requestId [$context.status] $context.requestId."', "requestId, status", "false"),
        pytest.param('"<log id=\\"$context.requestId\\"/>"', "requestId", "false", id="XML"),
        pytest.param("'[\"$context.requestId\"]'", "requestId", "false", id="a list is no object"),
        pytest.param('\'{"id": "$context.requestId"\'', "requestId", "false", id="unclosed"),
        pytest.param('\'{"id": "$contextual.requestId"}\'', "", "true", id="no variable"),
        pytest.param(
            '!If [IsIp, \'{"ip": "$context.identity.sourceIp"}\', $context.identity.caller]',
            "identity.sourceIp when IsIp is true; identity.caller when IsIp is false",
            "true when IsIp is true; false when IsIp is false",
            id="one for each condition",
        ),
        pytest.param('\'{"stage": "${Open}"}\'', "", "true", id="no Fn::Sub"),
        pytest.param(
            '!Sub \'{"stage": "${Open}", "count": ${Open}, "id": "$context.requestId"}\'',
            "requestId, …",
            "true",
            id="within a string and as a number",
        ),
        pytest.param('!Sub \'{"a": "${Open}", "id": "$context.requestId"}\'', "requestId, …", "true", id="in a string"),
        pytest.param("!Sub '{\"a\": ${Open}}'", "…", "true", id="as a number"),
        pytest.param("!Sub '${Open} $context.requestId'", "requestId, …", NOT_KNOWN, id="an open beginning"),
        pytest.param("!Sub '- ${Open} $context.requestId'", "requestId, …", "false", id="another beginning"),
        pytest.param("!Ref Open", "…", NOT_KNOWN, id="a parameter"),
    ],
)
def test_formats(written: str, variables: str, json: str) -> None:
    stack = stack_of(_STACK.format(format=written))
    (stage,) = stack.resources(("AWS::ApiGateway::Stage",))
    value = at(stage, "AccessLogSetting", "Format")
    assert in_cases(stack, variables_of(stack, value)) == variables
    assert in_cases(stack, truth(ask(value, is_json, stack.domains))) == json
