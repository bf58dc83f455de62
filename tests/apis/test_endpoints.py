"""Endpoints: what the internet reaches, and what stands before it."""

from __future__ import annotations

import pytest

from stackwarden.apis import endpoints
from stackwarden.run.message import in_words

from .told import in_cases, records, stack_of, told


def _endpoint(resource_type: str, properties: str, others: str = "") -> str:
    return f"""
Parameters: {{Stage: {{Type: String, AllowedValues: [test, prod]}}, Open: {{Type: String}}}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources:
  Api: {{Type: "{resource_type}", Properties: {properties}}}
{others}
"""


def _public(text: str) -> str:
    stack = stack_of(text)
    found = [
        (in_cases(stack, one.get("is_public"), item), one.resource) for item, one in records(endpoints.endpoints(stack))
    ]
    return next(words for words, resource in found if resource is not None and resource.resource.logical_id == "Api")


def _policy(statements: str) -> str:
    return f"{{Policy: {{Statement: [{statements}]}}}}"


_ALLOW = 'Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*"'
_DENY = 'Effect: Deny, Principal: "*", Action: "execute-api:Invoke", Resource: "*"'
_UNKNOWN = "a value that is not known"


@pytest.mark.parametrize(
    ("properties", "public"),
    [
        ("{Name: a}", "true"),
        ("{EndpointConfiguration: {Types: [REGIONAL]}}", "true"),
        ("{EndpointConfiguration: {Types: [PRIVATE]}}", "false"),
        ("{EndpointConfiguration: {Types: PRIVATE}}", "false"),
        ("{Parameters: {endpointConfigurationTypes: PRIVATE}}", "false"),
        (
            "{EndpointConfiguration: {Types: [!If [IsProd, PRIVATE, EDGE]]}}",
            "true when IsProd is false; false when IsProd is true",
        ),
        ("{EndpointConfiguration: {Types: [!Ref Open]}}", _UNKNOWN),
        ("{EndpointConfiguration: {Types: !ImportValue types}}", _UNKNOWN),
        ("{DisableExecuteApiEndpoint: true}", "false"),
        ("{Body: {x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}}", "false"),
        (_policy(f"{{{_ALLOW}}}"), "true"),
        (_policy(f'{{{_ALLOW}, Condition: {{StringEquals: {{"aws:SourceVpce": vpce-1}}}}}}'), "false"),
        (_policy(f'{{{_ALLOW}, Condition: {{StringEquals: {{"aws:PrincipalOrgID": o-1}}}}}}'), "false"),
        (_policy(f'{{{_ALLOW}, Condition: {{IpAddress: {{"aws:SourceIp": 203.0.113.0/24}}}}}}'), "false"),
        (_policy(f'{{{_ALLOW}, Condition: {{IpAddress: {{"aws:SourceIp": 0.0.0.0/0}}}}}}'), "true"),
        (_policy(f'{{{_ALLOW}, Condition: {{IpAddress: {{"aws:SourceIp": [203.0.113.0/24, 0.0.0.0/1]}}}}}}'), "true"),
        (_policy(f'{{{_ALLOW}}}, {{{_ALLOW}, Condition: {{StringEquals: {{"aws:SourceVpce": v}}}}}}'), "true"),
        (_policy(f'{{{_ALLOW}}}, {{{_DENY}, Condition: {{StringNotEquals: {{"aws:SourceVpc": v}}}}}}'), "false"),
        (
            _policy(f'{{{_ALLOW}}}, {{{_DENY}, Condition: {{NotIpAddress: {{"aws:SourceIp": 203.0.113.0/24}}}}}}'),
            "false",
        ),
        (_policy(f'{{{_ALLOW}}}, {{{_DENY}, Condition: {{IpAddress: {{"aws:SourceIp": 203.0.113.0/24}}}}}}'), "true"),
        (_policy('{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "*"}'), "false"),
        ("{Policy: !ImportValue policy}", _UNKNOWN),
        ('{Body: {x-amazon-apigateway-policy: {Statement: {Effect: Allow, Principal: "*"}}}}', "true"),
        ("{BodyS3Location: {Bucket: b, Key: k}}", _UNKNOWN),
    ],
)
def test_rest_apis(properties: str, public: str) -> None:
    assert _public(_endpoint("AWS::ApiGateway::RestApi", properties)) == public


_DOMAIN = """
  Mapping: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: NAME, RestApiId: !Ref Api}}
  Domain: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: api.example.com TYPES}}
"""


