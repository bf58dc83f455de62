"""From a node to its value, lazily and once.

The resolver of a template owns its parameters, conditions and guards. Malformed functions that it meets are kept as
diagnostics; their value is unknown, so they neither crash a scan nor pass silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field, replace
from typing import Final

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.resolve.attributes import spelled
from stackwarden.resolve.conditions import Conditions
from stackwarden.resolve.context import BadIntrinsic
from stackwarden.resolve.guards import FALSE, TRUE, Guard, GuardSpace
from stackwarden.resolve.intrinsics import INTRINSICS
from stackwarden.resolve.parameters import PSEUDO_PARAMETERS, Parameters
from stackwarden.resolve.questions import Domains
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Cases,
    ConditionalHole,
    Hole,
    Item,
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    ParameterHole,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    make_text,
    with_origin,
)
from stackwarden.template.model import Resource, Snippet, Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Made", "Resolver"]

_DYNAMIC_REFERENCE: Final = re.compile(r"\{\{resolve:[^{}]*\}\}")


@dataclass(frozen=True, slots=True)
class Made:
    """What transforms made of a template beside its new nodes.

    `space` and `parameters` are those that the guards are over. `conditions` are made conditions by name, `generated`
    the names of those that a transform added to the template; `unknown` are the types of resources (`*`: any) that
    there may be besides, each with the guard under which there may. With `open_maps`, every object may have further
    properties: a macro ran over the template. For a nested stack, `prefix` is its path (`Network/`), `gate` the guard
    under which it is there, `outermost` the open parameters. `snippets` gives the object in a file that the template
    names, `exports` what other templates of the run export by name.
    """

    space: GuardSpace
    parameters: Parameters
    conditions: ReadOnlyMapping[str, Guard] = field(default_factory=dict)
    generated: frozenset[str] = frozenset()
    unknown: tuple[tuple[str, Guard], ...] = ()
    open_maps: bool = False
    prefix: str = ""
    gate: Guard = TRUE
    outermost: Parameters | None = None
    snippets: Callable[[str], Snippet | None] | None = None
    exports: Callable[[Plain], Value | None] | None = None


class Resolver:
    """The values of one template. `given` binds parameters and pseudo parameters by name."""

    def __init__(
        self, template: Template, given: ReadOnlyMapping[str, str] | None = None, made: Made | None = None
    ) -> None:
        self.template = template
        self.space = made.space if made is not None else GuardSpace()
        self.parameters = made.parameters if made is not None else Parameters(template, given or {}, self.space)
        self.unknown_resources = made.unknown if made is not None else ()
        conditions, generated = (made.conditions, made.generated) if made is not None else ({}, frozenset[str]())
        path = made.prefix if made is not None else ""
        self.conditions = Conditions(template.conditions, self, self.space, conditions, generated, path)
        self.assumptions: Guard = TRUE
        self.children: dict[str, Resolver] = {}
        self._reading: set[str] = set()
        self.prefix = path
        self.gate = made.gate if made is not None else TRUE
        self._outermost = made.outermost if made is not None else None
        self._open_maps = made is not None and made.open_maps
        self.snippets = made.snippets if made is not None else None
        self.exports = made.exports if made is not None else None
        self._values: dict[int, Value] = {}
        self._resources: dict[str, ResourceValue] = {}
        self._spelled: dict[tuple[str, str], Value | None] = {}
        self._diagnostics: dict[tuple[int, int], Diagnostic] = {}

    def made(
        self,
        *,
        conditions: ReadOnlyMapping[str, Guard] | None = None,
        generated: frozenset[str] = frozenset(),
        unknown: tuple[tuple[str, Guard], ...] = (),
        open_maps: bool = False,
    ) -> Made:
        """What a resolver of the next stage of the same template goes on with."""
        return Made(
            self.space,
            self.parameters,
            {**self.conditions.made, **(conditions or {})},
            self.conditions.generated | generated,
            (*self.unknown_resources, *unknown),
            open_maps or self._open_maps,
            self.prefix,
            self.gate,
            self._outermost,
            self.snippets,
            self.exports,
        )

    @property
    def domains(self) -> Domains:
        """The values of parameters and of attributes."""
        return self

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        """The cases of a parameter; None where it has no known values (left)."""
        return self.parameters.split(hole)

    def spelled(self, hole: AttributeHole) -> Value | None:
        """An attribute as the resource's own properties spell it, of this stack or one below it; None otherwise."""
        key = (hole.logical_id, hole.attribute)
        if key not in self._spelled:
            self._spelled[key] = None  # a name that depends on itself is not known
            stack, _, logical_id = hole.logical_id.removeprefix(self.prefix).rpartition("/")
            resolver: Resolver | None = self
            for name in stack.split("/") if stack else ():
                resolver = resolver.children.get(name) if resolver is not None else None
            resource = resolver.resource(logical_id) if resolver is not None else None
            value = spelled(resource, hole.attribute) if resource is not None else None
            self._spelled[key] = bind(value, self._spelled_out) if value is not None else None
        return self._spelled[key]

    def _spelled_out(self, plain: Plain) -> Value:
        """A name with the attributes that it is made of spelled out too, or left as they are for good."""
        if not isinstance(plain, Text):
            return plain
        parts: list[str | Hole | Value] = []
        for part in plain.parts:
            match part:
                case AttributeHole(spellable=True):
                    parts.append(self.spelled(part) or replace(part, spellable=False))
                case ConditionalHole():
                    parts.append(bind(part.cases, self._spelled_out))
                case _:
                    parts.append(part)
        return make_text(parts, plain.origin)

    @property
    def outermost_parameters(self) -> Parameters:
        """The parameters of the outermost stack, which are the only open ones."""
        return self._outermost if self._outermost is not None else self.parameters

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The malformed functions that were met so far, in the order of the text."""
        return (*self.parameters.diagnostics, *self.malformed_functions)

    @property
    def malformed_functions(self) -> tuple[Diagnostic, ...]:
        """Those of them that are no value of a parameter."""
        return tuple(self._diagnostics[key] for key in sorted(self._diagnostics))

    def resource(self, logical_id: str) -> ResourceValue | None:
        """A resource with the guard of its `Condition`; None where the template has no such resource."""
        known = self._resources.get(logical_id)
        if known is None:
            resource = self.template.resources.get(logical_id)
            if resource is None:
                return None
            known = self._resources[logical_id] = self._resource_value(resource)
        return known

    def written(self, logical_id: str) -> ResourceValue:
        """A resource as the author wrote it for a transform. Raises KeyError where there is none."""
        key = f"written {logical_id}"
        if key not in self._resources:
            self._resources[key] = self._resource_value(self.template.written[logical_id])
        return self._resources[key]

    def resolve(self, node: Node) -> Value:
        """What a node can be; the same object at every call."""
        value = self._values.get(id(node))
        if value is None:
            value = self._values[id(node)] = self._resolve(node)
        return value

    def reference(self, name: str, node: Node) -> Value:
        """What `Ref` of a name gives."""
        if name == "AWS::NoValue":
            return Absent(node)
        value = self.parameters.value(name, node)
        if value is not None:
            return value
        if name in self.template.resources:
            return Text((AttributeHole(self.prefix + name, "", spellable=True),), node)
        if self._may_be_generated(name) or self.may_have_more("Parameters"):
            return Unknown(f"{name} is not in the template", node, ((name, ""),))
        known = (*self.template.parameters, *self.template.resources, *PSEUDO_PARAMETERS)
        return self.malformed(
            "Ref", node, f"names `{name}`, which is neither a parameter nor a resource", did_you_mean(name, known)
        )

    def attribute(self, logical_id: str, attribute: str, node: Node) -> Value:
        """What `Fn::GetAtt` gives."""
        child = self.children.get(logical_id)
        if child is not None and attribute.startswith("Outputs."):
            return with_origin(child.output(attribute.removeprefix("Outputs."), node), node)
        if logical_id in self.template.resources:
            return Text((AttributeHole(self.prefix + logical_id, attribute, spellable=True),), node)
        if self._may_be_generated(logical_id):
            return Unknown(f"{logical_id} is not in the template", node, ((logical_id, attribute),))
        return self.malformed(
            "Fn::GetAtt",
            node,
            f"names `{logical_id}`, which is not a resource",
            did_you_mean(logical_id, self.template.resources),
        )

    def output(self, name: str, node: Node) -> Value:
        """What an output of this stack is for the stack that nests it; `node` is where it is asked for."""
        output = self.template.outputs.get(name)
        value = output.node.get("Value") if output is not None else None
        if value is None:
            return Unknown(f"the nested stack has no output {name}", node)
        if name in self._reading:  # stacks that take each other's outputs
            return Unknown(f"output {name} depends on itself", node)
        self._reading.add(name)
        try:
            return self.resolve(value)
        finally:
            self._reading.discard(name)

    def condition(self, name: str, node: Node) -> Guard:
        """Where a named condition holds."""
        return self.conditions.guard(name, node)

    def imported(self, name: Plain) -> Value | None:
        """What another stack exports under a name; None where no template of the run makes that certain."""
        return self.exports(name) if self.exports is not None else None

    def mapping(self, name: str) -> Mapping | None:
        """An entry of `Mappings`."""
        return self.template.mappings.get(name)

    def mapping_names(self) -> tuple[str, ...]:
        """All names under `Mappings`."""
        return tuple(self.template.mappings)

    def may_have_more(self, section: str) -> bool:
        """Whether a macro may add entries to a section of the template."""
        return bool(self.template.transforms) or self.template.has_macro(section)

    @property
    def resolved(self) -> int:
        """How many nodes were resolved so far: each once, and none that nobody asked for."""
        return len(self._values)

    def forget(self) -> None:
        """Lets go of all values: they and the resolver refer to each other, which only the collector would find out."""
        self._values.clear()
        self._resources.clear()
        self._spelled.clear()
        self.children.clear()

    def check(self) -> None:
        """Resolves every function of the template, so that malformed ones are noted wherever they stand."""
        for name, node in self.template.conditions.items():
            self.condition(name, node)
        todo: list[Node] = [resource.node for resource in self.template.resources.values()]
        todo.extend(output.node for output in self.template.outputs.values())
        seen: set[int] = set()  # aliases share nodes
        while todo:
            node = todo.pop()
            if isinstance(node, Scalar) or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Sequence):
                todo.extend(node.items)
                continue
            if len(node.entries) == 1:
                (key,) = node.entries
                if key in INTRINSICS:
                    self.resolve(node)
            todo.extend(entry.value for entry in node)

    def malformed(self, function: str, node: Node, reason: str, advice: str | None = None) -> Unknown:
        """Notes that a function is malformed; its value is unknown."""
        key = (node.start, node.end)
        self._diagnostics.setdefault(key, BadIntrinsic(self.template.span(node), function, reason, advice))
        return Unknown(f"{function} {reason}", node)

    def _may_be_generated(self, name: str) -> bool:
        """Whether a name that the author did not write may exist: SAM, macros, loops and modules make resources."""
        resources = self.template.root.get("Resources")
        loops = isinstance(resources, Mapping) and any(key.startswith("Fn::ForEach") for key in resources.entries)
        modules = any(
            resource.resource_type.endswith("::MODULE") and name.startswith(logical_id)
            for logical_id, resource in self.template.resources.items()
        )
        return loops or modules or self.may_have_more("Resources")

    def _resource_value(self, resource: Resource) -> ResourceValue:
        guard = self.gate
        if resource.condition is not None:
            guard = guard & self.condition(resource.condition, resource.node)
        if resource.loop is not None:
            guard = guard & self.condition(resource.loop, resource.node)
        if self.prefix:
            resource = replace(resource, logical_id=self.prefix + resource.logical_id)
        return ResourceValue(resource, self._properties(resource), guard)

    def _properties(self, resource: Resource) -> Value:
        """What stands under `Properties`; a macro beside it may add to it."""
        by_macro = "Fn::Transform" in resource.node.entries
        match resource.properties:
            case None:
                return Unknown("a macro makes this", resource.node) if by_macro else Absent(resource.node)
            case Mapping() as properties if by_macro:
                return MapValue(properties, self, is_open=True)
            case properties:
                return self.resolve(properties)

    def _resolve(self, node: Node) -> Value:
        match node:
            case Scalar():
                if isinstance(node.data, str):
                    return _dynamic(node) if "{{resolve:" in node.data else Known(node.data, node)
                return Absent(node) if node.data is None else Known(node.data, node, node.text)
            case Sequence():
                return ListValue(tuple(self._item(item) for item in node.items), origin=node)
            case Mapping():
                return self._mapping(node)

    def _mapping(self, node: Mapping) -> Value:
        if "Fn::Transform" in node.entries:
            return self._with_transform(node)
        if len(node.entries) == 1:
            ((key, entry),) = node.entries.items()
            if key == "Ref" or key.startswith("Fn::"):
                function = INTRINSICS.get(key)
                if function is None:
                    return Unknown(f"{key} is not evaluated", node)
                return function(entry.value, node, self)
        return MapValue(node, self, is_open=self._open_maps)

    def _with_transform(self, node: Mapping) -> Value:
        """An object that a macro adds to: what it has of its own is known, all else is open."""
        own = {key: entry for key, entry in node.entries.items() if key != "Fn::Transform"}
        if not own:
            return Unknown("a macro makes this", node)
        return MapValue(Mapping(own, node.start, node.end), self, is_open=True)

    def _item(self, node: Node) -> Item:
        """An element of a list: absent cases make it conditional."""
        value = self.resolve(node)
        if isinstance(value, Absent):
            return Item(value, FALSE)
        if isinstance(value, Cases):
            there = TRUE
            for guard, plain in value.cases:
                if isinstance(plain, Absent):
                    there = there & ~guard
            return Item(value, there)
        return Item(value)


def _dynamic(node: Scalar) -> Plain:
    """A string with dynamic references: what they stand for is known only to the deployment."""
    text = str(node.data)
    parts: list[str | OpaqueHole] = []
    position = 0
    for match in _DYNAMIC_REFERENCE.finditer(text):
        parts.extend((text[position : match.start()], OpaqueHole(match.group())))
        position = match.end()
    parts.append(text[position:])
    return make_text(parts, node)
