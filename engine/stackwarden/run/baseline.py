"""Findings of an earlier time: in a baseline file, or of another revision. What is known does not count.

A finding is the same where its fingerprint is, which neither moved lines nor a renamed file change. Of several alike,
as many are known as there were, those in the same file first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import stackwarden
from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.run.finding import Finding, Report

__all__ = ["Baseline", "Entry", "compare", "dump_baseline", "load_baseline", "recorded"]

_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding of an earlier time. After `until`, its last day, it counts again."""

    fingerprint: str
    rule: str
    file: str
    resource: str
    severity: str
    message: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that a baseline file holds, and its name for people."""

    name: str
    entries: tuple[Entry, ...]


def recorded(
    findings: Iterable[Finding], *, until: date | None = None, known: Sequence[Entry] = ()
) -> tuple[Entry, ...]:
    """Entries for what is found and not waived; those in `known` keep the last day that they have."""
    days: dict[tuple[str, str], date | None] = {(one.fingerprint, one.file): one.until for one in known}
    return tuple(
        Entry(
            one.fingerprint,
            one.rule.id,
            one.file,
            one.resource,
            one.severity.word,
            one.message,
            days.get((one.fingerprint, one.file), until),
        )
        for one in findings
        if one.waived is None
    )


def dump_baseline(entries: Sequence[Entry]) -> str:
    """The text of a baseline file: one finding after the other, by file, rule and resource."""
    ordered = sorted(entries, key=lambda one: (one.file, one.rule, one.resource, one.fingerprint))
    findings = [
        {
            "fingerprint": one.fingerprint,
            "rule": one.rule,
            "file": one.file,
            "resource": one.resource,
            "severity": one.severity,
            "message": one.message,
            **({} if one.until is None else {"until": one.until.isoformat()}),
        }
        for one in ordered
    ]
    tool = {"name": "stackwarden", "version": stackwarden.__version__}
    return json.dumps({"version": _VERSION, "tool": tool, "findings": findings}, indent=2) + "\n"


def load_baseline(file: str) -> Baseline | Diagnostic:
    """The baseline in a file, or what is wrong with it."""
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        return Message(None, f"cannot read baseline `{file}`: {(error.strerror or str(error)).lower()}", _ADVICE)
    except ValueError as error:  # no JSON, or no UTF-8
        return Message(None, f"baseline `{file}` is no JSON: {error}", _ADVICE)
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("findings"), list):
        return Message(None, f"`{file}` is no baseline of version {_VERSION}", _ADVICE)
    entries: list[Entry] = []
    for number, one in enumerate(data["findings"], start=1):
        entry = _entry(one)
        if entry is None:
            return Message(None, f"finding {number} of baseline `{file}` is damaged", _ADVICE)
        entries.append(entry)
    return Baseline(file, tuple(entries))


_ADVICE: Final = "`stackwarden baseline` writes one"


def _entry(data: object) -> Entry | None:
    if not isinstance(data, dict):
        return None
    texts = [data.get(name) for name in ("fingerprint", "rule", "file", "resource", "severity", "message")]
    until = data.get("until")
    if not all(isinstance(text, str) for text in texts) or not isinstance(until, str | None):
        return None
    try:
        day = None if until is None else date.fromisoformat(until)
    except ValueError:
        return None
    fingerprint, rule, file, resource, severity, message = (str(text) for text in texts)
    return Entry(fingerprint, rule, file, resource, severity, message, day)


def compare(report: Report, entries: Sequence[Entry], *, with_: str, today: date) -> Report:
    """The report with each finding marked as known or new; `with_` says in words what it is compared with.

    Entries past their last day make nothing known, and are told once by a notice.
    """
    valid = [one for one in entries if one.until is None or one.until >= today]
    left: dict[str, list[Entry]] = {}
    for entry in valid:
        left.setdefault(entry.fingerprint, []).append(entry)
    known: set[int] = set()
    for same_file in (True, False):
        for index, finding in enumerate(report.findings):
            if index not in known and _take(left.get(finding.fingerprint, []), finding.file, same_file):
                known.add(index)
    ran = {rule.id for rule in report.rules}
    findings = tuple(replace(one, known=index in known) for index, one in enumerate(report.findings))
    over = len(entries) - len(valid)
    notices = (f"{over} of the findings of {with_} ended and count again",) if over else ()
    return replace(
        report,
        findings=findings,
        compared_with=with_,
        gone=sum(one.file in report.sources and one.rule in ran for rest in left.values() for one in rest),
        notices=(*report.notices, *notices),
    )


def _take(entries: list[Entry], file: str, same_file: bool) -> bool:
    """Takes an entry for a finding in a file out of those that are left, if there is one."""
    for index, entry in enumerate(entries):
        if not same_file or entry.file == file:
            del entries[index]
            return True
    return False
