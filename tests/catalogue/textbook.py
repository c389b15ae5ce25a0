"""A spec's formulas as they are written, evaluated in balls with every first partial.

The text is read by Python's own parser (never evaluated) and computed by `duals`; nothing of actgen takes part. Where a
formula has no value of its own (0/0, a kink) the point is approached from both sides, closer than any float.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from duals import (
    FUNCTIONS,
    Dual,
    KinkError,
    NoValueError,
    SingularError,
    UndecidedError,
    add,
    div,
    max_,
    min_,
    mul,
    neg,
    number,
    pow_,
    sign_of,
    sub,
)
from flint import arb, ctx
from ruamel.yaml import YAML

Slopes: TypeAlias = list[arb | None]

_FIRST_BITS, _LAST_BITS = 192, 1 << 17
_NEAR, _NEARER = -6000, -12000  # binary exponents of the steps beside a point without a value of its own
_OPERATORS: dict[type, Callable[[Dual, Dual], Dual]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: div, ast.Pow: pow_,
}  # fmt: skip
_COMPARISONS: dict[type, Callable[[int], bool]] = {
    ast.Lt: lambda s: s < 0,
    ast.LtE: lambda s: s <= 0,
    ast.Gt: lambda s: s > 0,
    ast.GtE: lambda s: s >= 0,
    ast.Eq: lambda s: s == 0,
    ast.NotEq: lambda s: s != 0,
}
_CALLED_COMPARISONS = {"Eq": ast.Eq, "Ne": ast.NotEq}


class Textbook:
    """One spec, as its author wrote it.

    Args:
        path: the YAML file.
    """

    def __init__(self, path: Path) -> None:
        data: dict[str, Any] = YAML(typ="base").load(path.read_text(encoding="utf-8"))
        self.inputs: list[str] = list(data.get("inputs", ["x"]))
        self.parameters: list[str] = list(data.get("parameters", {}))
        self.variables = [*self.inputs, *self.parameters]
        self._named = {name: _parsed(body) for name, body in data.get("let", {}).items()}
        self.outputs = {
            name: _parsed(body) for name, body in data.get("outputs", {"y": data.get("expression")}).items()
        }

    def evaluate(self, output: str, at: Mapping[str, float]) -> Slopes:
        """The value and every partial, in the order of `variables`.

        A ball of nan where there is no real value; None where the two sides of a point do not say the same, or no
        precision tells the sides apart.
        """
        return self._settled(output, {name: arb(v) for name, v in at.items()})

    def evaluate_beside(self, output: str, at: Mapping[str, float], moved: str, by: float) -> Slopes:
        """The same with one argument changed by a part `by` of it, which may be less than a float can hold."""
        with precision(256):
            return self._settled(output, {name: arb(v) * (1 + arb(by) * (name == moved)) for name, v in at.items()})

    def choices(self, at: Mapping[str, float]) -> list[int]:
        """The sign of everything that the formulas compare at a point: breakpoints lie where this changes."""
        run = _Run(self, {name: arb(v) for name, v in at.items()})
        with precision(512):
            for body in self.outputs.values():
                with contextlib.suppress(ArithmeticError):
                    run.value(body)
        return run.choices

    def _settled(self, output: str, at: Mapping[str, arb]) -> Slopes:
        try:
            return self._approached(output, at)
        except NoValueError:
            return [arb("nan")] * (len(self.variables) + 1)
        except UndecidedError:
            return [None] * (len(self.variables) + 1)

    def _direct(self, output: str, at: Mapping[str, arb]) -> Slopes:
        """At a point where the formula has a value of its own, to the precision that it takes; None beyond the last."""
        bits = _FIRST_BITS
        while True:
            last = bits >= _LAST_BITS
            with precision(bits):
                try:
                    found = _Run(self, at).value(self.outputs[output])
                    balls = [found.value, *(arb(0) if s is None else s for s in found.slopes)]
                    if last or all(map(_sharp, balls)):
                        return [ball if _sharp(ball) else None for ball in balls]
                except UndecidedError:
                    if last:
                        raise
            bits *= 4

    def _approached(self, output: str, at: Mapping[str, arb]) -> Slopes:
        with contextlib.suppress(KinkError, SingularError):
            return [*self._direct(output, at)]
        for moved in self.variables:
            with contextlib.suppress(KinkError, SingularError):
                sides = [*self._side(output, at, moved, -1), *self._side(output, at, moved, 1)]
                if sides:
                    return [_common(quantity) for quantity in zip(*sides, strict=True)]
        return [None] * (len(self.variables) + 1)

    def _side(self, output: str, at: Mapping[str, arb], moved: str, sign: int) -> list[Slopes]:
        """Where all quantities lead as one argument comes near from one side; empty outside of the domain."""
        try:
            near, nearer = (self._direct(output, {**at, moved: _stepped(at[moved], sign, e)}) for e in (_NEAR, _NEARER))
        except NoValueError:
            return []
        return [[_limit(a, b) for a, b in zip(near, nearer, strict=True)]]


def _stepped(v: arb, sign: int, exponent: int) -> arb:
    with precision(1 << 15):
        return v + sign * arb(2) ** exponent


def _limit(near: arb | None, nearer: arb | None) -> arb | None:
    """Where two samples that close in on a point lead."""
    if near is None or nearer is None:
        return None
    if abs(nearer) < arb(2) ** -1100:
        return arb(0)
    gap = abs(near - nearer)
    if gap < abs(nearer) * arb(2) ** -80 or gap < arb(2) ** -1500:
        return nearer
    if abs(nearer) < abs(near):
        return arb(0) if abs(nearer) * 4 < abs(near) else None
    return arb("inf") if nearer > 0 else arb("-inf")


def _common(sides: Sequence[arb | None]) -> arb | None:
    """What every side leads to; no value between unlike infinities, and None at a jump or where a side is unknown."""
    first, *others = sides
    if all(_same(first, other) for other in others):
        return first
    unlike = all(side is not None and not side.is_finite() for side in sides)
    return arb("nan") if unlike else None


def _same(a: arb | None, b: arb | None) -> bool:
    if a is None or b is None:
        return False
    if not (a.is_finite() and b.is_finite()):
        return not a.is_finite() and not b.is_finite() and (a > 0) == (b > 0)
    return not abs(a - b) > abs(a) * arb(2) ** -80 + arb(2) ** -1100


def _sharp(v: arb) -> bool:
    """Whether a ball says more than any float can, or is known to lie beyond or below all floats."""
    if v.is_exact() and v.is_finite():
        return True
    if not v.is_finite():
        return False
    return v.rel_accuracy_bits() >= 128 or abs(v) < arb(2) ** -1200 or abs(v) > arb(2) ** 1200


@contextlib.contextmanager
def precision(bits: int) -> Iterator[None]:
    """The working precision, within a block."""
    before, ctx.prec = ctx.prec, bits
    try:
        yield
    finally:
        ctx.prec = before


def _parsed(body: Any) -> Any:
    """An expression's syntax tree, or a list of (value, condition or None)."""
    if isinstance(body, list):
        return [
            (_tree(piece["otherwise"]), None) if "otherwise" in piece else (_tree(piece["value"]), _tree(piece["when"]))
            for piece in body
        ]
    return _tree(body)


