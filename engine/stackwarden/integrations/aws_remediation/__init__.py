"""Applies what a rule's fix declares to a deployed resource, where that is safe: a Lambda function.

`handler` is the function. It only plans unless it was set up to apply; what no table of `actions` has, it refuses.
"""

from __future__ import annotations

from stackwarden.integrations.aws_remediation.function import handler

__all__ = ["handler"]
