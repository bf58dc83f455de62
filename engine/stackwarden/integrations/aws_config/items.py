"""Configuration items, of whichever spelling: in the event of a change, and as the API of AWS Config gives them.

Sources: AWS Config Developer Guide, *Example events for AWS Config rules*; API Reference, `ConfigurationItem`,
`BaseConfigurationItem`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from stackwarden.integrations.aws_config.errors import BadItem

__all__ = ["ConfigurationItem", "Data", "decoded", "key_of", "pairs"]

Data = object
"""What JSON can hold."""

_GONE: Final = ("ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded")
_STARTS: Final = ("{", "[", '"')
_ENCODED: Final = ("%7B", "%7b", "%5B", "%5b")
_DEEPEST: Final = 5
_TAGS: Final = ("tags", "taglist", "tagset")


@dataclass(frozen=True, slots=True)
class ConfigurationItem:
    """What AWS Config knows of a resource. `captured` is an ISO time, `related` the types and ids of other resources.

    `proposed` tells the properties of a resource that is still to be made, which are CloudFormation's own.
    """

    account: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str
    arn: str
    status: str
    captured: str
    tags: Mapping[str, str]
    configuration: Mapping[str, Data] = field(repr=False)
    supplementary: Mapping[str, Data] = field(repr=False)
    related: tuple[tuple[str, str], ...] = ()
    proposed: bool = False

    @classmethod
    def read(cls, data: Data, *, proposed: bool = False) -> ConfigurationItem:
        """The item that a JSON object is. Raises BadItem."""
        if not isinstance(data, Mapping):
            raise BadItem(f"a configuration item has to be an object, not {json.dumps(data)[:80]}")
        resource_type, resource_id = _text(data, "resourceType"), _text(data, "resourceId")
        if not resource_type or not resource_id:
            raise BadItem(f"a configuration item has no resourceType or no resourceId; it has {_names(data)}")
        where = f"the item of {resource_type} {resource_id}"
        configuration = _object(data.get("configuration"), f"`configuration` of {where}")
        supplementary = _object(data.get("supplementaryConfiguration"), f"`supplementaryConfiguration` of {where}")
        tags = pairs(decoded(data.get("tags"))) or _own_tags(configuration, supplementary)
        return cls(
            account=_text(data, "awsAccountId", "accountId"),
            region=_text(data, "awsRegion"),
            resource_type=resource_type,
            resource_id=resource_id,
            resource_name=_text(data, "resourceName"),
            arn=_text(data, "ARN", "arn"),
            status=_text(data, "configurationItemStatus"),
            captured=_text(data, "configurationItemCaptureTime"),
            tags=tags,
            configuration=configuration,
            supplementary=supplementary,
            related=tuple(_related(data.get("relationships"))),
            proposed=proposed,
        )

    @property
    def is_gone(self) -> bool:
        """Whether the resource was deleted, or is not recorded any more."""
        return self.status in _GONE

    @property
    def stack(self) -> str:
        """The name of the stack that the resource belongs to; empty for none."""
        return self.tags.get("aws:cloudformation:stack-name", "")


def decoded(value: Data) -> Data:
    """A value with the JSON text that it is read, be it encoded several times or for a URL; other texts stay."""
    for _ in range(_DEEPEST):
        if not isinstance(value, str):
            return value
        text = unquote(value) if value.startswith(_ENCODED) else value
        if not text.lstrip().startswith(_STARTS):
            return value
        try:
            value = json.loads(text)
        except ValueError:
            return value
    return value


def key_of(mapping: Mapping[str, Data], name: str) -> Data:
    """What stands under a name, case aside; None for nothing."""
    wanted = name.lower()
    return next((value for key, value in mapping.items() if key.lower() == wanted), None)


def pairs(value: Data) -> dict[str, str]:
    """Tags as a map, whether they come as a map, as a list of keys and values, or as sets of either."""
    if isinstance(value, Mapping):
        inner = key_of(value, "tagSets")
        if isinstance(inner, list):
            return pairs([one for tag_set in inner for one in _listed(tag_set)])
        return {key: "" if text is None else str(text) for key, text in value.items()}
    if not isinstance(value, list):
        return {}
    found: dict[str, str] = {}
    for one in value:
        key = key_of(one, "key") if isinstance(one, Mapping) else None
        if isinstance(one, Mapping) and isinstance(key, str):
            found[key] = str(key_of(one, "value") or "")
    return found


def _listed(tag_set: Data) -> list[Data]:
    tags = key_of(tag_set, "tags") if isinstance(tag_set, Mapping) else None
    return [{"key": key, "value": value} for key, value in tags.items()] if isinstance(tags, Mapping) else []


def _own_tags(configuration: Mapping[str, Data], supplementary: Mapping[str, Data]) -> dict[str, str]:
    """The tags that a resource's own description tells, as the API leaves those of the item out in batches."""
    for source, names in ((configuration, _TAGS), (supplementary, (*_TAGS, "buckettaggingconfiguration"))):
        for name in names:
            found = pairs(decoded(key_of(source, name)))
            if found:
                return found
    return {}


def _related(relationships: Data) -> Iterator[tuple[str, str]]:
    for one in relationships if isinstance(relationships, list) else ():
        if isinstance(one, Mapping) and one.get("resourceType") and one.get("resourceId"):
            yield str(one["resourceType"]), str(one["resourceId"])


def _text(data: Mapping[str, Data], *names: str) -> str:
    value = next((data[name] for name in names if data.get(name) is not None), "")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _object(value: Data, what: str) -> Mapping[str, Data]:
    value = decoded(value)
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise BadItem(f"{what} has to be an object, not {json.dumps(value)[:80]}")
    return {str(key): decoded(inner) for key, inner in value.items()}


def _names(data: Mapping[str, Data]) -> str:
    return ", ".join(sorted(map(str, data))) or "nothing"
