"""YAML text to nodes: libyaml composes (in C), one pass over its nodes makes ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import yaml
from yaml.nodes import ScalarNode

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.comments import comments, has_marks
from stackwarden.template.faults import TooDeep
from stackwarden.template.limits import Limits, weigh
from stackwarden.template.model import Comment
from stackwarden.template.nodes import Node
from stackwarden.template.yaml_errors import Complaint, bad_character, explain
from stackwarden.template.yaml_nodes import Reader, scalar_spans
from stackwarden.template.yaml_scalars import TEXT

__all__ = ["Parsed", "parse_yaml"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that could be parsed.

    `root` is None for a file without a document. With `faults` it is no template of CloudFormation's, but its
    sections can still be looked at; `notes` are faults that do not matter to a scan.
    """

    root: Node | None
    faults: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    comments: tuple[Comment, ...] = ()


def parse_yaml(source: Source, limits: Limits) -> Parsed | Diagnostic:
    """The nodes of a YAML text, or why it cannot be parsed. Offsets are code points of `source.text`."""
    try:
        composer = _Composer(source.text, limits.depth)
        composed = composer.get_single_node()
    except _TooDeepError as error:
        return TooDeep(Span(source, error.offset, error.offset + 1), limits.depth)
    except yaml.MarkedYAMLError as error:
        complaint = _complaint(error)
        if "maximum nesting" in complaint.problem:  # libyaml 0.2.6 counts flow levels ahead of the composer
            return TooDeep(Span(source, complaint.offset, complaint.offset + 1), limits.depth)
        return explain(source, complaint)
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        return bad_character(source)
    if composed is None:
        return Parsed(None)
    reader = Reader(source, limits)
    root = reader.read(composed)
    is_shared = reader.shared is not None
    if (is_shared or composer.is_deep) and not reader.faults:
        fault = weigh(source, root, limits, is_shared=is_shared)
        if fault is not None:
            return fault
    most = limits.diagnostics
    read = comments(source.text, scalar_spans(source.text, composed)) if has_marks(source.text) else ()
    return Parsed(root, tuple(reader.faults[:most]), tuple(reader.notes[:most]), read)


class _TooDeepError(Exception):
    """Leaves libyaml before it recurses too deep; `parse_yaml` turns it into a diagnostic."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class _Composer(yaml.CSafeLoader):
    """libyaml's composer with the three calls back into Python kept as small as they can be.

    The composer recurses in C without a bound, and some 100,000 levels end the process; so depth is counted in the
    call that it makes before it goes down. `is_deep` tells that a text may be too deep once short tags are expanded:
    `!If [` is a mapping and a list.
    """

    def __init__(self, text: str, depth: int) -> None:
        super().__init__(text)
        self.is_deep = False
        half = depth // 2  # with a short tag on every level, our tree is twice as deep as libyaml's
        above: list[yaml.Node | None] = []
        push = above.append

        def descend(parent: yaml.Node | None, _index: object) -> None:
            push(parent)
            if len(above) > half:
                self.is_deep = True
                # one more than the collections, for the scalars in the innermost
                if len(above) > depth + 1:
                    raise _TooDeepError(parent.start_mark.index if parent is not None else 0)

        # as attributes of the instance they are called without binding a method first
        self.descend_resolver = descend  # type: ignore[method-assign, assignment]
        self.ascend_resolver = above.pop  # type: ignore[method-assign, assignment]

    @staticmethod
    def resolve(kind: type[yaml.Node], _value: object, implicit: tuple[bool, bool] | bool) -> str | None:
        """The tag of a node without one: that of text for quoted scalars (and after a lone `!`), else none."""
        return TEXT if kind is ScalarNode and not cast("tuple[bool, bool]", implicit)[0] else None


def _complaint(error: yaml.MarkedYAMLError) -> Complaint:
    mark, begin = error.problem_mark, error.context_mark
    offset = 0 if mark is None else mark.index
    return Complaint(error.problem or "", offset, error.context or "", None if begin is None else begin.index)
