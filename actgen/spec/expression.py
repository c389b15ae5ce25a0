"""Text to formula tree, through a whitelist over Python's `ast`. Nothing is evaluated.

Python's parser is shown placeholders in place of names and numbers (`placeholders.py`), so its tree can hold only
operators, calls and pairs; each node of it that is none of these is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar, cast

from actgen.formula import (
    FUNCTIONS,
    Branches,
    Call,
    Compare,
    Condition,
    Constant,
    Formula,
    Logic,
    Name,
    Number,
    Piece,
)
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_DEPTH
from actgen.spec.numerals import read_number
from actgen.spec.placeholders import Placeholders
from actgen.spec.syntax import check_order
from actgen.spec.tokens import Token, Tokens, tokenise
from actgen.spec.tree import Scalar
from actgen.spec.unknown_names import explain_function, explain_name
from actgen.spec.vocabulary import CANONICAL, CONDITION_CALLS, PIECEWISE

_ARITHMETIC: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
}
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
_PIECEWISE_HELP = "write `Piecewise((a, x > 0), (b, True))`"
_ARGUMENT_HELP = {
    "log": "a logarithm to base b is `log(v)/log(b)`",
    "clip": "write `clip(v, lo, hi)`",
    "relu": "for another slope write `Max(x, slope*x)` or pieces",
    "softplus": "for another sharpness write `softplus(beta*x)/beta`",
    "Max": "with one argument it is that argument",
    "Min": "with one argument it is that argument",
    "atan2": "the order is `atan2(y, x)`",
}
_Tree = TypeVar("_Tree", Formula, Condition)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use.

    Attributes:
        names: declared names that are visible here.
        hidden: declared names that are not, with the reason (a `let` entry further down).
        constant: whether this is a constant expression, which has no names.
    """

    names: Set[str] = frozenset()
    hidden: Set[str] = frozenset()
    constant: bool = False

    @property
    def declared(self) -> frozenset[str]:
        """Every declared name, visible or not."""
        return frozenset(self.names | self.hidden)


def read_value(scalar: Scalar, scope: Scope, findings: Findings) -> Formula | None:
    """An expression as a formula tree, or None after a finding."""
    builder = _builder(scalar, scope, findings)
    return None if builder is None else _built(scalar, findings, lambda: builder.value(builder.written.parse()))


def read_condition(scalar: Scalar, scope: Scope, findings: Findings) -> Condition | None:
    """A condition (`x > 0`) as a tree, or None after a finding."""
    builder = _builder(scalar, scope, findings)
    return None if builder is None else _built(scalar, findings, lambda: builder.condition(builder.written.parse()))


def _builder(scalar: Scalar, scope: Scope, findings: Findings) -> _Builder | None:
    tokens = tokenise(scalar, findings)
    ordered = check_order(tokens, scope.declared, findings)
    return None if ordered is None else _Builder(tokens, ordered, scope, findings)


def _built(scalar: Scalar, findings: Findings, build: Callable[[], _Tree | None]) -> _Tree | None:
    try:
        return build()
    except (_TooDeepError, RecursionError, MemoryError):
        help = "group long sums and products with parentheses, or name parts under `let`"
        findings.error("ACT318", f"the expression is nested over {MAX_DEPTH} deep", scalar.span, help)
    except SyntaxError:
        findings.error("ACT301", "the expression cannot be read", scalar.span, "check operators and parentheses")
    return None


class _TooDeepError(Exception):
    """The tree is deeper than any formula may be."""


