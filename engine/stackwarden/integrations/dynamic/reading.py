"""From the records of `stackwarden.apis` to the surface that documents are written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.apis.documents import documents
from stackwarden.apis.endpoints import endpoints
from stackwarden.apis.reading import elements, is_among
from stackwarden.apis.stages import stages_of
from stackwarden.graph.stack import Stack
from stackwarden.integrations.dynamic.cross_origin import cors_of
from stackwarden.integrations.dynamic.routes import Entry, Group, gather, protections_of
from stackwarden.integrations.dynamic.schemas import Schemas
from stackwarden.integrations.dynamic.servers import Servers
from stackwarden.integrations.dynamic.surface import Api, Body, Limit, Missing, Parameter, Route, Surface, filled
from stackwarden.integrations.dynamic.words import Wording
from stackwarden.resolve.guards import FALSE, TRUE
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, MapValue, Plain, Record, ResourceValue, Value
from stackwarden.run.finding import Place
from stackwarden.run.places import place_of, resource_place, template_with
from stackwarden.run.verdict import Ways
from stackwarden.template.secrets import Secrets

__all__ = ["surface_of"]

_NOT_EXPORTED: Final[Mapping[str, str]] = {
    "events": "event APIs are not exported",
    "distribution": "a distribution has no routes of its own; export what it forwards to",
    "load-balancer": "it has no HTTP listener in the template",
    "websocket": "WebSocket APIs are not exported",
}


def surface_of(file: str, stack: Stack, secrets: Secrets) -> Surface:
    """The APIs of a stack as callers see them. `file` is the template's name for people; no secret comes out."""
    return _Reader(stack, Wording(stack, secrets), Ways(stack.resolver)).surface(file)


