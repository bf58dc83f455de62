"""The commands of pages about reports and integrations, run as they are written, where they are our own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cli.test_commands import ROOT, run

_PAGES = ("reports.md", "integrations/security-hub.md", "integrations/cloudformation-hooks.md")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _commands() -> Iterator[tuple[str, str]]:
    for page in _PAGES:
        for block in _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
            for command in block.replace("\\\n", "").splitlines():
                if command.startswith("stackwarden "):
                    yield page, command


@pytest.mark.parametrize(("page", "command"), list(_commands()))
def test_it_runs_as_written(page: str, command: str, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    done = run(tmp_path, *shlex.split(command)[1:])
    assert done.returncode in (0, 1), f"{page}: {done.stderr}"
    words = shlex.split(command)
    for before, word in pairwise(words):
        if before == "--output":
            assert (tmp_path / word).exists()
