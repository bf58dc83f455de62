"""What expressions mean, by tables: absent and unknown values, coercion, conditional values, lists."""

from __future__ import annotations

import pytest

from language.evaluation import answers

QUEUE = "AWS::SQS::Queue"


def of_queue(expression: str, properties: str, *, items: str = "") -> str:
    """The answer about a queue with some properties, in a template with some parameters and conditions."""
    template = f"""\
Parameters:
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
  Free: {{Type: String}}
  Many: {{Type: CommaDelimitedList}}
  Seconds: {{Type: Number, Default: 60}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Other: {{Type: AWS::SNS::Topic}}
  Thing: {{Type: Custom::Thing}}
  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
    Properties: {properties}
"""
    (answer,) = answers(expression, template, QUEUE, items=items)
    return answer


# A property that is not there: only `!=`, `not in`, `is absent`, `is empty` and `default` hold for it.
ABSENT = [
    ('x.QueueName == "a"', "false"),
    ('x.QueueName != "a"', "true"),
    ('x.QueueName in ["a"]', "false"),
    ('x.QueueName not in ["a"]', "true"),
    ('"a" in x.QueueName', "false"),
    ('x.QueueName contains "a"', "false"),
    ("x.DelaySeconds < 5", "false"),
    ("x.DelaySeconds >= 5", "false"),
    ("not (x.DelaySeconds < 5)", "true"),
    ('x.QueueName matches "."', "false"),
    ('x.QueueName like "*"', "false"),
    ("x.QueueName refers x", "false"),
    ("x.QueueName is present", "false"),
    ("x.QueueName is absent", "true"),
    ("x.QueueName is empty", "true"),
    ("x.QueueName is not empty", "false"),
    ("x.FifoQueue", "false"),
    ("not x.FifoQueue", "true"),
    ("x.FifoQueue == false", "false"),
    ("x.FifoQueue default false == false", "true"),
    ("x.QueueName == x.KmsMasterKeyId", "false"),
    ("x.QueueName != x.KmsMasterKeyId", "true"),
    ("x.RedrivePolicy.maxReceiveCount is absent", "true"),
    ("x.Tags[0].Key is absent", "true"),
    ("every tag in x.Tags satisfies false", "true"),
    ("some tag in x.Tags satisfies true", "false"),
    ("count(x.Tags) == 0", "true"),
    ("x.DelaySeconds + 1 is absent", "true"),
    ('x.QueueName + "a" is absent', "true"),
    ("x@DependsOn is absent", "true"),
]


@pytest.mark.parametrize(("expression", "answer"), ABSENT)
def test_absent(expression: str, answer: str) -> None:
    assert of_queue(expression, "{}") == answer


# A value that only the deployment knows: logic is Kleene's.
UNKNOWN = [
    ('x.QueueName == "a"', "unknown"),
    ('x.QueueName != "a"', "unknown"),
    ('x.QueueName in ["a"]', "unknown"),
    ("x.QueueName in []", "false"),
    ('x.QueueName matches "a"', "unknown"),
    ('x.QueueName like "a*"', "unknown"),
    ('x.QueueName like "*"', "true"),
    ("x.DelaySeconds < 5", "unknown"),
    ("x.QueueName is present", "true"),
    ("x.QueueName is absent", "false"),
    ("x.FifoQueue", "unknown"),
    ("not x.FifoQueue", "unknown"),
    ("x.FifoQueue and false", "false"),
    ("false and x.FifoQueue", "false"),
    ("x.FifoQueue or true", "true"),
    ("x.FifoQueue and true", "unknown"),
    ("x.FifoQueue implies true", "true"),
    ("false implies x.FifoQueue", "true"),
    ("true implies x.FifoQueue", "unknown"),
    ("some tag in x.Tags satisfies true", "unknown"),
    ("every tag in x.Tags satisfies true", "true"),
    ("every tag in x.Tags satisfies false", "unknown"),
    ("no tag in x.Tags satisfies false", "true"),
    ("count(x.Tags) == 0", "unknown"),
    ('x.QueueName default "a" == "a"', "unknown"),
    ('some name in ["a", x.QueueName] satisfies name == "a"', "true"),
    ("x.RedrivePolicy.maxReceiveCount is present", "unknown"),
]


@pytest.mark.parametrize(("expression", "answer"), UNKNOWN)
def test_unknown(expression: str, answer: str) -> None:
    properties = "{QueueName: !ImportValue a, DelaySeconds: !ImportValue b, FifoQueue: !ImportValue c, "
    properties += "Tags: !Ref Many, RedrivePolicy: !ImportValue e}"
    assert of_queue(expression, properties) == answer


