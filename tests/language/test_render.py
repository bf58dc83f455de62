"""Expressions written back: as they were written, where nothing is lost by checking."""

from __future__ import annotations

import pytest

from language.evaluation import check_of
from stackwarden.language.render import render

ITEMS = """
param least: number = 3
define tagged(x: AWS::S3::Bucket, key: string) = x.Tags[*].Key contains key
define first(x: AWS::S3::Bucket) = x.Tags[0].Key
"""

EXPRESSIONS = [
    'x.BucketName == "a \\"quoted\\" name"',
    "x.BucketName != x.Tags[0].Key",
    "count(x.Tags) >= least + 1 * 2 - (3 - 2)",
    "(1 + 2) * 3 == 9",
    'x["BucketName"] is present',
    'x.BucketName matches "^\\d+\\.[a-z]\\"$"',
    'x.BucketName like "team-*"',
    '"Owner" in x.Tags[*].Key',
    '"Owner" not in x.Tags[*].Key',
    'x.LifecycleConfiguration.Rules[*].Transitions[*].StorageClass == ["GLACIER"]',
    'x@DeletionPolicy default "Delete" == "Retain"',
    "not (x.BucketName is absent)",
    "x.BucketName is not empty and (x.Tags is present or x.Tags is absent) and x.Tags is empty",
    "x.Tags is present implies x.Tags is not empty implies true",
    "(x.Tags is present implies false) implies true",
    'every t in x.Tags where t.Key is present satisfies t.Value is present and t.Key == "a"',
    "no o in AWS::S3::Bucket satisfies o.BucketName refers x",
    "some t in target(x.BucketName, AWS::S3::Bucket | AWS::SNS::Topic) satisfies true",
    "(some t in x.Tags satisfies true) and x.Tags is present",
    '"a" in [t.Key for t in x.Tags where t.Value == "b"]',
    'tagged(x, "Owner") or first(x) == "a"',
    'str.starts_with(x.BucketName, "team-") and x.BucketName == str.lower(x.BucketName)',
    "x.PublicAccessBlockConfiguration.BlockPublicAcls",
    "x.PublicAccessBlockConfiguration.BlockPublicAcls == true",
    "[1, 2.5, -3] == [1]",
]
OTHERWISE = [
    ('x.Tags[*].Key contains "Owner"', '"Owner" in x.Tags[*].Key'),
    ("not (x.Tags is present) or true", "x.Tags is present implies true"),
    ('x["Tags"] is empty', "x.Tags is empty"),
]


def written_back(expression: str) -> str:
    rule = f'rule a-rule {{ title "T" severity low for x in AWS::S3::Bucket require {expression} }}'
    return render(check_of(ITEMS + rule).rule.requires[0].condition)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_written_is_written_back(expression: str) -> None:
    assert written_back(expression) == expression.replace('x["BucketName"]', "x.BucketName")


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *(one for one, _ in OTHERWISE)])
def test_what_is_written_back_means_the_same(expression: str) -> None:
    once = written_back(expression)
    assert written_back(once) == once


@pytest.mark.parametrize(("expression", "text"), OTHERWISE)
def test_one_form_of_several(expression: str, text: str) -> None:
    assert written_back(expression) == text
