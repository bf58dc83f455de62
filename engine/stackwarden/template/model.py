"""The sections of a template over its nodes."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.nodes import Mapping, Node

__all__ = ["Comment", "Inclusion", "Output", "Parameter", "Resource", "Snippet", "Template"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A YAML comment: its text without `#` and the white space around it, and the offset of the `#`."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """An entry of `Parameters`. `type` is as written (`String`, `CommaDelimitedList`, `AWS::SSM::…`)."""

    name: str
    type: str
    node: Mapping = field(compare=False, repr=False)
    key: tuple[int, int] = field(compare=False)  # offsets of the name in the text


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry of `Resources` whose `Type` is a string.

    `properties` is the node under `Properties`, None where that is missing. `condition` is the name under `Condition`;
    `loop` that of a condition which a transform made, and which has to hold as well.
    """

    logical_id: str
    resource_type: str
    properties: Node | None = field(compare=False, repr=False)
    condition: str | None
    node: Mapping = field(compare=False, repr=False)
    key: tuple[int, int] = field(compare=False)  # offsets of the logical id in the text
    loop: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An entry of `Outputs`."""

    name: str
    node: Mapping = field(compare=False, repr=False)
    key: tuple[int, int] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Snippet:
    """The object in a file that a template includes."""

    source: Source
    root: Mapping = field(repr=False)
    comments: tuple[Comment, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A snippet in the place where it is included: the nodes between two offsets are its own.

    `holder` is the object that it was put into, `at` the place of the name of its file.
    """

    start: int
    end: int
    holder: Mapping = field(repr=False)
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Template:
    """A readable template. `diagnostics` are faults that do not keep it from being scanned (duplicate keys).

    After a transform, `resources` are what CloudFormation deploys and `written` those of the author's that were
    expanded (`AWS::Serverless::…`); `root` stays as written, with the snippets in it that the template includes
    (`included`), whose text is a further part of the source.
    """

    source: Source
    root: Mapping = field(repr=False)
    parameters: ReadOnlyMapping[str, Parameter] = field(repr=False)
    mappings: ReadOnlyMapping[str, Mapping] = field(repr=False)
    conditions: ReadOnlyMapping[str, Node] = field(repr=False)
    resources: ReadOnlyMapping[str, Resource] = field(repr=False)
    outputs: ReadOnlyMapping[str, Output] = field(repr=False)
    transforms: tuple[str, ...]
    comments: tuple[Comment, ...] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]
    written: ReadOnlyMapping[str, Resource] = field(default_factory=dict, repr=False)
    included: tuple[Inclusion, ...] = field(default=(), repr=False)

    def span(self, node: Node) -> Span:
        """The place of a node of this template."""
        return self.source.span(node.start, node.end)

    def has_macro(self, section: str) -> bool:
        """Whether a macro stands in a section, so that there may be entries that are not in the text."""
        found = self.root.get(section)
        return isinstance(found, Mapping) and "Fn::Transform" in found.entries

    def inclusion(self, node: Node) -> Inclusion | None:
        """The snippet that a node stands in; None for one of the template's own text."""
        return next((one for one in self.included if one.start <= node.start < one.end), None)
