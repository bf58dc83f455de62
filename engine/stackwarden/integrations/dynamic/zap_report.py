"""Reading ZAP's report: its alerts, request by request.

Read is the report of ZAP's template `traditional-json`, or `traditional-json-plus`; of the latter, the requests and
responses are not taken over. What ZAP saw (evidence, attacks, query strings) may hold secrets and stays out.

Source: ZAP, *Traditional JSON Report*; *Alerts* (risk and confidence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from stackwarden.diagnostics import Diagnostic, Message, Severity
from stackwarden.run.finding import Place, RuleInfo
from stackwarden.source import Source, Span
from stackwarden.template.json import parse_json
from stackwarden.template.limits import Limits
from stackwarden.template.nodes import Mapping, Node, Scalar
from stackwarden.template.nodes import Sequence as NodeSequence
from stackwarden.template.secrets import NO_SECRETS, names_a_secret, starred

__all__ = ["LIMITS", "Alert", "ZapReport", "read_report"]

LIMITS: Final = Limits(size=256 * 1024 * 1024)
"""A report may hold every request and response."""

_SEVERITIES: Final = (Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH)
"""By ZAP's code of a risk."""

_LOW: Final = "1"
_SHOWN: Final = (
    *("alert", "alertRef", "name", "pluginid", "riskcode", "riskdesc", "confidence", "method", "param", "desc"),
    *("solution", "reference", "cweid", "wascid", "sourceid", "count", "systemic", "tag", "link", "id"),
    *("@name", "@host", "@port", "@ssl", "@version", "@generated", "@programName", "created"),
)
"""The keys of a report under which no traffic stands."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of ZAP about one request, at its place in the report. `uri` has neither user nor query."""

    rule: RuleInfo
    severity: Severity
    confidence: str
    method: str
    uri: str
    parameter: str
    place: Place


@dataclass(frozen=True, slots=True)
class ZapReport:
    """The alerts of a report, and its text without what ZAP saw in requests and responses."""

    source: Source
    alerts: tuple[Alert, ...]


def read_report(source: Source) -> ZapReport | Diagnostic:
    """The alerts in a report of ZAP; the fault where the text is none."""
    parsed = parse_json(source, LIMITS)
    if isinstance(parsed, Diagnostic):
        return parsed
    root, _ = parsed
    if not isinstance(root, Mapping):
        return _Fault(source).of(root, "is no JSON object, and so no report of ZAP")
    sites = root.get("site")
    if not isinstance(sites, NodeSequence):
        return _Fault(source).of(root, "has no list `site`, and so is no traditional JSON report of ZAP")
    shown = Source(source.name, starred(source.text, _hidden(root)))
    alerts: list[Alert] = []
    rules: dict[str, RuleInfo] = {}
    for index, site in enumerate(sites.items):
        listed = site.get("alerts") if isinstance(site, Mapping) else None
        if not isinstance(listed, NodeSequence):
            return _Fault(source).of(site, f"has no list `alerts` in site {index + 1}")
        for number, alert in enumerate(listed.items):
            if not isinstance(alert, Mapping) or not _text(alert, "pluginid"):
                return _Fault(source).of(alert, f"has no `pluginid` in alert {number + 1} of site {index + 1}")
            if _text(alert, "riskcode") not in ("0", "1", "2", "3"):
                return _Fault(source).of(alert, f"has no `riskcode` from 0 to 3 in alert {_text(alert, 'pluginid')}")
            alerts.extend(_alerts(alert, rules, shown, ("site", index, "alerts", number)))
    return ZapReport(shown, tuple(alerts))


@dataclass(frozen=True, slots=True)
class _Fault:
    source: Source

    def of(self, node: Node | None, what: str) -> Diagnostic:
        start = node.start if node is not None else 0
        span = Span(self.source, start, min(start + 1, len(self.source.text)))
        advice = "write one with the job `report` and the template `traditional-json`"
        return Message(span, f"this {what}", advice)


def _alerts(alert: Mapping, rules: dict[str, RuleInfo], source: Source, path: tuple[str | int, ...]) -> Iterator[Alert]:
    confidence = _text(alert, "confidence")
    severity = _SEVERITIES[int(_text(alert, "riskcode"))]
    rule = _rule(alert, severity)
    rule = rules.setdefault(rule.id, rule)
    if confidence == _LOW:
        severity = Severity(max(severity - 1, Severity.INFO))
    instances = alert.get("instances")
    items = instances.items if isinstance(instances, NodeSequence) else []
    for index, one in enumerate(items):
        if isinstance(one, Mapping):
            node = one.get("uri") or one
            place = Place((*path, "instances", index, "uri"), _line(source, node))
            parameter = NO_SECRETS.mask(_text(one, "param"))
            yield Alert(rule, severity, confidence, _text(one, "method"), _bare(_text(one, "uri")), parameter, place)
    if not items:  # an alert about a whole site
        yield Alert(rule, severity, confidence, "", "", "", Place(path, _line(source, alert)))


def _line(source: Source, node: Node) -> Span:
    """A node, or the first line of one that has several."""
    end = source.text.find("\n", node.start, node.end)
    return Span(source, node.start, node.end if end < 0 else end)


def _rule(alert: Mapping, severity: Severity) -> RuleInfo:
    number = _text(alert, "alertRef") or _text(alert, "pluginid")
    maps = {"cwe": _number(alert, "cweid"), "wasc": _number(alert, "wascid")}
    return RuleInfo(
        id=f"zap-{number}",
        title=_plain(_text(alert, "name") or _text(alert, "alert")) or f"alert {number} of ZAP",
        severity=severity,
        category="dynamic",
        pack="zap",
        because=_plain(_text(alert, "desc")),
        remediation=_plain(_text(alert, "solution")),
        see=tuple(dict.fromkeys(re.findall(r"https://[^\s<>\"]+", _text(alert, "reference")))),
        tags=(),
        maps={name: (value,) for name, value in maps.items() if value},
        resources=(),
        fixable=False,
        source="zap",
    )


def _number(alert: Mapping, name: str) -> str:
    text = _text(alert, name)
    return text if text.isdigit() and text != "0" else ""


def _text(mapping: Mapping, name: str) -> str:
    node = mapping.get(name)
    return node.text if isinstance(node, Scalar) and node.data is not None else ""


def _bare(uri: str) -> str:
    """A URL without what may be secret in it: the user, the query and the fragment."""
    parts = urlsplit(uri)
    if not parts.scheme or not parts.netloc:
        return NO_SECRETS.mask(uri.partition("?")[0])
    host = parts.netloc.rpartition("@")[2]
    return NO_SECRETS.mask(f"{parts.scheme}://{host}{parts.path}")


def _hidden(root: Node) -> Iterator[tuple[int, int]]:
    """The spans of what ZAP saw, for the text that reports show."""
    todo: list[tuple[str, Node]] = [("", root)]
    while todo:
        key, node = todo.pop()
        match node:
            case Scalar():
                if key == "uri" or key == "nodeName":
                    query = re.search(r"[?#]|(?<=//)[^/@]*@", node.text)
                    if query is not None:
                        yield node.start, node.end
                elif key not in _SHOWN or names_a_secret(key):
                    yield node.start, node.end
            case NodeSequence():
                todo.extend((key, item) for item in node.items)
            case Mapping():
                todo.extend((entry.key, entry.value) for entry in node)


class _Words(HTMLParser):
    """The text of HTML, with a blank where a tag stood."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def _plain(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    return NO_SECRETS.mask(" ".join(" ".join(parser.pieces).split()))
