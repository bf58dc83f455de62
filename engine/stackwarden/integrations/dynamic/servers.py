"""Where APIs answer: the base URLs of their stages and custom domain names.

Sources: API Gateway Developer Guide, *Invoke REST APIs in API Gateway*, *Custom domain names*; Lambda Developer Guide,
*Creating and managing Lambda function URLs*; AppSync Developer Guide, *GraphQL endpoints*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from stackwarden.apis.definitions import api_of
from stackwarden.apis.domains import mappings_of
from stackwarden.apis.reading import is_among
from stackwarden.apis.stages import stages_of
from stackwarden.graph.stack import Stack
from stackwarden.integrations.dynamic.surface import Server, Variable, Words
from stackwarden.integrations.dynamic.words import Wording, joined
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Absent, Known, Plain, Record, ResourceValue, Value, cases_of
from stackwarden.run.verdict import Ways

__all__ = ["Servers"]

_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}
_SUFFIX: Final = "amazonaws.com"
_NO_PATH: Final = ("", "(none)")
_PORTS: Final = {"https": "443", "http": "80"}


@dataclass(frozen=True, slots=True)
class Servers:
    """Makes the servers of APIs; `ways` tells the settings under which there is one."""

    stack: Stack
    wording: Wording
    ways: Ways

    def of(self, kind: str, api: Plain, written_id: Value) -> tuple[Server, ...]:
        """The servers of an API by its kind, custom domain names first; `api` is absent where it is another stack's."""
        found = list(self._domains(api, kind)) if isinstance(api, ResourceValue) else []
        match kind:
            case "rest" | "http" if isinstance(api, ResourceValue):
                disabled = is_among(
                    self.stack, api_of(self.stack, api).get("disables_default_endpoint"), "true", "True"
                )
                found.extend(self._stages(api, ~disabled.true))
            case "rest" | "http":
                found.append((~FALSE, self._host(self._id(written_id), "execute-api"), "the stage is another stack's"))
            case "graphql" if isinstance(api, ResourceValue):
                told = f"the id in `!GetAtt {api.resource.logical_id}.GraphQLUrl`"
                found.append((~FALSE, self._host((_variable(api, "GraphQLId", told),), "appsync-api"), "GraphQL"))
            case "function-url" if isinstance(api, ResourceValue):
                told = f"the id in `!GetAtt {api.resource.logical_id}.FunctionUrl`"
                region = self._pseudo("AWS::Region")
                url = joined(("https://", _variable(api, "UrlId", told), ".lambda-url."), region, (".on.aws",))
                found.append((~FALSE, url, "function URL"))
            case _:
                pass
        return self._made(found)

    def of_listener(self, listener: Plain, balancer: Value, written: Words) -> tuple[Server, ...]:
        """The server of a listener of a load balancer."""
        found: list[tuple[Guard, Words, str]] = []
        for guard, plain in cases_of(balancer):
            told = "the DNS name of the load balancer"
            if isinstance(plain, ResourceValue):
                told = f"`!GetAtt {plain.resource.logical_id}.DNSName`"
            name = plain if isinstance(plain, ResourceValue) else listener
            host = _variable(name, "DNSName", told) if isinstance(name, ResourceValue) else Variable("DNSName", told)
            if not isinstance(listener, ResourceValue):
                found.append((guard, ("https://", host), "a listener of another stack"))
                continue
            protocols = self.wording.cases(at(listener, "Protocol"))
            ports = self.wording.cases(at(listener, "Port"))
            for (first, protocol), (second, port) in product(protocols, ports):
                scheme = "http" if protocol == ("HTTP",) else "https"
                shown = port is None or port == (_PORTS[scheme],)
                url = joined((f"{scheme}://", host), () if shown else joined((":",), port or ()))
                found.append((guard & first & second, url, f"listener {listener.resource.logical_id}"))
        return self._made(found) or (Server(joined(("https://",), written), "a listener of another stack", None),)

    def _made(self, found: list[tuple[Guard, Words, str]]) -> tuple[Server, ...]:
        servers: dict[Words, tuple[Guard, str]] = {}
        for guard, url, description in found:
            there = guard & self.stack.resolver.assumptions
            if there is not FALSE:
                earlier, first = servers.get(url, (FALSE, description))
                servers[url] = (earlier | there, first)
        return tuple(Server(url, told, self.ways.of(guard)) for url, (guard, told) in servers.items())

    def _stages(self, api: ResourceValue, under: Guard) -> Iterator[tuple[Guard, Words, str]]:
        host = self._host((_variable(api, "", f"the id of the API, `!Ref {api.resource.logical_id}`"),), "execute-api")
        for guard, name in self._stage_names(api):
            told = "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in name)
            path = () if name == ("$default",) else joined(("/",), name)
            yield under & guard, joined(host, path), f"stage {told}"

    def _stage_names(self, api: ResourceValue) -> Iterator[tuple[Guard, Words]]:
        seen = False
        for item in stages_of(self.stack, api).items:
            left_over = is_among(self.stack, at(item.value, "is_left_over"), "true")
            for guard, words in self.wording.cases(at(item.value, "name")):
                there = item.guard & guard & ~left_over.true
                if there is not FALSE:
                    seen = True
                    yield there, words or (_variable(api, "Stage", "the name of the stage"),)
        if not seen:
            yield ~FALSE, (_variable(api, "Stage", "the name of the stage, which is not in the template"),)

    def _domains(self, api: ResourceValue, kind: str) -> Iterator[tuple[Guard, Words, str]]:
        """Custom domain names that lead to the API from outside."""
        for item in mappings_of(self.stack, api).items:
            mapping = item.value
            if not isinstance(mapping, Record):
                continue
            for first, name in self._named(mapping):
                for second, path in self.wording.cases(_or_empty(mapping.get("path"))):
                    url = joined(("https://",), name)
                    if path is None:
                        path = (_variable(api, "BasePath", "the base path of the custom domain name"),)
                    if path and path[0] not in _NO_PATH:
                        url = joined(url, joined(("/",), path))
                    chosen = isinstance(mapping.get("stage"), Absent) and kind in ("rest", "http")
                    for third, stage in self._stage_names(api) if chosen else [(~FALSE, None)]:
                        whole = url if stage is None else joined(url, joined(("/",), stage))
                        yield item.guard & first & second & third, whole, "custom domain name"

    def _named(self, mapping: Record) -> Iterator[tuple[Guard, Words]]:
        """The host names of the custom domain name that a mapping belongs to."""
        for guard, domain in cases_of(mapping.get("domain")):
            own = isinstance(domain, ResourceValue)
            for inner, name in self.wording.cases(at(domain, "DomainName") if own else mapping.get("domain_name")):
                if name is not None:
                    yield guard & inner, name

    def _host(self, api_id: Words, service: str) -> Words:
        region = self._pseudo("AWS::Region")
        return joined(joined(("https://",), api_id), joined((f".{service}.",), region), (".",), self._suffix())

    def _suffix(self) -> Words:
        partition = self._pseudo("AWS::Partition")
        if partition and isinstance(partition[0], str):
            return (_SUFFIXES.get(partition[0], _SUFFIX),)
        told = "the domain of the partition; --partition decides it"
        return (Variable("URLSuffix", told, _SUFFIX, (_SUFFIX, *_SUFFIXES.values())),)

    def _pseudo(self, name: str) -> Words:
        value = self.stack.resolver.reference(name, self.stack.template.root)
        return self.wording.cases(value)[0][1] or ()

    def _id(self, written: Value) -> Words:
        return self.wording.cases(written)[0][1] or (Variable("ApiId", "the id of an API of another stack"),)


def _variable(resource: ResourceValue, suffix: str, description: str) -> Variable:
    name = resource.resource.logical_id.replace("/", "_")
    return Variable(f"{name}_{suffix}" if suffix else name, description)


def _or_empty(value: Value) -> Value:
    return Known("") if isinstance(value, Absent) else value
