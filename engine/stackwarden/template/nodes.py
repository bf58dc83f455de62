"""The nodes of a parsed template, YAML and JSON alike, with exact places.

Short tags are already their long form here: `!Ref x` is the mapping `{"Ref": "x"}`. Nodes carry offsets
into the one source of their template. They are not frozen, because a template has tens of thousands and their
construction is the hottest code of a scan; nothing assigns to a node once it is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Entry", "Mapping", "Node", "Scalar", "ScalarData", "Sequence", "is_function"]

ScalarData = str | bool | int | float | None


@dataclass(slots=True, eq=False)
class Scalar:
    """A single value as CloudFormation reads it (YAML 1.1 for YAML); `start`/`end` are offsets, end exclusive.

    `text` is the scalar as written, without quotes: CloudFormation passes `Version: 2012-10-17` or `0777` on as
    text where a string is expected. `quoted` tells a quoted (or block) scalar from a plain one.
    """

    data: ScalarData
    text: str
    quoted: bool
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Sequence:
    """A list of nodes."""

    items: list[Node]
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Entry:
    """A key of a mapping with its value; `start`/`end` are the place of the key."""

    key: str
    value: Node
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys and values in the order of the text; of a duplicate key, the last counts and the others are gone.

    `tag_form` is true where the author wrote a short tag (`!Ref`), so that the only entry has no key in the text.
    """

    entries: dict[str, Entry]
    start: int
    end: int
    tag_form: bool = False

    def get(self, key: str) -> Node | None:
        """The value of a key, or None where the key is missing."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())


Node = Scalar | Sequence | Mapping


def is_function(node: Node) -> bool:
    """Whether a node calls an intrinsic function, in the long form that the short one is read as."""
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        return False
    (name,) = node.entries
    return name == "Ref" or name.startswith("Fn::")
