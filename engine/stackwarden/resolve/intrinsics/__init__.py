"""The intrinsic functions of CloudFormation, one file each.

A function takes its argument's node, its own node and the context, and gives a value; a malformed call is noted
with `Context.malformed`. Source: CloudFormation Template Reference, *Intrinsic function reference*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.intrinsics import (
    base64,
    cidr,
    find_in_map,
    get_azs,
    get_stack_output,
    getatt,
    if_,
    import_value,
    join,
    length,
    ref,
    select,
    split,
    sub,
    to_json_string,
)
from stackwarden.resolve.values import Value
from stackwarden.template.nodes import Node

__all__ = ["INTRINSICS", "Intrinsic"]

Intrinsic = Callable[[Node, Node, Context], Value]

INTRINSICS: Final[Mapping[str, Intrinsic]] = MappingProxyType(
    {
        "Ref": ref.resolve,
        "Fn::Base64": base64.resolve,
        "Fn::Cidr": cidr.resolve,
        "Fn::FindInMap": find_in_map.resolve,
        "Fn::GetAZs": get_azs.resolve,
        "Fn::GetAtt": getatt.resolve,
        "Fn::GetStackOutput": get_stack_output.resolve,
        "Fn::If": if_.resolve,
        "Fn::ImportValue": import_value.resolve,
        "Fn::Join": join.resolve,
        "Fn::Length": length.resolve,
        "Fn::Select": select.resolve,
        "Fn::Split": split.resolve,
        "Fn::Sub": sub.resolve,
        "Fn::ToJsonString": to_json_string.resolve,
    }
)
