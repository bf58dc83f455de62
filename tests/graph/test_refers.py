"""`refers` and `target`: by which ways of writing a value names a resource, and when that is not known."""

from __future__ import annotations

import pytest

from stackwarden.graph.identities import IDENTITIES
from stackwarden.graph.references import refers, targets
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, negate
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import ListValue, MapValue, ResourceValue, Value, cases_of
from stackwarden.run.verdict import Ways
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """
Parameters:
  Open: {{Type: String}}
  Defaulted: {{Type: String, Default: the-queue}}
  Fixed: {{Type: String, AllowedValues: [the-function]}}
  Arns: {{Type: CommaDelimitedList}}
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Named: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: the-function}}}}
  Unnamed: {{Type: AWS::Lambda::Function, Properties: {{Timeout: 3}}}}
  Staged: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub "${{Stage}}-function"}}}}
  Prod: {{Type: AWS::Lambda::Function, Condition: IsProd, Properties: {{FunctionName: of-prod}}}}
  Openly: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub "openly-${{Open}}"}}}}
  Bucket: {{Type: AWS::S3::Bucket}}
  Asking: {{Type: Custom::Asking, Properties: {{Value: {value}}}}}
"""


def stack_of(text: str) -> Stack:
    template = load(Source("a.yaml", text))
    assert isinstance(template, Template), [one.message() for one in template]
    return Stack(Resolver(template))


def resource_of(stack: Stack, logical_id: str) -> ResourceValue:
    resource = stack.resource(logical_id)
    assert resource is not None
    return resource


def value_of(stack: Stack, logical_id: str = "Asking", name: str = "Value") -> Value:
    properties = resource_of(stack, logical_id).properties
    assert isinstance(properties, MapValue)
    return properties.get(name)


def answer(value: str, resource: str) -> Logic:
    stack = stack_of(TEMPLATE.format(value=value))
    return refers(stack, value_of(stack), resource_of(stack, resource))


@pytest.mark.parametrize(
    "value",
    [
        "!Ref Named",
        "!GetAtt Named.Arn",
        "!GetAtt [Named, Arn]",
        '!Sub "${Named}"',
        '!Sub "${Named.Arn}:live"',
        '!Join ["", [!GetAtt Named.Arn, ":*"]]',
        '!Select [6, !Split [":", !GetAtt Named.Arn]]',
        '!Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Named.Arn}/invocations"',
        "the-function",
        "!Ref Fixed",
        "arn:aws:lambda:eu-west-1:123456789012:function:the-function",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:the-function",
        '!Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:the-function"',
        '!Join [":", [arn, aws, lambda, !Ref "AWS::Region", !Ref "AWS::AccountId", function, the-function]]',
        "[other, !Ref Named]",
    ],
)
def test_what_names_a_resource(value: str) -> None:
    assert answer(value, "Named") == YES


@pytest.mark.parametrize(
    "value",
    [
        "!Ref Unnamed",
        "!GetAtt Unnamed.Arn",
        '!Sub "${Unnamed.Arn}:live"',
        "!Ref Bucket",
        "other-function",
        "the-function-2",
        "The-Function",
        "arn:aws:lambda:eu-west-1:123456789012:function:other",
        "arn:aws:sqs:eu-west-1:123456789012:the-function",
        '!Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:the-function"',
        '!Ref "AWS::NoValue"',
        '!Ref "AWS::AccountId"',
        "{Nested: !Ref Named}",
        "[other, another]",
        "[]",
    ],
)
def test_what_does_not(value: str) -> None:
    assert answer(value, "Named") == NO


@pytest.mark.parametrize("resource", ["Named", "Unnamed"])
@pytest.mark.parametrize(
    "value",
    [
        "!Ref Open",
        "!ImportValue function-arn",
        '"{{resolve:ssm:/function}}"',
        "!Ref Arns",
        "[other, !Ref Open]",
        '!Select [0, !Split [",", !Ref Open]]',
    ],
)
def test_what_only_the_deployment_knows(value: str, resource: str) -> None:
    assert answer(value, resource) == MAYBE


@pytest.mark.parametrize("value", ["some-function", "arn:aws:lambda:eu-west-1:123456789012:function:x", "*"])
def test_no_literal_spells_a_name_that_is_made_up(value: str) -> None:
    assert answer(f'"{value}"', "Unnamed") == NO


def test_a_text_around_an_open_part() -> None:
    """What is known of a text decides where it can."""
    assert answer('!Sub "arn:aws:lambda:eu-west-1:1:function:${Open}"', "Named") == MAYBE
    assert answer('!Sub "arn:aws:lambda:eu-west-1:1:function:x-${Open}"', "Named") == NO
    assert answer('!Sub "arn:aws:s3:::${Open}"', "Named") == NO
    assert answer('!Sub "${Open}-function"', "Named") == MAYBE
    assert answer('!Sub "${Open}-queue"', "Named") == NO


def test_conditional_values_and_names() -> None:
    stack = stack_of(TEMPLATE.format(value="!If [IsProd, !Ref Named, !Ref Unnamed]"))
    is_prod = stack.resolver.condition("IsProd", stack.template.conditions["IsProd"])
    claim = refers(stack, value_of(stack), resource_of(stack, "Named"))
    assert claim == Logic(is_prod, ~is_prod)
    assert refers(stack, value_of(stack), resource_of(stack, "Unnamed")) == negate(claim)

    stack = stack_of(TEMPLATE.format(value="prod-function"))
    is_prod = stack.resolver.condition("IsProd", stack.template.conditions["IsProd"])
    assert refers(stack, value_of(stack), resource_of(stack, "Staged")) == Logic(is_prod, ~is_prod)

    stack = stack_of(TEMPLATE.format(value='!Sub "${Stage}-function"'))
    assert refers(stack, value_of(stack), resource_of(stack, "Staged")) == YES

    stack = stack_of(TEMPLATE.format(value="[other, !If [IsProd, !Ref Named, !Ref AWS::NoValue]]"))
    is_prod = stack.resolver.condition("IsProd", stack.template.conditions["IsProd"])
    assert refers(stack, value_of(stack), resource_of(stack, "Named")) == Logic(is_prod, ~is_prod)