@dataclass(frozen=True, slots=True)
class _Reader:
    stack: Stack
    wording: Wording
    ways: Ways

    def surface(self, file: str) -> Surface:
        groups, missing = gather(self.stack, self.wording)
        apis = tuple(self._api(group) for group in groups if group.entries)
        seen = {one.name for one in apis} | {one.api for one in missing}
        seen |= {group.api.resource.logical_id for group in groups if isinstance(group.api, ResourceValue)}
        missing += [one for one in self._without_routes(groups) if one.api not in seen]
        return Surface(file, apis, tuple(missing))

    def _without_routes(self, groups: list[Group]) -> Iterator[Missing]:
        """The ways in of which there is nothing to test."""
        balancers = {
            plain.resource.logical_id
            for group in groups
            if group.kind == "load-balancer"
            for _, plain in elements(group.record.get("api"))[0]
            if isinstance(plain, ResourceValue)
        }
        for item in endpoints(self.stack).items:
            if not isinstance(item.value, Record) or item.value.resource is None:
                continue
            name = item.value.resource.resource.logical_id
            kind = item.value.get("kind")
            if name not in balancers:
                word = kind.text if isinstance(kind, Known) else ""
                yield Missing(name, "", _NOT_EXPORTED.get(word, "it has no routes in the template"))

    def _api(self, group: Group) -> Api:
        servers = Servers(self.stack, self.wording, self.ways)
        own = group.api if isinstance(group.api, ResourceValue) else None
        if group.kind == "load-balancer":
            found = servers.of_listener(group.api, group.record.get("api"), self.wording.literal(group.name))
        else:
            found = servers.of(group.kind, group.api, group.written_id)
        limits = _Limits(self.stack, own)
        schemas = Schemas(self.wording.secrets)
        return Api(
            name=group.name,
            title=self._title(group, own),
            kind=group.kind,
            resource_type=own.resource.resource_type if own is not None else "",
            servers=found,
            routes=tuple(self._route(group, entry, limits, schemas) for entry in group.entries.values()),
            cors=cors_of(self.stack, self.wording, self.ways, group.kind, own) if own is not None else (),
            schemas=schemas.named,
            when=self.ways.of(group.guard),
        )

    def _title(self, group: Group, own: ResourceValue | None) -> str:
        cases = self.wording.cases(at(own, "Name")) if own is not None else []
        words = cases[0][1] if len(cases) == 1 else None
        return filled(words, lambda variable: f"{{{variable.name}}}") if words else group.name

    def _route(self, group: Group, entry: Entry, limits: _Limits, schemas: Schemas) -> Route:
        record = entry.record
        owner = record.resource
        assert owner is not None  # a route is a resource's
        root = self._document(owner)
        return Route(
            method=entry.method,
            path=entry.path.words,
            path_names=entry.path.names,
            greedy=entry.path.greedy,
            protections=protections_of(entry, self.ways),
            parameters=tuple(self._parameters(record, schemas, root)),
            bodies=tuple(self._bodies(record, schemas, root)),
            limit=limits.of(entry.method, record.get("path")),
            is_preflight=is_among(self.stack, record.get("is_preflight"), "true").true is not FALSE,
            when=self.ways.of(entry.guard) if entry.guard is not group.guard else None,
            logical_id=owner.resource.logical_id,
            resource_type=owner.resource.resource_type,
            place=self._place(record, owner),
        )

    def _document(self, api: ResourceValue) -> MapValue | None:
        """The definition that references in the schemas of an API's routes lead into."""
        return next((one.root for one in documents(self.stack) if one.api == api), None)

    def _parameters(self, record: Record, schemas: Schemas, root: MapValue | None) -> Iterator[Parameter]:
        for _, plain in elements(record.get("parameters"))[0]:
            name, place = at(plain, "name"), at(plain, "place")
            if not isinstance(name, Known) or not isinstance(place, Known):
                continue
            required = is_among(self.stack, at(plain, "required"), "true", "True").true is TRUE
            schema = schemas.read(at(plain, "schema"), root, name.text)
            match place.text:
                case "query" | "header" | "path" | "cookie" as word:
                    yield Parameter(self.wording.mask(name.text), word, required, schema)
                case _:
                    pass

    def _bodies(self, record: Record, schemas: Schemas, root: MapValue | None) -> Iterator[Body]:
        for _, plain in elements(record.get("bodies"))[0]:
            content_type = at(plain, "content_type")
            if isinstance(content_type, Known):
                yield Body(self.wording.mask(content_type.text), schemas.read(at(plain, "schema"), root))

    def _place(self, record: Record, owner: ResourceValue) -> Place:
        template, logical_id = self.stack.template_of(owner.resource.logical_id)
        if record.origin is None or record.origin is owner.origin:
            return resource_place(template, logical_id)
        return place_of(template_with(self.stack, template, record.origin), record.origin)


@dataclass(frozen=True, slots=True)
class _Limits:
    """How many requests the first stage of an API lets through."""

    stack: Stack
    api: ResourceValue | None

    def of(self, method: str, path: Value) -> Limit | None:
        """The limit of a route; None where the stage declares none, or it is not a number that the template has."""
        stage = self._stage()
        if stage is None:
            return None
        for _, setting in elements(stage.get("settings"))[0]:
            own = at(setting, "path") == path and at(setting, "method") in (Known(method), Known("*"))
            if own and isinstance(at(setting, "throttling_burst"), Known):
                return _limit(setting)
        return _limit(stage)

    def _stage(self) -> Record | None:
        for item in stages_of(self.stack, self.api).items if self.api is not None else ():
            stage = item.value
            if isinstance(stage, Record) and is_among(self.stack, stage.get("is_left_over"), "true").false is TRUE:
                return stage
        return None


def _limit(holder: Plain) -> Limit | None:
    burst, rate = _number(at(holder, "throttling_burst")), _number(at(holder, "throttling_rate"))
    return None if burst is None or rate is None else Limit(int(burst), rate)


def _number(value: Value) -> float | None:
    try:
        return float(value.text) if isinstance(value, Known) else None
    except ValueError:
        return None
