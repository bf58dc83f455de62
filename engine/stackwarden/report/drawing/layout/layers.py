"""Layers: a link leads from a layer to a later one, once the links that close a circle are turned around."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stackwarden.report.drawing.layout.shapes import Link

__all__ = ["layers_of", "without_circles"]


def without_circles(names: Sequence[str], links: Iterable[Link]) -> list[Link]:
    """The links, those turned around that lead back to where a walk in depth came from; loops are left out."""
    following: dict[str, list[str]] = {name: [] for name in names}
    for source, target in links:
        if source != target:
            following[source].append(target)
    state: dict[str, int] = {}
    made: dict[Link, None] = {}
    entered = {target for targets in following.values() for target in targets}
    for start in sorted(names, key=lambda name: name in entered):  # first where nothing leads to
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(following[start]))]
        while stack:
            name, rest = stack[-1]
            reached = next(rest, None)
            if reached is None:
                state[name] = 2
                stack.pop()
            elif state.get(reached) == 1:
                made[(reached, name)] = None
            else:
                made[(name, reached)] = None
                if reached not in state:
                    state[reached] = 1
                    stack.append((reached, iter(following[reached])))
    return list(made)


def layers_of(names: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """The layer of each box: the longest way to it; what nothing leads to stands right before what it leads to."""
    following: dict[str, list[str]] = {name: [] for name in names}
    missing = dict.fromkeys(names, 0)
    for source, target in links:
        following[source].append(target)
        missing[target] += 1
    layers = dict.fromkeys(names, 0)
    sources = [name for name in names if not missing[name]]
    todo = list(sources)
    for name in todo:
        for target in following[name]:
            layers[target] = max(layers[target], layers[name] + 1)
            missing[target] -= 1
            if not missing[target]:
                todo.append(target)
    for name in sources:
        if following[name]:
            layers[name] = min(layers[target] for target in following[name]) - 1
    return layers
