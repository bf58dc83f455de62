"""Which rules an invocation runs: by the parameters of the rule in AWS Config, and by the file beside the function.

AWS Config takes 1,024 characters of parameters, which lists of rules outgrow. `stackwarden export aws-config` therefore
writes them to `selection.json` and passes the name of a check: `{"checks": {NAME: {RULE: [RESOURCE_TYPE, …]}}}`, beside
which `policies` names folders of own policies, `shipped` whether others are needed, and `params` values of parameters.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from stackwarden.config.load import load_settings
from stackwarden.config.settings import Settings
from stackwarden.diagnostics import Severity, did_you_mean
from stackwarden.integrations.aws_config.errors import BadSetup
from stackwarden.integrations.aws_config.items import Data
from stackwarden.integrations.aws_config.shapes import config_type
from stackwarden.run.session import Session, SessionOptions, open_session

__all__ = ["FILE", "PARAMETERS", "Selection", "select"]

FILE: Final = "selection.json"
PARAMETERS: Final = ("check", "minSeverity", "packs", "resourceTypes", "rules", "skip", "undecided")
"""The parameters that a rule may have; those that hold several values take them with commas."""
_UNDECIDED: Final = ("NOT_APPLICABLE", "NON_COMPLIANT")


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules to run. `types` are the resource types of AWS Config by rule; `undecided` is what a resource counts as
    of which no rule is decided."""

    session: Session
    types: Mapping[str, frozenset[str]] = field(repr=False)
    min_severity: Severity = Severity.LOW
    undecided: str = "NOT_APPLICABLE"
    resource_types: tuple[str, ...] = ()

    def rules(self, resource_type: str) -> tuple[str, ...]:
        """The ids of the rules for a resource type of AWS Config."""
        return tuple(rule for rule, types in self.types.items() if resource_type in types)


def select(parameters: Mapping[str, Data]) -> Selection:
    """The selection that parameters of a rule make. Raises BadSetup."""
    for name in parameters:
        if name not in PARAMETERS:
            hint = did_you_mean(name, PARAMETERS)
            raise BadSetup(f"the rule has no parameter `{name}`" + (f"; {hint}" if hint else ""))
    told = {name: str(parameters.get(name) or "") for name in PARAMETERS}
    return _selected(tuple(told.items()), os.environ.get("STACKWARDEN_SELECTION") or _beside())


def _beside() -> str:
    """The file beside the function's code, where there is one."""
    path = Path(os.environ.get("LAMBDA_TASK_ROOT") or ".") / FILE
    return str(path) if path.is_file() else ""


@lru_cache(maxsize=32)
def _selected(items: tuple[tuple[str, str], ...], file: str) -> Selection:
    told = dict(items)
    severity = Severity.parse(told["minSeverity"] or "low")
    if severity is None:
        raise BadSetup(f"minSeverity is `{told['minSeverity']}`; known are {', '.join(Severity.words())}")
    undecided = told["undecided"] or "NOT_APPLICABLE"
    if undecided not in _UNDECIDED:
        raise BadSetup(f"undecided is `{undecided}`; known are {' and '.join(_UNDECIDED)}")
    written = _read(Path(file)) if file else {}
    check = _check(written, told["check"], file)
    rules = tuple(check) if check is not None else _list(told["rules"])
    folder = Path(file).parent if file else Path()
    session = open_session(
        SessionOptions(
            policies=tuple(str(folder / name) for name in _texts(written.get("policies"))),
            packs=_list(told["packs"]) if check is None else (),
            rules=rules,
            skip=_list(told["skip"]),
            params={name: str(value) for name, value in _mapping(written.get("params")).items()},
            min_severity=severity,
            settings=_settings(folder),
            shipped=written.get("shipped") is not False,
        )
    )
    if isinstance(session, tuple):
        raise BadSetup("the policies cannot be used: " + "; ".join(one.message() for one in session))
    types = {rule: frozenset(_texts(kinds)) for rule, kinds in check.items()} if check is not None else _types(session)
    listed = _list(told["resourceTypes"]) or tuple(sorted(frozenset().union(*types.values())))
    return Selection(session, types, severity, undecided, listed)


def _types(session: Session) -> dict[str, frozenset[str]]:
    return {rule.id: frozenset(config_type(one) for one in rule.resources) for rule in session.rules}


def _settings(folder: Path) -> Settings | None:
    """The configuration beside the selection, which may have waivers, severities and values of parameters."""
    path = folder / "stackwarden.toml"
    if not path.is_file():
        return None
    settings = load_settings(path)
    if isinstance(settings, tuple):
        raise BadSetup(f"`{path.name}` cannot be used: " + "; ".join(one.message() for one in settings))
    return settings


def _check(written: Mapping[str, Data], name: str, file: str) -> Mapping[str, Data] | None:
    if not name:
        return None
    checks = _mapping(written.get("checks"))
    if name not in checks:
        where = f"in `{Path(file).name}`" if file else f"as there is no `{FILE}` beside the function"
        hint = did_you_mean(name, checks)
        raise BadSetup(f"there is no check `{name}` {where}" + (f"; {hint}" if hint else ""))
    return _mapping(checks[name])


def _read(path: Path) -> Mapping[str, Data]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetup(f"`{path.name}` cannot be read: {error}") from error
    if not isinstance(data, Mapping):
        raise BadSetup(f"`{path.name}` has to hold an object")
    return data


def _mapping(value: Data) -> Mapping[str, Data]:
    return cast("Mapping[str, Data]", value) if isinstance(value, Mapping) else {}


def _texts(value: Data) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
