"""Resources that give permissions in other words than a policy document, as statements.

AWS makes a statement of a resource policy of each. Source: CloudFormation Template Reference, the page of each type;
AWS Lambda API Reference, `AddPermission`, for the conditions that it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.iam.json_text import read_json
from stackwarden.iam.made import made_map
from stackwarden.resolve.values import Absent, Item, Known, ListValue, MapValue, Plain, Text, Unknown, Value, bind
from stackwarden.template.nodes import Node

__all__ = ["PERMISSIONS", "written_statement"]

_SERVICE_DOMAIN: Final = ".amazonaws"


def written_statement(resource_type: str, properties: MapValue) -> Value:
    """The statement that a resource of one of the types of `PERMISSIONS` stands for, in the words of a policy."""
    return PERMISSIONS[resource_type](properties, properties.node)


def _lambda_permission(properties: MapValue, origin: Node) -> Value:
    account = properties.get("SourceAccount")
    equal = {
        "aws:SourceAccount": account,
        "aws:PrincipalOrgID": properties.get("PrincipalOrgID"),
        "lambda:FunctionUrlAuthType": properties.get("FunctionUrlAuthType"),
        "lambda:EventSourceToken": properties.get("EventSourceToken"),
    }
    conditions = {
        "ArnLike": _block({"aws:SourceArn": properties.get("SourceArn")}, origin),
        "StringEquals": _block(equal, origin),
        "Bool": _block({"lambda:InvokedViaFunctionUrl": properties.get("InvokedViaFunctionUrl")}, origin),
    }
    return _allow(
        origin,
        principal=_one_principal(properties.get("Principal"), origin),
        action=properties.get("Action"),
        resource=properties.get("FunctionName"),
        condition=_block(conditions, origin),
    )


def _layer_permission(properties: MapValue, origin: Node) -> Value:
    organization = _block({"aws:PrincipalOrgID": properties.get("OrganizationId")}, origin)
    return _allow(
        origin,
        principal=_one_principal(properties.get("Principal"), origin),
        action=properties.get("Action"),
        resource=properties.get("LayerVersionArn"),
        condition=_block({"StringEquals": organization}, origin),
    )


def _event_bus_policy(properties: MapValue, origin: Node) -> Value:
    def older(written: Plain) -> Value:
        if isinstance(written, Known | Text):
            return read_json(written)
        if not isinstance(written, Absent):
            return written
        return _allow(
            origin,
            principal=_one_principal(properties.get("Principal"), origin),
            action=properties.get("Action"),
            resource=properties.get("EventBusName"),
            condition=bind(properties.get("Condition"), lambda plain: _event_bus_condition(plain, origin)),
        )

    return bind(properties.get("Statement"), older)


def _event_bus_condition(condition: Plain, origin: Node) -> Value:
    """`Type`, `Key` and `Value` of an event bus policy; the only type is `StringEquals`."""
    if not isinstance(condition, MapValue):
        return condition

    def keyed(key: Plain) -> Value:
        if not isinstance(key, Known):
            return Unknown("the condition key is not known", condition.origin)
        return made_map({"StringEquals": made_map({key.text: condition.get("Value")}, origin)}, origin)

    return bind(condition.get("Key"), keyed)


def _endpoint_service_permissions(properties: MapValue, origin: Node) -> Value:
    return _allow(
        origin,
        principal=made_map({"AWS": properties.get("AllowedPrincipals")}, origin),
        action=Known("ec2:CreateVpcEndpoint", origin),
        resource=properties.get("ServiceId"),
        condition=Absent(origin),
    )


def _signer_permission(properties: MapValue, origin: Node) -> Value:
    return _allow(
        origin,
        principal=_one_principal(properties.get("Principal"), origin),
        action=properties.get("Action"),
        resource=properties.get("ProfileName"),
        condition=Absent(origin),
    )


def _private_ca_permission(properties: MapValue, origin: Node) -> Value:
    return _allow(
        origin,
        principal=_one_principal(properties.get("Principal"), origin),
        action=bind(properties.get("Actions"), _prefixed),
        resource=properties.get("CertificateAuthorityArn"),
        condition=_block(
            {"StringEquals": _block({"aws:SourceAccount": properties.get("SourceAccount")}, origin)}, origin
        ),
    )


def _prefixed(actions: Plain) -> Value:
    """Actions as `AWS::ACMPCA::Permission` lists them, without the service (`IssueCertificate`)."""
    if not isinstance(actions, ListValue):
        return actions
    items = tuple(
        Item(Known(f"acm-pca:{item.value.text}", actions.origin), item.guard)
        for item in actions.items
        if isinstance(item.value, Known)
    )
    return ListValue(items, open=actions.open or len(items) < len(actions.items), origin=actions.origin)


def _allow(origin: Node, *, principal: Value, action: Value, resource: Value, condition: Value) -> Value:
    fields: dict[str, Value] = {
        "Effect": Known("Allow", origin),
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }
    return made_map(fields, origin)


def _block(entries: Mapping[str, Value], origin: Node) -> Value:
    """A part of a condition block; absent where it would be empty."""
    made = made_map(entries, origin)
    return made if made.names() else Absent(origin)


def _one_principal(value: Value, origin: Node) -> Value:
    """A principal that is a service, an account, an ARN or `*`, all in one property, as a policy would say it."""

    def spell(plain: Plain) -> Value:
        if isinstance(plain, Absent):
            return plain
        return made_map({"Service" if _is_service(plain) else "AWS": plain}, origin)

    return bind(value, spell)


def _is_service(plain: Plain) -> bool:
    match plain:
        case Known():
            return _SERVICE_DOMAIN in plain.text
        case Text(parts=(str() as first, *others)):
            return _SERVICE_DOMAIN in first or (first.endswith(".") and bool(others))
        case _:
            return False


PERMISSIONS: Final[Mapping[str, Callable[[MapValue, Node], Value]]] = MappingProxyType(
    {
        "AWS::ACMPCA::Permission": _private_ca_permission,
        "AWS::EC2::VPCEndpointServicePermissions": _endpoint_service_permissions,
        "AWS::Events::EventBusPolicy": _event_bus_policy,
        "AWS::Lambda::LayerVersionPermission": _layer_permission,
        "AWS::Lambda::Permission": _lambda_permission,
        "AWS::Signer::ProfilePermission": _signer_permission,
    }
)
