"""`docs/cli.md` is made from the commands themselves; `--update-golden` writes it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import typer.main

from stackwarden.cli.app import app

_INTRODUCTION = """\
# Command line

This page is made from the commands. `--help`, or `-h`, after a command shows the same.
"""


def page() -> str:
    """The reference page of all commands, in the order in which they are registered."""
    sections = [_INTRODUCTION]
    for name, command in _commands(app):
        text = inspect.cleandoc((command.help or "").replace("\b\n", "")).strip()
        description, _, examples = text.partition("Example")
        sections.append(f"## stackwarden {name}\n\n{description.strip()}\n")
        shown = inspect.cleandoc(examples.partition(":\n")[2])
        sections.append(f"```sh\n{shown}\n```\n")
        rows = []
        for parameter in command.params:
            is_option = parameter.param_type_name == "option"
            names = ", ".join(f"`{name}`" for name in parameter.opts) if is_option else f"`{parameter.metavar}`"
            takes = f" {parameter.metavar}" if is_option and parameter.metavar else ""
            rows.append(f"| {names}{takes.replace('|', ' or ')} | {parameter.help} |")
        sections.append("\n".join(["| argument or option | meaning |", "| --- | --- |", *rows, ""]))
    return "\n".join(sections)


def _commands(of: typer.Typer, before: str = "") -> Iterator[tuple[str, Any]]:
    """The commands of an application with their full names, those of groups at the end."""
    group = typer.main.get_group(of)
    for info in of.registered_commands:
        yield f"{before}{info.name}", group.commands[info.name or ""]
    for inner in of.registered_groups:
        if inner.typer_instance is not None:
            yield from _commands(inner.typer_instance, f"{before}{inner.typer_instance.info.name} ")


def test_the_page_is_current(golden: Callable[[str, str], None]) -> None:
    golden("../../docs/cli.md", page())