@functools.cache
def _tree(text: str) -> ast.expr:
    # a parameter may carry a Python keyword's name
    words = " ".join(str(text).replace("lambda", "lambda_").split())
    return ast.parse(words, mode="eval").body


class _Run:
    """One evaluation of a spec at one point and one precision."""

    def __init__(self, spec: Textbook, at: Mapping[str, arb]) -> None:
        self._width = len(spec.variables)
        self._named = spec._named
        self.choices: list[int] = []
        self._known = {
            name: Dual(at[name], tuple(arb(1) if i == j else None for j in range(self._width)))
            for i, name in enumerate(spec.variables)
        }

    def value(self, node: Any) -> Dual:
        if isinstance(node, list):
            return self._pieces(node)
        match node:
            case ast.Constant(value=int() | float()):
                return number(
                    Fraction(ast.unparse(node) if isinstance(node.value, int) else repr(node.value)), self._width
                )
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return neg(self.value(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return _OPERATORS[type(op)](self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
        raise NotImplementedError(ast.dump(node))

    def _name(self, name: str) -> Dual:
        name = "lambda" if name == "lambda_" else name
        if name not in self._known:
            if name in self._named:
                self._known[name] = self.value(self._named[name])
            else:
                constant = {"pi": arb.pi, "E": arb.const_e}[name]()
                return Dual(constant, (None,) * self._width)
        return self._known[name]

    def _call(self, name: str, args: list[ast.expr]) -> Dual:
        if name == "Piecewise":
            return self._pieces([a.elts for a in args])
        values = [self.value(a) for a in args]
        if name in {"Max", "max", "Min", "min"}:
            for a, b in itertools.pairwise(values):
                self.choices.append(sign_of(a.value - b.value))
            return functools.reduce(max_ if name in {"Max", "max"} else min_, values)
        if name == "clip":
            self.choices += [sign_of(values[0].value - v.value) for v in values[1:]]
        elif name in {"Abs", "abs", "sign", "relu"}:
            self.choices.append(sign_of(values[0].value))
        return FUNCTIONS[name](*values)

    def _pieces(self, pieces: Any) -> Dual:
        for value, condition in pieces:
            if condition is None or self.holds(condition):
                return self.value(value)
        raise NotImplementedError("not total")

    def holds(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=bool() as known):
                return known
            case ast.BoolOp(op=op, values=parts):
                return (all if isinstance(op, ast.And) else any)(self.holds(p) for p in parts)
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return self.holds(left) and self.holds(right)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self.holds(left) or self.holds(right)
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return not self.holds(operand)
            case ast.Compare(left=left, ops=ops, comparators=rights):
                sides = [left, *rights]
                return all(self._compared(type(op), a, b) for op, a, b in zip(ops, sides, rights, strict=False))
            case ast.Call(func=ast.Name(id=name), args=args) if name in _CALLED_COMPARISONS:
                return self._compared(_CALLED_COMPARISONS[name], *args)
            case ast.Call(func=ast.Name(id="And"), args=args):
                return all(self.holds(a) for a in args)
            case ast.Call(func=ast.Name(id="Or"), args=args):
                return any(self.holds(a) for a in args)
            case ast.Call(func=ast.Name(id="Not"), args=args):
                return not self.holds(args[0])
        raise NotImplementedError(ast.dump(node))

    def _compared(self, op: type, left: ast.expr, right: ast.expr) -> bool:
        side = sign_of(self._bare(left) - self._bare(right))
        self.choices.append(side)
        if side == 0 and op in (ast.Eq, ast.NotEq):
            raise KinkError  # a removable point: its slopes are limits, not those of the branch
        return _COMPARISONS[op](side)

    def _bare(self, node: ast.expr) -> arb:
        """A value whose slopes nobody asks for, so that Abs in a condition is no kink."""
        known = self._known
        self._known = {name: Dual(d.value, (None,) * self._width) for name, d in known.items()}
        try:
            return self.value(node).value
        finally:
            self._known = known


def float_of(ball: arb) -> float:
    """The float nearest to a ball's middle, ±inf beyond the largest."""
    if ball.is_nan():
        return math.nan
    try:
        return float(ball.mid())
    except OverflowError:
        return math.inf if ball > 0 else -math.inf