@pytest.mark.parametrize(
    ("name", "types", "public"),
    [
        ("!Ref Domain", "", "true"),
        ("api.example.com", "", "true"),
        ("other.example.com", "", "false"),
        ("api.example.com", ", EndpointConfiguration: {Types: [PRIVATE]}", "false"),
    ],
)
def test_a_custom_domain_name_is_a_way_in(name: str, types: str, public: str) -> None:
    domain = _DOMAIN.replace("NAME", name).replace(" TYPES", types)
    assert _public(_endpoint("AWS::ApiGateway::RestApi", "{DisableExecuteApiEndpoint: true}", domain)) == public


@pytest.mark.parametrize(
    ("resource_type", "properties", "public"),
    [
        ("AWS::ApiGatewayV2::Api", "{Name: a, ProtocolType: HTTP}", "true"),
        ("AWS::ApiGatewayV2::Api", "{Name: a, ProtocolType: HTTP, DisableExecuteApiEndpoint: true}", "false"),
        ("AWS::AppSync::GraphQLApi", "{Name: a, AuthenticationType: API_KEY}", "true"),
        ("AWS::AppSync::GraphQLApi", "{Name: a, AuthenticationType: API_KEY, Visibility: PRIVATE}", "false"),
        ("AWS::AppSync::Api", "{Name: a}", "true"),
        ("AWS::Lambda::Url", "{AuthType: NONE, TargetFunctionArn: f}", "true"),
        ("AWS::Lambda::Url", "{AuthType: AWS_IAM, TargetFunctionArn: f}", "true"),
        ("AWS::CloudFront::Distribution", "{DistributionConfig: {Enabled: true}}", "true"),
        ("AWS::CloudFront::Distribution", "{DistributionConfig: {Enabled: false}}", "false"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Scheme: internal}", "false"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{SecurityGroups: [!Ref World]}", "true"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{SecurityGroups: [!Ref Office]}", "false"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Type: gateway}", "false"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Type: network}", "true"),
    ],
)
def test_other_endpoints(resource_type: str, properties: str, public: str) -> None:
    groups = """
  World:
    Type: AWS::EC2::SecurityGroup
    Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}
  Office:
    Type: AWS::EC2::SecurityGroup
    Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 203.0.113.0/24}]}
"""
    assert _public(_endpoint(resource_type, properties, groups)) == public


def test_public_endpoints_are_those_that_are_certainly_public() -> None:
    text = """
Resources:
  Open: {Type: AWS::ApiGateway::RestApi}
  Private: {Type: AWS::ApiGateway::RestApi, Properties: {EndpointConfiguration: {Types: [PRIVATE]}}}
  Unknown: {Type: AWS::ApiGateway::RestApi, Properties: {EndpointConfiguration: !ImportValue types}}
"""
    stack = stack_of(text)
    found = endpoints.public_endpoints(stack)
    assert [in_cases(stack, one.get("resource")) for _, one in records(found)] == ["Open"]
    assert found.open


def test_what_stands_before_an_endpoint() -> None:
    text = """
Resources:
  Acl: {Type: AWS::WAFv2::WebACL, Properties: {}}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: g, AuthenticationType: AWS_IAM, LogConfig: {CloudWatchLogsRoleArn: arn:aws:iam::1:role/r}}
  Link: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !GetAtt Graph.Arn, WebACLArn: !GetAtt Acl.Arn}}
  Site: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true, WebACLId: ""}}}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      LoadBalancerAttributes:
        - {Key: access_logs.s3.enabled, Value: "true"}
        - {Key: access_logs.s3.bucket, Value: logs}
  Rest: {Type: AWS::ApiGateway::RestApi}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Rest, StageName: live, DeploymentId: d}}
  StageLink:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !GetAtt Acl.Arn
      ResourceArn: !Sub "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Rest}/stages/live"
"""
    stack = stack_of(text)
    assert told(stack, endpoints.endpoints(stack), ("kind", "is_open", "is_protected", "logs")) == [
        "kind rest, is_open false, is_protected true, logs ",
        "kind graphql, is_open false, is_protected true, logs arn:aws:iam::1:role/r",
        "kind function-url, is_open true, is_protected false, logs ",
        "kind load-balancer, is_open false, is_protected false, logs logs",
        "kind distribution, is_open false, is_protected false, logs ",
    ]
    first = next(one for _, one in records(endpoints.endpoints(stack)))
    acls = first.get("web_acls")
    assert "Acl.Arn" in in_cases(stack, acls)
    assert in_words(first) == "Rest"
