"""A real browser for pages: the Chromium of the system, driven by Playwright; without one, such tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["open_page"]

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_page(address: str, *, script: bool = True, dark: bool = False) -> Iterator[Page]:
    """A page in a browser of its own; what it complains of fails the test."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        try:
            page = browser.new_page(
                java_script_enabled=script,
                color_scheme="dark" if dark else "light",
                viewport={"width": 1200, "height": 900},
            )
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address)
            yield page
        finally:
            browser.close()
    assert complaints == []