# --- identities

PROPERTIES = {"RestApiId": "api-1", "ApiId": "api-1", "StageName": "live"}


def _forms() -> list[tuple[str, str]]:
    return [(resource_type, form) for resource_type, forms in IDENTITIES.items() for form in forms]


def _filled(form: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        form = form.replace("{" + name + "}", value)
    return form


def _properties(form_of: str) -> dict[str, str]:
    names = {name for form in IDENTITIES[form_of] for name in _placeholders(form) if not name.startswith("AWS::")}
    return {name: PROPERTIES.get(name, f"the-{name.lower()}") for name in sorted(names)}


def _placeholders(form: str) -> list[str]:
    return [part.partition("}")[0] for part in form.split("{")[1:]]


def _template(resource_type: str, properties: dict[str, str], value: str) -> str:
    lines = "".join(f"      {name}: {value}\n" for name, value in properties.items())
    return (
        f"Resources:\n  Named:\n    Type: {resource_type}\n    Properties:\n{lines}"
        f"  Unnamed:\n    Type: {resource_type}\n"
        f"  Asking:\n    Type: Custom::Asking\n    Properties:\n      Value: {value}\n"
    )


HERE = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "x.com",
}
CHINA = {**HERE, "AWS::Partition": "aws-cn", "AWS::Region": "cn-north-1"}


@pytest.mark.parametrize(("resource_type", "form"), _forms())
@pytest.mark.parametrize("place", [HERE, CHINA], ids=["aws", "aws-cn"])
def test_every_form_as_a_literal(resource_type: str, form: str, place: dict[str, str]) -> None:
    properties = _properties(resource_type)
    stack = stack_of(_template(resource_type, properties, f'"{_filled(form, {**properties, **place})}"'))
    claim = refers(stack, value_of(stack), resource_of(stack, "Named"))
    # The stack may be deployed elsewhere than a URL says; region and account of an ARN count as those of the stack.
    assert claim == (MAYBE if form.startswith("https:") else YES)
    assert refers(stack, value_of(stack), resource_of(stack, "Unnamed")) == NO


@pytest.mark.parametrize(("resource_type", "form"), _forms())
def test_every_form_with_pseudo_parameters(resource_type: str, form: str) -> None:
    properties = _properties(resource_type)
    text = _filled(form, properties).replace("{AWS::", "${AWS::")
    stack = stack_of(_template(resource_type, properties, f'!Sub "{text}"'))
    assert refers(stack, value_of(stack), resource_of(stack, "Named")) == YES
    assert refers(stack, value_of(stack), resource_of(stack, "Unnamed")) == NO


@pytest.mark.parametrize(("resource_type", "form"), _forms())
def test_every_form_of_another_name(resource_type: str, form: str) -> None:
    properties = _properties(resource_type)
    other = {**{name: f"{value}x" for name, value in properties.items()}, **HERE}
    stack = stack_of(_template(resource_type, properties, f'"{_filled(form, other)}"'))
    assert refers(stack, value_of(stack), resource_of(stack, "Named")) == NO


# --- targets


def found(value: str, types: tuple[str, ...] = ("AWS::Lambda::Function",)) -> list[tuple[list[str], bool, str]]:
    """For each case of a `target`: the resources, whether there may be others, and when that is so."""
    stack = stack_of(TEMPLATE.format(value=value))
    ways = Ways(stack.resolver)
    cases: list[tuple[list[str], bool, str]] = []
    for guard, plain in cases_of(targets(stack, value_of(stack), types)):
        assert isinstance(plain, ListValue)
        there = [item.value for item in plain.items if not guard.excludes(item.guard)]
        names = [one.resource.logical_id for one in there if isinstance(one, ResourceValue)]
        when = ways.of(guard)
        cases.append((names, plain.open, "" if when is None else str(dict(when[0]))))
    return cases


@pytest.mark.parametrize(
    ("value", "cases"),
    [
        ("!Ref Named", [(["Named"], False, "")]),
        ("[!Ref Named, !GetAtt Unnamed.Arn]", [(["Named", "Unnamed"], False, "")]),
        ("other", [([], False, "")]),
        ("!Ref Bucket", [([], False, "")]),
        ("!Ref Open", [([], True, "")]),
        ("openly-x", [([], True, "")]),  # the function named by a parameter may have that name
        ("!ImportValue x", [([], True, "")]),
        ("!Ref AWS::NoValue", [([], False, "")]),
        ("of-prod", [(["Prod"], False, "")]),
        (
            "!If [IsProd, !Ref Open, !Ref Named]",
            [([], True, "{'IsProd': True}"), (["Named"], False, "{'IsProd': False}")],
        ),
    ],
)
def test_targets(value: str, cases: list[tuple[list[str], bool, str]]) -> None:
    assert found(value) == cases


def test_targets_of_any_type() -> None:
    assert found("[!Ref Bucket, !Ref Named]", ()) == [(["Named", "Bucket"], False, "")]
    assert found("[!Ref Bucket, !Ref Named]", ("AWS::S3::Bucket",)) == [(["Bucket"], False, "")]
