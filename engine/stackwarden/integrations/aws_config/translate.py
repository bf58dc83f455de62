"""From what AWS Config knows of a resource to a template of that resource.

Names are matched with the properties of the resource's schema, case aside; what a type needs beyond that stands in
`shapes`. A property that is null in the item is absent; one that the item does not carry is unknown, by a macro in its
object that may add properties. Text that would be a function in a template is data here: it becomes unknown.

Sources: CloudFormation's resource schemas; the schemas of configuration items that AWS publishes for queries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, decoded, pairs
from stackwarden.integrations.aws_config.shapes import CAMEL_CASED, SELF, UNKNOWN, Whole, cfn_type, reshape
from stackwarden.schema.registry import Registry
from stackwarden.schema.shapes import (
    AnyShape,
    BooleanShape,
    ListShape,
    MapShape,
    NumberShape,
    ObjectShape,
    Shape,
    StringShape,
)

__all__ = ["Translated", "logical_id_of", "translate"]

_OPEN: Final = {"Name": "ConfigurationItem"}
"""The macro that stands for what a configuration item does not carry."""
_ABSENT: Final = {"Ref": "AWS::NoValue"}
_NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Translated:
    """A template as JSON text, the logical id of the item's resource, and the types that the item is whole in."""

    text: str
    logical_id: str
    whole: frozenset[str]


def translate(
    item: ConfigurationItem, registry: Registry, related: Sequence[ConfigurationItem] = ()
) -> Translated | None:
    """The template of an item and of those related to it; None for a type that CloudFormation does not know.

    What is the id or ARN of one of them refers to it.
    """
    shape = registry.shape(cfn_type(item.resource_type))
    if shape is None:
        return None
    logical_id = logical_id_of(item)
    resources, whole = _resources(item, shape, logical_id)
    names: dict[str, Data] = {}
    for one in related:
        other, its_id = registry.shape(cfn_type(one.resource_type)), f"{logical_id_of(one)}.{len(names) + 1}"
        if (
            other is None
            or one.is_gone
            or (one.resource_type, one.resource_id) == (item.resource_type, item.resource_id)
        ):
            continue
        resources.update(_resources(one, other, its_id)[0])
        names[one.resource_id] = {"Ref": its_id}
        if one.arn and one.arn != one.resource_id:
            names[one.arn] = {"Fn::GetAtt": [its_id, "Arn"]}
    if names:
        resources = {name: _linked(resource, names) for name, resource in resources.items()}
    return Translated(json.dumps({"Resources": resources}, indent=1), logical_id, whole)


def _resources(item: ConfigurationItem, shape: ObjectShape, logical_id: str) -> tuple[dict[str, Data], frozenset[str]]:
    """The resource of an item and those beside it, and the types that the item is whole in."""
    resource_type = cfn_type(item.resource_type)
    if item.proposed or _is_proposed(item, shape):
        return {logical_id: {"Type": resource_type, "Properties": _plain(item.configuration)}}, frozenset()
    reshaped = reshape(item)
    properties = _object(reshaped.properties, shape, item)
    resources: dict[str, Data] = {logical_id: {"Type": resource_type, "Properties": properties}}
    for number, (kind, beside) in enumerate(reshaped.beside):
        own = {name: _beside(value, logical_id) for name, value in beside.items()}
        resources[f"{logical_id}.{kind.rpartition('::')[2]}{number + 1}"] = {"Type": kind, "Properties": own}
    return resources, reshaped.whole


def _linked(value: Data, names: Mapping[str, Data]) -> Data:
    """A value with references in place of the ids and ARNs of related resources; what a resource is called stays."""
    match value:
        case str():
            return names.get(value, value)
        case list():
            return [_linked(one, names) for one in value]
        case Mapping():
            return {key: inner if key in ("Ref", "Type") else _linked(inner, names) for key, inner in value.items()}
        case _:
            return value


def _is_proposed(item: ConfigurationItem, shape: ObjectShape) -> bool:
    """Whether the names give away properties that CloudFormation was given, where the event does not say so."""
    names = item.configuration.keys()
    return item.resource_type in CAMEL_CASED and bool(names) and all(name in shape.properties for name in names)


