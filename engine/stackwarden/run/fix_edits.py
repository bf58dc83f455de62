"""The edits that a declared fix is for a resource: what the author wrote is followed to the property it is about.

In every branch of an `Fn::If`, never in place of a parameter or another function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.language import ir
from stackwarden.language.compile import Env
from stackwarden.resolve.values import Known, cases_of
from stackwarden.run.evaluate import Check
from stackwarden.source import Source
from stackwarden.template.edit import Content, TextEdit, append_item, insert_entry, remove_entry, replace_node
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, is_function
from stackwarden.template.nodes import Sequence as SequenceNode

__all__ = ["OWNER", "Step", "content_of", "edits_of", "steps_of"]

_ALL: Final = "*"
OWNER: Final = "owner"
"""The field by which a record of a module names the resource that it is read from."""
Step = str | int
"""A property's name, an index, or `*` for every element."""


def edits_of(source: Source, resource: Mapping, fix: ir.FixIR, check: Check, env: Env) -> list[TextEdit] | None:
    """The edits that a fix is for a resource; None where it cannot be written."""
    steps = steps_of(fix.path)
    if steps is None:
        return None
    content: Content | None = None
    if fix.value is not None:
        content = content_of(fix.value, check, env)
        if content is None:
            return None
    return _Writer(source, fix.action, content).at(resource, steps)


def steps_of(path: ir.ValueExpr, root: int = 0) -> list[Step] | None:
    """The way from the subject to a property, `Properties` included; None where the path starts elsewhere."""
    if _is_root(path, root):
        return []
    match path:
        case ir.Aspect():
            return [path.name] if _is_root(path.value, root) else None
        case ir.Field():
            before = steps_of(path.value, root)
            if before is None:
                return None
            is_first = root == 0 and _is_root(path.value, root)
            return [*before, *(("Properties",) if is_first else ()), path.name]
        case ir.At():
            before = steps_of(path.value, root)
            return None if before is None else [*before, path.index]
        case ir.Comprehension():
            before, after = steps_of(path.collection, root), steps_of(path.body, path.slot)
            # what follows a `[*]` maps over what was mapped before; only a further `[*]` opens another list
            all_ = () if isinstance(path.collection, ir.Comprehension) and not path.flatten else (_ALL,)
            return None if before is None or after is None else [*before, *all_, *after]
        case _:
            return None


def _is_root(path: ir.ValueExpr, root: int) -> bool:
    """Whether a path is where a way starts: the variable, or the owner of the record that the subject is."""
    if isinstance(path, ir.Field) and path.name == OWNER and root == 0:
        path = path.value
    return isinstance(path, ir.Local) and path.slot == root


