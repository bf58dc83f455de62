"""Which property makes which edge: a table of templates and all their edges but the written ones."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.graphs import working_edges
from stackwarden.graph import relations as package
from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, Relation, Table
from stackwarden.graph.relations import FAMILIES
from stackwarden.iam import allowances
from stackwarden.schema.registry import Registry
from stackwarden.schema.shapes import ListShape, ObjectShape, Shape

URI = "arn:aws:apigateway:x:lambda:path/2015-03-31/functions"
CASES: dict[str, tuple[str, list[str]]] = {
    "rest api": (
        """
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {EndpointConfiguration: {Types: [REGIONAL]}}}
  Stg: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api}}
  Guard: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, ProviderARNs: [!GetAtt Pool.Arn]}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      AuthorizerId: !Ref Guard
      Integration:
        Uri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"
  Fn: {Type: AWS::Lambda::Function}
  Pool: {Type: AWS::Cognito::UserPool}
""",
        [
            "<internet> enters Stg",
            "Api routes_to Get",
            "Get authorized_by Guard",
            "Get invokes Fn",
            "Guard authorized_by Pool",
            "Guard part_of Api",
            "Stg routes_to Api",
        ],
    ),
    "private rest api in production": (
        """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {EndpointConfiguration: {Types: [!If [IsProd, PRIVATE, REGIONAL]]}}
  Stg: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api}}
""",
        ["<internet> enters Stg when dev", "Stg routes_to Api"],
    ),
    "http api": (
        """
  Api: {Type: AWS::ApiGatewayV2::Api}
  Stg: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, Target: !Sub "integrations/${Call}"}}
  Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationUri: !GetAtt Fn.Arn}}
  Fn: {Type: AWS::Lambda::Function}
  Map: {Type: AWS::ApiGatewayV2::ApiMapping, Properties: {ApiId: !Ref Api, Stage: !Ref Stg, DomainName: !Ref Name}}
  Name: {Type: AWS::ApiGatewayV2::DomainName}
""",
        [
            "<internet> enters Stg",
            "Api routes_to Route",
            "Call invokes Fn",
            "Call part_of Api",
            "Name routes_to Api",
            "Name routes_to Stg",
            "Route routes_to Call",
            "Stg routes_to Api",
        ],
    ),
    "openapi body": (
        """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        paths: {/: {get: {x-amazon-apigateway-integration: {uri: !Sub "arn:aws:x:y:lambda:z/${Fn.Arn}/invocations"}}}}
  Fn: {Type: AWS::Lambda::Function}
""",
        ["Api invokes Fn"],
    ),
    "functions that a URI spells": (
        """
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: named}}
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      AuthorizerUri: !Sub "<URI>/arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:named/invocations"
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      Integration:
        Uri: !Sub "<URI>/arn:aws:lambda:x:1:function:${!stageVariables.fn}/invocations"
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        components:
          securitySchemes:
            Own: {x-amazon-apigateway-authorizer: {authorizerUri: !Sub "arn:aws:apigateway:x:lambda:y/${Named.Arn}"}}
""",
        ["Api authorized_by Named", "Get invokes <unknown> ?", "Guard invokes Named"],
    ),
    "a definition as an object": (
        """
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        States:
          All:
            Type: Map
            ItemProcessor: {States: {One: {Resource: !GetAtt Fn.Arn}, Two: {Resource: "arn:aws:states:::x"}}}
  Fn: {Type: AWS::Lambda::Function}
