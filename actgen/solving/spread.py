"""The enclosure of an average over a box of parameters: by the ranges on cells, or finely where the box is narrow."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import flint
import sympy as sp

from actgen.analysis.evaluation import complex_value, number_ball
from actgen.analysis.integration import integral
from actgen.analysis.undecided import UndecidedError
from actgen.program.program import Node, evaluation_order
from actgen.program.translate import Translator
from actgen.solving.average import Average
from actgen.solving.growth import range_of, tail_size
from actgen.solving.ranges import real_value

_NARROW = flint.arb(1) / 4
_COARSE = 64
_FEWEST = 6
_STARTS = (8, 10, 12, 14, 16, 20, 24, 32, 48)
_EVALUATIONS, _MANY = 1500, 20000
_CELLS = tuple(
    [-12.0, -8.0]
    + [k / 2 for k in range(-14, -10)]
    + [k / 8 for k in range(-40, 41)]
    + [k / 2 for k in range(11, 15)]
    + [8.0, 12.0]
)


@dataclass(frozen=True, slots=True)
class Side:
    """A ball that can be a key: equal if midpoint and radius are."""

    key: tuple[int, int, int, int]
    ball: flint.arb = field(compare=False)


def side(ball: flint.arb) -> Side:
    """A finite ball as a key."""
    parts = (*ball.mid().man_exp(), *ball.rad().man_exp())
    mantissa, exponent, width, power = (int(part) for part in parts)
    return Side((mantissa, exponent, width, power), ball)


def spread(average: Average, values: Mapping[str, flint.arb], ends: Sequence[flint.arb | None], bits: int) -> flint.arb:
    """All values of an average over a box.

    Args:
        average: what to enclose.
        values: the range of each parameter in it, by name; finite.
        ends: the ranges of the two ends, None for ±∞.
        bits: about how many bits after the point are worth work, where the box is that narrow.

    Returns:
        A ball; not finite where nothing is known.
    """
    if not all(v.is_finite() for v in (*values.values(), *(e for e in ends if e is not None))):
        return flint.arb.nan()
    box = tuple(sorted((name, side(ball)) for name, ball in values.items() if name in _names(average)))
    return _spread(average, box, tuple(None if e is None else side(e) for e in ends), bits)


@lru_cache(maxsize=4096)
def _spread(
    average: Average, box: tuple[tuple[str, Side], ...], ends: tuple[Side | None, Side | None], bits: int
) -> flint.arb:
    known = {name: one.ball for name, one in box}
    low, high = (None if end is None else end.ball for end in ends)
    widest = max((b.rad() for b in (*known.values(), *(e for e in (low, high) if e is not None))), default=flint.arb(0))
    before = flint.ctx.prec
    try:
        if widest < _NARROW:
            width = float(widest)
            bits = bits if width == 0 else max(_FEWEST, min(bits, int(-math.log2(width)) + 2))
            flint.ctx.prec = max(_COARSE, bits + 14)
            found = _Integral(average, known).fine(low, high, bits)
            if found.is_finite():
                return found
        flint.ctx.prec = _COARSE
        return _Integral(average, known).coarse(low, high)
    finally:
        flint.ctx.prec = before


@lru_cache(maxsize=512)
def _names(average: Average) -> frozenset[str]:
    return frozenset(str(symbol) for symbol in average.args[1].free_symbols)


@lru_cache(maxsize=512)
def ordered(expression: sp.Expr) -> tuple[tuple[Node, ...], tuple[tuple[int, ...], ...]]:
    """Its operations, operands before users, and the places of their operands.

    Raises:
        UndecidedError: if it holds a function that has no operation.
    """
    try:
        root = Translator()(expression)
    except TypeError as error:
        raise UndecidedError(str(error)) from error
    nodes = evaluation_order((root,))
    number = {id(current): i for i, current in enumerate(nodes)}
    return tuple(nodes), tuple(tuple(number[id(a)] for a in current.args) for current in nodes)


class _Integral:
    def __init__(self, average: Average, known: Mapping[str, flint.arb]) -> None:
        self.x, self.value = average.args[0], average.args[1]
        self.known = known
        self.nodes, self.operands = ordered(self.value)

    # Narrow boxes.

    def fine(self, low: flint.arb | None, high: flint.arb | None, bits: int) -> flint.arb:
        """By rigorous quadrature over complex boxes."""
        left, below = self._from_end(low, high, -1, bits)
        right, above = self._from_end(high, low, 1, bits)
        if not left < right:
            return flint.arb.nan()
        cuts = [left, *(c for c in map(flint.arb, (-3, 0, 3)) if c > left and c < right), right]
        limit = _EVALUATIONS if bits < _COARSE else _MANY
        total = below + above
        constants = self._constants()

        def integrand(z: flint.acb, analytic: bool) -> flint.acb:
            return self._complex(constants, z, analytic) * (-z * z / 2).exp()

        for a, b in itertools.pairwise(cuts):
            total += integral(integrand, a, b, bits, limit).real / (2 * flint.arb.pi()).sqrt()
        return total

    def _from_end(
        self, end: flint.arb | None, other: flint.arb | None, to: int, bits: int
    ) -> tuple[flint.arb, flint.arb]:
        if end is not None:
            return end, flint.arb(0)
        for start in _STARTS:
            if other is not None and not abs(other) < start:
                continue
            size = self._tail(start, to)
            if size < flint.arb(2) ** -bits or start == _STARTS[-1]:
                return flint.arb(to * start), flint.arb(0, size.upper()) if size.is_finite() else flint.arb.nan()
        return flint.arb.nan(), flint.arb.nan()

    def _constants(self) -> list[flint.acb | None]:
        found: list[flint.acb | None] = []
        for current in self.nodes:
            if current.op == "const":
                found.append(flint.acb(number_ball(current.exact)))
            elif current.op == "arg" and current.name in self.known:
                found.append(flint.acb(self.known[current.name]))
            else:
                found.append(None)
        return found

    def _complex(self, constants: Sequence[flint.acb | None], z: flint.acb, analytic: bool) -> flint.acb:
        values: list[flint.acb] = []
        for current, places, constant in zip(self.nodes, self.operands, constants, strict=True):
            if constant is not None:
                values.append(constant)
            elif current.op == "arg":
                values.append(z)
            else:
                values.append(complex_value(current.op, tuple(values[i] for i in places), analytic))
        return values[-1]

    # Wide boxes.

    def coarse(self, low: flint.arb | None, high: flint.arb | None) -> flint.arb:
        """The range on each cell, times the cell's weight under the normal distribution."""
        total = flint.arb(0)
        for a, b in itertools.pairwise(_CELLS):
            total += self._cell(flint.arb(a), flint.arb(b), low, high)
        for end, to in ((low, -1), (high, 1)):
            if end is None:
                size = self._tail(_CELLS[-1], to)
                total += flint.arb(0, size.upper()) if size.is_finite() else flint.arb.nan()
            elif not abs(end) < _CELLS[-1]:
                return flint.arb.nan()
        return total

    def _cell(self, a: flint.arb, b: flint.arb, low: flint.arb | None, high: flint.arb | None) -> flint.arb:
        """What lies in a cell for certain, and the strips that the ends of the interval sweep."""
        if (low is not None and low > b) or (high is not None and high < a):
            return flint.arb(0)
        inner = a if low is None else a.max(low.upper()), b if high is None else b.min(high.lower())
        outer = a if low is None else a.max(low.lower()), b if high is None else b.min(high.upper())
        value = self._real(outer[0].union(outer[1]))
        whole = _weight(*outer)
        if not inner[0] < inner[1]:
            return (value * whole).union(flint.arb(0))
        certain = _weight(*inner)
        rest = whole - certain
        return value * certain + (flint.arb(0) if rest.is_zero() else (value * rest).union(flint.arb(0)))

    def _real(self, z: flint.arb) -> flint.arb:
        values: list[Any] = []
        for current, places in zip(self.nodes, self.operands, strict=True):
            match current.op:
                case "arg":
                    values.append(self.known.get(current.name, z))
                case "const":
                    values.append(number_ball(current.exact))
                case op:
                    values.append(real_value(op, tuple(values[i] for i in places)))
        return values[-1]

    def _tail(self, start: float, to: int) -> flint.arb:
        """A bound of the integral of |g|·φ beyond a start: with |g| <= e^(a + cz + dz²), by completing the square."""
        nodes, operands = self.nodes, self.operands
        if to < 0:
            nodes, operands = ordered(self.value.subs(self.x, -self.x))
        known = {name: range_of(ball) for name, ball in self.known.items()}
        bound = tail_size(nodes, operands, start, known)
        if not all(map(math.isfinite, bound)) or not bound[2] < 0.5:
            return flint.arb.pos_inf()
        a, c, d = map(flint.arb, bound)
        narrowing = 1 - 2 * d
        beyond = _weight(narrowing.sqrt() * (start - c / narrowing), None)
        return (a + c**2 / (2 * narrowing)).exp() * beyond / narrowing.sqrt()


def _weight(a: flint.arb, b: flint.arb | None) -> flint.arb:
    """The probability of an interval under the standard normal distribution."""
    if b is None:
        return (a / flint.arb(2).sqrt()).erfc() / 2
    if a > 0:
        return _weight(a, None) - _weight(b, None)
    if b < 0:
        return _weight(-b, None) - _weight(-a, None)
    root = flint.arb(2).sqrt()
    return ((b / root).erf() - (a / root).erf()) / 2
