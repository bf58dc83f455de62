"""Helpers of these tests: nodes back to data, and texts to templates."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source
from stackwarden.template.limits import Limits
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Node, Scalar, ScalarData, Sequence
from stackwarden.template.yaml import Parsed, parse_yaml

Data = ScalarData | list["Data"] | dict[str, "Data"]


def data(node: Node | None) -> Data:
    """What a node holds, as plain data; NaN as text, so that it compares."""
    match node:
        case None:
            return None
        case Scalar(data=float(number)) if math.isnan(number):
            return "NaN"
        case Scalar():
            return node.data
        case Sequence():
            return [data(item) for item in node.items]
        case Mapping():
            return {entry.key: data(entry.value) for entry in node}


def yaml(text: str, name: str = "a.yaml") -> Node:
    """The root of a YAML text without faults."""
    parsed = parse_yaml(Source(name, text), Limits())
    assert isinstance(parsed, Parsed), parsed
    assert parsed.root is not None
    assert parsed.faults == ()
    return parsed.root


def read(text: str, name: str = "a.yaml", limits: Limits | None = None) -> Template:
    """The template that a text is."""
    template = load(Source(name, text), limits)
    assert isinstance(template, Template), [fault.message() for fault in template]
    return template


def faults(text: str, name: str = "a.yaml", limits: Limits | None = None) -> list[Diagnostic]:
    """Why a text cannot be read."""
    reasons = load(Source(name, text), limits)
    assert isinstance(reasons, tuple), "this is readable"
    return list(reasons)


def told(diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[tuple[int, int, str]]:
    """Line, column and sentence of each diagnostic."""
    return [(one.position.line, one.position.column, one.message()) for one in diagnostics]


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    match node:
        case Scalar():
            pass
        case Sequence():
            for item in node.items:
                yield from nodes(item)
        case Mapping():
            for entry in node:
                yield from nodes(entry.value)
