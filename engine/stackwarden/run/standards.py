"""Packs by standard: the rules that check a requirement of a standard, chosen by what rules map to.

A standard is a TOML file in a folder `standards` of the policies. Each requirement names the rules that check it by the
ids that rules map to, or by globs over rule ids; `unseen` says why a template cannot show what it asks for. Practices
group requirements for reports; without any, each requirement is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from stackwarden.assets import policies_dir
from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.run.finding import RuleInfo

__all__ = ["Practice", "Requirement", "Standard", "checking", "load_standard", "standard_files"]

_FOLDER: Final = "standards"
_STANDARD_KEYS: Final = frozenset({"title", "version", "see", "about", "requirements", "practices"})
_PRACTICE_KEYS: Final = frozenset({"title", "about", "requirements"})
_REQUIREMENT_KEYS: Final = frozenset({"id", "title", "maps", "rules", "unseen"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement and how rules that check it are told: `maps` of key → ids, `rules` as globs over ids."""

    id: str
    title: str
    maps: Mapping[str, tuple[str, ...]]
    rules: tuple[str, ...] = ()
    unseen: str = ""

    def is_checked_by(self, rule: RuleInfo) -> bool:
        """Whether a rule checks the requirement."""
        return any(not set(ids).isdisjoint(rule.maps.get(key, ())) for key, ids in self.maps.items()) or any(
            fnmatchcase(rule.id, pattern) for pattern in self.rules
        )


@dataclass(frozen=True, slots=True)
class Practice:
    """Requirements that a report shows together, by a title."""

    title: str
    about: str
    requirements: tuple[Requirement, ...]

    def is_checked_by(self, rule: RuleInfo) -> bool:
        """Whether a rule checks one of the requirements."""
        return any(requirement.is_checked_by(rule) for requirement in self.requirements)


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard: its name as a pack, title, edition, link, what the selection means, requirements and practices."""

    name: str
    title: str
    version: str
    see: str
    about: str
    requirements: tuple[Requirement, ...]
    practices: tuple[Practice, ...]

    def selects(self, rule: RuleInfo) -> bool:
        """Whether a rule checks any requirement."""
        return any(requirement.is_checked_by(rule) for requirement in self.requirements)


def standard_files(roots: Iterable[Path] = ()) -> dict[str, Path]:
    """The files of the shipped standards and of those under further policy folders, by name."""
    found: dict[str, Path] = {}
    for root in (policies_dir(), *roots):
        found.update((path.stem, path) for path in sorted((root / _FOLDER).glob("*.toml")))
    return found


def load_standard(path: Path) -> Standard | Diagnostic:
    """The standard in a file, or what is wrong with it."""
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return _fault(path, str(error))
    try:
        return _standard(path.stem, data)
    except _BadStandardError as error:
        return _fault(path, str(error))


def checking(standard: Standard, rules: Iterable[RuleInfo]) -> dict[str, tuple[RuleInfo, ...]]:
    """The rules that check each requirement, by the requirement's id."""
    known = tuple(rules)
    return {one.id: tuple(rule for rule in known if one.is_checked_by(rule)) for one in standard.requirements}


class _BadStandardError(Exception):
    """What is wrong with a file; never leaves this module."""


def _fault(path: Path, reason: str) -> Diagnostic:
    return Message(None, f"standard `{path.name}` cannot be read: {reason}")


def _standard(name: str, data: Mapping[str, object]) -> Standard:
    _only(data, _STANDARD_KEYS, "the file")
    listed = data.get("requirements")
    if not isinstance(listed, list) or not listed:
        raise _BadStandardError("it has no `[[requirements]]`")
    requirements = tuple(_requirement(one) for one in listed)
    ids = [one.id for one in requirements]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise _BadStandardError(f"requirement `{twice}` is there twice")
    return Standard(
        name,
        _text(data, "title", "the file"),
        _optional(data, "version"),
        _text(data, "see", "the file"),
        _optional(data, "about"),
        requirements,
        _practices(data.get("practices"), requirements),
    )


def _practices(data: object, requirements: tuple[Requirement, ...]) -> tuple[Practice, ...]:
    """The practices of a file; every requirement belongs to exactly one."""
    if data is None:
        return tuple(Practice(f"{one.id} {one.title}", "", (one,)) for one in requirements)
    if not isinstance(data, list):
        raise _BadStandardError("`practices` must be tables, each `[[practices]]`")
    left = {one.id: one for one in requirements}
    practices: list[Practice] = []
    for table in data:
        if not isinstance(table, dict):
            raise _BadStandardError("a practice must be a table")
        title = _text(table, "title", "a practice")
        where = f"practice `{title}`"
        _only(table, _PRACTICE_KEYS, where)
        patterns = _texts(table.get("requirements", []), f"`requirements` of {where}")
        ids = [identifier for pattern in patterns for identifier in left if fnmatchcase(identifier, pattern)]
        missed = next((pattern for pattern in patterns if not any(fnmatchcase(one, pattern) for one in ids)), None)
        if missed is not None:
            raise _BadStandardError(f"{where} names `{missed}`, which is no requirement, or one of an earlier practice")
        practices.append(Practice(title, _optional(table, "about"), tuple(left.pop(one) for one in dict.fromkeys(ids))))
    if left:
        raise _BadStandardError(f"requirement `{next(iter(left))}` is in no practice")
    return tuple(practices)


def _requirement(data: object) -> Requirement:
    if not isinstance(data, dict):
        raise _BadStandardError("a requirement must be a table")
    identifier = _text(data, "id", "a requirement")
    where = f"requirement `{identifier}`"
    _only(data, _REQUIREMENT_KEYS, where)
    maps = data.get("maps", {})
    if not isinstance(maps, dict):
        raise _BadStandardError(f"`maps` of {where} must be a table")
    made = Requirement(
        identifier,
        _text(data, "title", where),
        {key: _texts(ids, f"`maps.{key}` of {where}") for key, ids in maps.items()},
        _texts(data.get("rules", []), f"`rules` of {where}"),
        _optional(data, "unseen"),
    )
    if not (made.maps or made.rules or made.unseen):
        raise _BadStandardError(f"{where} has neither `maps` nor `rules` nor `unseen`")
    return made


def _only(data: Mapping[str, object], known: frozenset[str], where: str) -> None:
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
        raise _BadStandardError(f"{where} has an unknown key `{unknown}`")


def _text(data: Mapping[str, object], key: str, where: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise _BadStandardError(f"{where} has no `{key}`")
    return value


def _optional(data: Mapping[str, object], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise _BadStandardError(f"`{key}` must be a text")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _BadStandardError(f"{where} must be a list of texts")
    return tuple(value)
