"""Runs plain nodes in balls: exact real arithmetic, each value with a bound on its error."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller
from typing import Any

import flint
import sympy as sp

from actgen.program.evaluate import horner
from actgen.program.polygamma import polygamma
from actgen.program.program import Node, evaluation_order, nearest_float


def _whole(a: flint.arb) -> int:
    """The integer that an exact ball is."""
    whole = a.unique_fmpz()
    assert whole is not None
    return int(whole)


def _magnitude(a: flint.arb) -> flint.arb:
    return abs(a)


def _powi(a: flint.arb, b: flint.arb) -> flint.arb:
    exponent = _whole(b)
    return _product(a, exponent) if exponent >= 0 else 1 / _product(a, -exponent)


def _product(a: flint.arb, count: int) -> flint.arb:
    """a^count by squaring: arb's own power is nan for a ball around 0."""
    total = flint.arb(1)
    while count:
        if count & 1:
            total *= a
        a, count = a * a, count >> 1
    return total


def _cbrt(a: flint.arb) -> flint.arb:
    return -((-a).root(3)) if a < 0 else a.root(3)


def _pow(a: flint.arb, b: flint.arb) -> flint.arb:
    whole = b.unique_fmpz()
    if whole is not None and b.is_exact() and b == whole:
        return _powi(a, b)
    if b > 0 and a.contains(0) and not a.is_exact():  # the domain says that a base is not negative
        return flint.arb(0).union(abs(a).upper() ** b)
    return a**b


Trilean = bool | None
"""A condition on balls; None where they overlap, so that it is not decided."""


def _decided_less(a: flint.arb, b: flint.arb) -> Trilean:
    return True if a < b else False if a >= b else None


def _decided_less_equal(a: flint.arb, b: flint.arb) -> Trilean:
    return _opposite(_decided_less(b, a))


def _decided_equal(a: flint.arb, b: flint.arb) -> Trilean:
    return True if a == b else False if a != b else None


def _decided_unequal(a: flint.arb, b: flint.arb) -> Trilean:
    return _opposite(_decided_equal(a, b))


def _both(a: Trilean, b: Trilean) -> Trilean:
    return False if a is False or b is False else None if a is None or b is None else True


def _either(a: Trilean, b: Trilean) -> Trilean:
    return _opposite(_both(_opposite(a), _opposite(b)))


def _opposite(a: Trilean) -> Trilean:
    return None if a is None else not a


def _absent(a: flint.arb) -> Trilean:
    """`isnan` and `isinf`: an exact value is neither."""
    return False if a.is_finite() else None


def _select(condition: Trilean, a: flint.arb, b: flint.arb) -> flint.arb:
    return flint.arb(math.nan) if condition is None else a if condition else b


ARB_OPS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "powi": _powi,
    "pow": _pow,
    "poly": horner,
    "sech": lambda a: 1 / a.cosh(),
    "abs": _magnitude,
    "sqrt": lambda a: a.sqrt(),
    "cbrt": _cbrt,
    "exp": lambda a: a.exp(),
    "expm1": lambda a: a.expm1(),
    "log": lambda a: a.log(),
    "log1p": lambda a: a.log1p(),
    "log2": lambda a: a.log() / flint.arb(2).log(),
    **{
        name: methodcaller(method)
        for name, method in {
            "sin": "sin",
            "cos": "cos",
            "tan": "tan",
            "sinpi": "sin_pi",
            "cospi": "cos_pi",
            "asin": "asin",
            "acos": "acos",
            "atan": "atan",
            "sinh": "sinh",
            "cosh": "cosh",
            "tanh": "tanh",
            "asinh": "asinh",
            "acosh": "acosh",
            "atanh": "atanh",
            "erf": "erf",
            "erfc": "erfc",
            "lgamma": "lgamma",
            "gamma": "gamma",
            "digamma": "digamma",
        }.items()
    },
    "polygamma": lambda n, a: polygamma(_whole(n), a),
    "atan2": lambda a, b: flint.arb.atan2(a, b),
    "hypot": lambda a, b: (a * a + b * b).sqrt(),
    "sigmoid": lambda a: 1 / (1 + (-a).exp()),
    "softplus": lambda a: a.exp().log1p() if a < 0 else a + (-a).exp().log1p(),
    "logsigmoid": lambda a: -((-a).exp().log1p() if a > 0 else -a + a.exp().log1p()),
    "sign": lambda a: a.sgn(),
    "min": lambda a, b: a.min(b),
    "max": lambda a, b: a.max(b),
    "lt": _decided_less,
    "le": _decided_less_equal,
    "eq": _decided_equal,
    "ne": _decided_unequal,
    "and": _both,
    "or": _either,
    "not": _opposite,
    "isnan": _absent,
    "isinf": _absent,
    "where": _select,
    "fill": lambda a, b: a,
    "finite": lambda a: a,
    "logaddexp": lambda a, b: a + (b - a).exp().log1p() if a > b else b + (a - b).exp().log1p(),
}
"""Reference semantics in balls, by op, at finite arguments: nothing overflows, and there is no NaN."""


