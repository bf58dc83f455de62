"""CloudFront: distribution → origins and the code of its behaviours; access control and identity.

Source: CloudFormation Template Reference, `AWS::CloudFront::*`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Names, Relation, family
from stackwarden.graph.relations.types import BALANCERS, REST

__all__ = ["FAMILY"]

_DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
_ORIGINS: Final = (
    "AWS::S3::Bucket",
    *BALANCERS,
    *REST,
    "AWS::ApiGatewayV2::Api",
    "AWS::EC2::Instance",
    "AWS::Lambda::Url",
    "AWS::MediaStore::Container",
)
_IDENTITY: Final = ("AWS::CloudFront::CloudFrontOriginAccessIdentity",)


def _behaviour(path: str) -> tuple[Relation, ...]:
    edge = ("AWS::Lambda::Version", "AWS::Lambda::Function")
    return (
        Names(_DISTRIBUTION, f"{path}.LambdaFunctionAssociations.LambdaFunctionARN", Kind.INVOKES, edge),
        Names(_DISTRIBUTION, f"{path}.FunctionAssociations.FunctionARN", Kind.INVOKES, ("AWS::CloudFront::Function",)),
        Names(
            _DISTRIBUTION,
            f"{path}.ResponseHeadersPolicyId",
            Kind.ATTACHED_TO,
            ("AWS::CloudFront::ResponseHeadersPolicy",),
        ),
        Names(_DISTRIBUTION, f"{path}.CachePolicyId", Kind.ATTACHED_TO, ("AWS::CloudFront::CachePolicy",)),
        Names(_DISTRIBUTION, f"{path}.TrustedKeyGroups", Kind.AUTHORIZED_BY, ("AWS::CloudFront::KeyGroup",)),
    )


FAMILY: Final[Family] = family(
    "distributions",
    (
        Names(_DISTRIBUTION, "DistributionConfig.Origins.DomainName", Kind.ROUTES_TO, _ORIGINS),
        Names(
            _DISTRIBUTION,
            "DistributionConfig.Origins.OriginAccessControlId",
            Kind.ATTACHED_TO,
            ("AWS::CloudFront::OriginAccessControl",),
        ),
        Names(
            _DISTRIBUTION,
            "DistributionConfig.Origins.S3OriginConfig.OriginAccessIdentity",
            Kind.ATTACHED_TO,
            _IDENTITY,
        ),
        Names(
            _DISTRIBUTION,
            "DistributionConfig.Origins.VpcOriginConfig.VpcOriginId",
            Kind.ROUTES_TO,
            ("AWS::CloudFront::VpcOrigin",),
        ),
        Names(
            "AWS::CloudFront::VpcOrigin",
            "VpcOriginEndpointConfig.Arn",
            Kind.ROUTES_TO,
            (*BALANCERS, "AWS::EC2::Instance"),
        ),
        *_behaviour("DistributionConfig.DefaultCacheBehavior"),
        *_behaviour("DistributionConfig.CacheBehaviors"),
    ),
)
