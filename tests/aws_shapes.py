"""Requests and responses against the API models of botocore, which itself checks neither enums nor most limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ServiceModel, Shape
from botocore.session import get_session

__all__ = ["problems_of_input", "problems_of_output"]


@cache
def _service(name: str) -> ServiceModel:
    return get_session().get_service_model(name)


def problems_of_input(service: str, operation: str, request: object) -> list[str]:
    """What is wrong with the request of an operation: members missing or unknown, types, enums, patterns, lengths."""
    shape = _service(service).operation_model(operation).input_shape
    return list(_problems(shape, request, operation))


def problems_of_output(service: str, operation: str, response: object) -> list[str]:
    """What is wrong with the response of an operation, in the same ways."""
    shape = _service(service).operation_model(operation).output_shape
    return list(_problems(shape, response, operation))


def _problems(shape: Shape, value: Any, where: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            if not isinstance(value, dict):
                yield f"{where} is no structure"
                return
            yield from (f"{where} lacks {name}" for name in shape.required_members if name not in value)
            for name, inner in value.items():
                if name not in shape.members:
                    yield f"{where} has no member {name}"
                else:
                    yield from _problems(shape.members[name], inner, f"{where}.{name}")
        case "list":
            if not isinstance(value, list):
                yield f"{where} is no list"
                return
            yield from _lengths(shape, len(value), where)
            for index, inner in enumerate(value):
                yield from _problems(shape.member, inner, f"{where}[{index}]")
        case "map":
            if not isinstance(value, dict):
                yield f"{where} is no map"
                return
            for key, inner in value.items():
                yield from _problems(shape.key, key, f"{where} key")
                yield from _problems(shape.value, inner, f"{where}.{key}")
        case "string":
            if not isinstance(value, str):
                yield f"{where} is no text"
                return
            yield from _lengths(shape, len(value), where)
            if shape.enum and value not in shape.enum:
                yield f"{where} is none of {shape.enum}: {value}"
            pattern = shape.metadata.get("pattern")
            if pattern is not None and re.search(pattern, value) is None:
                yield f"{where} does not match {pattern}: {value}"
        case "boolean":
            if not isinstance(value, bool):
                yield f"{where} is no boolean"
        case "integer" | "long" | "double" | "float":
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield f"{where} is no number"
        case _:
            pass


def _lengths(shape: Shape, length: int, where: str) -> Iterator[str]:
    if length < shape.metadata.get("min", 0):
        yield f"{where} is too short: {length}"
    if length > shape.metadata.get("max", length):
        yield f"{where} is too long: {length}"
