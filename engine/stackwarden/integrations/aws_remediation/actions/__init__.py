"""All that can be put right on deployed resources; what is not here is refused.

An action is here only if it takes nothing away that a workload may rest on, but for what the rule is about, and if
the API changes that one setting and no other.
"""

from __future__ import annotations

from typing import Final

from stackwarden.integrations.aws_remediation.actions import apis, audit, compute, network, storage
from stackwarden.integrations.aws_remediation.actions._action import (
    ANY,
    Action,
    Permission,
    Refused,
    Step,
    Target,
)

__all__ = ["ACTIONS", "ANY", "Action", "Permission", "Refused", "Step", "Target"]

ACTIONS: Final[tuple[Action, ...]] = (
    *storage.ACTIONS,
    *apis.ACTIONS,
    *compute.ACTIONS,
    *audit.ACTIONS,
    *network.ACTIONS,
)
