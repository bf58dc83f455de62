"""Templates as people publish them: all are read, or diagnosed for a reason that is known to be real."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.faults import NoResources, UnknownTag, WrongSection
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Scalar
from stackwarden.template.sniff import sniff
from template.reading import nodes

_CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
_FILES = sorted(path for path in _CORPUS.glob("*") if path.suffix != ".md")

pytestmark = pytest.mark.skipif(not _FILES, reason="the corpus is not beside this checkout")


def _sources() -> list[Source]:
    sources = [decode(path.read_bytes(), path.name) for path in _FILES]
    assert all(isinstance(source, Source) for source in sources)
    return [source for source in sources if isinstance(source, Source)]


def test_every_file_is_read_or_is_no_template_for_a_real_reason() -> None:
    for source in _sources():
        loaded = load(source)
        if isinstance(loaded, Template):
            assert sniff(source.text), source.name
            continue
        for fault in loaded:
            match fault:
                case UnknownTag(tag=tag):  # of the tool `rain`, which replaces them
                    assert tag.startswith("!Rain::"), source.name
                case NoResources():  # of the Serverless Framework
                    assert source.name.endswith("serverless.yml")
                    assert not sniff(source.text)
                case WrongSection():
                    assert "\nResources:\n" in source.text
                case _:
                    pytest.fail(f"{source.name}: {fault.message()}")


def test_places_are_those_of_the_text() -> None:
    for source in _sources():
        loaded = load(source)
        if not isinstance(loaded, Template):
            continue
        for node in nodes(loaded.root):
            written = source.text[node.start : node.end]
            assert written == written.strip(), source.name
            if isinstance(node, Scalar) and not node.quoted:
                assert written.split() == node.text.split()
            elif isinstance(node, Mapping) and not node.tag_form:
                for entry in node:
                    assert source.text[entry.start : entry.end].strip("\"'").replace("\\\\", "\\") == entry.key
