"""Stages of API Gateway and what stands before them: logs, traces, web ACLs.

Sources: Amazon API Gateway API Reference, `UpdateStage` (patch operations, paths of the settings of methods); AWS WAF
API Reference, `AssociateWebACL`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from stackwarden.integrations.aws_api import Clients
from stackwarden.integrations.aws_remediation.actions._action import (
    ANY,
    Action,
    Permission,
    Refused,
    Step,
    Target,
    current,
    one_call,
)
from stackwarden.run.declared import declared_fixes
from stackwarden.schema.registry import Registry

__all__ = ["ACTIONS"]

_REST: Final = "AWS::ApiGateway::Stage"
_V2: Final = "AWS::ApiGatewayV2::Stage"
_LOGS: Final = "accessLogGroupArn"
_ACL: Final = "webAclArn"
_FORMAT_RULE: Final = "apigateway-access-log-not-structured"
_METHOD_PATHS: Final = {
    "MethodSettings.*.DataTraceEnabled": "logging/dataTrace",
    "MethodSettings.*.CacheDataEncrypted": "caching/dataEncrypted",
}
_ALL_METHODS: Final = "/*/*"


def _ids(target: Target) -> tuple[str, str]:
    """The id of the API and the name of the stage, which stand in the stage's ARN."""
    for collection in ("restapis", "apis"):
        _, found, rest = target.resource_id.partition(f"/{collection}/")
        api, stages, name = rest.partition("/stages/")
        if found and stages:
            return api, name
    raise Refused(f"`{target.resource_id}` is not the ARN of a stage")


def _rest_stage(target: Target, clients: Clients) -> dict[str, Any]:
    api, name = _ids(target)
    return current(clients, "apigateway", "get_stage", restApiId=api, stageName=name)


def _patch(target: Target, changes: Mapping[str, str]) -> list[Step]:
    if not changes:
        return []
    api, name = _ids(target)
    operations = [{"op": "replace", "path": path, "value": value} for path, value in changes.items()]
    return one_call("apigateway", "update_stage", restApiId=api, stageName=name, patchOperations=operations)


def _tracing(target: Target, clients: Clients) -> list[Step]:
    if _rest_stage(target, clients).get("tracingEnabled"):
        return []
    return _patch(target, {"/tracingEnabled": "true"})


def _execution_log(target: Target, clients: Clients) -> list[Step]:
    wanted = cast("Mapping[str, object]", target.values["MethodSettings+"])
    if set(wanted) != {"ResourcePath", "HttpMethod", "LoggingLevel"} or wanted["ResourcePath"] != "/*":
        raise Refused("only a log level for all methods can be added to a stage")
    level = str(wanted["LoggingLevel"])
    settings = cast("dict[str, dict[str, object]]", _rest_stage(target, clients).get("methodSettings", {}))
    silent = [key for key, one in settings.items() if key != "*/*" and one.get("loggingLevel") == "OFF"]
    changes = {f"/{key}/logging/loglevel": level for key in silent}
    if settings.get("*/*", {}).get("loggingLevel", "OFF") == "OFF":
        changes[f"{_ALL_METHODS}/logging/loglevel"] = level
    return _patch(target, changes)


def _methods(target: Target, clients: Clients) -> list[Step]:
    settings = cast("dict[str, dict[str, object]]", _rest_stage(target, clients).get("methodSettings", {}))
    changes: dict[str, str] = {}
    for name, value in target.values.items():
        member = {"DataTraceEnabled": "dataTraceEnabled", "CacheDataEncrypted": "cacheDataEncrypted"}[
            name.rpartition(".")[2]
        ]
        for key, one in settings.items():
            if one.get(member) is not value:
                changes[f"/{key}/{_METHOD_PATHS[name]}"] = "true" if value is True else "false"
    return _patch(target, changes)


def _rest_log_format(target: Target, clients: Clients) -> list[Step]:
    there = cast("dict[str, str]", _rest_stage(target, clients).get("accessLogSettings", {}))
    wanted = str(target.values["AccessLogSetting.Format"])
    if there.get("format") == wanted:
        return []
    if not there.get("destinationArn"):
        raise Refused("the stage has no access log, of which the format could be changed")
    return _patch(target, {"/accessLogSettings/format": wanted})


def _rest_log(target: Target, clients: Clients) -> list[Step]:
    if cast("dict[str, str]", _rest_stage(target, clients).get("accessLogSettings", {})).get("destinationArn"):
        return []
    wanted = {
        "/accessLogSettings/destinationArn": target.parameters[_LOGS].removesuffix(":*"),
        "/accessLogSettings/format": _structured(target, "AccessLogSetting"),
    }
    return _patch(target, wanted)


def _structured(target: Target, setting: str) -> str:
    """The format that the policies themselves write into a template."""
    check = target.session.find(_FORMAT_RULE)
    fixes = declared_fixes(check, target.resource_type, Registry()) if check is not None else ()
    for fix in fixes:
        if fix.path == (setting, "Format") and isinstance(fix.value, str):
            return fix.value
    raise Refused(f"the format of an access log is that of the rule {_FORMAT_RULE}, which the policies lack")


def _v2_stage(target: Target, clients: Clients) -> dict[str, Any]:
    api, name = _ids(target)
    return current(clients, "apigatewayv2", "get_stage", ApiId=api, StageName=name)


