"""`stackwarden graph`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._asked import (
    Account,
    Environment,
    NoConfig,
    ParameterValues,
    Partition,
    Region,
    With,
    asked_for,
    first_stack,
    options_for,
    pseudo_parameters,
)
from stackwarden.cli._output import fail, write, write_file

if TYPE_CHECKING:
    from stackwarden.graph.edges import Kind
    from stackwarden.report.drawing import Choice, Picture
    from stackwarden.run.finding import Finding
    from stackwarden.run.opened import Asked
    from stackwarden.run.session import SessionOptions

__all__ = ["graph"]


def graph(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A template, - for standard input.")],
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="dot, mermaid (default), svg or html.")
    ] = "mermaid",
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; default: standard output.")
    ] = None,
    focus: Annotated[
        str, typer.Option(metavar="ID", help="Only what leads to this resource and what it leads to.")
    ] = "",
    kinds: Annotated[
        str, typer.Option(metavar="KIND,…", help="Only these kinds of edges; default: all but refers and depends_on.")
    ] = "",
    exposure: Annotated[bool, typer.Option("--exposure", help="Only what the internet gets to.")] = False,
    parameters: ParameterValues = None,
    region: Region = None,
    account: Account = None,
    partition: Partition = None,
    environment: Environment = "",
    with_: With = None,
    no_config: NoConfig = False,
) -> None:
    """Draw how the resources of a template work together: what calls, runs as, may use, logs to what.

    Nested stacks are frames. What is there under some settings only, or not in the template, is dashed; what a stranger
    gets to without authorization is red. The page of html also lists the findings of each resource.

    Exit code: 0, 2 for a format, kind, resource, parameter or environment that is not there, 3 for a template that
    cannot be read or a value that it does not allow.

    \b
    Examples:
      stackwarden graph app.yaml
      stackwarden graph app.yaml -f html -o graph.html
      stackwarden graph app.yaml -f svg --focus Orders --kinds invokes,runs_as,allows
    """
    from stackwarden.diagnostics import did_you_mean
    from stackwarden.report.drawing import DRAWINGS, Choice

    render = DRAWINGS.get(format_)
    if render is None:
        fail(f"there is no format `{format_}`; {did_you_mean(format_, DRAWINGS) or 'try ' + ', '.join(DRAWINGS)}")
    options = options_for(file, parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    choice = Choice(_kinds(kinds), focus, exposure)
    picture = _picture(asked_for(file, with_ or (), environment), options, choice, scanned=format_ == "html")
    if focus and not picture.nodes:
        fail(f"there is no resource `{focus}` to focus on")
    text = render(picture)
    problem = write_file(text, output) if output is not None else None
    if problem is not None:
        fail(problem)
    if output is None:
        write(text)


def _picture(asked: Asked, options: SessionOptions, choice: Choice, *, scanned: bool) -> Picture:
    """The picture of the first stack that deploys the template; what cannot be read ends with exit code 3."""
    from stackwarden.report.drawing import picture_of

    _, first = first_stack(asked, options, "drawn")
    return picture_of(first.stack, choice, _findings(asked, options, first.environment) if scanned else ())


def _findings(asked: Asked, options: SessionOptions, environment: str) -> tuple[Finding, ...]:
    """What a scan of the template and of those beside it finds in an environment."""
    from stackwarden.cli._engine import open_or_exit
    from stackwarden.run.scan import scan

    report = scan(open_or_exit(options), (asked.file, *asked.others), stdin=asked.stdin)
    return tuple(
        finding
        for finding in report.shown()
        if finding.counts and (not environment or environment in finding.environments)
    )


def _kinds(words: str) -> frozenset[Kind]:
    """The kinds that were asked for; one that does not exist ends with exit code 2."""
    from stackwarden.diagnostics import did_you_mean
    from stackwarden.graph.edges import KINDS, Kind

    found: set[Kind] = set()
    for word in filter(None, (one.strip() for one in words.split(","))):
        if word not in KINDS:
            fail(f"there is no kind `{word}`; {did_you_mean(word, KINDS) or 'docs/graph.md lists them'}")
        found.add(Kind(word))
    return frozenset(found)
