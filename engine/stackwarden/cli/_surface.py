"""The APIs of one template: what the exports of dynamic tests share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stackwarden.cli._asked import first_stack
from stackwarden.cli._output import fail, tell, write, write_file

if TYPE_CHECKING:
    from stackwarden.integrations.dynamic.surface import Missing, Surface
    from stackwarden.run.opened import Asked
    from stackwarden.run.session import SessionOptions

__all__ = ["ApiName", "File", "ServerUrl", "base_url", "surface_of", "tell_missing", "write_text"]

File = Annotated[str, typer.Argument(metavar="FILE", help="A template, - for standard input.")]
ApiName = Annotated[str, typer.Option("--api", metavar="ID", help="Only this API, by its logical id.")]
ServerUrl = Annotated[
    str, typer.Option("--server", metavar="URL", help="The base URL of the API, in place of what the template says.")
]
_URL: Final = re.compile(r"(https?)://([^/?#\s@]+)(/[^?#\s]*)?")
_PORTS: Final = {"https": ":443", "http": ":80"}


def surface_of(asked: Asked, options: SessionOptions, api: str, *, server: str = "") -> Surface:
    """The APIs of a template, or one of them; a template without any ends with exit code 2."""
    from stackwarden.diagnostics import did_you_mean
    from stackwarden.integrations.dynamic.reading import surface_of as read

    opened, first = first_stack(asked, options, "exported")
    surface = read(opened.name, first.stack, opened.secrets)
    names = [one.name for one in surface.apis]
    if not names:
        reasons = "".join(f"\n  {one.sentence}" for one in surface.missing)
        fail(f"{opened.name} has no API to export{reasons}")
    if api and api not in names:
        fail(f"there is no API `{api}` to export; {did_you_mean(api, names) or 'there are ' + ', '.join(names)}")
    if api:
        chosen = tuple(one for one in surface.apis if one.name == api)
        surface = replace(surface, apis=chosen, missing=tuple(one for one in surface.missing if one.api == api))
    if server and len(surface.apis) > 1:
        fail(f"--server is about one API; choose it with --api: {', '.join(names)}")
    return surface


def base_url(server: str) -> str:
    """A base URL without a slash at its end or the port that its scheme has anyhow; exit code 2 for what is none."""
    if not server:
        return ""
    found = _URL.fullmatch(server)
    if found is None:
        fail(f"--server takes a URL such as https://api.example.com/v1, not `{server}`")
    scheme, host, path = found.groups()
    return f"{scheme}://{host.removesuffix(_PORTS[scheme])}{(path or '').rstrip('/')}"


def tell_missing(missing: Sequence[Missing]) -> None:
    """Tells on standard error what a document does not have."""
    for one in missing:
        tell(f"stackwarden: not exported: {one.sentence}")


def write_text(text: str, output: str | None) -> None:
    """Writes to a file or to standard output; exit code 2 where that fails."""
    if output is None:
        write(text)
        return
    problem = write_file(text, output)
    if problem is not None:
        fail(problem)
