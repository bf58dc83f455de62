"""`stackwarden docs`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stackwarden.cli._output import fail, write, write_diagnostics, write_file

__all__ = ["PagesFormat", "docs"]


class PagesFormat(StrEnum):
    """How to write pages."""

    MARKDOWN = "markdown"
    HTML = "html"


def docs(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Warden files or folders; default: the shipped packs."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write the pages; it is made.")
    ] = Path("rules"),
    format_: Annotated[PagesFormat, typer.Option("--format", "-f", help="How to write them.")] = PagesFormat.MARKDOWN,
) -> None:
    """Write reference pages of rules, an index, and a coverage page for each standard.

    Files of the folder that are no longer made stay where they are.

    \b
    Examples:
      stackwarden docs --format html --output site
      stackwarden docs policies/own --output docs/rules
    """
    from stackwarden.assets import policies_dir
    from stackwarden.report import plural
    from stackwarden.report.pages import html_site, markdown_pages
    from stackwarden.run.reference import Reference, reference

    made = reference([(Path(path), path) for path in packs] if packs else [(policies_dir(), "policies")])
    if not isinstance(made, Reference):
        write_diagnostics(made)
        raise typer.Exit(2)
    pages = html_site(made) if format_ is PagesFormat.HTML else markdown_pages(made)
    for name, text in pages.items():
        problem = write_file(text, str(output / name))
        if problem is not None:
            fail(problem)
    write(f"{plural(len(made.rules), 'rule')}: {plural(len(pages), 'file')} in {output}\n")
