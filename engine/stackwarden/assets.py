"""Where the files that are no Python code lie: the grammar, the shipped policies, the resource schemas.

In a wheel the first two are inside the package; an editable install and a checkout have them at the project's root.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["grammar_dir", "policies_dir", "schema_dir"]

_PACKAGE: Final = Path(__file__).parent


def grammar_dir() -> Path:
    """The folder with `warden.lark`. Raises FileNotFoundError when the installation lacks it."""
    return _shipped("grammar", "warden.lark")


def policies_dir() -> Path:
    """The folder with one folder per shipped policy pack. Raises FileNotFoundError when the installation lacks it."""
    return _shipped("policies", "")


def schema_dir() -> Path:
    """The folder `data/schemas` of the installed cfn-lint: CloudFormation's resource schemas by hash and by region.

    cfn-lint itself is not imported. Raises FileNotFoundError when it is not installed or keeps its data elsewhere.
    """
    spec = find_spec("cfnlint")  # the spec of a top-level name is found without running the module
    if spec is None or spec.origin is None:
        raise FileNotFoundError("cfn-lint is not installed; it holds the schemas of CloudFormation's resource types")
    folder = Path(spec.origin).parent / "data" / "schemas"
    if not (folder / "providers").is_dir():
        raise FileNotFoundError(f"the installed cfn-lint has no resource schemas in {folder}")
    return folder


@cache
def _shipped(name: str, member: str) -> Path:
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parents[1] / name):
        if (folder / member).exists():
            return folder
    raise FileNotFoundError(f"this installation of stackwarden lacks its folder `{name}`")
