"""What CloudFormation is answered, in words that whoever deploys can act on.

Source: CloudFormation Hooks User Guide, *Create Lambda functions to evaluate resources for Lambda Hooks* (fields of the
answer, and that a message is cut at 4,096 characters, at 1,024 for Cloud Control API); CloudFormation API Reference,
*Annotation* (the lengths of its texts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from stackwarden.diagnostics import Severity
from stackwarden.integrations.hooks.check import Checked
from stackwarden.report import clean, plural
from stackwarden.run.finding import FileError, Finding
from stackwarden.run.when import circumstances

__all__ = ["Answer", "failure", "judge", "pass_over"]

Answer = dict[str, object]

_LONGEST: Final = 4096
_LONGEST_OF_CLOUD_CONTROL: Final = 1024
_MOST_ANNOTATIONS: Final = 100
_TEXT_OF_ANNOTATION: Final = 16_384
_LINK_OF_ANNOTATION: Final = 5_120
_LABELS: Final = {Severity.INFO: "INFORMATIONAL"}


def judge(
    checked: Checked, token: str, *, fail_on: Severity, fail_on_maybe: bool, passes_on_error: bool, short: bool
) -> Answer:
    """The answer for what was found: failed for findings at `fail_on` or above, and for what could not be read."""
    counting = [one for one in checked.findings if one.counts]
    stopping = [one for one in counting if one.severity >= fail_on and (one.verdict == "fail" or fail_on_maybe)]
    fatal = [error for error in checked.errors if error.fatal]
    lines = [*(f"note: {clean(note)}" for note in checked.notes), *(f"not read: {_error(error)}" for error in fatal)]
    if stopping:
        first = f"stackwarden: {plural(len(stopping), 'finding')} at or above {fail_on.word}"
        told = (*map(_line, _worst_first(stopping)), *lines, *_rest(checked, counting, stopping))
        answer = _answer(token, "FAILED", "NonCompliant", _fitting(first, told, short=short))
    elif fatal and not passes_on_error:
        first = "stackwarden: the template could not be checked in full, which is no pass"
        answer = _answer(token, "FAILED", "InternalFailure", _fitting(first, lines, short=short))
    else:
        first = f"stackwarden: no finding at or above {fail_on.word}"
        answer = _answer(token, "SUCCESS", None, _fitting(first, (*lines, *_rest(checked, counting, ())), short=short))
    annotations = list(_annotations(counting))
    return {**answer, "annotations": annotations} if annotations else answer


def failure(reason: str, token: str, *, passes: bool) -> Answer:
    """The answer where nothing could be checked; with `passes` the operation goes on all the same."""
    text = _cut(f"stackwarden checked nothing: {clean(reason)}", _LONGEST_OF_CLOUD_CONTROL)
    return _answer(token, "SUCCESS", None, text) if passes else _answer(token, "FAILED", "InternalFailure", text)


def pass_over(reason: str, token: str) -> Answer:
    """The answer where there is nothing to check."""
    return _answer(token, "SUCCESS", None, f"stackwarden: {reason}")


def _answer(
    token: str, status: Literal["SUCCESS", "FAILED"], code: Literal["NonCompliant", "InternalFailure"] | None, text: str
) -> Answer:
    return {
        "hookStatus": status,
        **({"errorCode": code} if code is not None else {}),
        "message": text,
        "clientRequestToken": token,
        "callbackContext": None,
        "callbackDelaySeconds": 0,
    }


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.verdict == "maybe", -one.severity, one.rule.id, one.resource))


def _line(finding: Finding) -> str:
    about = circumstances(finding)
    told = f"{finding.message} ({about})" if about else finding.message
    remedy = f" Fix: {finding.rule.remediation}" if finding.rule.remediation else ""
    return clean(f"[{_word(finding)}] {finding.rule.id} at {finding.resource or 'the template'}: {told}.{remedy}")


def _word(finding: Finding) -> str:
    return f"{finding.severity.word}, maybe" if finding.verdict == "maybe" else finding.severity.word


def _error(error: FileError) -> str:
    return clean(f"{error.file}:{error.line}: {error.message}")


def _rest(checked: Checked, counting: Sequence[Finding], stopping: Sequence[Finding]) -> Iterator[str]:
    """How many findings do not stop the operation, in words."""
    others = [one for one in counting if one not in stopping]
    fails = sum(one.verdict == "fail" for one in others)
    counts = (
        (fails, "finding", "below that"),
        (len(others) - fails, "maybe", "that depend on what is not known here"),
        (len(checked.findings) - len(counting), "waived finding", ""),
        (checked.elsewhere, "finding", "that this operation does not answer for"),
    )
    told = [f"{plural(count, noun)} {about}".strip() for count, noun, about in counts if count]
    if told:
        yield f"besides: {', '.join(told)}"


def _fitting(first: str, lines: Iterable[str], *, short: bool) -> str:
    """As many whole lines as there is room for, and how many are left out."""
    most = _LONGEST_OF_CLOUD_CONTROL if short else _LONGEST
    listed = list(lines)
    text = _cut(first, most)
    for index, line in enumerate(listed):
        left = len(listed) - index
        more = f"\n… {left} more in the annotations" if left > 1 else ""
        if len(text) + 1 + len(line) + len(more) > most:
            told = f"\n… {left} more in the annotations"
            room = most - len(text) - len(told) - 1
            return f"{text}\n{_cut(line, room)}{more}" if index == 0 and room > 0 else f"{text}{told}"[:most]
        text = f"{text}\n{line}"
    return text


def _annotations(findings: Iterable[Finding]) -> Iterator[Answer]:
    """What each rule found, worst first: failed, or skipped where it depends on what is not known."""
    groups: dict[str, list[Finding]] = {}
    for finding in _worst_first(findings):
        groups.setdefault(finding.rule.id, []).append(finding)
    for group in list(groups.values())[:_MOST_ANNOTATIONS]:
        rule = group[0].rule
        worst = max(one.severity for one in group)
        told = "; ".join(dict.fromkeys(f"{one.resource or 'template'}: {clean(one.message)}" for one in group))
        link = next((one for one in rule.see if one.startswith("https://") and len(one) <= _LINK_OF_ANNOTATION), None)
        yield {
            "annotationName": rule.id,
            "status": "FAILED" if any(one.verdict == "fail" for one in group) else "SKIPPED",
            "statusMessage": _cut(told, _TEXT_OF_ANNOTATION),
            "remediationMessage": _cut(clean(rule.remediation or rule.title), _TEXT_OF_ANNOTATION),
            **({"remediationLink": link} if link is not None else {}),
            "severityLevel": _LABELS.get(worst, worst.word.upper()),
        }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
