"""Remediation of real settings, on an AWS that answers: planned, applied, nothing left to do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.client import BaseClient
from botocore.stub import Stubber

from aws_shapes import problems_of_input
from integrations.aws import ACCOUNT, Aws
from stackwarden.integrations.aws_api import CallFailed
from stackwarden.integrations.aws_remediation.actions import ACTIONS, ALLOWING_TAG, Refused
from stackwarden.integrations.aws_remediation.chosen import chosen_actions, remediable_types
from stackwarden.integrations.aws_remediation.function import handle
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.schema.registry import Registry

OWN = """
rule own-bucket-encryption {
    title "Bucket is not encrypted with a key of its own"
    severity low
    for bucket in AWS::S3::Bucket
    require bucket.BucketEncryption is present
    fix set bucket.BucketEncryption.ServerSideEncryptionConfiguration =
        [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms"}, BucketKeyEnabled: true}]
}
rule own-bucket-versions {
    title "Bucket keeps no versions"
    severity low
    for bucket in AWS::S3::Bucket
    require bucket.VersioningConfiguration.Status == "Enabled"
    fix set bucket.VersioningConfiguration.Status = "Enabled"
}
rule own-key-rotation {
    title "Key is not rotated"
    severity low
    for key in AWS::KMS::Key
    require key.EnableKeyRotation == true
    fix set key.EnableKeyRotation = true
}
rule own-table-recovery {
    title "Table cannot be restored"
    severity low
    for table in AWS::DynamoDB::Table
    require table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled == true
    require table.DeletionProtectionEnabled == true
    fix set table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled = true
    fix set table.DeletionProtectionEnabled = true
}
rule own-database-kept {
    title "Database may be deleted"
    severity low
    for database in AWS::RDS::DBInstance
    require database.DeletionProtection == true
    fix set database.DeletionProtection = true
}
rule own-images-fixed {
    title "Images may be replaced"
    severity low
    for repository in AWS::ECR::Repository
    require repository.ImageTagMutability == "IMMUTABLE"
    require repository.ImageScanningConfiguration.ScanOnPush == true
    fix set repository.ImageTagMutability = "IMMUTABLE"
    fix set repository.ImageScanningConfiguration.ScanOnPush = true
}
"""
REGION = "us-east-1"
PLACE = {"accountId": ACCOUNT, "region": REGION, "partition": "aws"}
Make = Callable[[Aws], tuple[str, Mapping[str, str]]]
"""Makes a resource with a fault; gives AWS Config's id of it and the operator's parameters."""


@pytest.fixture(scope="module")
def session() -> Session:
    made = open_session(SessionOptions())
    assert isinstance(made, Session)
    return made


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The rules of an organisation that wrote its own."""
    file = tmp_path_factory.mktemp("policies") / "own.warden"
    file.write_text(OWN)
    made = open_session(SessionOptions(policies=(str(file),), shipped=False))
    assert isinstance(made, Session)
    return made


def bucket(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("s3").create_bucket(Bucket="data")
    return "data", {}


def rest_stage(aws: Aws) -> tuple[str, Mapping[str, str]]:
    client = aws("apigateway")
    api = client.create_rest_api(name="orders")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(
        restApiId=api,
        resourceId=root,
        httpMethod="GET",
        type="HTTP",
        uri="http://example.com",
        integrationHttpMethod="GET",
    )
    deployment = client.create_deployment(restApiId=api, stageName="first")["id"]
    client.create_stage(restApiId=api, stageName="prod", deploymentId=deployment)
    return f"arn:aws:apigateway:{REGION}::/restapis/{api}/stages/prod", {}


def chatty_stage(aws: Aws) -> tuple[str, Mapping[str, str]]:
    arn, parameters = rest_stage(aws)
    change = [{"op": "replace", "path": "/*/*/logging/dataTrace", "value": "true"}]
    api = arn.split("/")[2]
    aws("apigateway").update_stage(restApiId=api, stageName="prod", patchOperations=change)
    return arn, parameters


def logless_stage(aws: Aws) -> tuple[str, Mapping[str, str]]:
    return rest_stage(aws)[0], {"accessLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:api:*"}


def open_stage(aws: Aws) -> tuple[str, Mapping[str, str]]:
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    told = aws("wafv2").create_web_acl(
        Name="acl", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility
    )
    return rest_stage(aws)[0], {"webAclArn": told["Summary"]["ARN"]}


def http_stage(aws: Aws) -> tuple[str, Mapping[str, str]]:
    client = aws("apigatewayv2")
    api = client.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    client.create_stage(ApiId=api, StageName="live")
    arn = f"arn:aws:apigateway:{REGION}::/apis/{api}/stages/live"
    return arn, {"accessLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:api"}


def function(aws: Aws) -> tuple[str, Mapping[str, str]]:
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    role = aws("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): pass")
    aws("lambda").create_function(
        FunctionName="worker", Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": code.getvalue()}
    )
    return "worker", {}


def function_url(aws: Aws) -> tuple[str, Mapping[str, str]]:
    name, parameters = function(aws)
    aws("lambda").create_function_url_config(FunctionName=name, AuthType="NONE")
    return name, parameters


def trail(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("s3").create_bucket(Bucket="logs")
    told = aws("cloudtrail").create_trail(Name="audit", S3BucketName="logs", IncludeGlobalServiceEvents=False)
    return told["TrailARN"], {}


def log_group(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("logs").create_log_group(logGroupName="/aws/lambda/worker")
    return "/aws/lambda/worker", {}


def security_group(aws: Aws) -> tuple[str, Mapping[str, str]]:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group: str = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    for port, member in ((22, {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}), (22, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]})):
        open_to_all = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **member}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[open_to_all])
    kept = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=kept)
    return group, {}


