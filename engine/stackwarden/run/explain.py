"""How a rule was decided on the template in a file, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic
from stackwarden.graph.stack import Stack
from stackwarden.language.render import render
from stackwarden.resolve.guards import FALSE
from stackwarden.run.evaluate import Check, Subject
from stackwarden.run.opened import Asked, OpenedFile, open_file
from stackwarden.run.session import Session, UnknownChoice
from stackwarden.run.tree import ExplainedSubject, Explainer, subject_in_words
from stackwarden.template.secrets import NO_SECRETS, Secrets

__all__ = ["Explained", "explain"]


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation, as text and by subject, each with its environment (nothing where the template cannot be read).

    `wrong` says what the call names that is not there, `faults` what keeps (part of) the template from being read.
    `secrets` must not be shown; the text has none.
    """

    text: str
    wrong: tuple[Diagnostic, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    subjects: tuple[tuple[str, ExplainedSubject], ...] = ()
    secrets: Secrets = NO_SECRETS


def explain(session: Session, rule_id: str, asked: Asked, resource: str = "") -> Explained:
    """The evaluation tree of a rule's subjects in a template (of one `resource` only, where that is named).

    Each `where` and `require` is followed, indented, by its parts: conditions with their truth, values as they are in
    each case and the line where they stand. Below a verdict stands how the values that decided came about. Resources
    of nested stacks are called by their path. Raises KeyError for a rule that the session lacks.
    """
    check = session.find(rule_id)
    if check is None:
        raise KeyError(rule_id)
    opened = open_file(asked, session.options)
    if not opened.stacks:
        return Explained("", opened.wrong, opened.faults)
    known = [name for one in opened.stacks for name in _names(one.stack, opened)]
    wrong = opened.wrong
    if resource and resource not in known:
        wrong = (*wrong, UnknownChoice(None, "resource", resource, tuple(dict.fromkeys(known))))
    if wrong:
        return Explained("", wrong, opened.faults)
    lines = [f"{check.info.id}: {check.info.title}"]
    found: list[tuple[str, ExplainedSubject]] = []
    for one in opened.stacks:
        if one.environment:
            lines.extend(("", f"in {one.environment}:"))
        explainer = Explainer(one.stack, check, one.exports.places)
        explained = list(explainer.subjects(_wanted(one.stack, opened, resource)))
        for subject in explained:
            lines.extend(("", *subject_in_words(subject)))
            found.append((one.environment, subject))
        lines.extend(() if explained else ("", _nothing(one.stack, check, resource)))
    text = opened.secrets.mask("\n".join(lines) + "\n")
    return Explained(text, (), opened.faults, tuple(found), opened.secrets)


def _nothing(stack: Stack, check: Check, resource: str) -> str:
    what = render(check.rule.subject)
    if not resource:
        return f"nothing to look at: the template has no {what}"
    found = stack.resource(resource)
    if found is not None and (found.guard & stack.resolver.assumptions) is FALSE:
        return f"nothing to look at: {resource} is never deployed"
    return f"nothing to look at: {resource} is no {what}, and has none"


def _wanted(stack: Stack, opened: OpenedFile, resource: str) -> Callable[[Subject], bool]:
    """Whether a subject was asked for: in a nested template that was named, its own subjects are."""

    def wanted(subject: Subject) -> bool:
        if subject.resource is None:
            return not resource and not opened.is_nested
        path = subject.resource.resource.logical_id
        template, name = stack.template_of(path)
        if opened.is_nested and template.source.name != opened.name:
            return False
        return not resource or resource == path or (opened.is_nested and resource == name)

    return wanted


def _names(stack: Stack, opened: OpenedFile) -> Iterator[str]:
    """What resources can be called: by their path, those of a nested template that was named by their id alone too."""
    for part in stack.resolvers:
        for name in (*part.template.resources, *part.template.written):
            yield part.prefix + name
            if opened.is_nested and part.template.source.name == opened.name:
                yield name