def evaluate_balls(
    roots: Sequence[Node], arguments: Mapping[str, float | flint.arb], precision: int
) -> list[flint.arb]:
    """Each root enclosed in a ball, computed with `precision` bits; arguments are taken exactly.

    Of a `where` whose condition is decided only the side taken is computed.
    """
    previous = flint.ctx.prec
    flint.ctx.prec = precision
    try:
        return _tape(tuple(roots)).run(arguments)
    finally:
        flint.ctx.prec = previous


@dataclass(frozen=True, slots=True)
class _Tape:
    """Nodes by number, operands before users."""

    nodes: tuple[Node, ...]
    operands: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]

    def run(self, arguments: Mapping[str, float | flint.arb]) -> list[flint.arb]:
        values: list[Any] = [None] * len(self.nodes)
        known = [False] * len(self.nodes)
        stack = list(self.roots)
        while stack:
            number = stack[-1]
            missing = () if known[number] else self._missing(number, values, known)
            if missing:
                stack.extend(missing)
                continue
            if not known[number]:
                values[number] = self._value(number, values, arguments)
                known[number] = True
            stack.pop()
        return [values[root] for root in self.roots]

    def _missing(self, number: int, values: Sequence[Any], known: Sequence[bool]) -> Sequence[int]:
        """The operands that the node waits for."""
        operands = self.operands[number]
        if self.nodes[number].op != "where":
            return [operand for operand in operands if not known[operand]]
        condition, a, b = operands
        if not known[condition]:
            return (condition,)
        if values[condition] is None:
            return ()
        taken = a if values[condition] else b
        return () if known[taken] else (taken,)

    def _value(self, number: int, values: Sequence[Any], arguments: Mapping[str, float | flint.arb]) -> Any:
        current = self.nodes[number]
        if current.op == "arg":
            return flint.arb(arguments[current.name])
        if current.op == "const":
            return ball(current.exact)
        return ARB_OPS[current.op](*[values[operand] for operand in self.operands[number]])


@lru_cache(maxsize=32)
def _tape(roots: tuple[Node, ...]) -> _Tape:
    nodes = evaluation_order(roots)
    number = {current: i for i, current in enumerate(nodes)}
    operands = tuple(tuple(number[a] for a in current.args) for current in nodes)
    return _Tape(nodes, operands, tuple(number[root] for root in roots))


def ball(exact: sp.Expr) -> flint.arb:
    """An exact SymPy number as a ball of the current precision."""
    return _ball(exact, flint.ctx.prec)


@lru_cache(maxsize=4096)
def _ball(exact: sp.Expr, precision: int) -> flint.arb:
    if isinstance(exact, sp.Rational):
        return flint.arb(flint.fmpq(int(exact.p), int(exact.q)))
    if exact is sp.pi:
        return flint.arb.pi()
    if not exact.is_finite:
        return flint.arb(nearest_float(exact))
    digits = int(precision * 0.302) + 10
    mantissa = flint.arb(str(sp.N(exact, digits)))
    return mantissa * flint.arb(1, flint.arb(2) ** (4 - precision))
