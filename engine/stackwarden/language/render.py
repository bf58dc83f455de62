"""Typed expressions as Warden text again, on one line: for explanations.

Names are those of the rule, calls of a define stay calls, and `[*]` is written back where the checker made a
comprehension of it. What meant the same before checking may come out the same: `a contains b` is `b in a`.
"""

from __future__ import annotations

import json
import re
from typing import Final, assert_never

from stackwarden.language import ir

__all__ = ["render"]

_IMPLIES, _OR, _AND, _NOT, _COMPARISON, _DEFAULT, _SUM, _PRODUCT, _POSTFIX = range(9)
"""How tightly a form binds, loosest first."""
_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_EACH: Final = "*"
_MOST_TYPES: Final = 3


def render(node: ir.ValueExpr | ir.TruthExpr) -> str:
    """The text of an expression."""
    return _Renderer().text(node, _IMPLIES)


class _Renderer:
    def __init__(self) -> None:
        self._each: dict[int, str] = {}  # slots of `[*]`, and the list that they walk over

    def text(self, node: ir.ValueExpr | ir.TruthExpr, least: int) -> str:
        """The text of a node, in parentheses where it binds looser than `least`."""
        text, binds = self._truth(node) if isinstance(node, ir.TruthExpr) else self._value(node)
        return text if binds >= least else f"({text})"

    def _value(self, node: ir.ValueExpr) -> tuple[str, int]:
        match node:
            case ir.Const():
                return json.dumps(node.value, ensure_ascii=False), _POSTFIX
            case ir.ConstList():
                return f"[{self._listed(node.items)}]", _POSTFIX
            case ir.Local():
                return self._each.get(node.slot, node.name), _POSTFIX
            case ir.LetValue():
                return node.name, _POSTFIX
            case ir.ParamRef():
                return node.key.rpartition(".")[2], _POSTFIX
            case ir.Field():
                suffix = f".{node.name}" if _NAME.fullmatch(node.name) else f"[{json.dumps(node.name)}]"
                return self.text(node.value, _POSTFIX) + suffix, _POSTFIX
            case ir.At():
                return f"{self.text(node.value, _POSTFIX)}[{node.index}]", _POSTFIX
            case ir.Aspect():
                return f"{self.text(node.value, _POSTFIX)}@{node.name}", _POSTFIX
            case ir.Comprehension():
                return self._comprehension(node), _POSTFIX
            case ir.Count():
                return f"count({self.text(node.value, _IMPLIES)})", _POSTFIX
            case ir.Arithmetic():
                binds = _PRODUCT if node.operator == "*" else _SUM
                left, right = self.text(node.left, binds), self.text(node.right, binds + 1)
                return f"{left} {node.operator} {right}", binds
            case ir.Default():
                return f"{self.text(node.value, _DEFAULT)} default {self.text(node.fallback, _SUM)}", _DEFAULT
            case ir.Target():
                types = f", {_types(node.types)}" if node.types else ""
                return f"target({self.text(node.value, _IMPLIES)}{types})", _POSTFIX
            case ir.Resources():
                return _types(node.types), _POSTFIX
            case ir.Collection():
                return node.name, _POSTFIX
            case ir.Apply():
                return f"{node.function}({self._listed(node.arguments)})", _POSTFIX
            case ir.Truth():
                return self._truth(node.operand)
            case ir.Bind():
                return f"{node.name}({self._listed(tuple(value for _, value in node.arguments))})", _POSTFIX
            case _:
                assert_never(node)

    def _truth(self, node: ir.TruthExpr) -> tuple[str, int]:
        match node:
            case ir.Holds():
                return self._value(node.value)
            case ir.LetTruth():
                return node.name, _POSTFIX
            case ir.Not(operand=ir.In() as member):
                return self._member(member, "not in"), _COMPARISON
            case ir.Not():
                return f"not {self.text(node.operand, _DEFAULT)}", _NOT
            case ir.And():
                return f"{self.text(node.left, _AND)} and {self.text(node.right, _AND)}", _AND
            case ir.Or(left=ir.Not(operand=condition)):
                return f"{self.text(condition, _OR)} implies {self.text(node.right, _IMPLIES)}", _IMPLIES
            case ir.Or():
                return f"{self.text(node.left, _OR)} or {self.text(node.right, _OR)}", _OR
            case ir.Compare():
                return f"{self._operand(node.left)} {node.operator} {self._operand(node.right)}", _COMPARISON
            case ir.In():
                return self._member(node, "in"), _COMPARISON
            case ir.Matches():
                pattern = node.pattern.replace('"', '\\"')
                return f'{self._operand(node.value)} matches "{pattern}"', _COMPARISON
            case ir.Like():
                return f"{self._operand(node.value)} like {json.dumps(node.pattern, ensure_ascii=False)}", _COMPARISON
            case ir.Refers():
                return f"{self._operand(node.value)} refers {self._operand(node.resource)}", _COMPARISON
            case ir.Is():
                return f"{self._operand(node.value)} is {node.state}", _COMPARISON
            case ir.Quantifier():
                where = "" if node.where is None else f" where {self.text(node.where, _IMPLIES)}"
                head = f"{node.kind} {node.name} in {self._operand(node.collection)}{where}"
                return f"{head} satisfies {self.text(node.body, _IMPLIES)}", _IMPLIES
            case ir.Predicate():
                return f"{node.function}({self._listed(node.arguments)})", _POSTFIX
            case ir.BindTruth():
                return f"{node.name}({self._listed(tuple(value for _, value in node.arguments))})", _POSTFIX
            case _:
                assert_never(node)

    def _operand(self, node: ir.ValueExpr) -> str:
        return self.text(node, _DEFAULT)

    def _member(self, node: ir.In, operator: str) -> str:
        return f"{self._operand(node.item)} {operator} {self._operand(node.container)}"

    def _listed(self, nodes: tuple[ir.ValueExpr, ...]) -> str:
        return ", ".join(self.text(node, _IMPLIES) for node in nodes)

    def _comprehension(self, node: ir.Comprehension) -> str:
        collection = self._operand(node.collection)
        if node.name == _EACH:
            is_path = isinstance(node.collection, ir.Comprehension) and node.collection.name == _EACH
            self._each[node.slot] = f"{collection}[*]" if node.flatten or not is_path else collection
            return self.text(node.body, _POSTFIX)
        where = "" if node.where is None else f" where {self.text(node.where, _IMPLIES)}"
        return f"[{self.text(node.body, _IMPLIES)} for {node.name} in {collection}{where}]"


def _types(names: tuple[str, ...]) -> str:
    """Resource types; of those that a pattern with `*` stands for, a few."""
    shown = names if len(names) <= _MOST_TYPES else (*names[:_MOST_TYPES], "…")
    return " | ".join(shown)
