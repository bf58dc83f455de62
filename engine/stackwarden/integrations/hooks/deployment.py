"""What deploys the hook: its template, and the folder of its function."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from stackwarden.config import Settings, load_settings

__all__ = ["DeploymentError", "template", "write_deployment"]


class DeploymentError(Exception):
    """The deployment cannot be written; the message says why."""


def template() -> str:
    """The text of the hook's template, whose function's code lies in the folder `function` beside it."""
    return (files(__package__) / "template.yaml").read_text(encoding="utf-8")


def write_deployment(folder: Path, config: Path | None = None) -> tuple[Path, ...]:
    """Writes the template, and a configuration with the policies that it names for the function; the paths written.

    Raises DeploymentError for a configuration with faults, or with policies that do not lie below it.
    """
    function = folder / "function"
    copies = {} if config is None else _copies(config, function)
    try:
        function.mkdir(parents=True, exist_ok=True)
        (folder / "template.yaml").write_text(template(), encoding="utf-8")
        for source, target in copies.items():
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    except OSError as error:
        raise DeploymentError(f"cannot write `{error.filename or folder}`: {error.strerror}") from None
    return (folder / "template.yaml", *copies.values())


def _copies(config: Path, function: Path) -> dict[Path, Path]:
    """The files and folders to copy, and where to."""
    settings = load_settings(config)
    if not isinstance(settings, Settings):
        raise DeploymentError("; ".join(f"{config}: {one.message()}" for one in settings))
    root = config.parent.resolve()
    found = {config: function / "stackwarden.toml"}
    for policy in settings.policies:
        path = Path(policy).resolve()
        if not path.exists():
            raise DeploymentError(f"{config} names policies that are not there: `{policy}`")
        if not path.is_relative_to(root):
            raise DeploymentError(f"`{policy}` does not lie below {config}, so the function cannot have it there")
        found[path] = function / path.relative_to(root)
    return found