def subnet(aws: Aws) -> tuple[str, Mapping[str, str]]:
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made: str = aws("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    aws("ec2").modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": True})
    return made, {}


def key(aws: Aws) -> tuple[str, Mapping[str, str]]:
    return aws("kms").create_key()["KeyMetadata"]["KeyId"], {}


def table(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("dynamodb").create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "orders", {}


def database(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("rds").create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.small", Engine="postgres")
    return "orders", {}


def repository(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("ecr").create_repository(repositoryName="app")
    return "app", {}


def balancer(aws: Aws) -> tuple[str, Mapping[str, str]]:
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        aws("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    return aws("elbv2").create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"], {}


def alarm(aws: Aws) -> tuple[str, Mapping[str, str]]:
    aws("cloudwatch").put_metric_alarm(
        AlarmName="errors",
        ActionsEnabled=False,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    return "errors", {}


@dataclass(frozen=True, slots=True)
class Tagged:
    """The same account, in which each resource has the tag that allows remediation: the server knows few of them."""

    aws: Aws

    def __call__(self, service: str) -> BaseClient:
        if service != "resourcegroupstaggingapi":
            return self.aws(service)
        client = boto3.client(service, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
        key_, value = ALLOWING_TAG
        tags = [{"ResourceARN": "arn:aws:any:::thing", "Tags": [{"Key": key_, "Value": value}]}]
        stub = Stubber(client)
        stub.add_response("get_resources", {"ResourceTagMappingList": tags})
        stub.activate()
        return client


CASES: tuple[tuple[str, str, Make, tuple[str, ...]], ...] = (
    ("s3-bucket-public-access-block", "AWS::S3::Bucket", bucket, ("PutPublicAccessBlock",)),
    ("own-bucket-encryption", "AWS::S3::Bucket", bucket, ("PutBucketEncryption",)),
    ("own-bucket-versions", "AWS::S3::Bucket", bucket, ("PutBucketVersioning",)),
    ("apigateway-stage-tracing", "AWS::ApiGateway::Stage", rest_stage, ("UpdateStage",)),
    ("apigateway-stage-execution-logging", "AWS::ApiGateway::Stage", rest_stage, ("UpdateStage",)),
    ("apigateway-stage-data-trace-enabled", "AWS::ApiGateway::Stage", chatty_stage, ("UpdateStage",)),
    ("apigateway-stage-access-logging", "AWS::ApiGateway::Stage", logless_stage, ("UpdateStage",)),
    ("apigateway-stage-waf-missing", "AWS::ApiGateway::Stage", open_stage, ("AssociateWebACL",)),
    ("lambda-url-auth-none", "AWS::Lambda::Url", function_url, ("UpdateFunctionUrlConfig",)),
    ("cloudtrail-log-validation-disabled", "AWS::CloudTrail::Trail", trail, ("UpdateTrail",)),
    ("cloudtrail-trail-security", "AWS::CloudTrail::Trail", trail, ("UpdateTrail", "StartLogging")),
    ("logs-group-retention", "AWS::Logs::LogGroup", log_group, ("PutRetentionPolicy",)),
    ("cloudwatch-alarm-no-action", "AWS::CloudWatch::Alarm", alarm, ("EnableAlarmActions",)),
    ("ec2-sg-ingress-admin-ports-open", "AWS::EC2::SecurityGroup", security_group, ("RevokeSecurityGroupIngress",)),
    ("ec2-subnet-public-ip", "AWS::EC2::Subnet", subnet, ("ModifySubnetAttribute",)),
    (
        "elbv2-drop-invalid-headers",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        balancer,
        ("ModifyLoadBalancerAttributes",),
    ),
    ("own-key-rotation", "AWS::KMS::Key", key, ("EnableKeyRotation",)),
    ("own-table-recovery", "AWS::DynamoDB::Table", table, ("UpdateContinuousBackups", "UpdateTable")),
    ("own-database-kept", "AWS::RDS::DBInstance", database, ("ModifyDBInstance",)),
    (
        "own-images-fixed",
        "AWS::ECR::Repository",
        repository,
        ("PutImageTagMutability", "PutImageScanningConfiguration"),
    ),
)


@pytest.mark.parametrize(("rule", "kind", "make", "operations"), CASES, ids=[case[0] for case in CASES])
def test_planned_then_applied_then_done(
    rule: str,
    kind: str,
    make: Make,
    operations: tuple[str, ...],
    aws: Aws,
    session: Session,
    own: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is changed by a dry run; what was planned is what is applied; then there is nothing to do."""
    session = own if rule.startswith("own-") else session
    resource, parameters = make(aws)
    event = {"rule": rule, "resourceType": kind, "resourceId": resource, "parameters": parameters, **PLACE}
    before = len(aws.requests)
    planned = handle(event, aws, session)
    assert (planned["mode"], planned["status"]) == ("dry-run", "planned")
    assert not [one for one in aws.requests[before:] if one.operation in operations]
    monkeypatch.setenv("STACKWARDEN_REMEDIATION", "apply")
    start = len(aws.requests)
    applied = handle(event, Tagged(aws), session)
    assert (applied["mode"], applied["status"]) == ("apply", "applied")
    assert applied["steps"] == planned["steps"]
    changes = [
        one.operation for one in aws.requests[start:] if not one.operation.startswith(("Get", "Describe", "List"))
    ]
    assert tuple(changes) == operations
    assert handle(event, Tagged(aws), session)["status"] == "nothing to do"


def test_stages_of_http_apis_are_planned(aws: Aws, session: Session) -> None:
    """The server has no `UpdateStage` of these; the call is checked against the API's model."""
    resource, parameters = http_stage(aws)
    event = {
        **asked("apigatewayv2-stage-access-logging", "AWS::ApiGatewayV2::Stage", resource),
        "parameters": parameters,
    }
    (step,) = cast("list[dict[str, Any]]", handle(event, aws, session)["steps"])
    assert (step["service"], step["operation"]) == ("apigatewayv2", "update_stage")
    assert problems_of_input("apigatewayv2", "UpdateStage", step["parameters"]) == []
    assert step["parameters"]["AccessLogSettings"]["DestinationArn"] == parameters["accessLogGroupArn"]
    assert "$context.requestId" in step["parameters"]["AccessLogSettings"]["Format"]


def test_only_the_faulty_rules_are_revoked(aws: Aws, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    group, _ = security_group(aws)
    monkeypatch.setenv("STACKWARDEN_REMEDIATION", "apply")
    handle(asked("ec2-sg-ingress-admin-ports-open", "AWS::EC2::SecurityGroup", group), Tagged(aws), session)
    (told,) = aws("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    left = {(one["FromPort"], cidr["CidrIp"]) for one in told["IpPermissions"] for cidr in one["IpRanges"]}
    assert left == {(443, "0.0.0.0/0"), (22, "10.0.0.0/8")}
    assert not [one for one in told["IpPermissions"] if one["Ipv6Ranges"]]


def test_settings_beside_are_kept(aws: Aws, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKWARDEN_REMEDIATION", "apply")
    aws("logs").create_log_group(logGroupName="kept")
    aws("logs").put_retention_policy(logGroupName="kept", retentionInDays=3653)
    told = handle(asked("logs-group-retention", "AWS::Logs::LogGroup", "kept"), Tagged(aws), session)
    assert told["status"] == "nothing to do"


@pytest.mark.parametrize(
    ("allowed", "wanted", "mode"),
    [
        ("", "apply", "dry-run"),
        ("dry-run", "apply", "dry-run"),
        ("apply", "dry-run", "dry-run"),
        ("apply", "", "apply"),
    ],
)
def test_an_event_only_tames(
    allowed: str, wanted: str, mode: str, aws: Aws, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STACKWARDEN_REMEDIATION", allowed)
    name, _ = bucket(aws)
    event = {**asked("s3-bucket-public-access-block", "AWS::S3::Bucket", name), "mode": wanted}
    assert handle(event, Tagged(aws), session)["mode"] == mode


def test_only_what_is_tagged_is_changed(aws: Aws, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = bucket(aws)
    event = asked("s3-bucket-public-access-block", "AWS::S3::Bucket", name)
    assert handle(event, aws, session)["allowed"] is False
    monkeypatch.setenv("STACKWARDEN_REMEDIATION", "apply")
    with pytest.raises(Refused, match="data is not tagged `stackwarden:remediation: allowed`; tag it, or the stack"):
        handle(event, aws, session)
    assert not aws.sent("PutPublicAccessBlock")
    tag = dict(zip(("Key", "Value"), ALLOWING_TAG, strict=True))
    aws("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": [tag]})
    assert handle(event, aws, session)["status"] == "applied"
    assert aws.sent("GetResources")[-1] == {"ResourceARNList": ["arn:aws:s3:::data"]}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"resourceId": ""}, "the event lacks resourceId"),
        (
            {"rule": "s3-bucket-public-acces-block"},
            "there is no rule `s3-bucket-public-acces-block` among those deployed; did you mean",
        ),
        (
            {"resourceType": "AWS::S3::AccessPoint"},
            "there is no safe action for s3-bucket-public-access-block on AWS::S3::AccessPoint",
        ),
        ({"rule": "s3-bucket-public-acl"}, "there is no safe action for s3-bucket-public-acl"),
        ({"rule": "iam-policy-admin-access", "resourceType": "AWS::IAM::Role"}, "there is no safe action"),
        (
            {"rule": "apigateway-stage-waf-missing", "resourceType": "AWS::ApiGateway::Stage"},
            "needs the parameter webAclArn",
        ),
        ({"Rule": "x"}, "the event has `Rule`, which means nothing here; did you mean `rule`"),
        ({"mode": "force"}, "the mode is `force`; known are `apply` and `dry-run`"),
        ({"parameters": "x"}, "`parameters` has to be an object"),
    ],
)
def test_what_is_not_safe_or_not_known_is_refused(
    changes: dict[str, Any], complaint: str, aws: Aws, session: Session
) -> None:
    event = {**asked("s3-bucket-public-access-block", "AWS::S3::Bucket", "data"), **changes}
    with pytest.raises(Refused, match=complaint):
        handle(event, aws, session)
    assert aws.requests == []


def test_what_aws_refuses_is_told(aws: Aws, session: Session) -> None:
    with pytest.raises(CallFailed, match=r"`s3:GetPublicAccessBlock` was refused: .*NoSuchBucket"):
        handle(asked("s3-bucket-public-access-block", "AWS::S3::Bucket", "nobodys"), aws, session)


def test_every_action_answers_a_property_or_a_rule(session: Session) -> None:
    """What a table names exists: the properties in the schema of the type, the rules among the shipped ones."""
    registry = Registry()
    ids = {one.id for one in session.rules}
    for action in ACTIONS:
        shape = registry.shape(action.resource_type)
        assert shape is not None
        assert {name.partition(".")[0].rstrip("+") for name in action.properties} <= set(shape.properties)
        assert set(action.rules) <= ids
        assert action.properties or action.rules
        assert any(one.writes for one in action.permissions)


def test_rules_whose_fixes_are_only_partly_known_have_no_action(session: Session) -> None:
    registry = Registry()
    check = session.find("cloudtrail-trail-security")
    assert check is not None
    (chosen,) = chosen_actions(check, "AWS::CloudTrail::Trail", registry)
    assert chosen.values == {"IsLogging": True, "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True}
    check = session.find("appsync-tracing")
    assert check is not None
    assert remediable_types(check, check.info.resources, registry) == ()


def asked(rule: str, kind: str, resource: str) -> dict[str, Any]:
    return {"rule": rule, "resourceType": kind, "resourceId": resource, **PLACE}


def test_the_guide_has_every_action() -> None:
    page = (Path(__file__).parents[2] / "docs" / "integrations" / "aws-config.md").read_text(encoding="utf-8")
    for action in ACTIONS:
        assert f"`{action.resource_type}`" in page
        for name in action.properties:
            assert name.partition(".")[0].rstrip("+") in page, name
        for name in (*action.rules, *action.needs):
            assert f"`{name}`" in page
