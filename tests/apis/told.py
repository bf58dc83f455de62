"""Helpers of these tests: a template to its routes and other records in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from stackwarden.apis import routes
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.questions import settle
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import Item, ListValue, Record, Value
from stackwarden.run.message import in_words
from stackwarden.run.templates import DeployedFiles, TemplateFiles
from stackwarden.run.verdict import Ways
from stackwarden.run.when import when_in_words
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["in_cases", "records", "routes_told", "stack_in", "stack_of", "told"]


def stack_of(text: str, files: DeployedFiles | None = None, name: str = "t.yaml") -> Stack:
    """The stack of a template's text, which must be readable."""
    template = load(Source(name, text))
    assert isinstance(template, Template), [fault.message() for fault in template]
    resolver, problems = open_template(template, {}, files)
    assert [problem.message() for problem in problems] == []
    return Stack(resolver)


def stack_in(folder: Path, text: str, files: Mapping[str, str]) -> Stack:
    """The stack of a template in a folder with other files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return stack_of(text, TemplateFiles().under("", lambda _: {}), str(folder / "t.yaml"))


def records(listed: ListValue) -> Iterator[tuple[Item, Record]]:
    """The records of a list with their items."""
    for item in listed.items:
        assert isinstance(item.value, Record)
        yield item, item.value


def in_cases(stack: Stack, value: Value, item: Item | None = None) -> str:
    """A value in words, each case with the settings under which it is that."""
    ways = Ways(stack.resolver)
    words: dict[str, None] = {}
    for guard, plain in settle(value, stack.domains):
        there = guard & item.guard if item is not None else guard
        if there is not FALSE and (there & stack.resolver.assumptions) is not FALSE:
            when = when_in_words(ways.of(there))
            words[in_words(plain) + (f" when {when}" if when else "")] = None
    return "; ".join(words)


def told(stack: Stack, listed: ListValue, names: Iterable[str]) -> list[str]:
    """Some fields of each record, as `field value`."""
    fields = tuple(names)
    return [
        ", ".join(f"{name} {in_cases(stack, record.get(name), item)}" for name in fields)
        for item, record in records(listed)
    ]


def routes_told(stack: Stack) -> dict[str, str]:
    """The routes of a stack by name: what each asks of its callers, with its authorizer and an API key."""
    found: dict[str, str] = {}
    for item, route in records(routes.routes(stack)):
        name = in_cases(stack, route.get("name"))
        words = in_cases(stack, route.get("authorization"), item)
        authorizer = in_cases(stack, route.get("authorizer"))
        key = in_cases(stack, route.get("api_key_required"))
        by = "" if all(one.startswith("nothing") for one in authorizer.split("; ")) else f" by {authorizer}"
        told_key = "" if key == "false" else " and a key" if key == "true" else f" and a key: {key}"
        text = words + by + told_key
        found[name] = f"{found[name]}; {text}" if name in found else text
    return found
