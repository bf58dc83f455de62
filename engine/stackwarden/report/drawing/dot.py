"""A drawing in DOT, the language of Graphviz (graphviz.org, *DOT Language*)."""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.report._text import clean
from stackwarden.report.drawing._frames_of import FrameTree, frame_tree
from stackwarden.report.drawing.picture import Line, Node, Picture

__all__ = ["dot"]


def dot(picture: Picture) -> str:
    """The drawing as a directed graph; nested stacks are clusters."""
    lines = [
        f"digraph {_quoted(picture.title)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=10];',
        *_frame(frame_tree(picture), "  "),
        *(_line(line) for line in picture.lines),
        "}",
        "",
    ]
    return "\n".join(lines)


def _frame(tree: FrameTree, indent: str) -> Iterator[str]:
    for node in tree.nodes:
        yield f"{indent}{_node(node)}"
    for inner in tree.inner:
        yield f"{indent}subgraph {_quoted(f'cluster_{inner.name}')} {{"
        yield f"{indent}  label={_quoted(inner.label)};"
        yield from _frame(inner, f"{indent}  ")
        yield f"{indent}}}"


def _node(node: Node) -> str:
    words = [node.label, node.about, *((f"when {node.when}",) if node.when else ())]
    style = "rounded" if node.what == "resource" else "rounded,dashed"
    colour = ', color="#c0392b", penwidth=2' if node.exposed else ""
    style = "rounded,dashed" if node.when else style
    return f'{_quoted(node.id)} [label={_quoted(*words)}, style="{style}"{colour}];'


def _line(line: Line) -> str:
    words = [line.words, *((f"when {line.when}",) if line.when else ()), *(("perhaps",) if line.uncertain else ())]
    style = ", style=dashed" if line.dashed else ""
    colour = ', color="#c0392b", penwidth=2' if line.exposed else ""
    tooltip = f", tooltip={_quoted(line.label)}" if line.label else ""
    return f"  {_quoted(line.source)} -> {_quoted(line.target)} [label={_quoted(*words)}{style}{colour}{tooltip}];"


def _quoted(*lines: str) -> str:
    """Lines as one quoted string. A backslash begins an escape in labels, and a quote ends the string."""
    escaped = (clean(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
