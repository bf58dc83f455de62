"""Default security groups that a custom resource takes care of."""

from __future__ import annotations

import pytest

from stackwarden.net.default_groups import is_left_to_custom_resource
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic

from .stacks import resource_of, stack_of

VPC = "Vpc: {Type: AWS::EC2::VPC}\nOther: {Type: AWS::EC2::VPC}\n"


@pytest.mark.parametrize(
    ("kind", "properties", "answer"),
    [
        ("Custom::Emptier", "{Group: !GetAtt Vpc.DefaultSecurityGroup}", YES),
        ("Custom::Emptier", "{Deep: [{Vpcs: [!Ref Vpc]}]}", YES),
        ("AWS::CloudFormation::CustomResource", "{Vpc: !GetAtt Vpc.VpcId}", YES),
        ("Custom::Emptier", "{Group: !GetAtt Other.DefaultSecurityGroup}", NO),
        ("Custom::Emptier", "{Range: !GetAtt Vpc.CidrBlock}", NO),
        ("Custom::Emptier", "{Range: !Select [0, !GetAtt Vpc.CidrBlockAssociations]}", MAYBE),
        ("AWS::SSM::Parameter", "{Value: !Ref Vpc}", NO),
    ],
)
def test_what_custom_resources_get(kind: str, properties: str, answer: Logic) -> None:
    stack = stack_of(f"{VPC}Thing: {{Type: {kind}, Properties: {properties}}}")
    assert is_left_to_custom_resource(stack, resource_of(stack, "Vpc")) == answer


def test_a_custom_resource_in_production_only() -> None:
    stack = stack_of(f"{VPC}Thing: {{Type: Custom::Emptier, Condition: IsProd, Properties: {{Vpc: !Ref Vpc}}}}")
    claim = is_left_to_custom_resource(stack, resource_of(stack, "Vpc"))
    assert claim.true.holds({"Parameters.Stage": "prod"})
    assert claim.false.holds({"Parameters.Stage": "test"})


def test_no_custom_resource() -> None:
    stack = stack_of(VPC)
    assert is_left_to_custom_resource(stack, resource_of(stack, "Vpc")) == NO
