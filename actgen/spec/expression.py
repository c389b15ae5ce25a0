"""Text to formula tree, through a whitelist over Python's `ast`. Nothing is evaluated.

Python's parser is shown placeholders in place of names and numbers (`placeholders.py`), so its tree can hold only
operators, calls and pairs; each node of it that is none of these is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from actgen.formula import FUNCTIONS, Branches, Call, Condition, Constant, Formula, Name, Number, Piece
from actgen.spec.conditions import ConditionWalker, is_logical
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_DEPTH
from actgen.spec.numerals import read_number
from actgen.spec.pieces import check_total
from actgen.spec.placeholders import Placeholders
from actgen.spec.syntax import check_order
from actgen.spec.tokens import tokenise
from actgen.spec.tree import Scalar
from actgen.spec.unknown_names import explain_function, explain_name
from actgen.spec.vocabulary import CANONICAL, CONDITION_CALLS, PIECEWISE
from actgen.spec.walker import Scope, TooDeepError

__all__ = ["Scope", "read_condition", "read_value"]

_ARITHMETIC: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
}
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


def read_value(scalar: Scalar, scope: Scope, findings: Findings) -> Formula | None:
    """An expression as a formula tree, or None after a finding."""
    walker = _walker(scalar, scope, findings)
    return None if walker is None else _built(scalar, findings, lambda: walker.value(walker.written.parse()))


def read_condition(scalar: Scalar, scope: Scope, findings: Findings) -> Condition | None:
    """A condition (`x > 0`) as a tree, or None after a finding."""
    walker = _walker(scalar, scope, findings)
    return None if walker is None else _built(scalar, findings, lambda: walker.condition(walker.written.parse()))


def _walker(scalar: Scalar, scope: Scope, findings: Findings) -> _Walker | None:
    tokens = tokenise(scalar, findings)
    ordered = check_order(tokens, scope.declared, findings)
    return None if ordered is None else _Walker(Placeholders(tokens, ordered), scope, findings)


def _built(scalar: Scalar, findings: Findings, build: Callable[[], _Tree | None]) -> _Tree | None:
    try:
        return build()
    except (TooDeepError, RecursionError, MemoryError):
        help = "group long sums and products with parentheses, or name parts under `let`"
        findings.error("ACT318", f"the expression is nested over {MAX_DEPTH} deep", scalar.span, help)
    except SyntaxError:
        findings.error("ACT301", "the expression cannot be read", scalar.span, "check operators and parentheses")
    return None


class _Walker(ConditionWalker):
    def value(self, node: ast.expr) -> Formula | None:
        """A number-valued part."""
        with self.nested():
            return self._value(node)

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
                self.error("ACT301", "a comma stands outside of a call", node, help)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()) | ast.UnaryOp(op=ast.Invert()):
                self._logic_as_number(node)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self.condition_as_number(node)
            case _:
                self.error("ACT309", "this is Python, not mathematics", node)
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
            self.condition_as_number(node)
            return None
        if token.text in self.scope.names:
            return Name(token.text, span)
        if token.text == "pi" or token.text == "E":
            return Constant(token.text, span)
        self.findings.add(explain_name(token.text, span, self.scope))
        return None

    def _call(self, function: str, args: list[ast.expr], node: ast.expr) -> Formula | None:
        values = [self.value(arg) for arg in args]
        whole = [value for value in values if value is not None]
        return Call(function, tuple(whole), self.written.span(node)) if len(whole) == len(values) else None

    def _function(self, function: ast.Name, args: list[ast.expr], node: ast.expr) -> Formula | None:
        name = self.written.token(function).text
        if name in self.scope.declared:
            message = f"{quoted(name)} is declared in this spec and is not a function"
            self.error("ACT304", message, function, f"to multiply, write {quoted(f'{name} * (…)')}")
            self._walk(args)
        elif name == PIECEWISE:
            return self._piecewise(args, node)
        elif name in CONDITION_CALLS:
            self.condition_as_number(node)
        elif name not in CANONICAL:
            self.findings.add(explain_function(name, self.written.span(function), self.scope))
            self._walk(args)
        elif self._has_arguments(CANONICAL[name], name, args, node):
            return self._call(CANONICAL[name], args, node)
        else:
            self._walk(args)
        return None

    def _walk(self, args: list[ast.expr]) -> None:
        """Read arguments only for their own faults."""
        for arg in args:
            if is_logical(arg):
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
        self.error("ACT322", message, node, _ARGUMENT_HELP.get(canonical))
        return False

    # Pieces.

    def _piecewise(self, args: list[ast.expr], node: ast.expr) -> Formula | None:
        if not any(_is_pair(arg) for arg in args):
            message = "pieces are pairs `(value, condition)`" if args else "`Piecewise` has no pieces"
            self.error("ACT324", message, node, _PIECEWISE_HELP)
            return None
        pieces = [self._piece(arg) for arg in args]
        whole = [piece for piece in pieces if piece is not None]
        if len(whole) < len(pieces):
            return None
        branches = Branches(tuple(whole), self.written.span(node))
        return branches if check_total(branches, self.findings) else None

    def _piece(self, node: ast.expr) -> Piece | None:
        match node:
            case ast.Tuple(elts=[value, condition]) if _is_pair(node):
                result, holds = self.value(value), self.condition(condition)
                return (
                    Piece(result, holds, self.written.span(node)) if result is not None and holds is not None else None
                )
            case _:
                self.error("ACT324", "a piece is a pair `(value, condition)`", node, _PIECEWISE_HELP)
                return None

    def _logic_as_number(self, node: ast.expr) -> None:
        operands = [node.left, node.right] if isinstance(node, ast.BinOp) else []
        if operands and not any(is_logical(operand) for operand in operands):
            help = "they join conditions: `(x > 0) & (x < 1)`"
            self.error("ACT323", "`&`, `|` and `~` do not act on numbers", node, help)
        else:
            self.condition_as_number(node)


def _is_pair(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and len(node.elts) == 2 and not any(isinstance(e, ast.Tuple) for e in node.elts)
