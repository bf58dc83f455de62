"""Collections of a template's own parts: `template`, `parameters`, `outputs`, `conditions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import Collection, Function, Predicate, RecordKind
from stackwarden.language.types import ANY, BOOLEAN, STRING, STRINGS, RecordType
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.values import Absent, Item, Known, ListValue, Record, Value
from stackwarden.template.nodes import Mapping, Node

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_TEMPLATE_FIELDS: Final = (
    "AWSTemplateFormatVersion",
    "Description",
    "Globals",
    "Mappings",
    "Metadata",
    "Rules",
    "Transform",
)
_PARAMETER_FIELDS: Final = (
    ("AllowedPattern", STRING),
    ("AllowedValues", STRINGS),
    ("ConstraintDescription", STRING),
    ("Default", STRING),
    ("Description", STRING),
    ("MaxLength", ANY),
    ("MaxValue", ANY),
    ("MinLength", ANY),
    ("MinValue", ANY),
    ("NoEcho", BOOLEAN),
    ("Type", STRING),
)
_OUTPUT_FIELDS: Final = (("Description", STRING), ("Export", ANY), ("Value", ANY))


def _fields(stack: Stack, node: Node, names: Iterator[str]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for name in names:
        value = node.get(name) if isinstance(node, Mapping) else None
        fields[name] = Absent(node) if value is None else stack.resolver.resolve(value)
    return fields


def _template(stack: Stack) -> ListValue:
    root = stack.template.root
    return ListValue((Item(Record("Template", _fields(stack, root, iter(_TEMPLATE_FIELDS)), None, root)),))


def _parameters(stack: Stack) -> ListValue:
    items: list[Item] = []
    for name, parameter in stack.template.parameters.items():
        fields = _fields(stack, parameter.node, (field for field, _ in _PARAMETER_FIELDS))
        items.append(Item(Record("Parameter", {"name": Known(name), **fields}, None, parameter.node)))
    return ListValue(tuple(items))


def _outputs(stack: Stack) -> ListValue:
    items: list[Item] = []
    for name, output in stack.template.outputs.items():
        fields = _fields(stack, output.node, (field for field, _ in _OUTPUT_FIELDS))
        condition = output.node.get("Condition")
        text = getattr(condition, "text", None)
        guard = stack.resolver.condition(text, output.node) if isinstance(text, str) else TRUE
        items.append(Item(Record("Output", {"name": Known(name), **fields}, None, output.node), guard))
    return ListValue(tuple(items))


def _conditions(stack: Stack) -> ListValue:
    return ListValue(
        tuple(
            Item(Record("Condition", {"name": Known(name)}, None, node))
            for name, node in stack.template.conditions.items()
        )
    )


BUILTINS: Final[tuple[Function | Predicate, ...]] = ()

COLLECTIONS: Final = (
    Collection("template", RecordType("Template"), _template, (), "The template as a whole, once."),
    Collection("parameters", RecordType("Parameter"), _parameters, (), "The parameters of the template."),
    Collection("outputs", RecordType("Output"), _outputs, (), "The outputs of the template."),
    Collection("conditions", RecordType("Condition"), _conditions, (), "The named conditions of the template."),
)

RECORDS: Final = (
    RecordKind("Template", tuple((name, ANY) for name in _TEMPLATE_FIELDS), "A template's own sections."),
    RecordKind("Parameter", (("name", STRING), *_PARAMETER_FIELDS), "A parameter of the template."),
    RecordKind("Output", (("name", STRING), *_OUTPUT_FIELDS), "An output of the template."),
    RecordKind("Condition", (("name", STRING),), "A named condition of the template."),
)
