"""The Serverless transform, by AWS's own translator, offline.

Local code and definitions stand for objects in Amazon S3; the managed policies that SAM knows by name come with the
translator. Defaults of parameters are kept from it, so that it leaves references to parameters as they are; only where
it insists on a value are they given to it.

What the translator makes keeps the author's places: what it copies has its own, what it adds has that of the resource
that it was made for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.transforms.plain import first_place, to_node, to_plain
from stackwarden.template.model import Output, Resource, Template
from stackwarden.template.nodes import Mapping, Node

if TYPE_CHECKING:
    import boto3

__all__ = ["TRANSFORM", "RefusedBySam", "expand"]

TRANSFORM: Final = "AWS::Serverless-2016-10-31"
_PREFIX: Final = "AWS::Serverless::"
_OBJECT: Final = "s3://bucket/key"
_TEMPLATE: Final = "https://s3.amazonaws.com/bucket/key"
_IMAGE: Final = "111111111111.dkr.ecr.us-east-1.amazonaws.com/repository:tag"
_DEFINITIONS: Final = {
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::Application": "Location",
    "AWS::Serverless::GraphQLApi": "SchemaUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}
_SECTION: Final = re.compile(r"'(\w+)' section")
_RESOURCE_ID: Final = re.compile(r"Resource with id \[([^\]]+)\] is invalid\. ?")


@dataclass(frozen=True, slots=True)
class RefusedBySam(Diagnostic):
    """The translator refuses the template; its reason is AWS's own."""

    reason: str

    def message(self) -> str:
        return f"the Serverless transform refuses this: {self.reason}"


def expand(
    template: Template, document_root: Mapping, region: str = "us-east-1"
) -> tuple[Template, tuple[Diagnostic, ...]]:
    """The template as the Serverless transform leaves it, with the resources that the author wrote in `written`.

    `document_root` is the template's root with its loops written out. Where the translator refuses single resources,
    the others are translated without them, and the transform stays named, as it may add more; where it refuses the
    template, only the resources of other kinds are left. The reasons come along.
    """
    written = {name: one for name, one in template.resources.items() if one.resource_type.startswith(_PREFIX)}
    rest = {name: one for name, one in template.resources.items() if name not in written}
    others = tuple(name for name in template.transforms if name != TRANSFORM)
    kept = replace(template, resources=rest, written=written)
    if not written:
        return replace(kept, transforms=others), ()
    document = to_plain(document_root)
    _settle_locations(document)
    refused: dict[str, str] = {}
    while True:
        made = _translate(document, region)
        if isinstance(made, dict):
            break
        named = {found.group(1): reason for reason in made if (found := _RESOURCE_ID.search(reason))}
        left_out = [name for name in named if _dict(document.get("Resources")).pop(name, None) is not None]
        if not left_out or len(left_out) < len(made) or not any(name in document["Resources"] for name in written):
            return kept, tuple(_refusal(template, reason) for reason in (*refused.values(), *made))
        refused.update((name, named[name]) for name in left_out)
    faults = tuple(_refusal(template, reason) for reason in refused.values())
    made_template = _as_template(replace(kept, transforms=kept.transforms if refused else others), made)
    return made_template, faults


def _translate(document: dict[str, Any], region: str) -> dict[str, Any] | list[str]:
    """What the translator makes of a document, or its reasons for refusing it."""
    without = deepcopy(document)
    for parameter in _dict(without.get("Parameters")).values():
        if isinstance(parameter, dict) and not str(parameter.get("Type", "")).startswith("AWS::SSM::"):
            parameter.pop("Default", None)
    made = _run(without, region)
    if isinstance(made, list):  # it needs a value where a parameter stands: the defaults are better than nothing
        again = _run(deepcopy(document), region)
        made = again if isinstance(again, dict) else made
    return made


def _run(document: dict[str, Any], region: str) -> dict[str, Any] | list[str]:
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    with _quiet():
        translator = Translator({}, Parser(), None, _session(region))
        try:
            made: dict[str, Any] = translator.translate(document, {}, passthrough_metadata=True)
            return made
        except InvalidDocumentException as error:
            return [cause.message for cause in error.causes]
        except Exception as error:  # the translator stumbles over malformed input in many ways; none may end the scan
            return [f"{type(error).__name__}: {error}"]
        finally:
            translator.metrics.publish()  # to nowhere; else it complains of unpublished metrics when it goes


