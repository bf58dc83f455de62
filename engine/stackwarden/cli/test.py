"""`stackwarden test`."""

from __future__ import annotations

from typing import Annotated

import typer

from stackwarden.cli._output import write, write_diagnostics

__all__ = ["test"]


def test(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Warden files or folders; default: the shipped packs."),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Also list conditions never seen true, or never seen false.")
    ] = False,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Also change the rules one place at a time; list what no example notices.")
    ] = False,
) -> None:
    """Run the examples that stand in rules.

    Exit code: 0 all as they say, 1 some not, 2 a policy is wrong.

    \b
    Examples:
      stackwarden test policies --coverage
      stackwarden test policies/iam --mutate
    """
    from stackwarden.report import plural
    from stackwarden.run.examples import run_examples

    result = run_examples(tuple(packs or ()), coverage=coverage)
    if result.diagnostics:
        write_diagnostics(result.diagnostics)
        raise typer.Exit(2)
    write_diagnostics(result.failures)
    write_diagnostics(result.uncovered)
    size = f"{plural(result.rules, 'rule')}, {plural(result.examples, 'example')}"
    write(f"{size}: {f'{len(result.failures)} failed' if result.failures else 'all pass'}\n")
    if mutate and not result.failures:
        from stackwarden.run.mutate import run_mutants

        mutation = run_mutants(tuple(packs or ()))
        write_diagnostics(mutation.survivors)
        noticed = mutation.mutants - len(mutation.survivors)
        share = f" ({noticed / mutation.mutants:.1%})" if mutation.mutants else ""
        write(f"{plural(mutation.mutants, 'mutant')}: {noticed} noticed{share}\n")
    raise typer.Exit(1 if result.failures else 0)
