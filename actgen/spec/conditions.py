"""The conditions of an expression: comparisons, and what joins them."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import Literal, cast

from actgen.formula import Compare, Condition, Formula, Logic
from actgen.spec.vocabulary import CONDITION_CALLS
from actgen.spec.walker import Walker

_COMPARISONS: dict[type[ast.AST], Literal["<", "<=", ">", ">=", "==", "!="]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_LOGIC: dict[type[ast.AST], Literal["and", "or", "not"]] = {
    ast.And: "and",
    ast.BitAnd: "and",
    ast.Or: "or",
    ast.BitOr: "or",
    ast.Not: "not",
    ast.Invert: "not",
}
_CALLED_LOGIC: dict[str, Literal["and", "or", "not"]] = {"And": "and", "Or": "or", "Not": "not"}


class ConditionWalker(Walker, ABC):
    """Walks what holds or does not hold; what it compares is left to `value`."""

    @abstractmethod
    def value(self, node: ast.expr) -> Formula | None:
        """A number-valued part."""

    def condition(self, node: ast.expr) -> Condition | None:
        """A part that holds or does not hold."""
        with self.nested():
            return self._condition(node)

    def _condition(self, node: ast.expr) -> Condition | None:
        match node:
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp(op=op, values=values):
                return self._logic(_LOGIC[type(op)], values, node)
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op, right=right):
                if not (_may_be_logical(left) and _may_be_logical(right)):
                    self._precedence(node)
                    return None
                return self._logic(_LOGIC[type(op)], [left, right], node)
            case ast.UnaryOp(op=ast.Not() | ast.Invert() as op, operand=operand):
                return self._logic(_LOGIC[type(op)], [operand], node)
            case ast.Name() if self.written.token(node).text in ("True", "False"):
                return Logic(
                    "true" if self.written.token(node).text == "True" else "false", (), self.written.span(node)
                )
            case ast.Call(func=ast.Name() as function, args=args, keywords=[]) if self._is_condition_call(function):
                return self._condition_call(self.written.token(function).text, args, node)
            case _:
                if self.value(node) is not None and not self._is_unread(node):
                    help = "compare it, as in `x > 0`; the last condition is `True`"
                    self.error("ACT323", "this is a number, and a condition belongs here", node, help)
                return None

    def _is_unread(self, node: ast.expr) -> bool:
        """Whether this is a `let` entry that was at fault itself, perhaps for being a condition."""
        return isinstance(node, ast.Name) and self.written.token(node).text in self.scope.unread

    def _is_condition_call(self, function: ast.Name) -> bool:
        name = self.written.token(function).text
        return name in CONDITION_CALLS and name not in self.scope.declared

    def _compare(self, node: ast.Compare) -> Condition | None:
        operands = [node.left, *node.comparators]
        if any(_is_bitwise(operand) for operand in operands):
            self._precedence(node)
            return None
        values = [self.value(operand) for operand in operands]
        if any(value is None for value in values):
            return None
        span = self.written.span(node)
        links = tuple(
            Compare(_COMPARISONS[type(op)], left, right, span)
            for op, (left, right) in zip(node.ops, pairwise(cast("list[Formula]", values)), strict=True)
        )
        return links[0] if len(links) == 1 else Logic("and", links, span)

    def _condition_call(self, name: str, args: list[ast.expr], node: ast.expr) -> Condition | None:
        wanted = CONDITION_CALLS[name]
        if len(args) != (wanted or len(args)) or not args:
            message = f"`{name}` takes {wanted or '1 or more'} argument{'' if wanted == 1 else 's'}, not {len(args)}"
            self.error("ACT322", message, node)
            return None
        if name not in ("Eq", "Ne"):
            return self._logic(_CALLED_LOGIC[name], args, node)
        left, right = self.value(args[0]), self.value(args[1])
        if left is None or right is None:
            return None
        return Compare("==" if name == "Eq" else "!=", left, right, self.written.span(node))

    def _logic(self, op: Literal["and", "or", "not"], parts: list[ast.expr], node: ast.expr) -> Condition | None:
        conditions = [self.condition(part) for part in parts]
        whole = [condition for condition in conditions if condition is not None]
        if len(whole) < len(conditions):
            return None
        return Logic(op, tuple(whole), self.written.span(node)) if len(whole) > 1 or op == "not" else whole[0]

    def _precedence(self, node: ast.expr) -> None:
        help = "put each comparison in parentheses, `(x > 0) & (x < 1)`, or write `and`, `or`, `not`"
        self.error("ACT314", "`&`, `|` and `~` bind more tightly than comparisons", node, help)


def is_logical(node: ast.expr) -> bool:
    """Whether the node can be nothing but a condition."""
    return (
        isinstance(node, ast.Compare | ast.BoolOp)
        or _is_bitwise(node)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    )


def _may_be_logical(node: ast.expr) -> bool:
    """Whether the node can be a condition: `True`, `Eq(a, b)` and those that can be nothing else."""
    return is_logical(node) or isinstance(node, ast.Call | ast.Name)


def _is_bitwise(node: ast.expr) -> bool:
    return (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
    )
