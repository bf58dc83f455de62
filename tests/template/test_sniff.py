"""Which texts may be templates."""

from __future__ import annotations

import json

import pytest

from stackwarden.template.sniff import sniff

_TYPE = "AWS::S3::Bucket"


@pytest.mark.parametrize(
    "text",
    [
        f"Resources:\n  A:\n    Type: {_TYPE}\n",
        f"# c\n\n%YAML 1.1\n---\nParameters: {{}}\nResources:\r\n  A:\r\n    Type: {_TYPE}\r\n",
        f"\ufeffResources:\n  A: {{Type: {_TYPE}}}\n",
        f"  Description: x\n  Resources:\n    A: {{Type: {_TYPE}}}\n",
        f"Description: x\rResources:\r  A:\r    Type: {_TYPE}\r",
        f'"Resources" : {{A: {{Type: {_TYPE}}}}}',
        f"'Resources': {{A: {{Type: {_TYPE}}}}}",
        f"Description: x\n&a Resources: {{A: {{Type: {_TYPE}}}}}",
        f"--- # c\nResources: {{A: {{Type: {_TYPE}}}}}",
        f"--- {{Resources: {{A: {{Type: {_TYPE}}}}}}}",
        f"{{Description: it's, Resources: {{A: {{Type: {_TYPE}}}}}}}",
        json.dumps({"Metadata": {"a": '}"{'}, "Resources": {"A": {"Type": _TYPE}}}),
        json.dumps({"Resources": {"A": {"Type": _TYPE}}}, indent=2),
        "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: {}\n",
        "Transform: Macro\nResources:\n  A: {}\n",
        f"Resources:\n  A: {{Type: {_TYPE}\n   broken: [",
    ],
)
def test_templates(text: str) -> None:
    assert sniff(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: b",
        '{"name": "x", "dependencies": {}}',
        f"service: x\nresources:\n  Resources:\n    A: {{Type: {_TYPE}}}\n",
        json.dumps({"stack": {"Resources": {"A": {"Type": _TYPE}}}}),
        json.dumps([{"Resources": {"A": {"Type": _TYPE}}}]),
        f"# Resources:\na: {_TYPE}",
        f"NotResources:\n  A: {{Type: {_TYPE}}}\n",
        "Resources:\n  - name: a\n",
        "Resources:x AWS::",
    ],
)
def test_other_files(text: str) -> None:
    assert not sniff(text)