""",
        ["Flow invokes <arn:aws:states:::x>", "Flow invokes Fn"],
    ),
    "a function and its role, by literal name": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::123456789012:role/worker"}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: worker}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::123456789012:role/stranger"}}
""",
        ["Fn runs_as Role", "Other runs_as <arn:aws:iam::123456789012:role/stranger>"],
    ),
    "policies written on either side": (
        """
  Role: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: [!Ref Managed]}}
  Managed: {Type: AWS::IAM::ManagedPolicy}
  Policy: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Role]}}
  Single: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: !Ref Role}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Host: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref Profile}}
""",
        [
            "Host runs_as Profile",
            "Profile runs_as Role",
            "Role has_policy Managed",
            "Role has_policy Policy",
            "Role has_policy Single",
        ],
    ),
    "grants": (
        """
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {Effect: Allow, Action: dynamodb:*, Resource: "arn:aws:dynamodb:*:*:table/ord*"}
              - {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Bucket.Arn}/*"}
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
              - {Effect: Deny, Action: "sns:*", Resource: "*"}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Users: {Type: AWS::DynamoDB::Table, Properties: {TableName: users}}
  Unnamed: {Type: AWS::DynamoDB::Table}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
""",
        ["Role allows <each>", "Role allows Bucket", "Role allows Orders", "Role allows Unnamed ?"],
    ),
    "load balancer": (
        """
  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internal}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Lb, DefaultActions: [{TargetGroupArn: !Ref Group}]}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Actions: [{ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref Group}]}}]
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Targets: [{Id: !Ref Host}]}}
  Host: {Type: AWS::EC2::Instance}
  Service:
    Type: AWS::ECS::Service
    Properties: {LoadBalancers: [{TargetGroupArn: !Ref Group}], TaskDefinition: !Ref Task, Cluster: !Ref Cluster}
  Cluster: {Type: AWS::ECS::Cluster}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt Role.Arn}}
  Role: {Type: AWS::IAM::Role}
""",
        [
            "Group routes_to Host",
            "Group routes_to Service",
            "Lb routes_to Listener",
            "Listener routes_to Group",
            "Listener routes_to Rule",
            "Rule routes_to Group",
            "Service placed_in Cluster",
            "Service runs Task",
            "Task runs_as Role",
        ],
    ),
    "auto scaling": (
        """
  Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template}}}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {IamInstanceProfile: {Arn: !GetAtt Profile.Arn}, SecurityGroupIds: [!Ref Wall]}}
  Profile: {Type: AWS::IAM::InstanceProfile}
  Wall: {Type: AWS::EC2::SecurityGroup}
""",
        ["Group runs Template", "Template in_group Wall", "Template runs_as Profile"],
    ),
    "distribution": (
        """
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        WebACLId: !GetAtt Acl.Arn
        Logging: {Bucket: !GetAtt Logs.DomainName}
        Origins: [{DomainName: !GetAtt Bucket.RegionalDomainName, OriginAccessControlId: !Ref Control}]
        DefaultCacheBehavior: {FunctionAssociations: [{FunctionARN: !GetAtt Edge.FunctionARN}]}
  Acl: {Type: AWS::WAFv2::WebACL}
  Bucket: {Type: AWS::S3::Bucket}
  Logs: {Type: AWS::S3::Bucket}
  Control: {Type: AWS::CloudFront::OriginAccessControl}
  Edge: {Type: AWS::CloudFront::Function}
""",
        [
            "<internet> enters Site",
            "Acl protects Site",
            "Site attached_to Control",
            "Site invokes Edge",
            "Site logs_to Logs",
            "Site routes_to Bucket",
        ],
    ),
    "events": (
        """
  Bus: {Type: AWS::Events::EventBus}
  Rule: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Bus, Targets: [{Arn: !GetAtt Fn.Arn}]}}
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Endpoint: !GetAtt Queue.Arn, Protocol: sqs}]}}
  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Endpoint: !GetAtt Fn.Arn, Protocol: lambda}}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn}
  Letters: {Type: AWS::SQS::Queue}
  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Letters.Arn}}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: e, Function: !GetAtt Fn.Arn}]}}
  Let:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Fn, Principal: s3.amazonaws.com, SourceArn: !GetAtt Bucket.Arn}
  Fn: {Type: AWS::Lambda::Function}
  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionSubstitutions: {FnArn: !GetAtt Fn.Arn}}}
""",
        [
            "<s3.amazonaws.com> may_invoke Fn",
            "Bucket invokes Fn",
            "Bucket may_invoke Fn",
            "Bus invokes Rule",
            "Flow invokes Fn",
            "Queue invokes Fn",
            "Queue invokes Letters",
            "Rule invokes Fn",
            "Topic invokes Fn",
            "Topic invokes Queue",
        ],
    ),
    "web acl": (
        """
  Acl: {Type: AWS::WAFv2::WebACL}
  Tie: {Type: AWS::WAFv2::WebACLAssociation, Properties: {WebACLArn: !GetAtt Acl.Arn, ResourceArn: !Ref Lb}}
  Lb:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      LoadBalancerAttributes:
        - {Key: idle_timeout.timeout_seconds, Value: !Ref Bucket}
        - {Key: access_logs.s3.bucket, Value: !Ref Bucket}
  Log:
    Type: AWS::WAFv2::LoggingConfiguration
    Properties: {ResourceArn: !GetAtt Acl.Arn, LogDestinationConfigs: [!GetAtt Group.Arn]}
  Group: {Type: AWS::Logs::LogGroup}
  Bucket: {Type: AWS::S3::Bucket}
""",
        ["<internet> enters Lb", "Acl logs_to Group", "Acl protects Lb", "Lb logs_to Bucket"],
    ),
    "network": (
        """
  Vpc: {Type: AWS::EC2::VPC}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Tie: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, GatewayId: !Ref Gateway}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Web: {Type: AWS::EC2::SecurityGroup}
  Data: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: [{SourceSecurityGroupId: !Ref Web}]}}
  More: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !Ref Data, SourceSecurityGroupId: !Ref Web}}
  Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!GetAtt Web.GroupId]}}
""",
        [
            "Gateway attached_to Vpc",
            "Host in_group Web",
            "Host placed_in Subnet",
            "More part_of Data",
            "Subnet part_of Vpc",
            "Subnet routes_to Table",
            "Table part_of Vpc",
            "Table routes_to Gateway",
            "Web may_connect Data",
        ],
    ),
    "keys and secrets": (
        """
  Key: {Type: AWS::KMS::Key}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: !Ref Key}}
  Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/a}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {KmsKeyId: !GetAtt Key.Arn, MasterUserPassword: !Sub "{{resolve:secretsmanager:${Secret}:S:password}}"}
  Secret: {Type: AWS::SecretsManager::Secret}
""",
        ["Alias encrypts_with Key", "Db encrypts_with Key", "Db reads_secret Secret", "Topic encrypts_with Alias"],
    ),
    "graphql": (
        """
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {UserPoolConfig: {UserPoolId: !Ref Pool}}}
  Pool: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Data:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: data, DynamoDBConfig: {TableName: !Ref Table}}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, DataSourceName: !GetAtt Data.Name}
  Table: {Type: AWS::DynamoDB::Table}
""",
        [
            "<internet> enters Api",
            "Api authorized_by Pool",
            "Api routes_to Resolver",
            "Client part_of Pool",
            "Data part_of Api",
            "Data routes_to Table",
            "Resolver routes_to Data",
        ],
    ),
    "an edge under a condition": (
        """
  Fn: {Type: AWS::Lambda::Function, Condition: IsProd, Properties: {Role: !GetAtt Role.Arn}}
  Role: {Type: AWS::IAM::Role}
""",
        ["Fn runs_as Role when prod"],
    ),
    "an edge to what is there under a condition": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::123456789012:role/r"}}
  Role: {Type: AWS::IAM::Role, Condition: IsProd, Properties: {RoleName: r}}