# Scalars are read as the schema's type says, as CloudFormation does.
COERCED = [
    ("x.FifoQueue == true", "{FifoQueue: 'true'}", "true"),
    ("x.FifoQueue", "{FifoQueue: 'True'}", "true"),
    ("x.FifoQueue", "{FifoQueue: 'yes please'}", "false"),
    ("x.FifoQueue != true", "{FifoQueue: 'false'}", "true"),
    ("x.FifoQueue == false", "{FifoQueue: 'no'}", "false"),
    ("x.FifoQueue", "{FifoQueue: 1}", "false"),
    ("x.DelaySeconds == 22", "{DelaySeconds: '22'}", "true"),
    ("x.DelaySeconds == 22", "{DelaySeconds: 22.0}", "true"),
    ("x.DelaySeconds > 9", "{DelaySeconds: '22'}", "true"),
    ("x.DelaySeconds in [22]", "{DelaySeconds: '22'}", "true"),
    ("x.DelaySeconds == 22", "{DelaySeconds: '0x16'}", "false"),
    ("x.DelaySeconds != 22", "{DelaySeconds: abc}", "true"),
    ("x.DelaySeconds < 22", "{DelaySeconds: abc}", "false"),
    ("x.DelaySeconds > 1", "{DelaySeconds: '1_000'}", "false"),
    ("x.DelaySeconds + 1 == 23", "{DelaySeconds: '22'}", "true"),
    ("x.DelaySeconds * 2 - 4 == 40", "{DelaySeconds: 22}", "true"),
    ("-x.DelaySeconds == -22", "{DelaySeconds: 22}", "true"),
    ('x.QueueName == "22"', "{QueueName: 22}", "true"),
    ('x.QueueName == "010"', "{QueueName: 010}", "true"),
    ('x.QueueName == "true"', "{QueueName: true}", "true"),
    ('x.QueueName + "1" == "11"', "{QueueName: '1'}", "true"),
    ('x.QueueName matches "^2+$"', "{QueueName: 22}", "true"),
    ('x.QueueName < "b"', "{QueueName: a}", "true"),
    ('x.QueueName < "10"', "{QueueName: 9}", "false"),
]


@pytest.mark.parametrize(("expression", "properties", "answer"), COERCED)
def test_coercion(expression: str, properties: str, answer: str) -> None:
    assert of_queue(expression, properties) == answer


# Every operation maps over the cases of a conditional value; what is the same in all of them is certain.
CONDITIONAL = [
    ('x.QueueName == "a"', "{QueueName: !If [IsProd, a, b]}", "true|false"),
    ('x.QueueName in ["a", "b"]', "{QueueName: !If [IsProd, a, b]}", "true"),
    ('x.QueueName == "c"', "{QueueName: !If [IsProd, a, b]}", "false"),
    ("x.QueueName is present", "{QueueName: !If [IsProd, a, !Ref AWS::NoValue]}", "true|false"),
    ('x.QueueName default "a" == "a"', "{QueueName: !If [IsProd, a, !Ref AWS::NoValue]}", "true"),
    ('x.QueueName == "a"', "{QueueName: !If [IsProd, a, !ImportValue i]}", "true|unknown"),
    (
        'x.QueueName == "a" and x.KmsMasterKeyId == "k"',
        "{QueueName: !If [IsProd, a, b], KmsMasterKeyId: !If [IsProd, l, k]}",
        "false",
    ),
    (
        'x.QueueName == "a" implies x.KmsMasterKeyId == "k"',
        "{QueueName: !If [IsProd, a, b], KmsMasterKeyId: !If [IsProd, k, l]}",
        "true",
    ),
    ('x.QueueName == "dev"', "{QueueName: !Ref Stage}", "true|false"),
    ('x.QueueName == "test"', "{QueueName: !Ref Stage}", "false"),
    ('x.QueueName like "q-*"', '{QueueName: !Sub "q-${Free}"}', "true"),
    (r'x.QueueName matches "q[^x]\$"', '{QueueName: !Sub "q-$ ${Free}"}', "true"),
    ('x.QueueName matches "q[^x]$"', '{QueueName: !Sub "q-${Free}"}', "unknown"),
    (r'x.QueueName matches "q-\b"', '{QueueName: !Sub "q-a${Free}"}', "unknown"),
    (r'x.QueueName matches "\\^q"', r"{QueueName: !Sub '\q${Free}'}", "unknown"),
    ('x.QueueName == "p-dev"', '{QueueName: !Sub "q-${Stage}"}', "false"),
    ('x.QueueName == "q-dev"', '{QueueName: !Sub "q-${Stage}"}', "true|false"),
    ("x.DelaySeconds == 60", "{DelaySeconds: !Ref Seconds}", "true|unknown"),
    ("x.DelaySeconds + 1 > 60", "{DelaySeconds: !If [IsProd, 60, 59]}", "true|false"),
    ("count(x.Tags) == 1", "{Tags: [!If [IsProd, {Key: a, Value: b}, !Ref AWS::NoValue]]}", "true|false"),
    ("x.Tags is empty", "{Tags: [!If [IsProd, {Key: a, Value: b}, !Ref AWS::NoValue]]}", "true|false"),
    (
        'some t in x.Tags satisfies t.Key == "a"',
        "{Tags: [!If [IsProd, {Key: a, Value: b}, {Key: c, Value: d}]]}",
        "true|false",
    ),
    (
        'every t in x.Tags where t.Key == "a" satisfies t.Value == "b"',
        "{Tags: [!If [IsProd, {Key: a, Value: b}, {Key: c, Value: d}]]}",
        "true",
    ),
]


