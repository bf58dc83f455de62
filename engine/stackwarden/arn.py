"""Amazon Resource Names: `arn:partition:service:region:account-id:resource`.

Source: AWS General Reference, *Amazon Resource Names (ARNs)*.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Arn", "parse_arn"]


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN, as text; region and account id may be empty."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN, or None where the text is none."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return None
    return Arn(*parts[1:])
