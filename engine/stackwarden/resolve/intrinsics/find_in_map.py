"""`Fn::FindInMap`: a value of `Mappings` by two keys; with language extensions a default, and functions as keys."""

from __future__ import annotations

from stackwarden.diagnostics import did_you_mean
from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.questions import can_equal, settle
from stackwarden.resolve.values import (
    AttributeHole,
    Hole,
    Known,
    ListValue,
    MapValue,
    ParameterHole,
    Plain,
    Text,
    Unknown,
    Value,
    bind,
    fold_cases,
    with_origin,
)
from stackwarden.template.nodes import Mapping, Node, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::FindInMap": [map, top key, second key]}`, with an optional `{"DefaultValue": …}`."""
    if not isinstance(argument, Sequence) or not 3 <= len(argument.items) <= 4:
        return context.malformed("Fn::FindInMap", node, "expects a map's name and two keys")
    default: Node | None = None
    if len(argument.items) == 4:
        options = argument.items[3]
        default = options.get("DefaultValue") if isinstance(options, Mapping) else None
    first = settle(context.resolve(argument.items[1]), context.domains)
    second = settle(context.resolve(argument.items[2]), context.domains)

    if any(isinstance(plain, ListValue | MapValue) for _, plain in (*first, *second)):
        return context.malformed("Fn::FindInMap", node, "expects two keys that are strings")

    def look_up(name: Plain) -> Value:
        if isinstance(name, ListValue | MapValue):
            return context.malformed("Fn::FindInMap", node, "expects the name of a map")
        if not isinstance(name, Known):
            return Unknown("the map's name is not known", node)
        mapping = context.mapping(name.text)
        if mapping is None:
            if context.may_have_more("Mappings"):
                return Unknown(f"`{name.text}` is not in the template", node)
            return context.malformed(
                "Fn::FindInMap",
                node,
                f"names `{name.text}`, which is not in `Mappings`",
                did_you_mean(name.text, context.mapping_names()),
            )
        return _look_up(name.text, mapping, first, second, default, node, context)

    return with_origin(bind(context.resolve(argument.items[0]), look_up), node)


def _look_up(
    name: str,
    mapping: Mapping,
    first: list[tuple[Guard, Plain]],
    second: list[tuple[Guard, Plain]],
    default: Node | None,
    node: Node,
    context: Context,
) -> Value:
    cases: list[tuple[Guard, Value]] = []

    def missing(*keys: Plain) -> Value:
        """What a look-up gives that finds nothing; its reason tells it from other such look-ups."""
        if default is not None:
            return context.resolve(default)
        return Unknown(f"`{name}` has no `{'` / `'.join(map(_in_words, keys))}`", node)

    def unknown(*keys: Plain) -> Value:
        return Unknown(f"whether `{name}` has `{'` / `'.join(map(_in_words, keys))}` is not known", node)

    for outer_guard, outer in first:
        if not isinstance(outer, Known) and _may_be_key(outer, mapping):
            cases.append((outer_guard, unknown(outer)))
            continue
        row = mapping.get(outer.text) if isinstance(outer, Known) else None
        if not isinstance(row, Mapping):
            cases.append((outer_guard, missing(outer)))
            continue
        for inner_guard, inner in second:
            guard = outer_guard & inner_guard
            found = row.get(inner.text) if isinstance(inner, Known) else None
            if found is not None:
                cases.append((guard, context.resolve(found)))
            elif isinstance(inner, Known) or not _may_be_key(inner, row):
                cases.append((guard, missing(outer, inner)))
            else:
                cases.append((guard, unknown(outer, inner)))
    return fold_cases(cases)


def _in_words(key: Plain) -> str:
    match key:
        case Known():
            return key.text
        case Text():
            return "".join(part if isinstance(part, str) else _hole_in_words(part) for part in key.parts)
        case _:
            return "…"


def _hole_in_words(hole: Hole) -> str:
    match hole:
        case ParameterHole():
            return f"${{{hole.variable.removeprefix('Parameters.')}}}"
        case AttributeHole():
            return f"${{{hole.logical_id}.{hole.attribute}}}" if hole.attribute else f"${{{hole.logical_id}}}"
        case _:
            return "…"


def _may_be_key(key: Plain, mapping: Mapping) -> bool:
    """Whether a key that is not known may turn out to be one that the mapping has."""
    return not isinstance(key, Text) or any(can_equal(key, name) for name in mapping.entries)