@pytest.mark.parametrize(("expression", "properties", "answer"), CONDITIONAL)
def test_conditional(expression: str, properties: str, answer: str) -> None:
    assert of_queue(expression, properties) == answer


TAGS = "{Tags: [{Key: a, Value: '1'}, {Key: b, Value: '2'}, {Key: c}]}"
LISTS = [
    ('x.Tags[*].Key contains "b"', "true"),
    ('x.Tags[*].Key == ["a", "b", "c"]', "true"),
    ('x.Tags[*].Key == ["a", "b"]', "false"),
    ("count(x.Tags[*].Value) == 2", "true"),  # what is absent is left out
    ('x.Tags[0].Key == "a"', "true"),
    ("x.Tags[3].Key is absent", "true"),
    ('"b" in [t.Key for t in x.Tags where t.Value == "2"]', "true"),
    ('["z"] + x.Tags[*].Key == ["z", "a", "b", "c"]', "true"),
    ('every t in x.Tags satisfies t.Key in ["a", "b", "c"]', "true"),
    ('some t in x.Tags satisfies t.Key == "d"', "false"),
    ('no t in x.Tags where t.Value is absent satisfies t.Key == "a"', "true"),
    ("x.Tags is not empty", "true"),
    ("count(AWS::SNS::Topic) == 1", "true"),
    ("count(AWS::S3::Bucket) == 0", "true"),
    ('x@id == "Queue" and x@type == "AWS::SQS::Queue" and x@DeletionPolicy == "Retain"', "true"),
    ('some t in AWS::SNS::* satisfies t@id == "Other"', "true"),
]


@pytest.mark.parametrize(("expression", "answer"), LISTS)
def test_lists(expression: str, answer: str) -> None:
    assert of_queue(expression, TAGS) == answer


def test_a_single_value_is_a_list_of_one() -> None:
    assert of_queue('x.Tags[*].Key contains "a"', "{Tags: {Key: a, Value: b}}") == "true"


def test_an_attribute_may_be_a_longer_list() -> None:
    tags = "{Tags: !GetAtt Thing.Tags}"
    assert of_queue("count(x.Tags) == 1", tags) == "unknown"
    assert of_queue('every t in x.Tags satisfies t.Key == "a"', tags) == "unknown"
    assert of_queue("every t in x.Tags satisfies t is present", tags) == "true"
    assert of_queue("some t in x.Tags satisfies t refers x", tags) == "unknown"


def test_defines_lets_and_params() -> None:
    items = """
        param names: list<string> = ["a", "b"]
        let more = names + ["c"]
        define among(name: string, known: list<string>) = name in known
        define either(name: string) = among(name, more) or among(name, ["d"])
    """
    template = "{QueueName: %s}"
    assert [of_queue("either(x.QueueName)", template % name, items=items) for name in "abcde"] == [
        *["true"] * 4,
        "false",
    ]


def test_case_does_not_matter_where_the_schema_says_so() -> None:
    template = "Resources: {A: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: %s}}}"
    broker = "AWS::AmazonMQ::Broker"
    for written in ("RabbitMQ", "rabbitmq", "RABBITMQ"):
        assert answers('x.EngineType == "RabbitMQ"', template % written, broker) == ["true"]
        assert answers('x.EngineType in ["RabbitMQ"]', template % written, broker) == ["true"]
        assert answers('x.EngineType != "ACTIVEMQ"', template % written, broker) == ["true"]