""",
        ["Fn runs_as <arn:aws:iam::123456789012:role/r> when dev", "Fn runs_as Role when prod"],
    ),
    "a function that picks the target": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !If [IsProd, !GetAtt One.Arn, !GetAtt Two.Arn]}}
  One: {Type: AWS::IAM::Role}
  Two: {Type: AWS::IAM::Role}
""",
        ["Fn runs_as One when prod", "Fn runs_as Two when dev"],
    ),
    "a parameter that picks the target": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/${Stage}"}}
  One: {Type: AWS::IAM::Role, Properties: {RoleName: prod}}
""",
        ["Fn runs_as <arn:aws:iam::${AWS::AccountId}:role/${Stage}> when dev", "Fn runs_as One when prod"],
    ),
    "an unknown target": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !Ref Open}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: !If [IsProd, !ImportValue role, !GetAtt Role.Arn]}}
  Role: {Type: AWS::IAM::Role}
""",
        ["Fn runs_as <unknown> ?", "Other runs_as <unknown> when prod?", "Other runs_as Role when dev"],
    ),
    "a name that may be the target's": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/${Open}-worker"}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: the-worker}}
  Other: {Type: AWS::IAM::Role, Properties: {RoleName: the-clerk}}
""",
        ["Fn runs_as <arn:aws:iam::${AWS::AccountId}:role/${Open}-worker> ?", "Fn runs_as Role ?"],
    ),
    "an attribute of what makes resources of its own": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Maker.RoleArn}}
  Maker: {Type: Custom::Maker, Properties: {ServiceToken: !GetAtt Fn.Arn}}
""",
        ["Fn runs_as Maker", "Maker invokes Fn"],
    ),
    "a type that the property does not take": (
        """
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Topic.TopicArn}}
  Topic: {Type: AWS::SNS::Topic}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_edges_of_a_template(name: str) -> None:
    resources, expected = CASES[name]
    assert working_edges(resources.replace("<URI>", URI)) == expected


def relations() -> Iterator[Relation]:
    for module in pkgutil.iter_modules(package.__path__):
        for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
            if isinstance(value, Family) and isinstance(value.make, Table):
                yield from value.make.rows


def properties() -> Iterator[tuple[str, str]]:
    """Every resource type and property path that a relation names."""
    for row in relations():
        match row:
            case Names():
                yield row.source, row.path
            case Link():
                yield row.resource, row.source_path
                yield row.resource, row.target_path


def has(registry: Registry, shape: Shape | None, steps: list[str]) -> bool:
    while shape is not None and isinstance(shape, ListShape):
        shape = registry.item(shape)
    if shape is None or not steps:
        return shape is not None
    if steps[0] == "*" and isinstance(shape, ObjectShape) and not shape.open:
        return any(has(registry, one, steps[1:]) for one in shape.properties.values())
    return has(registry, registry.property(shape, steps[0]), steps[1:])


def test_every_type_and_property_of_a_relation_exists() -> None:
    registry = Registry()
    found = sorted(set(properties()))
    assert len(found) > 200
    assert [one for one in found if not has(registry, registry.shape(one[0]), one[1].split("."))] == []
    ends = [row.targets if isinstance(row, Names) else (*row.sources, *row.targets) for row in relations()]
    assert {name for types in ends for name in types} - registry.types() == set()


def test_every_kind_has_a_family_and_every_family_a_name_of_its_own() -> None:
    families = (*FAMILIES, allowances.FAMILY)
    assert {kind for family in families for kind in family.kinds} == set(Kind)
    assert len({family.name for family in families}) == len(families)


def test_the_page_of_the_graph_tells_every_kind() -> None:
    page = (Path(__file__).parents[2] / "docs" / "graph.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)) == {kind.value for kind in Kind}
