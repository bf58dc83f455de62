"""Where CloudFormation lets one write policies: the properties that hold policy documents, by resource type.

Source: CloudFormation Template Reference, the page of each resource type. `tests/iam/test_places.py` compares the
table with CloudFormation's resource schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["IDENTITIES", "PLACES", "Kind", "Place", "types_of"]

Kind = Literal["identity", "trust", "resource", "limit", "device"]
"""What a policy is for: what an identity may do; who may assume a role; who may use a resource; the most that others
may allow (a limit grants nothing); what a device with a certificate may do."""

IDENTITIES: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


@dataclass(frozen=True, slots=True)
class Place:
    """A property that holds a policy document. `path` is dotted, with `[*]` for the elements of a list.

    `label` is the property beside the document that names the policy.
    """

    kind: Kind
    path: str
    label: str = "PolicyName"


_INLINE: Final = Place("identity", "Policies[*].PolicyDocument")


def _resource(path: str) -> tuple[Place, ...]:
    return (Place("resource", path),)


def _limit(*paths: str) -> tuple[Place, ...]:
    return tuple(Place("limit", path) for path in paths)


PLACES: Final[Mapping[str, tuple[Place, ...]]] = MappingProxyType(
    {
        "AWS::IAM::Role": (Place("trust", "AssumeRolePolicyDocument"), _INLINE),
        "AWS::IAM::User": (_INLINE,),
        "AWS::IAM::Group": (_INLINE,),
        "AWS::IAM::Policy": (Place("identity", "PolicyDocument"),),
        "AWS::IAM::ManagedPolicy": (Place("identity", "PolicyDocument", "ManagedPolicyName"),),
        "AWS::IAM::RolePolicy": (Place("identity", "PolicyDocument"),),
        "AWS::IAM::UserPolicy": (Place("identity", "PolicyDocument"),),
        "AWS::IAM::GroupPolicy": (Place("identity", "PolicyDocument"),),
        "AWS::SSO::PermissionSet": (Place("identity", "InlinePolicy", "Name"),),
        "AWS::IoT::Policy": (Place("device", "PolicyDocument"),),
        "AWS::AIOps::InvestigationGroup": _resource("InvestigationGroupPolicy"),
        "AWS::APS::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::ApiGateway::DomainNameV2": _resource("Policy"),
        "AWS::ApiGateway::RestApi": _resource("Policy"),
        "AWS::Backup::BackupVault": _resource("AccessPolicy"),
        "AWS::Backup::LogicallyAirGappedBackupVault": _resource("AccessPolicy"),
        "AWS::Bedrock::KnowledgeBasePolicy": _resource("PolicyDocument"),
        "AWS::Bedrock::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::BedrockAgentCore::ResourcePolicy": _resource("Policy"),
        "AWS::CloudTrail::ResourcePolicy": _resource("ResourcePolicy"),
        "AWS::CodeArtifact::Domain": _resource("PermissionsPolicyDocument"),
        "AWS::CodeArtifact::Repository": _resource("PermissionsPolicyDocument"),
        "AWS::Comprehend::DocumentClassifier": _resource("ModelPolicy"),
        "AWS::Comprehend::EntityRecognizer": _resource("ModelPolicy"),
        "AWS::DSQL::Cluster": _resource("PolicyDocument"),
        "AWS::DynamoDB::GlobalTable": (
            Place("resource", "Replicas[*].ResourcePolicy.PolicyDocument"),
            Place("resource", "Replicas[*].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument"),
        ),
        "AWS::DynamoDB::Table": (
            Place("resource", "ResourcePolicy.PolicyDocument"),
            Place("resource", "StreamSpecification.ResourcePolicy.PolicyDocument"),
        ),
        "AWS::ECR::PublicRepository": _resource("RepositoryPolicyText"),
        "AWS::ECR::RegistryPolicy": _resource("PolicyText"),
        "AWS::ECR::Repository": _resource("RepositoryPolicyText"),
        "AWS::ECR::RepositoryCreationTemplate": _resource("RepositoryPolicy"),
        "AWS::EFS::FileSystem": _resource("FileSystemPolicy"),
        "AWS::Elasticsearch::Domain": _resource("AccessPolicies"),
        "AWS::EventSchemas::RegistryPolicy": _resource("Policy"),
        "AWS::Events::EventBus": _resource("Policy"),
        "AWS::EventsV2::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::FSx::S3AccessPointAttachment": _resource("S3AccessPoint.Policy"),
        "AWS::KMS::Key": _resource("KeyPolicy"),
        "AWS::KMS::ReplicaKey": _resource("KeyPolicy"),
        "AWS::Kinesis::ResourcePolicy": _resource("ResourcePolicy"),
        "AWS::Lambda::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::Lex::ResourcePolicy": _resource("Policy"),
        "AWS::Logs::DeliveryDestination": _resource("DeliveryDestinationPolicy.DeliveryDestinationPolicy"),
        "AWS::Logs::Destination": _resource("DestinationPolicy"),
        "AWS::Logs::LogGroup": _resource("ResourcePolicyDocument"),
        "AWS::Logs::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::MSK::ClusterPolicy": _resource("Policy"),
        "AWS::MediaPackageV2::ChannelPolicy": _resource("Policy"),
        "AWS::MediaPackageV2::OriginEndpointPolicy": _resource("Policy"),
        "AWS::MediaStore::Container": _resource("Policy"),
        "AWS::MediaTailor::ChannelPolicy": _resource("Policy"),
        "AWS::OSIS::Pipeline": _resource("ResourcePolicy.Policy"),
        "AWS::Oam::Sink": _resource("Policy"),
        "AWS::Omics::SequenceStore": _resource("S3AccessPolicy"),
        "AWS::OpenSearchService::Domain": _resource("AccessPolicies"),
        "AWS::Organizations::ResourcePolicy": _resource("Content"),
        "AWS::PaymentCryptography::Key": _resource("Policy"),
        "AWS::RUM::AppMonitor": _resource("ResourcePolicy.PolicyDocument"),
        "AWS::Redshift::Cluster": _resource("NamespaceResourcePolicy"),
        "AWS::RedshiftServerless::Namespace": _resource("NamespaceResourcePolicy"),
        "AWS::S3::AccessPoint": _resource("Policy"),
        "AWS::S3::BucketPolicy": _resource("PolicyDocument"),
        "AWS::S3::MultiRegionAccessPointPolicy": _resource("Policy"),
        "AWS::S3Express::AccessPoint": _resource("Policy"),
        "AWS::S3Express::BucketPolicy": _resource("PolicyDocument"),
        "AWS::S3Files::FileSystemPolicy": _resource("Policy"),
        "AWS::S3ObjectLambda::AccessPointPolicy": _resource("PolicyDocument"),
        "AWS::S3Outposts::AccessPoint": _resource("Policy"),
        "AWS::S3Outposts::BucketPolicy": _resource("PolicyDocument"),
        "AWS::S3Tables::TableBucketPolicy": _resource("ResourcePolicy"),
        "AWS::S3Tables::TablePolicy": _resource("ResourcePolicy"),
        "AWS::S3Vectors::VectorBucketPolicy": _resource("Policy"),
        "AWS::SMSVOICE::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::SNS::TopicInlinePolicy": _resource("PolicyDocument"),
        "AWS::SNS::TopicPolicy": _resource("PolicyDocument"),
        "AWS::SQS::QueueInlinePolicy": _resource("PolicyDocument"),
        "AWS::SQS::QueuePolicy": _resource("PolicyDocument"),
        "AWS::SSM::ResourcePolicy": _resource("Policy"),
        "AWS::SageMaker::ModelPackageGroup": _resource("ModelPackageGroupPolicy"),
        "AWS::SecretsManager::ResourcePolicy": _resource("ResourcePolicy"),
        "AWS::VpcLattice::AuthPolicy": _resource("Policy"),
        "AWS::VpcLattice::ResourcePolicy": _resource("Policy"),
        "AWS::XRay::ResourcePolicy": _resource("PolicyDocument"),
        "AWS::EC2::VPCEndpoint": _limit("PolicyDocument"),
        "AWS::EKS::PodIdentityAssociation": _limit("Policy"),
        "AWS::ODB::OdbNetwork": _limit("KmsPolicyDocument", "S3PolicyDocument", "StsPolicyDocument"),
        "AWS::Organizations::Policy": _limit("Content"),
        "AWS::RolesAnywhere::Profile": _limit("SessionPolicy"),
        "AWS::Transfer::User": _limit("Policy"),
    }
)
"""The properties that hold policy documents, in the order in which they are read."""


def types_of(*kinds: Kind) -> tuple[str, ...]:
    """The resource types with policies of the given kinds, in the order of the table."""
    return tuple(name for name, places in PLACES.items() if any(place.kind in kinds for place in places))
