"""Each format over the same reports, as files that people review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import stackwarden
from report.reports import EMPTY, FULL
from stackwarden.report import Reporter, reporters
from stackwarden.run.finding import Report

_SUFFIXES = {"pretty": "txt", "sarif": "sarif", "junit": "xml", "github": "txt", "markdown": "md", "html": "html"}


@pytest.mark.parametrize("reporter", reporters(), ids=lambda reporter: reporter.name)
@pytest.mark.parametrize(("name", "report"), [("full", FULL), ("empty", EMPTY)])
def test_golden(reporter: Reporter, name: str, report: Report, golden: Callable[[str, str], None]) -> None:
    text = reporter.render(report).replace(stackwarden.__version__, "@VERSION@")
    golden(f"{reporter.name}/{name}.{_SUFFIXES.get(reporter.name, 'json')}", text)
