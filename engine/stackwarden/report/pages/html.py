"""The reference as a static site: an index that can be searched and filtered, a page a rule, a page a standard.

The pages read well without JavaScript; it only filters the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.report._static import static
from stackwarden.report._text import plural
from stackwarden.report.pages._words import heading_of, map_name, notes, packs_of, services_of
from stackwarden.run.reference import ExamplePage, Reference, RulePage
from stackwarden.run.standards import Requirement, Standard, checking

__all__ = ["html_site"]

_STATIC: Final = ("style.css", "search.js")


def html_site(reference: Reference) -> dict[str, str]:
    """The files of the site by their path: `index.html`, `rules/ID.html`, `standards/NAME.html`, style and script."""
    site = {"index.html": _index(reference)}
    site.update((f"rules/{rule.info.id}.html", _rule(rule)) for rule in reference.rules)
    site.update((f"standards/{one.name}.html", _standard(one, reference)) for one in reference.standards)
    site.update((name, static(__package__, name)) for name in _STATIC)
    return site


def _page(title: str, body: Iterable[str], *, up: str = "", script: bool = False) -> str:
    """A whole page; `up` leads to the folder of the index."""
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f'<link rel="stylesheet" href="{up}style.css">',
            *((f'<script src="{up}search.js" defer></script>',) if script else ()),
            "</head>",
            "<body>",
            f'<nav><a href="{up}index.html">Rules</a></nav>',
            "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def _badge(severity: Severity) -> str:
    return f'<span class="severity {severity.word}">{severity.word}</span>'


def _link(address: str) -> str:
    """A link that shows where it leads; anything but http is only shown."""
    shown = escape(address)
    return f'<a href="{shown}">{shown}</a>' if address.startswith(("https://", "http://")) else shown


def _index(reference: Reference) -> str:
    packs = packs_of(reference.rules)
    services = sorted({service for rule in reference.rules for service in services_of(rule)})
    severities = [word for word in Severity.words() if any(one.info.severity.word == word for one in reference.rules)]
    maps = sorted({key for rule in reference.rules for key in rule.info.maps}, key=map_name)
    body = [
        "<h1>Rules</h1>",
        f'<p><output id="count">{plural(len(reference.rules), "rule")}</output> in {plural(len(packs), "pack")}</p>',
        '<form id="filters" role="search" hidden>',
        '<label>Search <input type="search" id="words" placeholder="words, or an id of another tool"></label>',
        _choice("pack", "Pack", ((name, name) for name in packs)),
        _choice("severity", "Severity", ((word, word) for word in severities)),
        _choice("service", "Service", ((name, name) for name in services)),
        _choice("map", "Maps to", ((key, map_name(key)) for key in maps)),
        '<label><input type="checkbox" id="fixable"> can be fixed</label>',
        "</form>",
        '<p id="none" hidden>No rule is like that.</p>',
        '<table id="rules"><thead><tr><th>Rule<th>Severity<th>Pack<th>What is wrong</tr></thead><tbody>',
        *(_row(rule) for rule in reference.rules),
        "</tbody></table>",
    ]
    if reference.standards:
        body += ["<h2>Packs by standard</h2>", "<ul>"]
        body += [
            f'<li><a href="standards/{escape(one.name)}.html">{escape(_title(one))}</a></li>'
            for one in reference.standards
        ]
        body.append("</ul>")
    return _page("Rules", body, script=True)


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<label>{label} <select id="{name}"><option value="">any</option>{listed}</select></label>'


def _row(rule: RulePage) -> str:
    info = rule.info
    ids = (identifier for each in info.maps.values() for identifier in each)
    words = " ".join((info.id, info.title, info.category, info.because, *info.tags, *info.resources, *ids)).lower()
    data = {
        "words": words,
        "pack": info.pack,
        "severity": info.severity.word,
        "service": " ".join(services_of(rule)),
        "map": " ".join(info.maps),
        "fixable": "yes" if info.fixable else "",
    }
    attributes = " ".join(f'data-{key}="{escape(value)}"' for key, value in data.items())
    return (
        f'<tr {attributes}><td><a href="rules/{escape(info.id)}.html">{escape(info.id)}</a>'
        f"<td>{_badge(info.severity)}<td>{escape(info.pack)}<td>{escape(info.title)}</tr>"
    )


def _title(standard: Standard) -> str:
    return f"{standard.title} {standard.version}".strip()


def _rule(rule: RulePage) -> str:
    info = rule.info
    belongs = " · ".join(escape(part) for part in (f"pack {info.pack}", info.category) if part)
    body = [
        f"<h1>{escape(info.title)}</h1>",
        f"<p>{_badge(info.severity)} <code>{escape(info.id)}</code> · {belongs}</p>",
    ]
    if info.deprecated_by:
        link = escape(info.deprecated_by)
        body.append(f'<p>Replaced by <a href="{link}.html">{link}</a>.</p>')
    for title, text in (("Why", info.because), ("How to fix", info.remediation)):
        if text:
            body += [f"<h2>{title}</h2>", f"<p>{escape(text)}</p>"]
    if info.fixable:
        body.append("<p><code>stackwarden scan --fix</code> mends this where the result is certain.</p>")
    if info.see:
        links = (f"<li>{_link(link)}</li>" for link in info.see)
        body += ["<h2>See</h2>", "<ul>", *links, "</ul>"]
    body += ["<h2>What is checked</h2>", f"<pre><code>{escape(rule.body)}</code></pre>"]
    if rule.params:
        rows = (
            f"<tr><td><code>{escape(name)}</code><td><code>{escape(value)}</code><td>{escape(doc)}</tr>"
            for name, value, doc in rule.params
        )
        body += ["<table><thead><tr><th>Param<th>Default<th>Meaning</tr></thead><tbody>", *rows, "</tbody></table>"]
    if rule.examples:
        body.append("<h2>Examples</h2>")
        for example in rule.examples:
            body += _example(example)
    if info.maps:
        rows = (
            f"<tr><td>{escape(map_name(key))}<td>{escape(', '.join(ids))}</tr>"
            for key, ids in sorted(info.maps.items())
        )
        body += ["<h2>Elsewhere</h2>", "<table><tbody>", *rows, "</tbody></table>"]
    return _page(f"{info.title} · {info.id}", body, up="../")


def _example(example: ExamplePage) -> Iterator[str]:
    yield f"<h3>{escape(heading_of(example))}</h3>"
    marked: set[int] = set()
    below: dict[int, list[str]] = {}
    for line, mark, where in notes(example):
        marked.update(range(mark.first, mark.last + 1))
        when = f" (where {escape(where)})" if where else ""
        word = "" if mark.verdict == "fail" else "may be: "
        note = f'<span class="note">{_badge(mark.severity)} {word}{escape(mark.message)}{when}</span>'
        below.setdefault(line, []).append(note)
    lines: list[str] = []
    for number, text in enumerate(example.template.rstrip("\n").split("\n"), start=1):
        lines.append(f"<mark>{escape(text)}</mark>" if number in marked else escape(text))
        lines.extend(below.get(number, ()))
    yield f'<pre class="example"><code>{chr(10).join(lines)}</code></pre>'


def _standard(standard: Standard, reference: Reference) -> str:
    by_requirement = checking(standard, [rule.info for rule in reference.rules])
    covered = sum(1 for rules in by_requirement.values() if rules)
    body = [
        f"<h1>{escape(_title(standard))}</h1>",
        f"<p><code>--pack {escape(standard.name)}</code> · {_link(standard.see)}</p>",
        *((f"<p>{escape(standard.about)}</p>",) if standard.about else ()),
        f"<p>{covered} of {plural(len(standard.requirements), 'requirement')} are checked by at least one rule.</p>",
        "<table><thead><tr><th>Requirement<th>Checked by<th>What a template does not show</tr></thead><tbody>",
        *(_requirement(one, [rule.id for rule in by_requirement[one.id]]) for one in standard.requirements),
        "</tbody></table>",
    ]
    return _page(_title(standard), body, up="../")


def _requirement(requirement: Requirement, rules: list[str]) -> str:
    links = "<br>".join(f'<a href="../rules/{escape(rule)}.html">{escape(rule)}</a>' for rule in rules)
    unseen = requirement.unseen or ("" if rules else "no rule checks this yet")
    head = f"<b>{escape(requirement.id)}</b> {escape(requirement.title)}"
    return f"<tr><td>{head}<td>{links or '–'}<td>{escape(unseen)}</tr>"
