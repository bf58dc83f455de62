"""A custom rule of AWS Config that judges resources with the rules of stackwarden.

`handler` is the Lambda function. What an event asks for, `events` reads; `items` and `translate` make a template of
what AWS Config knows of a resource; `evaluation` judges it; `answer` tells AWS Config.
"""

from __future__ import annotations

from stackwarden.integrations.aws_config.function import handler

__all__ = ["handler"]
