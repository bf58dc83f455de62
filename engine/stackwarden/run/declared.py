"""What the fixes of a rule come to for a resource of some type, apart from any template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stackwarden.graph.stack import Excerpt, Stack
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.evaluate import Check, subjects
from stackwarden.run.fix_edits import Step, content_of, steps_of
from stackwarden.run.fixes import fitting
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.edit import Content
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["Declared", "declared_fixes"]


@dataclass(frozen=True, slots=True)
class Declared:
    """A fix: what is done with the property at a path (names, indices, `*` for every element) below `Properties`."""

    action: Literal["set", "remove", "append"]
    path: tuple[Step, ...]
    value: Content | None


def declared_fixes(check: Check, resource_type: str, registry: Registry) -> tuple[Declared, ...]:
    """The fixes of a rule for a type, in order; none where one of them depends on what a resource says."""
    resource: Mapping[str, object] = {"Type": resource_type, "Properties": {"Fn::Transform": {"Name": "Unknown"}}}
    template = load(Source("resource.json", json.dumps({"Resources": {"Resource": resource}})))
    assert isinstance(template, Template)  # made here
    stack = Stack(Resolver(template), Excerpt())
    for subject, env in subjects(stack, check):
        if subject.resource is None:
            continue
        found: list[Declared] = []
        for fix in fitting(check.rule.fixes, resource_type, registry):
            steps = steps_of(fix.path)
            value = None if fix.value is None else content_of(fix.value, check, env)
            if steps is None or steps[:1] != ["Properties"] or (fix.value is not None and value is None):
                return ()
            found.append(Declared(fix.action, tuple(steps[1:]), value))
        return tuple(found)
    return ()
