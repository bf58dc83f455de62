"""What APIs declare about pages of other origins, route by route or for the whole API."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from stackwarden.apis.cors import cors
from stackwarden.apis.reading import elements, is_among
from stackwarden.graph.stack import Stack
from stackwarden.integrations.dynamic.paths import path_template
from stackwarden.integrations.dynamic.surface import Cors, Words
from stackwarden.integrations.dynamic.words import Wording
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import Absent, Known, Record, ResourceValue, Value, cases_of
from stackwarden.run.verdict import Ways

__all__ = ["cors_of"]


def cors_of(stack: Stack, wording: Wording, ways: Ways, kind: str, api: ResourceValue) -> tuple[Cors, ...]:
    """What an API declares; headers of gateway responses are about errors and left out."""
    found: list[Cors] = []
    for item in cors(stack).items:
        record = item.value
        if not isinstance(record, Record):
            continue
        for guard, plain in cases_of(record.get("api")):
            there = item.guard & guard & stack.resolver.assumptions
            if there is not FALSE and isinstance(plain, ResourceValue) and plain == api:
                found.extend(_of_record(stack, wording, ways, kind, record, there))
    return tuple(dict.fromkeys(found))


def _of_record(stack: Stack, wording: Wording, ways: Ways, kind: str, record: Record, under: Guard) -> Iterator[Cors]:
    route = record.get("route")
    paths: list[tuple[Guard, Words | None]] = [(~FALSE, ())]
    if isinstance(route, Record):
        if is_among(stack, route.get("method"), "OPTIONS").true is FALSE:
            return  # what an ordinary response says counts only after its preflight
        paths = wording.cases(route.get("path"))
    elif record.resource != record.get("api") or isinstance(record.get("owner"), Absent):
        return
    for (first, path), (second, origins) in product(paths, _origins(wording, record.get("origins"))):
        guard = under & first & second
        if path is not None and guard is not FALSE:
            yield Cors(
                path=path_template(kind, path).words if path else (),
                origins=origins,
                methods=tuple(
                    plain.text.upper() for _, plain in elements(record.get("methods"))[0] if isinstance(plain, Known)
                ),
                credentials=is_among(stack, record.get("credentials"), "true", "True").true is not FALSE,
                when=ways.of(guard),
            )


def _origins(wording: Wording, value: Value) -> list[tuple[Guard, tuple[Words, ...] | None]]:
    """The origins, case by case; None where they are not all known or depend on the request."""
    found: list[tuple[Guard, tuple[Words, ...] | None]] = []
    for guard, plain in cases_of(value):
        listed, unknown = elements(plain)
        words: list[Words] = []
        known = unknown is FALSE
        for inner, element in listed:
            cases = wording.cases(element)
            text = cases[0][1] if len(cases) == 1 else None
            if text is None or inner is not ~FALSE or _is_mapped(text):
                known = False
            else:
                words.append(text)
        found.append((guard, tuple(words) if known else None))
    return found


def _is_mapped(words: Words) -> bool:
    """Whether a header's value is taken from the request or the integration."""
    return bool(words) and str(words[0]).startswith(("method.", "integration.", "context.", "stageVariables."))