class _Builder:
    """Walks Python's tree. A part that is at fault gives None, and its neighbours are still walked."""

    def __init__(self, tokens: Tokens, ordered: list[Token], scope: Scope, findings: Findings) -> None:
        self.written = Placeholders(tokens, ordered)
        self.scope = scope
        self.findings = findings
        self.depth = 0

    # Values.

    def value(self, node: ast.expr) -> Formula | None:
        """A number-valued part."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        try:
            return self._value(node)
        finally:
            self.depth -= 1

    def _value(self, node: ast.expr) -> Formula | None:
        match node:
            case ast.Name():
                return self._atom(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self._call(_ARITHMETIC[type(op)], [left, right], node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._call("neg", [operand], node)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.Call(func=ast.Name() as function, args=args, keywords=[]):
                return self._function(function, args, node)
            case ast.Tuple():
                help = "pairs `(value, condition)` stand only inside `Piecewise`"
                self._error("ACT301", "a comma stands outside of a call", node, help)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()) | ast.UnaryOp(op=ast.Invert()):
                self._logic_as_number(node)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self._condition_as_number(node)
            case _:
                self._error("ACT309", "this is Python, not mathematics", node)
        return None

    def _atom(self, node: ast.Name) -> Formula | None:
        token = self.written.token(node)
        span = self.written.span(node)
        if token.kind == "number":
            number, problem, help = read_number(token.text)
            if number is None:
                self.findings.error("ACT316" if "float64" in problem else "ACT326", problem, span, help)
                return None
            return Number(number, span)
        if token.text in ("True", "False"):
            self._condition_as_number(node)
            return None
        if token.text in self.scope.names:
            return Name(token.text, span)
        if token.text == "pi" or token.text == "E":
            return Constant(token.text, span)
        self.findings.found.append(
            explain_name(token.text, span, self.scope.names, self.scope.hidden, self.scope.constant)
        )
        return None

    def _call(self, function: str, args: list[ast.expr], node: ast.expr) -> Formula | None:
        values = [self.value(arg) for arg in args]
        whole = [value for value in values if value is not None]
        return Call(function, tuple(whole), self.written.span(node)) if len(whole) == len(values) else None

    def _function(self, function: ast.Name, args: list[ast.expr], node: ast.expr) -> Formula | None:
        name = self.written.token(function).text
        if name in self.scope.declared:
            message = f"{quoted(name)} is declared in this spec and is not a function"
            self._error("ACT304", message, function, f"to multiply, write `{name} * (…)`")
            self._walk(args)
        elif name == PIECEWISE:
            return self._piecewise(args, node)
        elif name in CONDITION_CALLS:
            self._condition_as_number(node)
        elif name not in CANONICAL:
            self.findings.found.append(explain_function(name, self.written.span(function)))
            self._walk(args)
        elif self._has_arguments(CANONICAL[name], name, args, node):
            return self._call(CANONICAL[name], args, node)
        else:
            self._walk(args)
        return None

    def _walk(self, args: list[ast.expr]) -> None:
        """Read arguments only for their own faults."""
        for arg in args:
            if _is_logical(arg):
                self.condition(arg)
            elif not isinstance(arg, ast.Tuple):
                self.value(arg)

    def _has_arguments(self, canonical: str, name: str, args: list[ast.expr], node: ast.expr) -> bool:
        function = FUNCTIONS[canonical]
        low, high = function.min_args, function.max_args
        if len(args) >= low and (high is None or len(args) <= high):
            return True
        wanted = f"{low}" if high == low else f"{low} or more" if high is None else f"{low} to {high}"
        plural = "" if wanted == "1" else "s"
        message = f"`{name}` takes {wanted} argument{plural}, not {len(args)}"
        self._error("ACT322", message, node, _ARGUMENT_HELP.get(canonical))
        return False

    # Pieces.

    def _piecewise(self, args: list[ast.expr], node: ast.expr) -> Formula | None:
        pieces = [self._piece(arg) for arg in args]
        if not pieces:
            self._error("ACT324", "`Piecewise` has no pieces", node, _PIECEWISE_HELP)
        whole = [piece for piece in pieces if piece is not None]
        if not whole or len(whole) < len(pieces):
            return None
        branches = Branches(tuple(whole), self.written.span(node))
        return branches if check_total(branches, self.findings) else None

    def _piece(self, node: ast.expr) -> Piece | None:
        match node:
            case ast.Tuple(elts=[value, condition]):
                result, holds = self.value(value), self.condition(condition)
                return (
                    Piece(result, holds, self.written.span(node)) if result is not None and holds is not None else None
                )
            case _:
                self._error("ACT324", "a piece is a pair `(value, condition)`", node, _PIECEWISE_HELP)
                return None

    # Conditions.

    def condition(self, node: ast.expr) -> Condition | None:
        """A part that holds or does not hold."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        try:
            return self._condition(node)
        finally:
            self.depth -= 1

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
                if self.value(node) is not None:
                    help = "compare it, as in `x > 0`; the last condition is `True`"
                    self._error("ACT323", "this is a number, and a condition belongs here", node, help)
                return None

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
            self._error("ACT322", message, node)
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

    # Findings.

    def _error(self, code: str, message: str, node: ast.expr, help: str | None = None) -> None:
        self.findings.error(code, message, self.written.span(node), help)

    def _precedence(self, node: ast.expr) -> None:
        help = "put each comparison in parentheses, `(x > 0) & (x < 1)`, or write `and`, `or`, `not`"
        self._error("ACT314", "`&`, `|` and `~` bind more tightly than comparisons", node, help)

    def _logic_as_number(self, node: ast.expr) -> None:
        operands = [node.left, node.right] if isinstance(node, ast.BinOp) else []
        if operands and not any(_is_logical(operand) for operand in operands):
            help = "they join conditions: `(x > 0) & (x < 1)`"
            self._error("ACT323", "`&`, `|` and `~` do not act on numbers", node, help)
        else:
            self._condition_as_number(node)

    def _condition_as_number(self, node: ast.expr) -> None:
        help = "a condition chooses between values: `Piecewise((a, condition), (b, True))`"
        self._error("ACT323", "this is a condition, and a number belongs here", node, help)


def check_total(branches: Branches, findings: Findings) -> bool:
    """Whether the last condition is `True`; a finding if not, and a warning for pieces that follow a `True`."""
    always = [piece.condition == Logic("true") for piece in branches.pieces]
    if not always[-1]:
        help = "end with `(value, True)`, or with `otherwise` in a list of pieces"
        findings.error(
            "ACT325", "these pieces do not cover every case", branches.pieces[-1].span or branches.span, help
        )
        return False
    if always.index(True) < len(always) - 1:
        dead = branches.pieces[always.index(True) + 1]
        findings.warning(
            "ACT409", "this piece is never reached: the one before it always holds", dead.span, "remove it"
        )
    return True


def _is_logical(node: ast.expr) -> bool:
    """Whether the node can be nothing but a condition."""
    return (
        isinstance(node, ast.Compare | ast.BoolOp)
        or _is_bitwise(node)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    )


def _may_be_logical(node: ast.expr) -> bool:
    """Whether the node can be a condition: `True`, `Eq(a, b)` and those that can be nothing else."""
    return _is_logical(node) or isinstance(node, ast.Call | ast.Name)


def _is_bitwise(node: ast.expr) -> bool:
    return (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
    )
