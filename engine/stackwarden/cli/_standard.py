"""The standard that a report is asked to go by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stackwarden.cli._formats import Target
from stackwarden.cli._output import fail, write_diagnostics

if TYPE_CHECKING:
    from stackwarden.run.standards import Standard

__all__ = ["chosen_standard"]


def chosen_standard(
    name: str, targets: Sequence[Target], policies: Sequence[str], path: str, read_config: bool
) -> Standard:
    """The shipped standard, or one beside the policies, of that name or whose name alone begins so.

    Own policies are those given and those that the configuration for `path` names. What is wrong ends with exit code 2.
    """
    from stackwarden.cli._engine import settings_for
    from stackwarden.report.by_standard import FORMATS
    from stackwarden.run.session import UnknownChoice
    from stackwarden.run.standards import Standard, load_standard, standard_files

    if not any(target.format in FORMATS for target in targets):
        fail(f"--by is for the formats {', '.join(FORMATS)}; add one of them with --format")
    settings = settings_for(path) if read_config else None
    own = settings.policies if settings is not None else ()
    files = standard_files(Path(policy) for policy in (*own, *policies))
    matching = [name] if name in files else [known for known in files if known.startswith(f"{name}-")]
    if len(matching) > 1:
        fail(f"--by {name} may be {' or '.join(matching)}")
    loaded = load_standard(files[matching[0]]) if matching else UnknownChoice(None, "standard", name, tuple(files))
    if not isinstance(loaded, Standard):
        write_diagnostics([loaded])
        raise typer.Exit(2)
    return loaded
