"""Web ACLs and what they protect, by association or by the resource's own property.

Source: CloudFormation Template Reference, `AWS::WAFv2::*`, `AWS::WAFRegional::*`, `AWS::CloudFront::Distribution`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, family
from stackwarden.graph.relations.types import BALANCERS

__all__ = ["FAMILY"]

_ACL: Final = ("AWS::WAFv2::WebACL",)
_PROTECTED: Final = (
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Stage",
    "AWS::AppRunner::Service",
    "AWS::AppSync::GraphQLApi",
    "AWS::Cognito::UserPool",
    "AWS::EC2::VerifiedAccessInstance",
    *BALANCERS,
)

FAMILY: Final[Family] = family(
    "firewalls",
    (
        Link("AWS::WAFv2::WebACLAssociation", "WebACLArn", "ResourceArn", Kind.PROTECTS, _ACL, _PROTECTED),
        Link(
            "AWS::WAFRegional::WebACLAssociation",
            "WebACLId",
            "ResourceArn",
            Kind.PROTECTS,
            ("AWS::WAFRegional::WebACL",),
            _PROTECTED,
        ),
        Names(
            "AWS::CloudFront::Distribution",
            "DistributionConfig.WebACLId",
            Kind.PROTECTS,
            (*_ACL, "AWS::WAF::WebACL"),
            reverse=True,
        ),
        Names(
            "AWS::WAFv2::WebACL",
            "Rules.Statement.RuleGroupReferenceStatement.Arn",
            Kind.RUNS,
            ("AWS::WAFv2::RuleGroup",),
        ),
        Names("AWS::WAFv2::WebACL", "Rules.Statement.IPSetReferenceStatement.Arn", Kind.RUNS, ("AWS::WAFv2::IPSet",)),
    ),
)