def logical_id_of(item: ConfigurationItem) -> str:
    """The logical id that the stack's tag tells; without one, what is the resource's own."""
    tagged = item.tags.get("aws:cloudformation:logical-id")
    if tagged:
        return tagged
    name = (
        item.resource_name if item.resource_type.startswith("AWS::IAM::") and item.resource_name else item.resource_id
    )
    own = name.split(":", 5)[-1] if name.startswith("arn:") else name
    return _NOT_IN_IDS.sub("-", own).strip("-") or "Resource"


def _beside(value: Data, logical_id: str) -> Data:
    if isinstance(value, list):
        return [_beside(one, logical_id) for one in value]
    return {"Ref": logical_id} if value is SELF else _plain(value)


def _object(value: Mapping[str, Data], shape: ObjectShape, item: ConfigurationItem | None = None) -> dict[str, Data]:
    """An object's properties by the names of its schema; those of the schema that are not there may be anything."""
    names = {_folded(name): name for name in shape.properties}
    made: dict[str, Data] = {}
    for key, inner in value.items():
        name = key if key in shape.properties else names.get(_folded(key))
        if name is not None:
            made[name] = _value(inner, shape.properties[name])
    if item is not None and item.tags and "Tags" in shape.properties:
        tags = {key: text for key, text in item.tags.items() if not key.startswith("aws:")}
        made["Tags"] = _value(tags, shape.properties["Tags"])
    return made if isinstance(value, Whole) else {**made, "Fn::Transform": _OPEN}


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _value(value: Data, shape: Shape) -> Data:
    if value is UNKNOWN:
        return {"Fn::Transform": _OPEN}
    if isinstance(shape, ObjectShape | ListShape | MapShape | AnyShape):
        value = decoded(value)
    if value is None or _is_hollow(value):
        return _ABSENT
    if isinstance(shape, AnyShape):
        return _plain(value)
    value = _unwrapped(value, shape)
    match shape:
        case ObjectShape():
            return _object(value, shape) if isinstance(value, Mapping) else {"Fn::Transform": _OPEN}
        case ListShape():
            return _list(value, shape)
        case MapShape():
            if not isinstance(value, Mapping):
                return {"Fn::Transform": _OPEN}
            made = {key: _value(inner, shape.value) for key, inner in value.items()}
            return {"Fn::Transform": _OPEN} if _is_function(made) else made
        case StringShape():
            return _word(value, shape) if isinstance(value, str) else _scalar(value)
        case NumberShape() | BooleanShape():
            return _scalar(value)
        case _:
            assert_never(shape)


def _list(value: Data, shape: ListShape) -> Data:
    if (
        isinstance(value, Mapping)
        and isinstance(shape.item, ObjectShape)
        and {"Key", "Value"} <= set(shape.item.properties)
    ):
        value = [{"Key": key, "Value": text} for key, text in pairs(value).items()]
    if isinstance(value, list):
        return [_value(one, shape.item) for one in value]
    return {"Fn::Transform": _OPEN}


def _scalar(value: Data) -> Data:
    return value if isinstance(value, str | bool | int | float) else {"Fn::Transform": _OPEN}


def _word(value: str, shape: StringShape) -> str:
    """A text; one of an enum is spelled as the schema spells it."""
    if shape.enum is None or value in shape.enum:
        return value
    return next((word for word in sorted(shape.enum) if _folded(word) == _folded(value)), value)


def _unwrapped(value: Data, shape: Shape) -> Data:
    """A list or scalar without the object that the SDK for Java puts around it: `{quantity, items}`, `{value}`."""
    if not isinstance(value, Mapping):
        return value
    if isinstance(shape, ListShape) and "items" in value:
        return value["items"] or []
    if not isinstance(shape, ObjectShape | MapShape) and set(value) == {"value"}:
        return value["value"]
    return value


def _is_hollow(value: Data) -> bool:
    """Whether an object says nothing: AWS Config tells what is not configured as `{"status": null}`."""
    return isinstance(value, Mapping) and bool(value) and all(one is None or _is_hollow(one) for one in value.values())


def _plain(value: Data) -> Data:
    """Free-form JSON as it is, but for what would be a function of CloudFormation: nothing in an item is one."""
    if value is UNKNOWN or (isinstance(value, Mapping) and _is_function(value)):
        return {"Fn::Transform": _OPEN}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _is_function(value: Mapping[str, Data]) -> bool:
    """Whether an object would be read as an intrinsic function or a macro."""
    if "Fn::Transform" in value:
        return True
    return len(value) == 1 and any(key == "Ref" or key.startswith("Fn::") for key in value)
