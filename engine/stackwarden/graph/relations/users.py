"""Cognito: clients, domains and groups of user pools, roles of identity pools, triggers.

Source: CloudFormation Template Reference, `AWS::Cognito::*`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Names, family
from stackwarden.graph.relations.types import FUNCTIONS, ROLES

__all__ = ["FAMILY"]

_POOL: Final = ("AWS::Cognito::UserPool",)
_PARTS: Final = ("Client", "Domain", "Group", "IdentityProvider", "ResourceServer", "User")

FAMILY: Final[Family] = family(
    "users",
    (
        *(Names(f"AWS::Cognito::UserPool{part}", "UserPoolId", Kind.PART_OF, _POOL) for part in _PARTS),
        Names("AWS::Cognito::UserPoolGroup", "RoleArn", Kind.RUNS_AS, ROLES),
        Names("AWS::Cognito::UserPool", "LambdaConfig.*", Kind.INVOKES, FUNCTIONS),
        Names(
            "AWS::Cognito::IdentityPool",
            "CognitoIdentityProviders.ClientId",
            Kind.AUTHORIZED_BY,
            ("AWS::Cognito::UserPoolClient",),
        ),
        Names(
            "AWS::Cognito::IdentityPoolRoleAttachment",
            "IdentityPoolId",
            Kind.ATTACHED_TO,
            ("AWS::Cognito::IdentityPool",),
        ),
        Names("AWS::Cognito::IdentityPoolRoleAttachment", "Roles.*", Kind.RUNS_AS, ROLES),
    ),
)
