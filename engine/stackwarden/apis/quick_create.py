"""What a template changes of the route and the stage that quick create makes for an HTTP API.

Source: CloudFormation Template Reference, `AWS::ApiGatewayV2::ApiGatewayManagedOverrides`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.apis.documents import HTTP_API
from stackwarden.apis.reading import resource_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Absent, ResourceValue, Unknown, Value, cases_of, fold_cases

__all__ = ["OVERRIDES", "overridden"]

OVERRIDES: Final = "AWS::ApiGatewayV2::ApiGatewayManagedOverrides"


def overridden(stack: Stack, api: ResourceValue, *path: str) -> Value:
    """What the overrides of an API have under a path (`Route`, `Stage`, …); absent where they say nothing."""
    cases: list[tuple[Guard, Value]] = []
    remaining: Guard = TRUE
    for overrides in stack.resources((OVERRIDES,)):
        for guard, named in cases_of(resource_of(stack, at(overrides, "ApiId"), (HTTP_API,))):
            there = remaining & overrides.guard & guard
            if there is FALSE or isinstance(named, Absent):
                continue
            if isinstance(named, Unknown):
                cases.append((there, Unknown("which API the overrides belong to is not known", named.origin)))
            elif named == api:
                cases.append((there, at(overrides, *path)))
            else:
                continue
            remaining = remaining & ~there
    cases.append((remaining, Absent(api.origin)))
    return fold_cases(cases)