def content_of(value: ir.FixValue, check: Check, env: Env) -> Content | None:
    """What a fix writes; None where it is not known."""
    match value:
        case ir.FixObject():
            entries = {name: content_of(inner, check, env) for name, inner in value.entries}
            known = {name: inner for name, inner in entries.items() if inner is not None}
            return known if len(known) == len(entries) else None
        case ir.FixList() | ir.ConstList():
            items = [content_of(item, check, env) for item in value.items]
            written = [item for item in items if item is not None]
            return written if len(written) == len(items) else None
        case _:
            plain = [plain for _, plain in cases_of(check.compiler.value(value)(env))]
            match plain:
                case [Known(data=str() | bool() | int() | float() as data)]:
                    return data
                case _:
                    return None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Edits that set, remove or append at the end of a way through nodes."""

    source: Source
    action: str
    content: Content | None
    in_element: bool = False
    """Below a `[*]`: an element that lacks an object is of another kind, and is left alone."""

    def at(self, node: Node, steps: Sequence[Step]) -> list[TextEdit] | None:
        """The edits below a node; none where all is as it should be, None where they cannot be written."""
        branches = _branches(node)
        if branches is not None:
            return self._together([self.at(branch, steps) for branch in branches if not _is_no_value(branch)])
        if not steps:
            return self._whole(node)
        step, rest = steps[0], steps[1:]
        match node:
            case SequenceNode():
                if step == _ALL:
                    inside = replace(self, in_element=True)
                    return self._together([inside.at(item, rest) for item in node.items])
                if isinstance(step, int) and step < len(node.items):
                    return self.at(node.items[step], rest)
                return None
            case Mapping() if isinstance(step, str) and not is_function(node):
                return self._below(node, step, rest)
            case _:
                return None

    def _below(self, node: Mapping, name: str, rest: Sequence[Step]) -> list[TextEdit] | None:
        entry = node.entries.get(name)
        child = None if entry is None else entry.value
        if child is None or (isinstance(child, Scalar) and child.data is None):
            return self._missing(node, name, rest) if child is None else None
        if rest or self.action == "append":
            return self.at(child, rest)
        if self.action == "remove":
            return None if is_function(child) else _one(remove_entry(self.source, node, name))
        own = self._own(node, entry) if entry is not None and isinstance(child, Scalar) else None
        return self.at(child, rest) if own is None else own

    def _own(self, node: Mapping, entry: Entry) -> list[TextEdit] | None:
        """A key of the mapping's own in place of one that is merged in (`<<`), where it can be written."""
        assert self.content is not None  # only what is set has no rest
        is_merged = not node.start <= entry.start < node.end
        if not is_merged or _has(entry.value, self.content):
            return None
        return _one(insert_entry(self.source, node, entry.key, self.content))

    def _missing(self, node: Mapping, name: str, rest: Sequence[Step]) -> list[TextEdit] | None:
        """A property that is not there, with all that has to hold it."""
        if self.action == "remove" or (self.in_element and rest):
            return []
        assert self.content is not None  # set and append write something
        content: Content = [self.content] if self.action == "append" else self.content
        for step in reversed(rest):
            if step == _ALL:
                return []  # of a list that is not there, every element is as it should be
            if isinstance(step, int) and step > 0:
                return None
            content = [content] if isinstance(step, int) else {step: content}
        return _one(insert_entry(self.source, node, name, content))

    def _whole(self, node: Node) -> list[TextEdit] | None:
        """The edits of the node at the end of the way."""
        assert self.content is not None  # removing ends one step earlier
        if is_function(node):
            return None
        if self.action == "append":
            return _one(append_item(self.source, node, self.content)) if isinstance(node, SequenceNode) else None
        if _has(node, self.content):
            return []
        if isinstance(node, Mapping) and isinstance(self.content, dict):
            inner = (replace(self, content=value).at(node, [key]) for key, value in self.content.items())
            return self._together(list(inner))
        return _one(replace_node(self.source, node, self.content))

    def _together(self, parts: list[list[TextEdit] | None]) -> list[TextEdit] | None:
        edits: list[TextEdit] = []
        for part in parts:
            if part is None:
                return None
            edits.extend(part)
        return edits


def _one(edit: TextEdit | None) -> list[TextEdit] | None:
    return None if edit is None else [edit]


def _branches(node: Node) -> list[Node] | None:
    """The two branches of an `Fn::If`; None for anything else."""
    argument = node.get("Fn::If") if isinstance(node, Mapping) and len(node.entries) == 1 else None
    return list(argument.items[1:]) if isinstance(argument, SequenceNode) and len(argument.items) == 3 else None


def _is_no_value(node: Node) -> bool:
    name = node.get("Ref") if isinstance(node, Mapping) else None
    return isinstance(name, Scalar) and name.data == "AWS::NoValue"


def _has(node: Node, content: Content) -> bool:
    """Whether a node already is what would be written."""
    if not isinstance(node, Scalar):
        return False
    return (
        Known(node.data, None, node.text).text == Known(content).text
        if isinstance(content, str | bool | int | float)
        else False
    )
