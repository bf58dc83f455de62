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
    group = typer.main.get_command(app)
    sections = [_INTRODUCTION]
    for name, command in commands(group):
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


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, those of groups after those that stand alone."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def test_the_page_is_current(golden: Callable[[str, str], None]) -> None:
    golden("../../docs/cli.md", page())
