"""Nested stacks: a template that another deploys, with the parameters that it passes.

An `AWS::CloudFormation::Stack` (or `AWS::Serverless::Application`) whose location is a local file is followed. All
stacks share the facts of the outermost one, so a value in a child depends on the parent's parameters and conditions;
`GetAtt Child.Outputs.Name` is what the child's output is. Resources of a child are called by their path, as
`Network/Vpc`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.bound_parameters import BoundParameters
from stackwarden.resolve.literals import compared_literals
from stackwarden.resolve.locations import beside
from stackwarden.resolve.resolver import Made, Resolver
from stackwarden.resolve.transforms.include import Snippets
from stackwarden.resolve.values import Absent, MapValue, Plain, Value, bind, cases_of
from stackwarden.template.model import Resource, Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["STACK", "Files", "Loaded", "NestedStackFault", "attach", "compared_below", "local_children"]

STACK: Final = "AWS::CloudFormation::Stack"
_LOCATIONS: Final = {STACK: "TemplateURL", "AWS::Serverless::Application": "Location"}

_SHARED: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")
"""Pseudo parameters that are the same in a nested stack as in its parent."""

Loaded = Template | tuple[Diagnostic, ...] | None


class Files(Snippets, Protocol):
    """The files that templates name, by their names for people."""

    def load(self, name: str, /) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""

    def exported(self, name: Plain, /) -> Value | None:
        """What the templates of the run export under a name; None where that is not certain."""


Open = Callable[[Template, Made], Resolver]


@dataclass(frozen=True, slots=True)
class NestedStackFault(Diagnostic):
    """A nested stack that cannot be followed."""

    file: str
    reason: str

    def message(self) -> str:
        return f"nested template `{self.file}` {self.reason}"


@dataclass(frozen=True, slots=True)
class _Child:
    """A nested stack: its logical id, the node that says where its template is, and the file that it names.

    A file that is not `certain` (an object in Amazon S3 that a local file may have been made into) may be missing.
    """

    logical_id: str
    node: Node
    file: str
    certain: bool = True


def local_children(template: Template) -> Iterator[tuple[str, Node, str]]:
    """The nested stacks with a local file: logical id, the node with the location, the file's name for people."""
    for child in _children(template):
        yield child.logical_id, child.node, child.file


def compared_below(template: Template, files: Files, above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Literals that nested stacks compare the template's parameters with, through what is passed on by `Ref`.

    Pseudo parameters that nested stacks share with their parent are among them.
    """
    found: dict[str, dict[str, None]] = {}
    here = (*above, template.source.name)
    for child in _children(template):
        below = files.load(child.file) if child.file not in here else None
        if not isinstance(below, Template):
            continue
        literals = compared_literals(below)
        for name, more in compared_below(below, files, here).items():
            literals[name] = (*literals.get(name, ()), *more)
        shared = ((name, name) for name in _SHARED if name in literals)
        for name, passed in (*shared, *_passed_on(template.resources[child.logical_id])):
            found.setdefault(passed, {}).update(dict.fromkeys(literals.get(name, ())))
    return {name: tuple(literals) for name, literals in found.items()}


def attach(resolver: Resolver, files: Files, open_child: Open, above: tuple[str, ...] = ()) -> Iterator[Diagnostic]:
    """Follows the nested stacks of a template and theirs; gives what cannot be followed, and why."""
    template = resolver.template
    here = (*above, template.source.name)
    for child in _children(template):
        span = template.span(child.node)
        if child.file in here:
            yield NestedStackFault(span, child.file, "contains this stack, so that neither can be deployed")
            continue
        below = files.load(child.file)
        if below is None:
            if child.certain:
                yield NestedStackFault(span, child.file, "does not exist")
            continue
        if not isinstance(below, Template):
            yield NestedStackFault(span, child.file, "cannot be read")
            continue
        inner = open_child(below, _made(resolver, child.logical_id, below))
        resolver.children[child.logical_id] = inner
        yield from attach(inner, files, open_child, here)


def _made(resolver: Resolver, logical_id: str, below: Template) -> Made:
    path = f"{resolver.prefix}{logical_id}/"
    stack = resolver.resource(logical_id)
    assert stack is not None  # a child is a resource of its parent
    outer = resolver.outermost_parameters
    parameters = BoundParameters(below, _bound(stack.properties), outer, resolver.domains, resolver.space, path)
    return Made(
        resolver.space,
        parameters,
        prefix=path,
        gate=stack.guard,
        outermost=outer,
        snippets=resolver.snippets,
        exports=resolver.exports,
    )


def _bound(properties: Value) -> dict[str, Value]:
    given = bind(properties, partial(_key, "Parameters"))
    names = {name: None for _, plain in cases_of(given) if isinstance(plain, MapValue) for name in plain.names()}
    return {name: bind(given, partial(_key, name)) for name in names}


def _key(name: str, plain: Plain) -> Value:
    return plain.get(name) if isinstance(plain, MapValue) else Absent()


def _children(template: Template) -> Iterator[_Child]:
    for logical_id, resource in template.resources.items():
        name = _LOCATIONS.get(resource.resource_type)
        if name is None:
            continue
        file = template.source.name
        folder = posixpath.dirname(file)
        written = template.written.get(logical_id, resource)
        node = _location(written, name)
        if node is not None and "://" not in node.text:
            yield _Child(logical_id, node, beside(file, node.text))
        elif node is None and (made := _object(written, name)) is not None:
            yield _Child(logical_id, made, posixpath.join(folder, made.text.rpartition("/")[2]), certain=False)


def _location(resource: Resource, name: str) -> Scalar | None:
    """Where a template is: what the CDK says in `Metadata`, else a property that is a plain text."""
    metadata = resource.node.get("Metadata")
    if isinstance(metadata, Mapping):
        about, file = metadata.get("aws:asset:property"), metadata.get("aws:asset:path")
        if isinstance(about, Scalar) and about.text == "TemplateURL" and isinstance(file, Scalar):
            return file
    for key in (name, *_LOCATIONS.values()):
        node = resource.properties.get(key) if isinstance(resource.properties, Mapping) else None
        if isinstance(node, Scalar) and isinstance(node.data, str) and node.text:
            return node
    return None


def _object(resource: Resource, name: str) -> Scalar | None:
    """The last text of a location that is put together, where it ends with the name of an object, as the CDK has it."""
    todo: list[Node | None] = [resource.properties.get(name)] if isinstance(resource.properties, Mapping) else []
    last: Scalar | None = None
    while todo:
        match todo.pop(0):
            case Scalar() as scalar:
                last = scalar
            case Sequence(items=items):
                todo = [*items, *todo]
            case Mapping() as mapping:
                todo = [*(entry.value for entry in mapping), *todo]
            case None:
                pass
    return last if last is not None and last.text.endswith(".json") and "/" in last.text else None


def _passed_on(resource: Resource) -> Iterator[tuple[str, str]]:
    """Parameters of the child that are a `Ref` to one of the parent's, as (child's, parent's)."""
    given = resource.properties.get("Parameters") if isinstance(resource.properties, Mapping) else None
    for entry in given if isinstance(given, Mapping) else ():
        if isinstance(entry.value, Mapping) and len(entry.value.entries) == 1:
            name = entry.value.get("Ref")
            if isinstance(name, Scalar):
                yield entry.key, name.text
