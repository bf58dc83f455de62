"""JSONPath over the resolved template: what stands at a path, under which setting, and where it was written.

The path language is that of jsonpath-ng. It walks a tree in which a conditional object has the keys of all its
cases; each value found is then shown case by case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Absent, Known, ListValue, MapValue, Plain, ResourceValue, Value, cases_of
from stackwarden.run.finding import Place, When
from stackwarden.run.message import in_words
from stackwarden.run.opened import Opened
from stackwarden.run.places import place_of, template_with
from stackwarden.run.verdict import Ways

__all__ = ["BadQuery", "Found", "query"]

_SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Metadata", "Outputs")


@dataclass(frozen=True, slots=True)
class BadQuery(Diagnostic):
    """A text that is no JSONPath."""

    text: str
    reason: str

    def message(self) -> str:
        return f"`{self.text}` is no JSONPath: {self.reason}"

    def help(self) -> str | None:
        return "for example `$.Resources.*.Properties.BucketName`"


@dataclass(frozen=True, slots=True)
class Found:
    """A value at a path: its words, the settings under which it is that (None: always), and its place.

    `environments` are those of the configuration in which it is; a value that is not `known` is only partly so.
    """

    path: str
    words: str
    when: When
    place: Place
    environments: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What stands at a path, as cases; jsonpath-ng does not look into it."""

    cases: tuple[tuple[Guard, Plain], ...]


_Tree = dict[str, object]


def query(opened: Iterable[Opened], text: str) -> tuple[Found, ...] | BadQuery:
    """The values at the paths that a JSONPath selects, in the order of the templates.

    Resources of nested stacks stand under `Resources` by their path (`$.Resources["Net/Vpc"]`), the other sections of
    nested templates under `Stacks` by the path of the stack (`$.Stacks.Net.Outputs`). The same value in several
    environments is one that names them.
    """
    from jsonpath_ng.ext.parser import parse

    try:
        path = parse(text)
    except Exception as error:  # the library raises whatever its lexer and parser raise
        return BadQuery(None, text, str(error))
    found: dict[object, Found] = {}
    for one in opened:
        ways = Ways(one.stack.resolver)
        for match in path.find(_template(one.stack)):
            for value in _values(one.stack, ways, str(match.full_path), match.value):
                key = (value.path, value.words, repr(value.when), value.place.span.start, value.place.span.source.name)
                earlier = found.get(key, value)
                names = (*earlier.environments, one.environment) if one.environment else ()
                found[key] = replace(earlier, environments=names)
    return tuple(found.values())


def _template(stack: Stack) -> _Tree:
    resources: _Tree = {}
    for part in stack.resolvers:
        for logical_id in part.template.resources:
            resource = part.resource(logical_id)
            assert resource is not None  # the id is the template's own
            resources[resource.resource.logical_id] = _resource(resource, part)
    tree = _sections(stack.resolver)
    nested = {part.prefix.removesuffix("/"): _sections(part) for part in stack.resolvers if part.prefix}
    if nested:
        tree["Stacks"] = nested
    tree["Resources"] = resources
    return tree


def _resource(resource: ResourceValue, resolver: Resolver) -> _Tree:
    body: _Tree = {}
    for entry in resource.resource.node:
        if entry.key != "Properties":
            body[entry.key] = _tree(((resource.guard, resolver.resolve(entry.value)),))
    body["Properties"] = _tree(((resource.guard, resource.properties),))
    return body


def _sections(resolver: Resolver) -> _Tree:
    sections = ((name, resolver.template.root.get(name)) for name in _SECTIONS)
    return {name: _tree(((resolver.gate, resolver.resolve(node)),)) for name, node in sections if node is not None}


def _tree(cases: tuple[tuple[Guard, Value], ...]) -> object:
    """The cases of a value as a tree: objects and lists that its cases have are merged key by key."""
    flat = [(guard & inner, plain) for guard, value in cases for inner, plain in cases_of(value)]
    flat = [(guard, plain) for guard, plain in flat if guard is not FALSE]
    maps = [(guard, plain) for guard, plain in flat if isinstance(plain, MapValue)]
    lists = [(guard, plain) for guard, plain in flat if isinstance(plain, ListValue)]
    others = [plain for _, plain in flat if not isinstance(plain, MapValue | ListValue | Absent)]
    if maps and not lists and not others:
        names = dict.fromkeys(name for _, plain in maps for name in plain.names())
        return {name: _tree(tuple((guard, plain.get(name)) for guard, plain in maps)) for name in names}
    is_unknown = all(plain.open and not plain.items for _, plain in lists)
    if lists and not maps and not others and not is_unknown:
        length = max(len(plain.items) for _, plain in lists)
        return [_tree(tuple(_items(lists, index))) for index in range(length)]
    return _Leaf(tuple(flat))


def _items(lists: list[tuple[Guard, ListValue]], index: int) -> Iterator[tuple[Guard, Value]]:
    for guard, listed in lists:
        if index < len(listed.items):
            item = listed.items[index]
            yield guard & item.guard, item.value


def _values(stack: Stack, ways: Ways, path: str, found: object) -> Iterator[Found]:
    match found:
        case _Leaf():
            for guard, plain in found.cases:
                if plain.origin is not None and not isinstance(plain, Absent):
                    template = template_with(stack, stack.template, plain.origin)
                    place, known = place_of(template, plain.origin), isinstance(plain, Known)
                    yield Found(path, in_words(plain), ways.of(guard), place, known=known)
        case dict():
            for name, inner in found.items():
                yield from _values(stack, ways, f"{path}.{name}", inner)
        case list():
            for index, inner in enumerate(found):
                yield from _values(stack, ways, f"{path}.[{index}]", inner)
        case _:
            pass
