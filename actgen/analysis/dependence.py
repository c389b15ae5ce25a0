"""What holds of an output in one of several inputs, whatever the others are: algebra proves, values refute."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import sympy as sp

from actgen.analysis.cells import Part, Pieces, Row, is_continuous, is_never, is_zero, rows, value_at
from actgen.analysis.report import Dependence, Verdict
from actgen.analysis.singular import LINE
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial

_PLACES = tuple(sp.Rational(n, 17) for n in (3, 11, 23, 40, 61))
_OTHERS = ((5, -8, 13), (-21, 34, 3), (29, 7, -12), (-2, -31, 19))
_NEITHER = "neither refuted nor proved"


class Along:
    """One input of an output's pieces."""

    def __init__(self, pieces: Pieces, x: sp.Symbol, inputs: Sequence[sp.Symbol]) -> None:
        self.pieces, self.x, self.inputs = pieces, x, inputs
        self.rows: list[Row] | str
        try:
            self.rows = rows(pieces, x, inputs)
        except UndecidedError as error:
            self.rows = str(error)

    def dependence(self) -> Dependence:
        """All that is said."""
        return Dependence(self.x.name, self._affine(), self._parity(), self._monotone())

    def _affine(self) -> Verdict:
        if self._is_bent():
            return Verdict("no")
        if isinstance(self.rows, str):
            return Verdict(None, self.rows)
        return Verdict("yes") if all(map(self._is_line, self.rows)) else Verdict(None, _NEITHER)

    def _is_line(self, row: Row) -> bool:
        first = row.cells[0][1]
        return is_zero(partial(partial(first, self.x), self.x)) and all(self._same(row.cells[0], c) for c in row.cells)

    def _same(self, a: tuple[Part, sp.Expr], b: tuple[Part, sp.Expr]) -> bool:
        difference = a[1] - b[1]
        return is_zero(difference.subs(self.x, b[0].low.exact) if b[0].is_point else difference)

    def _is_bent(self) -> bool:
        """Whether three numbers in a row refute a straight line."""
        for others in self._settings():
            values = [value_at(self.pieces, self.x, {**others, self.x: p}) for p in _evenly()]
            for a, b, c in zip(values, values[1:], values[2:], strict=False):
                if a is not None and b is not None and c is not None and not (a + c).overlaps(2 * b):
                    return True
        return False

    def _parity(self) -> Verdict:
        possible = self._possible_signs()
        if not possible:
            return Verdict("neither")
        if isinstance(self.rows, str):
            return Verdict(None, self.rows)
        for sign in possible:
            if all(self._mirrors(row, sign) for row in self.rows):
                return Verdict({1: "even", -1: "odd"}[sign])
        return Verdict(None, _NEITHER)

    def _possible_signs(self) -> list[int]:
        possible = [1, -1]
        for others, place in itertools.product(self._settings(), _PLACES):
            right, left = (value_at(self.pieces, self.x, {**others, self.x: side * place}) for side in (1, -1))
            if right is not None and left is not None:
                possible = [s for s in possible if right.overlaps(s * left)]
        return possible

    def _mirrors(self, row: Row, sign: int) -> bool:
        """Whether f(-x) = sign·f(x) in every cell of a row."""
        for (part, value), (opposite, other) in zip(row.cells, reversed(row.cells), strict=True):
            if not (_is_minus(part.low.exact, opposite.high.exact) and _is_minus(part.high.exact, opposite.low.exact)):
                return False
            difference = value.subs(self.x, -self.x) - sign * other
            if not is_zero(difference.subs(self.x, opposite.low.exact) if part.is_point else difference):
                return False
        return True

    def _monotone(self) -> Verdict:
        for sign, word in ((1, "increasing"), (-1, "decreasing")):
            if isinstance(self.rows, str):
                if self._goes_across_a_border(sign):
                    return Verdict(word)
            elif all(self._goes(row, sign) for row in self.rows):
                return Verdict(word)
        return Verdict(None, "the slope's sign varies, or is not proved")

    def _goes(self, row: Row, sign: int) -> bool:
        """Whether it never goes against a sign along a row, inside of the cells and from each to the next."""
        if not all(part.is_point or self._rises(value, part, row.others, sign) for part, value in row.cells):
            return False
        for (part, value), (after, beyond) in itertools.pairwise(row.cells):
            cut = (part if part.is_point else after).low.exact
            if cut is None or not is_never(-sign, (beyond - value).subs(self.x, cut), row.others):
                return False
        return True

    def _goes_across_a_border(self, sign: int) -> bool:
        """The same where one condition about several inputs says which piece holds, and the pieces meet there."""
        comparisons = {c for condition, _ in self.pieces for c in condition.atoms(sp.core.relational.Relational)}
        borders = {sp.expand(c.lhs - c.rhs) for c in comparisons}
        first = next(iter(borders))
        if any(b not in (first, -first) for b in borders):
            return False
        slope = sp.diff(first, self.x)
        if not slope.is_Rational or slope == 0:
            return False
        border = sp.expand(self.x - first / slope)
        line = Part(*LINE)
        values = [v for _, v in self.pieces]
        return all(self._rises(v, line, dict.fromkeys(self.inputs, line), sign) for v in values) and all(
            is_zero((v - values[0]).subs(self.x, border)) for v in values[1:]
        )

    def _rises(self, value: sp.Expr, part: Part, others: Mapping[sp.Symbol, Part], sign: int) -> bool:
        try:
            if not is_continuous(value, self.x, part):
                return False
        except UndecidedError:
            return False
        return is_never(-sign, partial(value, self.x), {**others, self.x: part})

    def _settings(self) -> Iterator[Mapping[sp.Symbol, sp.Rational]]:
        others = [y for y in self.inputs if y != self.x]
        for numbers in _OTHERS:
            yield {y: sp.Rational(n, 13) for y, n in zip(others, itertools.cycle(numbers), strict=False)}


def _evenly() -> list[sp.Rational]:
    return [sp.Rational(5 * k - 21, 9) for k in range(10)]


def _is_minus(a: sp.Expr | None, b: sp.Expr | None) -> bool:
    return a is not None and b is not None and sp.expand(a + b) in (0, sp.nan)
