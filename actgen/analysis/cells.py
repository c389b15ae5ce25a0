"""Several inputs, cut where conditions about one input each change: cells, in each of which one expression holds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import flint
import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.independence import analytic, cut_line, holds_at, inside
from actgen.analysis.isolation import chart
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.singular import quantities, zeros
from actgen.analysis.truths import holds
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary
from actgen.symbolic.functions import Cbrt, Magnitude, RealPow

_CELLS = 128
_OPERATIONS = 160

Pieces: TypeAlias = Sequence[tuple[sp.Basic, sp.Expr]]
"""Conditions and values, the first that holds counts."""


@dataclass(frozen=True, slots=True)
class Part:
    """An open interval of one input, or one number: then both ends are the same."""

    low: Number
    high: Number

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low is self.high

    def sample(self) -> Number:
        """A number in it."""
        return self.low if self.is_point else inside(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells along one input, from left to right, with the expression of each, while the others stay in theirs."""

    cells: tuple[tuple[Part, sp.Expr], ...]
    others: Mapping[sp.Symbol, Part]


def rows(pieces: Pieces, x: sp.Symbol, inputs: Sequence[sp.Symbol]) -> list[Row]:
    """All rows along an input.

    Raises:
        UndecidedError: if a condition is about several inputs, or there are too many cells.
    """
    conditions = [c for c, _ in pieces]
    parts = {y: _parts(cut_line(conditions, y, inputs)) for y in inputs}
    if math.prod(map(len, parts.values())) > _CELLS:
        raise UndecidedError("there are too many pieces")
    others = [y for y in inputs if y != x]
    found = []
    for combination in itertools.product(*(parts[y] for y in others)):
        fixed = dict(zip(others, combination, strict=True))
        cells = tuple((part, _value(pieces, {**fixed, x: part})) for part in parts[x])
        found.append(Row(cells, fixed))
    return found


def _parts(intervals: Sequence[tuple[Number, Number]]) -> list[Part]:
    found = [Part(*intervals[0])]
    for low, high in intervals[1:]:
        found += [Part(low, low), Part(low, high)]
    return found


def _value(pieces: Pieces, cell: Mapping[sp.Symbol, Part]) -> sp.Expr:
    places = {y: part.sample() for y, part in cell.items()}
    return next(v for i, (c, v) in enumerate(pieces) if i == len(pieces) - 1 or holds_at(c, places))


def value_at(pieces: Pieces, x: sp.Symbol, places: Mapping[sp.Symbol, sp.Rational]) -> flint.arb | None:
    """The value at rational numbers; None if it is not real, or was not enclosed."""
    others = {y: place for y, place in places.items() if y != x}
    here = exactly(places[x])
    try:
        held = (v for i, (c, v) in enumerate(pieces) if i == len(pieces) - 1 or holds(c.subs(others), x, here))
        found = tape(next(held).subs(others)).real(here.ball)
    except UndecidedError:
        return None
    return found if found.is_finite() else None


def is_zero(value: sp.Expr) -> bool:
    """Whether an expression is the function 0 by algebra."""
    if sp.expand(value) == 0:
        return True
    return sp.count_ops(value) <= _OPERATIONS and sp.simplify(elementary(value)) == 0


def is_continuous(value: sp.Expr, x: sp.Symbol, part: Part) -> bool:
    """Whether an expression is proved to be continuous in an input, on what of the part is in its domain."""
    for inner in sp.preorder_traversal(value):
        if not inner.has(x) or _joins(inner, x):
            continue
        for quantity in quantities(inner):
            if not quantity.has(x) or quantity.is_positive or quantity.is_negative:
                continue
            if quantity.free_symbols != {x} or zeros(quantity, x, (part.low, part.high)):
                return False
    return True


def _joins(part: sp.Basic, x: sp.Symbol) -> bool:
    """Whether the outermost function is continuous even where it is singular, or singular only at an end."""
    match part:
        case sp.Pow(args=(_, exponent)) | RealPow(args=(_, exponent)):
            return bool(exponent.is_positive)
        case sp.log(args=(argument,)):
            return argument.is_polynomial(x) and sp.degree(argument, x) == 1
    return isinstance(part, (Cbrt, Magnitude, sp.Abs, sp.asin, sp.acos, sp.acosh))


def is_never(sign: int, value: sp.Expr, where: Mapping[sp.Symbol, Part]) -> bool:
    """Whether an expression is proved never to have a sign in a cell: by SymPy's assumptions, or by a search."""
    known = value.xreplace({y: _signed(y, part) for y, part in where.items()})
    if known.is_nonpositive if sign > 0 else known.is_nonnegative:
        return True
    held = [y for y in where if value.has(y)]
    if len(held) != 1 or where[held[0]].is_point:
        return is_zero(value)
    try:
        segments = analytic(value, held[0], where[held[0]].low, where[held[0]].high)
    except UndecidedError:
        return False
    charts = [chart(s.value, held[0], s.low, s.high) for s in segments]
    return all(c.gap is None and all(t.sign != sign for t in c.stretches) for c in charts)


def _signed(y: sp.Symbol, part: Part) -> sp.Expr:
    """A symbol for the input that has the sign of the open interval, if that has one."""
    zero = exactly(sp.S.Zero)
    if not part.is_point and zero.order(part.low) in (-1, 0):
        return sp.Dummy(positive=True)
    return -sp.Dummy(positive=True) if not part.is_point and part.high.order(zero) in (-1, 0) else y
