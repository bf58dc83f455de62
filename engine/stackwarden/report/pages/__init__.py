"""Reference pages of rules: texts by file name, as Markdown or as a static HTML site."""

from __future__ import annotations

from stackwarden.report.pages.html import html_site
from stackwarden.report.pages.markdown import markdown_pages

__all__ = ["html_site", "markdown_pages"]