def _v2_log(target: Target, clients: Clients) -> list[Step]:
    if cast("dict[str, str]", _v2_stage(target, clients).get("AccessLogSettings", {})).get("DestinationArn"):
        return []
    api, name = _ids(target)
    wanted = {
        "DestinationArn": target.parameters[_LOGS].removesuffix(":*"),
        "Format": _structured(target, "AccessLogSettings"),
    }
    return one_call("apigatewayv2", "update_stage", ApiId=api, StageName=name, AccessLogSettings=wanted)


def _v2_log_format(target: Target, clients: Clients) -> list[Step]:
    there = cast("dict[str, str]", _v2_stage(target, clients).get("AccessLogSettings", {}))
    wanted = str(target.values["AccessLogSettings.Format"])
    if there.get("Format") == wanted:
        return []
    if not there.get("DestinationArn"):
        raise Refused("the stage has no access log, of which the format could be changed")
    api, name = _ids(target)
    return one_call(
        "apigatewayv2", "update_stage", ApiId=api, StageName=name, AccessLogSettings={**there, "Format": wanted}
    )


def _v2_execution_log(target: Target, clients: Clients) -> list[Step]:
    there = cast("dict[str, object]", _v2_stage(target, clients).get("DefaultRouteSettings", {}))
    wanted = target.values["DefaultRouteSettings.LoggingLevel"]
    if there.get("LoggingLevel", "OFF") != "OFF":
        return []
    api, name = _ids(target)
    return one_call(
        "apigatewayv2",
        "update_stage",
        ApiId=api,
        StageName=name,
        DefaultRouteSettings={**there, "LoggingLevel": wanted},
    )


def _web_acl(target: Target, clients: Clients) -> list[Step]:
    arn = target.resource_id
    if not arn.startswith("arn:"):
        raise Refused(f"a web ACL is put before an ARN, which `{arn}` is not")
    there = current(clients, "wafv2", "get_web_acl_for_resource", "WAFNonexistentItemException", ResourceArn=arn)
    if there.get("WebACL"):
        return []
    return one_call("wafv2", "associate_web_acl", WebACLArn=target.parameters[_ACL], ResourceArn=arn)


_STAGE_ARN: Final = "arn:{partition}:apigateway:{region}::/restapis/{id}/stages/{id}"
_V2_STAGE_ARN: Final = "arn:{partition}:apigateway:{region}::/apis/{id}/stages/{id}"


def _stage(arn: str) -> tuple[Permission, ...]:
    pattern = arn.replace("{id}", ANY)
    return Permission(("apigateway:GET",), pattern), Permission(
        ("apigateway:PATCH",), pattern, writes=True, tagged=True
    )


_WAF: Final = (
    Permission(("wafv2:GetWebACLForResource",), _STAGE_ARN.replace("{id}", ANY)),
    Permission(("wafv2:GetWebACL",), "{webAclArn}"),
    Permission(("wafv2:AssociateWebACL",), "{webAclArn}", writes=True),
    Permission(
        ("wafv2:AssociateWebACL",),
        _STAGE_ARN.replace("{id}", ANY),
        writes=True,
        accepted=(
            "iam-write-access-unconstrained",
            "AWS WAF knows no tags of a stage; API Gateway's own permission, which is needed too, is limited by them",
        ),
    ),
    Permission(("apigateway:SetWebACL",), _STAGE_ARN.replace("{id}", ANY), writes=True, tagged=True),
)
"""Associating needs WAF's permission on both ends, and API Gateway's to take a web ACL.

Load balancers and GraphQL APIs are left out: their permission to take a web ACL cannot be limited to one of them.
"""
_LOG_DELIVERY: Final = Permission(
    (
        "logs:CreateLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ),
    ANY,
    writes=True,
)
"""What API Gateway asks of who sets up an access log; these actions know no resources."""

ACTIONS: Final = (
    Action(_REST, _STAGE_ARN, _stage(_STAGE_ARN), _tracing, ("TracingEnabled",)),
    Action(_REST, _STAGE_ARN, _stage(_STAGE_ARN), _execution_log, ("MethodSettings+",)),
    Action(_REST, _STAGE_ARN, _stage(_STAGE_ARN), _methods, tuple(_METHOD_PATHS)),
    Action(_REST, _STAGE_ARN, _stage(_STAGE_ARN), _rest_log_format, ("AccessLogSetting.Format",)),
    Action(
        _REST,
        _STAGE_ARN,
        (*_stage(_STAGE_ARN), _LOG_DELIVERY),
        _rest_log,
        rules=("apigateway-stage-access-logging",),
        needs=(_LOGS,),
    ),
    Action(
        _V2,
        _V2_STAGE_ARN,
        (*_stage(_V2_STAGE_ARN), _LOG_DELIVERY),
        _v2_log,
        rules=("apigatewayv2-stage-access-logging",),
        needs=(_LOGS,),
    ),
    Action(_V2, _V2_STAGE_ARN, _stage(_V2_STAGE_ARN), _v2_log_format, ("AccessLogSettings.Format",)),
    Action(_V2, _V2_STAGE_ARN, _stage(_V2_STAGE_ARN), _v2_execution_log, ("DefaultRouteSettings.LoggingLevel",)),
    Action(
        _REST,
        _STAGE_ARN,
        _WAF,
        _web_acl,
        rules=("apigateway-stage-waf-missing",),
        needs=(_ACL,),
    ),
)
