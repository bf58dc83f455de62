"""How a hook is set up: by the environment of its function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stackwarden.diagnostics import Severity, did_you_mean

__all__ = ["BadSettingError", "HookSettings", "read_settings"]

_PREFIX: Final = "STACKWARDEN_"
_FILE: Final = "stackwarden.toml"


class BadSettingError(Exception):
    """A variable of the function's environment has a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class HookSettings:
    """`fail_on` None leaves it to the configuration file; `config` is that file's path, empty for none.

    With `only_new`, what the previous template or properties already had does not count. `passes_on_error`: an error of
    the hook itself lets the operation go on. `looks_up`: the values of parameters are asked of CloudFormation.
    `to_security_hub`: findings of what is deployed are imported into Security Hub.
    """

    fail_on: Severity | None = None
    fail_on_maybe: bool = False
    only_new: bool = False
    passes_on_error: bool = False
    packs: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    config: str = ""
    looks_up: bool = True
    to_security_hub: bool = False


def read_settings(environment: Mapping[str, str]) -> HookSettings:
    """The settings in a function's environment. Raises BadSettingError."""
    on_error = _choice(environment, "ON_ERROR", ("fail", "pass"), "fail")
    severity = _choice(environment, "FAIL_ON", tuple(Severity.words()), "")
    return HookSettings(
        fail_on=Severity.parse(severity) if severity else None,
        fail_on_maybe=_flag(environment, "FAIL_ON_MAYBE", False),
        only_new=_flag(environment, "ONLY_NEW", False),
        passes_on_error=on_error == "pass",
        packs=_list(environment, "PACKS"),
        skip=_list(environment, "SKIP"),
        config=_config(environment),
        looks_up=_flag(environment, "LOOK_UP", True),
        to_security_hub=_flag(environment, "SECURITY_HUB", False),
    )


def _config(environment: Mapping[str, str]) -> str:
    """The configuration that is named, else the one beside the function's code if there is one."""
    named = environment.get(f"{_PREFIX}CONFIG", "")
    root = Path(environment.get("LAMBDA_TASK_ROOT", ""))
    if named:
        return str(root / named)
    beside = root / _FILE
    return str(beside) if "LAMBDA_TASK_ROOT" in environment and beside.is_file() else ""


def _list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environment.get(f"{_PREFIX}{name}", "").split(",") if part.strip())


def _flag(environment: Mapping[str, str], name: str, otherwise: bool) -> bool:
    return _choice(environment, name, ("true", "false"), str(otherwise).lower()) == "true"


def _choice(environment: Mapping[str, str], name: str, known: tuple[str, ...], otherwise: str) -> str:
    value = environment.get(f"{_PREFIX}{name}", "").strip().lower()
    if value and value not in known:
        advice = did_you_mean(value, known)
        listed = ", ".join(known)
        raise BadSettingError(f"{_PREFIX}{name} is `{value}`, not one of {listed}" + (f"; {advice}" if advice else ""))
    return value or otherwise
