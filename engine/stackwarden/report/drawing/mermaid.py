"""A drawing as a Mermaid flowchart (mermaid.js.org, *Flowcharts*), which GitHub and GitLab show in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackwarden.report._text import clean
from stackwarden.report.drawing._frames_of import FrameTree, frame_tree
from stackwarden.report.drawing.picture import Line, Node, Picture

__all__ = ["mermaid"]


def mermaid(picture: Picture) -> str:
    """The drawing as a flowchart; nested stacks are subgraphs. Ids are numbers, so that no name can be a keyword."""
    ids = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = ["flowchart LR", *_frame(frame_tree(picture), ids, "  "), *(_line(line, ids) for line in picture.lines)]
    lines.append("  classDef open stroke-dasharray: 5 4")
    lines.append("  classDef exposed stroke:#c0392b,stroke-width:3px")
    dashed = [ids[node.id] for node in picture.nodes if node.what != "resource" or node.when]
    exposed = [ids[node.id] for node in picture.nodes if node.exposed]
    lines += [
        f"  class {','.join(names)} {style}" for names, style in ((dashed, "open"), (exposed, "exposed")) if names
    ]
    marked = [str(number) for number, line in enumerate(picture.lines) if line.exposed]
    if marked:
        lines.append(f"  linkStyle {','.join(marked)} stroke:#c0392b,stroke-width:3px")
    return "\n".join([*lines, ""])


def _frame(tree: FrameTree, ids: Mapping[str, str], indent: str) -> Iterator[str]:
    for node in tree.nodes:
        yield f'{indent}{ids[node.id]}["{_node(node)}"]'
    for inner in tree.inner:
        yield f'{indent}subgraph s{"".join(f"{ord(char):x}x" for char in inner.name)}["{_text(inner.label)}"]'
        yield from _frame(inner, ids, f"{indent}  ")
        yield f"{indent}end"


def _node(node: Node) -> str:
    return "<br/>".join(
        _text(words) for words in (node.label, node.about, f"when {node.when}" if node.when else "") if words
    )


def _line(line: Line, ids: Mapping[str, str]) -> str:
    words = [line.words, *((f"when {line.when}",) if line.when else ()), *(("perhaps",) if line.uncertain else ())]
    arrow = "-.->" if line.dashed else "-->"
    return f'  {ids[line.source]} {arrow}|"{"<br/>".join(map(_text, words))}"| {ids[line.target]}'


def _text(words: str) -> str:
    """Words in which nothing is markup: all but plain characters are spelled by their numbers."""
    return "".join(char if char.isalnum() or char in " _-.,/" else f"#{ord(char)};" for char in clean(words))
