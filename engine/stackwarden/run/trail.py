"""How a value came about: a walk through the templates again, under one assignment.

Values do not remember how they were made, as a scan has no use for it. The walk starts at the node where a value was
written, tells the branches of `Fn::If` around it, then follows the functions down to what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Final

from stackwarden.graph.stack import Stack, stack_path
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.parameters import PSEUDO_PARAMETERS, allowed_of, default_of
from stackwarden.resolve.questions import settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Absent, Item, ListValue, MapValue, Plain, Record, ResourceValue, Value
from stackwarden.run.loops import Loop, values_in
from stackwarden.run.message import in_words
from stackwarden.run.owners import Owners
from stackwarden.run.places import included_at
from stackwarden.run.steps import (
    Attribute,
    Branch,
    Claim,
    Computed,
    Condition,
    DynamicReference,
    Element,
    FromMapping,
    FromOutput,
    FromParameter,
    FromPseudoParameter,
    Generated,
    Imported,
    Included,
    Nested,
    Nothing,
    NotKnown,
    Passed,
    Step,
    Written,
)
from stackwarden.source import Span
from stackwarden.template.model import Parameter
from stackwarden.template.nodes import Mapping as MappingNode
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["Tracer"]

_PART: Final = re.compile(r"\$\{([^}!]*)\}")
_DYNAMIC: Final = re.compile(r"\{\{resolve:[^{}]*\}\}")
_UNKNOWN: Final = "{{resolve:"
"""How an element of a loop that is not known is written."""
_MOST_FACTS: Final = 8
_OPERATORS: Final = ("Fn::And", "Fn::Or", "Fn::Not")
_Steps = tuple[Step, ...]


class Tracer:
    """Tells how values of one subject came about under an assignment (variable name → value).

    `resource` is the resource that the subject is or stands in; `exporters` gives the outputs of the run that an
    import may mean, by the import's name.
    """

    def __init__(
        self,
        stack: Stack,
        resource: ResourceValue | None,
        assignment: Mapping[str, str],
        exporters: Callable[[Plain], tuple[Span, ...]],
    ) -> None:
        self._stack = stack
        self._owners = Owners(stack, resource)
        self._home = stack_path(resource.resource.logical_id) if resource is not None else ""
        self._assignment = assignment
        self._exporters = exporters
        self._told: set[tuple[str, str]] = set()  # conditions whose definition was told
        self._open: set[tuple[int, str]] = set()  # nodes that are on the way

    def of(self, plain: Plain) -> _Steps:
        """The steps to a value; empty where it says all itself, as a literal or a resource does, or stands nowhere."""
        self._told.clear()
        steps = _telling(self._from(plain, self._home))
        return () if all(isinstance(step, Attribute) and not step.attribute for step in steps) else steps

    def words(self, value: Value) -> str:
        """A value under the assignment, in words."""
        plain = self._plain(value)
        if isinstance(plain, ListValue):
            there = ((item.guard, self._plain(item.value)) for item in plain.items)
            items = (Item(one) for guard, one in there if one is not None and guard.holds(self._assignment))
            plain = replace(plain, items=tuple(items))
        return "nothing" if plain is None else in_words(plain)

    def existence(self, resource: ResourceValue) -> _Steps:
        """Why the stack has a resource: nested stacks, loops and conditions, and what a transform made it for."""
        self._told.clear()
        logical_id = resource.resource.logical_id
        steps: list[Step] = []
        path = logical_id.split("/")[:-1]
        for index, name in enumerate(path):
            prefix = "".join(f"{one}/" for one in path[:index])
            steps.append(self._nested(name, self._owners.resolver(prefix)))
        resolver = self._owners.resolver(stack_path(logical_id))
        return (*steps, *self._there(logical_id.rpartition("/")[2], resolver))

    def _nested(self, name: str, resolver: Resolver) -> Nested:
        below = self._owners.resolver(f"{resolver.prefix}{name}/").template.source.name
        start, end = resolver.template.resources[name].key
        return Nested(resolver.template.source.span(start, end), name, below, self._there(name, resolver))

    def _there(self, logical_id: str, resolver: Resolver) -> _Steps:
        """What a resource depends on in its own template."""
        template = resolver.template
        resource = template.resources.get(logical_id) or template.written.get(logical_id)
        if resource is None:
            return ()
        steps: list[Step] = []
        place = template.source.span(*resource.key)
        for written in template.written.values():
            if written.key == resource.key and written.resource_type != resource.resource_type:
                steps.append(Generated(place, logical_id, written.logical_id, written.resource_type))
        _, loops = self._owners.written_at(resource.key, resolver)
        steps.extend(self._elements(place.text.strip("\"'"), logical_id, loops, resolver))
        if resource.condition is not None:
            steps.append(self._condition(resource.condition, resource.node.get("Condition") or resource.node, resolver))
        return tuple(steps)

    def _plain(self, value: Value) -> Plain | None:
        """The case of a value that holds under the assignment, parameters replaced by their values."""
        cases = settle(value, self._stack.domains)
        return next((plain for guard, plain in cases if guard.holds(self._assignment)), None)

    def _words(self, node: Node, resolver: Resolver) -> str:
        return self.words(resolver.resolve(node))

    def _from(self, plain: Plain, near: str) -> _Steps:
        """The steps to a value: the branches around its node, then what the node is."""
        if plain.origin is None or isinstance(plain, ResourceValue | Record):
            return ()
        owner = self._owners.find(plain.origin, near)
        if owner is None:
            return ()
        steps = [*_included(plain.origin, owner.resolver)]
        steps.extend(self._branches((*owner.around, plain.origin), owner.resolver))
        if not isinstance(plain, Absent) or _is_function(plain.origin):
            steps.extend(self._node(plain.origin, owner.resolver))
        if isinstance(plain, ListValue) and not isinstance(plain.origin, Sequence) and not _is_function(plain.origin):
            for item in plain.items:
                if item.guard.holds(self._assignment):
                    inner = self._plain(item.value)
                    steps.extend(() if inner is None else _telling(self._from(inner, owner.resolver.prefix)))
        return tuple(dict.fromkeys(steps))

    def _branches(self, chain: tuple[Node, ...], resolver: Resolver) -> Iterator[Step]:
        """The `Fn::If`s on the way down to a node."""
        for node, arguments, branch in zip(chain, chain[1:], chain[2:], strict=False):
            match node:
                case MappingNode() if (given := node.get("Fn::If")) is arguments and isinstance(given, Sequence):
                    if len(given.items) == 3 and branch is not given.items[0]:
                        yield from self._branch(node, given.items[0], branch is given.items[1], resolver)
                case _:
                    continue

    def _branch(self, node: Node, name: Node, holds: bool, resolver: Resolver) -> Iterator[Step]:
        if not isinstance(name, Scalar) or name.text not in resolver.template.conditions:
            return  # made for an element of a loop, which is told where the element is
        below = self._condition(name.text, name, resolver)
        yield Branch(resolver.template.span(node), name.text, holds, (below,))

    def _node(self, node: Node, resolver: Resolver) -> _Steps:
        """What a node is."""
        key = (id(node), resolver.prefix)
        if key in self._open:
            return (NotKnown(resolver.template.span(node), "it depends on itself"),)
        self._open.add(key)
        try:
            match node:
                case Scalar():
                    return self._scalar(node, resolver)
                case Sequence():
                    return self._all(node.items, resolver)
                case MappingNode() if _is_function(node):
                    ((function, entry),) = node.entries.items()
                    return self._function(function, entry.value, node, resolver)
                case MappingNode():
                    return ()
        finally:
            self._open.discard(key)

    def _all(self, nodes: Iterable[Node], resolver: Resolver) -> _Steps:
        """The steps of several nodes, without those that were only written."""
        steps = [step for node in nodes for step in _telling(self._node(node, resolver))]
        return tuple(dict.fromkeys(steps))

    def _scalar(self, node: Scalar, resolver: Resolver) -> _Steps:
        at = resolver.template.span(node)
        looped = self._looped(node, resolver)
        if looped:
            return looped
        if node.data is None:
            return (Nothing(at),)
        references = _DYNAMIC.findall(node.text) if isinstance(node.data, str) else []
        return tuple(DynamicReference(at, one) for one in dict.fromkeys(references)) or (Written(at, node.text),)

    def _function(self, function: str, argument: Node, node: Node, resolver: Resolver) -> _Steps:
        match function, argument:
            case "Ref", Scalar():
                return self._reference(argument.text, node, resolver)
            case "Fn::If", Sequence(items=[Scalar() as name, then, otherwise]):
                holds = resolver.condition(name.text, name).holds(self._assignment)
                chosen = then if holds else otherwise
                return (*self._branch(node, name, holds, resolver), *self._node(chosen, resolver))
            case "Fn::Sub", _:
                return self._sub(argument, node, resolver)
            case "Fn::GetAtt", _:
                return self._get_att(argument, node, resolver)
            case "Fn::FindInMap", Sequence():
                return self._find_in_map(argument.items, node, resolver)
            case "Fn::ImportValue", _:
                imported = self._plain(resolver.resolve(argument))
                sources = () if imported is None else self._exporters(imported)
                words, value = self._words(argument, resolver), self._words(node, resolver)
                below = self._all((argument,), resolver)
                return (Imported(resolver.template.span(node), words, sources, value, below),)
            case _, Sequence():
                return self._computed(function, argument.items, node, resolver)
            case _:
                return self._computed(function, (argument,), node, resolver)

    def _computed(self, function: str, inputs: Iterable[Node], node: Node, resolver: Resolver) -> _Steps:
        below = self._all(inputs, resolver)
        return (Computed(resolver.template.span(node), function, self._words(node, resolver), below),)

    def _sub(self, argument: Node, node: Node, resolver: Resolver) -> _Steps:
        text, names = (argument.items[0], argument.items[-1]) if isinstance(argument, Sequence) else (argument, None)
        if not isinstance(text, Scalar):
            return ()
        below = [*self._looped(text, resolver)]
        for match in _PART.finditer(text.text):
            name = match.group(1).strip()
            given = names.get(name) if isinstance(names, MappingNode) else None
            if given is not None:
                below.extend(_telling(self._node(given, resolver)))
            elif "." in name:
                logical_id, _, attribute = name.partition(".")
                below.extend(self._attribute(logical_id, attribute, node, resolver))
            else:
                below.extend(self._reference(name, node, resolver))
        words = self._words(node, resolver)
        return (Computed(resolver.template.span(node), "Fn::Sub", words, tuple(dict.fromkeys(below))),)

    def _reference(self, name: str, node: Node, resolver: Resolver) -> _Steps:
        at = resolver.template.span(node)
        if name == "AWS::NoValue":
            return (Nothing(at),)
        parameter = resolver.template.parameters.get(name)
        if parameter is not None:
            return (self._parameter(parameter, node, resolver),)
        if name in PSEUDO_PARAMETERS:
            given = resolver.outermost_parameters.is_given(name)
            return (FromPseudoParameter(at, name, self.words(resolver.reference(name, node)), given),)
        return self._attribute(name, "", node, resolver)

    def _parameter(self, parameter: Parameter, node: Node, resolver: Resolver) -> Step:
        at, name = resolver.template.span(node), parameter.name
        value = self.words(resolver.reference(name, node))
        if resolver.prefix:
            passed = self._passed(name, resolver)
            if passed is not None and passed.origin is not None:
                above = self._owners.above(resolver.prefix)
                place = above.template.span(passed.origin)
                stack = resolver.prefix.removesuffix("/")
                return Passed(at, place, name, stack, value, self._from(passed, above.prefix))
        source = resolver.template.source.span(*parameter.key)
        stored = parameter.type.startswith("AWS::SSM::Parameter::Value<")
        given = resolver.parameters.is_given(name)
        default = default_of(parameter)
        if stored:
            value = value if given or default is None else default
        return FromParameter(at, source, name, value, given, stored, default, allowed_of(parameter))

    def _passed(self, name: str, resolver: Resolver) -> Plain | None:
        """What the stack that deploys a nested one passes for a parameter; None where it passes nothing."""
        above = self._owners.above(resolver.prefix)
        stack = above.resource(resolver.prefix.removesuffix("/").rpartition("/")[2])
        value: Value = stack.properties if stack is not None else Absent()
        for key in ("Parameters", name):
            plain = self._plain(value)
            value = plain.get(key) if isinstance(plain, MapValue) else Absent()
        found = self._plain(value)
        return None if isinstance(found, Absent) else found

    def _get_att(self, argument: Node, node: Node, resolver: Resolver) -> _Steps:
        match argument:
            case Scalar() if "." in argument.text:
                logical_id, _, attribute = argument.text.partition(".")
                return self._attribute(logical_id, attribute, node, resolver)
            case Sequence(items=[Scalar() as owner, *names]):
                attribute = ".".join(self._words(name, resolver) for name in names)
                return self._attribute(owner.text, attribute, node, resolver)
            case _:
                return ()

    def _attribute(self, logical_id: str, attribute: str, node: Node, resolver: Resolver) -> _Steps:
        at = resolver.template.span(node)
        child = resolver.children.get(logical_id)
        name = attribute.removeprefix("Outputs.")
        if child is not None and name != attribute:
            output = child.template.outputs.get(name)
            written = output.node.get("Value") if output is not None else None
            if written is None:
                return (NotKnown(at, f"the nested stack {logical_id} has no output {name}"),)
            below = self._node(written, child)
            value = self.words(resolver.attribute(logical_id, attribute, node))
            return (FromOutput(at, child.template.span(written), logical_id, name, value, below),)
        resource = resolver.template.resources.get(logical_id) or resolver.template.written.get(logical_id)
        if resource is None:
            return ()
        source = resolver.template.source.span(*resource.key)
        return (Attribute(at, source, logical_id, attribute, resource.resource_type),)

    def _find_in_map(self, items: list[Node], node: Node, resolver: Resolver) -> _Steps:
        if len(items) < 3:
            return ()
        name, *keys = (self._words(item, resolver) for item in items[:3])
        found: Node | None = resolver.mapping(name)
        for key in keys:
            found = found.get(key) if isinstance(found, MappingNode) else None
        below = self._all(items[:3], resolver)
        if found is None and len(items) == 4 and isinstance(items[3], MappingNode):
            below = (*below, *self._all([entry.value for entry in items[3]], resolver))
        source = resolver.template.span(found) if found is not None else None
        at = resolver.template.span(node)
        return (FromMapping(at, source, name, tuple(keys), self._words(node, resolver), below),)

    def _condition(self, name: str, node: Node, resolver: Resolver) -> Condition:
        holds = resolver.condition(name, node).holds(self._assignment)
        definition = resolver.template.conditions.get(name)
        below: _Steps = ()
        if definition is not None and (resolver.prefix, name) not in self._told:
            self._told.add((resolver.prefix, name))
            below = self._claim(definition, resolver)
        at = resolver.template.span(definition if definition is not None else node)
        return Condition(at, name, holds, below)

    def _claim(self, node: Node, resolver: Resolver) -> _Steps:
        """A condition function and what it was computed from."""
        if not isinstance(node, MappingNode) or len(node.entries) != 1:
            return ()
        ((function, entry),) = node.entries.items()
        argument = entry.value
        if function == "Condition":
            return (self._condition(argument.text, argument, resolver),) if isinstance(argument, Scalar) else ()
        guard = resolver.conditions.evaluate(node)
        operands = argument.items if isinstance(argument, Sequence) else [argument]
        words: tuple[str, ...] = ()
        if function in _OPERATORS:
            below = tuple(step for operand in operands for step in self._claim(operand, resolver))
        else:
            words = tuple(self._words(operand, resolver) for operand in operands)
            below = self._all(operands, resolver)
        holds = guard.holds(self._assignment)
        return (Claim(resolver.template.span(node), function, words, holds, self._is_certain(guard), below),)

    def _is_certain(self, guard: Guard) -> bool:
        """Whether the parameters decide, whatever the facts are that no parameter's value decides."""
        facts = [variable.name for variable in guard.support() if variable.opaque][:_MOST_FACTS]
        ways = (dict(zip(facts, values, strict=True)) for values in product(("true", "false"), repeat=len(facts)))
        return len({guard.holds({**self._assignment, **way}) for way in ways}) == 1

    def _looped(self, node: Scalar, resolver: Resolver) -> _Steps:
        """The loop variables that a text was made with; empty for one that the author wrote as it is."""
        written, loops = self._owners.written_at((node.start, node.end), resolver)
        match written:
            case MappingNode() if isinstance(name := written.get("Ref"), Scalar) and len(written.entries) == 1:
                return self._elements(f"${{{name.text}}}", node.text, loops, resolver)
            case Scalar() if written.text != node.text:
                return self._elements(written.text, node.text, loops, resolver)
            case _:
                return ()

    def _elements(self, pattern: str, text: str, loops: tuple[Loop, ...], resolver: Resolver) -> _Steps:
        """The elements that made `text` of `pattern`, such as `Url${Name}`."""
        return tuple(self._element(loop, value, resolver) for loop, value in values_in(pattern, text, loops))

    def _element(self, loop: Loop, value: str, resolver: Resolver) -> Element:
        below = self._all((loop.collection,), resolver)
        is_name = value == loop.variable and value not in self._words(loop.collection, resolver)  # stands in a key
        known = None if is_name or value.startswith(_UNKNOWN) else value
        return Element(resolver.template.source.span(*loop.place), loop.key, loop.variable, known, below)


def _included(node: Node, resolver: Resolver) -> Iterator[Step]:
    """The snippets that a node stands in, the outermost first."""
    at = resolver.template.span(node)
    for place in included_at(resolver.template, node):
        yield Included(place, at.source.name)
        at = place


def _telling(steps: _Steps) -> _Steps:
    """Steps that say more than the value and its place do."""
    return () if all(isinstance(step, Written) for step in steps) else steps


def _is_function(node: Node) -> bool:
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        return False
    (name,) = node.entries
    return name == "Ref" or name.startswith("Fn::")
