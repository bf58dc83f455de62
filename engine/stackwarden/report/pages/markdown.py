"""The reference as Markdown: an index, a page for each rule, a page for each standard."""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.report._text import plural
from stackwarden.report.pages._words import heading_of, map_name, notes, packs_of
from stackwarden.run.reference import ExamplePage, Reference, RulePage
from stackwarden.run.standards import Requirement, Standard, checking

__all__ = ["markdown_pages"]


def markdown_pages(reference: Reference) -> dict[str, str]:
    """The pages by their path: `index.md`, `rules/ID.md`, `standards/NAME.md`."""
    pages = {"index.md": _index(reference)}
    pages.update((f"rules/{rule.info.id}.md", _rule(rule)) for rule in reference.rules)
    pages.update((f"standards/{one.name}.md", _standard(one, reference)) for one in reference.standards)
    return pages


def _index(reference: Reference) -> str:
    packs = packs_of(reference.rules)
    lines = ["# Rules", "", f"{plural(len(reference.rules), 'rule')} in {plural(len(packs), 'pack')}.", ""]
    for pack, rules in packs.items():
        lines += [f"## {pack}", "", "| rule | severity | what is wrong |", "| --- | --- | --- |"]
        lines += [
            f"| [{one.info.id}](rules/{one.info.id}.md) | {one.info.severity.word} | {_cell(one.info.title)} |"
            for one in rules
        ]
        lines.append("")
    if reference.standards:
        lines += ["## Packs by standard", "", "| pack | standard |", "| --- | --- |"]
        lines += [f"| [{one.name}](standards/{one.name}.md) | {_cell(_title(one))} |" for one in reference.standards]
        lines.append("")
    return "\n".join(lines)


def _title(standard: Standard) -> str:
    return f"{standard.title} {standard.version}".strip()


def _rule(rule: RulePage) -> str:
    info = rule.info
    belongs = [f"`{info.id}`", info.severity.word, f"pack {info.pack}", info.category]
    lines = [f"# {_plain(info.title)}", "", " · ".join(part for part in belongs if part), ""]
    if info.deprecated_by:
        lines += [f"Replaced by [{info.deprecated_by}]({info.deprecated_by}.md).", ""]
    for title, text in (("Why", info.because), ("How to fix", info.remediation)):
        if text:
            lines += [f"## {title}", "", _plain(text), ""]
    if info.fixable:
        lines += ["`stackwarden scan --fix` mends this where the result is certain.", ""]
    if info.see:
        lines += ["## See", "", *(f"- <{link}>" for link in info.see), ""]
    lines += ["## What is checked", "", "```warden", rule.body, "```", ""]
    if rule.params:
        lines += ["| param | default | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{name}` | `{value}` | {_cell(doc)} |" for name, value, doc in rule.params]
        lines.append("")
    if rule.examples:
        lines += ["## Examples", ""]
        for example in rule.examples:
            lines += _example(example)
    if info.maps:
        lines += ["## Elsewhere", "", "| tool or standard | id |", "| --- | --- |"]
        lines += [f"| {map_name(key)} | {', '.join(ids)} |" for key, ids in sorted(info.maps.items())]
        lines.append("")
    return "\n".join(lines)


def _example(example: ExamplePage) -> Iterator[str]:
    """A heading, the template with a comment below each line that a finding points at."""
    yield f"### {_plain(heading_of(example))}"
    yield ""
    yield "```yaml"
    below: dict[int, list[str]] = {}
    for line, mark, where in notes(example):
        when = f" (where {where})" if where else ""
        word = "" if mark.verdict == "fail" else "may be: "
        below.setdefault(line, []).append(f"# ^ {mark.severity.word}: {word}{mark.message}{when}")
    for number, text in enumerate(example.template.rstrip("\n").split("\n"), start=1):
        yield text
        indent = " " * (len(text) - len(text.lstrip()))
        yield from (f"{indent}{note}" for note in below.get(number, ()))
    yield "```"
    yield ""


def _standard(standard: Standard, reference: Reference) -> str:
    by_requirement = checking(standard, [rule.info for rule in reference.rules])
    covered = sum(1 for rules in by_requirement.values() if rules)
    lines = [f"# {_title(standard)}", "", f"`--pack {standard.name}` · <{standard.see}>", ""]
    if standard.about:
        lines += [standard.about, ""]
    lines += [f"{covered} of {plural(len(standard.requirements), 'requirement')} are checked by at least one rule.", ""]
    lines += ["| requirement | checked by | what a template does not show |", "| --- | --- | --- |"]
    lines += [_requirement(one, [rule.id for rule in by_requirement[one.id]]) for one in standard.requirements]
    return "\n".join([*lines, ""])


def _requirement(requirement: Requirement, rules: list[str]) -> str:
    links = ", ".join(f"[{rule}](../rules/{rule}.md)" for rule in rules)
    unseen = requirement.unseen or ("" if rules else "no rule checks this yet")
    return f"| **{requirement.id}** {_cell(requirement.title)} | {links or '–'} | {_cell(unseen)} |"


def _plain(text: str) -> str:
    """A text in which nothing is taken for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _cell(text: str) -> str:
    return _plain(" ".join(text.split())).replace("|", "\\|")
