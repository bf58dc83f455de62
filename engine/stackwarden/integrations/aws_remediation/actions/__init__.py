"""All that can be put right on deployed resources; what is not here is refused.

An action is here only if it takes nothing away that a workload may rest on, but for what the rule is about, if the
API changes that one setting and no other, and if its permission lets nobody take over a workload.
"""

from __future__ import annotations

from typing import Final

from stackwarden.integrations.aws_remediation.actions import apis, audit, functions, network, storage
from stackwarden.integrations.aws_remediation.actions._action import (
    ALLOWING_TAG,
    ANY,
    Action,
    Permission,
    Refused,
    Step,
    Target,
)

__all__ = ["ACTIONS", "ALLOWING_TAG", "ANY", "Action", "Permission", "Refused", "Step", "Target"]

ACTIONS: Final[tuple[Action, ...]] = (
    *storage.ACTIONS,
    *apis.ACTIONS,
    *functions.ACTIONS,
    *audit.ACTIONS,
    *network.ACTIONS,
)
