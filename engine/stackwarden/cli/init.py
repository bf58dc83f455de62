"""`stackwarden init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from stackwarden.cli._output import fail, write

__all__ = ["FILES", "init"]

_CONFIG: Final = """\
# Settings of stackwarden; docs/configuration.md of the project explains every key.

# Folders with policies of your own, beside the shipped packs.
policies = ["policies"]

# From which severity on a scan fails: critical, high, medium, low or info.
fail-on = "medium"

# Rules to leave out: ids, globs, categories or severities.
ignore = []

# Files to leave out, in the manner of .gitignore.
exclude = []

# Known findings, each with a reason and, best, a last day:
# [[waivers]]
# rule = "lambda-url-auth-none"
# path = "legacy/**"
# reason = "behind the company network until the move"
# until = 2027-01-31
"""

_RULE: Final = '''\
# A first rule of your own. `stackwarden check policies` checks it, `stackwarden test policies` runs its examples.
rule own-log-group-retention {
    title     "Log group keeps its events for ever"
    severity  low
    category  logging
    because   "Old log events cost money and may hold personal data."
    remediate "Set RetentionInDays."

    for group in AWS::Logs::LogGroup
    require group.RetentionInDays is present
        else "{group} has no RetentionInDays"

    example "no retention" fails at Events """
        Resources:
          Events:
            Type: AWS::Logs::LogGroup
    """
    example "a month" passes """
        Resources:
          Events:
            Type: AWS::Logs::LogGroup
            Properties: {RetentionInDays: 30}
    """
}
'''

_PRE_COMMIT: Final = """\
repos:
  - repo: local
    hooks:
      - id: stackwarden
        name: stackwarden policy check
        entry: stackwarden scan --changed-only
        language: system
        files: \\.(ya?ml|json|template|cfn)$
        types: [text]
        require_serial: true
"""

_BUILDSPEC: Final = """\
version: 0.2
phases:
  install:
    runtime-versions: {python: 3.12}
    commands: [pip install stackwarden]
  build:
    commands: ["stackwarden scan . -f pretty -f junit -o reports/stackwarden.xml"]
reports:
  stackwarden:
    base-directory: reports
    files: [stackwarden.xml]
    file-format: JUNITXML
"""

FILES: Final = {
    "stackwarden.toml": _CONFIG,
    "policies/own-log-group-retention.warden": _RULE,
    ".pre-commit-config.yaml": _PRE_COMMIT,
    "buildspec.yml": _BUILDSPEC,
}
"""What `init` writes, by path in the folder."""

_SHARED: Final = (".pre-commit-config.yaml", "buildspec.yml")  # other tools have their entries there too


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; default: this folder.")] = Path(),
) -> None:
    """Write a configuration, a first rule and CI entries.

    That is: stackwarden.toml, a policy with examples, a pre-commit hook and an AWS CodeBuild buildspec.

    Existing files stay as they are. Exit code 2 if nothing was left to write.

    \b
    Example:
      stackwarden init
    """
    written, kept = [], []
    for name, text in FILES.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:  # never overwrites, not even in a race
                file.write(text)
            written.append(name)
        except FileExistsError:
            kept.append(name)
        except OSError as error:
            fail(f"cannot write `{path}`: {(error.strerror or str(error)).lower()}")
    lines = [f"wrote {folder / name}" for name in written]
    for name in kept:
        lines.append(f"kept  {folder / name}, which exists")
        if name in _SHARED:
            lines += ["      to use stackwarden there, add:", *(f"        {row}" for row in FILES[name].splitlines())]
    if written:
        lines.append("next: stackwarden check policies, stackwarden test policies, stackwarden scan .")
    write("\n".join([*lines, ""]))
    if not written:
        raise typer.Exit(2)
