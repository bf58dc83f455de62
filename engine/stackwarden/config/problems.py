"""What can be wrong with a configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, did_you_mean

__all__ = ["BadValue", "MissingWaiverKey", "UnknownKey", "WrongType"]


@dataclass(frozen=True, slots=True)
class UnknownKey(Diagnostic):
    """A key that means nothing to stackwarden."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown setting `{self.name}`"

    def help(self) -> str | None:
        near = did_you_mean(self.name.replace("_", "-"), self.known)
        return near or f"the settings are {', '.join(f'`{name}`' for name in self.known)}"


@dataclass(frozen=True, slots=True)
class WrongType(Diagnostic):
    """A value of another type than its key needs; `wanted` and `found` are words such as `a list of strings`."""

    name: str
    wanted: str
    found: str

    def message(self) -> str:
        return f"`{self.name}` must be {self.wanted}, not {self.found}"


@dataclass(frozen=True, slots=True)
class BadValue(Diagnostic):
    """A word that is not one of those a key takes, or a date that is none."""

    name: str
    value: str
    known: tuple[str, ...]
    wanted: str

    def message(self) -> str:
        return f"`{self.name}` must be {self.wanted}, not `{self.value}`"

    def help(self) -> str | None:
        return did_you_mean(self.value, self.known)


@dataclass(frozen=True, slots=True)
class MissingWaiverKey(Diagnostic):
    """A `[[waivers]]` entry that does not say which rule it waives, or why."""

    name: str

    def message(self) -> str:
        return f"a waiver needs a `{self.name}`"
