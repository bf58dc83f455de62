"""The application: which commands there are, and what happens when everything else fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

import stackwarden

__all__ = ["app", "main"]

_PACKAGE: Final = "stackwarden.cli"
_COMMANDS: Final = (
    "scan",
    "check",
    "test",
    "rules",
    "explain",
    "query",
    "graph",
    "docs",
    "baseline",
    "waivers",
    "init",
)
"""The commands that stand alone, each a function of that name in a module of that name."""
_GROUPS: Final = {"export": "export", "import": "import_"}
"""The groups of commands, each an application in a module."""
_PLAIN: Final[dict[str, Any]] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}
"""Plain help and errors, without loading rich."""


class _Loaded(MutableMapping[str, Any]):
    """The commands by name, each loaded when it is asked for: nobody waits for what others need."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._names = [*_COMMANDS, *_GROUPS, *known]
        self._known = dict(known)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = _load(name)
        return self._known[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._names.append(name)
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        self._names.remove(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _load(name: str) -> Any:
    """A command, or a group of them, from its module."""
    if name in _GROUPS:
        group = get_command(import_module(f"{_PACKAGE}.{_GROUPS[name]}").app)
        group.name = name
        return group
    module = import_module(f"{_PACKAGE}.{name}")
    alone = typer.Typer(add_completion=False, **_PLAIN)
    alone.command(name, cls=getattr(module, "COMMAND", None))(getattr(module, name))
    return get_command(alone)


class _Commands(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Loaded(attributes["commands"])


app: Final = typer.Typer(
    name="stackwarden",
    cls=_Commands,
    help="Policy as code for AWS CloudFormation and SAM templates.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: stackwarden scan templates",
    **_PLAIN,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stackwarden {stackwarden.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Runs the command line and exits; an internal error is exit code 3, never 1, which means findings."""
    try:
        app()
    except Exception:
        import traceback

        traceback.print_exc()
        sys.stderr.write("stackwarden: an internal error; please report it with the lines above\n")
        sys.exit(3)
