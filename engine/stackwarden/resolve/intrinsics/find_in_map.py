"""`Fn::FindInMap`: a value of `Mappings` by two keys; with language extensions a default, and functions as keys."""

from __future__ import annotations

from stackwarden.diagnostics import did_you_mean
from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import Known, Plain, Unknown, Value, bind, fold_cases, with_origin
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

    def look_up(name: Plain) -> Value:
        if not isinstance(name, Known):
            return Unknown("the map's name is not known", node)
        mapping = context.mapping(name.text)
        if mapping is None:
            return context.malformed(
                "Fn::FindInMap",
                node,
                f"names `{name.text}`, which is not in `Mappings`",
                did_you_mean(name.text, context.mapping_names()),
            )
        return _look_up(mapping, first, second, _default(default, node, context), node, context)

    return with_origin(bind(context.resolve(argument.items[0]), look_up), node)


def _default(default: Node | None, node: Node, context: Context) -> Value:
    return Unknown("the map has no such key", node) if default is None else context.resolve(default)


def _look_up(
    mapping: Mapping,
    first: list[tuple[Guard, Plain]],
    second: list[tuple[Guard, Plain]],
    missing: Value,
    node: Node,
    context: Context,
) -> Value:
    cases: list[tuple[Guard, Value]] = []
    unknown: Guard = FALSE
    none: Guard = FALSE
    for outer_guard, outer in first:
        if not isinstance(outer, Known):
            unknown = unknown | outer_guard
            continue
        row = mapping.get(outer.text)
        if not isinstance(row, Mapping):
            none = none | outer_guard
            continue
        for inner_guard, inner in second:
            guard = outer_guard & inner_guard
            if guard is FALSE:
                continue
            found = row.get(inner.text) if isinstance(inner, Known) else None
            if found is not None:
                cases.append((guard, context.resolve(found)))
            elif isinstance(inner, Known):
                none = none | guard
            else:
                unknown = unknown | guard
    cases.append((unknown, Unknown("the map's key is not known", node)))
    cases.append((none, missing))
    return fold_cases(cases)