@cache
def _session(region: str) -> boto3.Session:
    """What tells the translator the region; it calls no service, and making one is slow."""
    import boto3

    return boto3.Session(region_name=region)


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("samtranslator")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _settle_locations(document: dict[str, Any]) -> None:
    """Local paths become objects in Amazon S3, as packaging would make them."""
    function_globals = _dict(_dict(document.get("Globals")).get("Function"))
    for resource in _dict(document.get("Resources")).values():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or not kind.startswith(_PREFIX):
            continue
        properties = resource.get("Properties")
        if not isinstance(properties, dict):
            properties = resource["Properties"] = {}
        if kind == "AWS::Serverless::Function":
            _settle_code(properties, function_globals)
        name = _DEFINITIONS.get(kind)
        given = properties.get(name) if name is not None else None
        if name == "Location" and isinstance(given, dict):
            properties[name] = _TEMPLATE  # one of the Serverless Application Repository, which would be asked for it
        elif name is not None and isinstance(given, str) and "://" not in given:
            properties[name] = _OBJECT if name != "Location" else _TEMPLATE


def _settle_code(properties: dict[str, Any], function_globals: dict[str, Any]) -> None:
    if "InlineCode" in properties:
        return
    if "Image" in (properties.get("PackageType"), function_globals.get("PackageType")):
        image = properties.get("ImageUri")
        if not isinstance(image, dict) and ".dkr.ecr." not in str(image):
            properties["ImageUri"] = _IMAGE
        return
    code = properties.get("CodeUri")
    if not isinstance(code, dict) or "Bucket" not in code:
        properties["CodeUri"] = _OBJECT


def _dict(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _as_template(template: Template, made: dict[str, Any]) -> Template:
    resources: dict[str, Resource] = {}
    for name, data in _dict(made.get("Resources")).items():
        if not isinstance(data, dict) or not isinstance(data.get("Type"), str):
            continue
        own = template.resources.get(name) or template.written.get(name)
        key = own.key if own is not None else _key(template, name, data)
        node = to_node(data, key)
        if isinstance(node, Mapping):
            condition = data.get("Condition")
            text = str(condition) if isinstance(condition, str) else None
            resources[str(name)] = Resource(
                str(name),
                str(data["Type"]),
                node.get("Properties"),
                text,
                node,
                key,
                own.loop if own is not None else None,
            )
    place = (template.root.start, template.root.start)
    conditions: dict[str, Node] = {str(k): to_node(v, place) for k, v in _dict(made.get("Conditions")).items()}
    outputs: dict[str, Output] = {}
    for name, data in _dict(made.get("Outputs")).items():
        node = to_node(data, place)
        if isinstance(node, Mapping):
            outputs[str(name)] = Output(str(name), node, (node.start, node.start))
    return replace(template, resources=resources, conditions=conditions, outputs=outputs)


def _key(template: Template, name: str, data: dict[str, Any]) -> tuple[int, int]:
    """The logical id that a made resource points at: the author's resource whose name its own starts with.

    What an implicit API is made of belongs to the first resource that something in it was copied from.
    """
    owners = [one for one in template.written.values() if name.startswith(one.logical_id)]
    if owners:
        return max(owners, key=lambda one: len(one.logical_id)).key
    place = first_place(data)
    if place is not None:
        for one in template.written.values():
            if one.node.start <= place[0] < one.node.end:
                return one.key
    return _first_with_events(template).key


def _first_with_events(template: Template) -> Resource:
    """The first function with an API event, else the first resource of the transform."""
    for one in template.written.values():
        events = one.properties.get("Events") if isinstance(one.properties, Mapping) else None
        if isinstance(events, Mapping):
            return one
    return next(iter(template.written.values()))


def _refusal(template: Template, reason: str) -> RefusedBySam:
    found = _RESOURCE_ID.search(reason)
    resource = template.resources.get(found.group(1)) if found else None
    if resource is None:
        section = _SECTION.search(reason)
        entry = template.root.entries.get(section.group(1)) if section else None
        start, end = (entry.start, entry.end) if entry is not None else (template.root.start, template.root.start)
        return RefusedBySam(template.source.span(start, end), reason)
    return RefusedBySam(template.source.span(*resource.key), _RESOURCE_ID.sub("", reason))
