"""stackwarden's rules inside cfn-lint, so that editors and pipelines that have cfn-lint show their findings.

`cfn-lint --append-rules stackwarden.integrations.cfnlint_plugin` loads the classes below: one for each level that
cfn-lint knows, as a level belongs to a rule there. The nearest `stackwarden.toml` counts. The template is scanned once,
and from its file, as places are those of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from stackwarden.config import Settings, find_config, load_settings
from stackwarden.diagnostics import Severity
from stackwarden.run.discover import Found
from stackwarden.run.finding import Finding
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.when import circumstances

if TYPE_CHECKING:
    from cfnlint.template import Template

__all__ = ["StackwardenErrors", "StackwardenInformation", "StackwardenWarnings"]

_PAGE: Final = "docs/integrations/cfn-lint.md"


class _Findings(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types for us to see
    """The findings of some severities; without an id, so that cfn-lint leaves this class out."""

    id = ""
    source_url = _PAGE
    tags: list[str] = ["security", "stackwarden"]  # noqa: RUF012 - cfn-lint's own attribute
    severities: tuple[Severity, ...] = ()

    def match(self, cfn: Template) -> list[RuleMatch]:
        """The findings in the template's file as cfn-lint's matches."""
        return list(self._matches(cfn.filename))

    def _matches(self, file: str | None) -> Iterator[RuleMatch]:
        path = Path(file) if file is not None else None
        if path is None or not path.is_file():
            return  # a text without a file: there is nothing to read
        for finding in _found(str(path), path.stat().st_mtime_ns):
            if finding.severity in self.severities:
                yield RuleMatch(list(finding.place.path), _words(finding))


class StackwardenErrors(_Findings):
    """Findings of severity critical and high."""

    id = "E9101"
    shortdesc = "stackwarden: critical or high"
    description = "A policy of stackwarden fails with severity critical or high"
    severities = (Severity.CRITICAL, Severity.HIGH)


class StackwardenWarnings(_Findings):
    """Findings of severity medium."""

    id = "W9101"
    shortdesc = "stackwarden: medium"
    description = "A policy of stackwarden fails with severity medium"
    severities = (Severity.MEDIUM,)


class StackwardenInformation(_Findings):
    """Findings of severity low and info."""

    id = "I9101"
    shortdesc = "stackwarden: low"
    description = "A policy of stackwarden fails with severity low or info"
    severities = (Severity.LOW, Severity.INFO)


@lru_cache(maxsize=8)
def _found(file: str, _changed: int) -> tuple[Finding, ...]:
    """The findings that count in a file, scanned once for the three rules. Raises ValueError for a wrong policy."""
    report = scan(_session(find_config(Path(file))), [Found(file, Path(file), True)])
    return tuple(one for one in report.findings if one.counts and one.verdict == "fail" and one.file == file)


@lru_cache(maxsize=8)
def _session(config: Path | None) -> Session:
    settings: Any = load_settings(config) if config is not None else None
    if isinstance(settings, tuple):
        raise ValueError("; ".join(one.message() for one in settings))
    assert settings is None or isinstance(settings, Settings)
    session = open_session(SessionOptions(settings=settings))
    if isinstance(session, tuple):
        raise ValueError("; ".join(one.message() for one in session))
    return session


def _words(finding: Finding) -> str:
    about = circumstances(finding)
    return f"{finding.message} ({about}) [{finding.rule.id}]" if about else f"{finding.message} [{finding.rule.id}]"
