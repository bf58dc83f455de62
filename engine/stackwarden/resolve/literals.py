"""Which literals a template compares its parameters with: they are the values worth telling apart."""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.resolve.values import Known
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["compared_literals"]


def compared_literals(template: Template) -> dict[str, tuple[str, ...]]:
    """Parameter or pseudo parameter name → literals that conditions compare it with and maps are keyed by it."""
    found: dict[str, dict[str, None]] = {}
    roots: list[Node] = list(template.conditions.values())
    rules = template.root.get("Rules")
    if rules is not None:
        roots.append(rules)
    for root in roots:
        for node in _mappings(root):
            for name, literals in _comparison(node):
                found.setdefault(name, {}).update(dict.fromkeys(literals))
    if template.mappings and "FindInMap" in template.source.text:
        for node in _mappings(template.root):
            for name, literals in _lookup(node, template):
                found.setdefault(name, {}).update(dict.fromkeys(literals))
    return {name: tuple(literals) for name, literals in found.items()}


def _mappings(root: Node) -> Iterator[Mapping]:
    todo: list[Node] = [root]
    seen: set[int] = set()  # aliases share nodes
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        if isinstance(node, Mapping):
            seen.add(id(node))
            yield node
            todo.extend(entry.value for entry in reversed(node.entries.values()))
        elif isinstance(node, Sequence):
            seen.add(id(node))
            todo.extend(reversed(node.items))


def _comparison(node: Mapping) -> Iterator[tuple[str, list[str]]]:
    for function in ("Fn::Equals", "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals"):
        arguments = node.get(function)
        if not isinstance(arguments, Sequence):
            continue
        names = [name for item in arguments.items if (name := _referenced(item)) is not None]
        literals = [literal for item in arguments.items for literal in _literals(item)]
        for name in names:
            yield name, literals


def _lookup(node: Mapping, template: Template) -> Iterator[tuple[str, list[str]]]:
    arguments = node.get("Fn::FindInMap")
    if not isinstance(arguments, Sequence) or len(arguments.items) < 3:
        return
    name, first, second = arguments.items[:3]
    mapping = template.mappings.get(name.text) if isinstance(name, Scalar) else None
    if mapping is None:
        return
    key = _referenced(first)
    if key is not None:
        yield key, list(mapping.entries)
    key = _referenced(second)
    if key is not None:
        inner = [entry.value for entry in mapping if isinstance(entry.value, Mapping)]
        yield key, list(dict.fromkeys(name for keys in inner for name in keys.entries))


def _referenced(node: Node) -> str | None:
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        return None
    name = node.get("Ref")
    return name.text if isinstance(name, Scalar) else None


def _literals(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return [Known(node.data, None, node.text).text]
    if isinstance(node, Sequence):
        return [literal for item in node.items for literal in _literals(item)]
    return []
