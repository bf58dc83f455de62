"""What CloudFormation expands before it deploys: each new node remembers the author's place."""

from __future__ import annotations

from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.template.model import Template

__all__ = ["expand"]

_SERVERLESS: Final = "AWS::Serverless-2016-10-31"


def expand(template: Template, region: str | None = None) -> tuple[Template, tuple[Diagnostic, ...]]:
    """The template as it is deployed, and what kept a transform from running. A plain template is given back as is."""
    if _SERVERLESS not in template.transforms:
        return template, ()
    from stackwarden.resolve.transforms import sam  # loads the translator, which plain templates do without

    return sam.expand(template, region or "us-east-1")
