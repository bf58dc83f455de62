"""The examples of `docs/apis.md` have the routes that their comments tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .told import routes_told, stack_of

PAGE = Path(__file__).parents[2] / "docs" / "apis.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0].removeprefix("# "))
def test_the_page_says_what_is_read(text: str) -> None:
    stated = dict(re.findall(r"^# ([^:\n]+): (.+)$", text, re.MULTILINE))
    assert stated, "an example names its routes"
    assert routes_told(stack_of(text)) == stated
