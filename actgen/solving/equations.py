"""Requirements to equations: expressions in the unknown parameters that are to vanish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from actgen.activation import Smoothness
from actgen.analysis.assuming import Assumptions, assuming
from actgen.analysis.curve import Segment
from actgen.analysis.defined import assume_defined
from actgen.analysis.ends import limit
from actgen.analysis.numbers import Number, exactly, vanishes_exactly
from actgen.analysis.undecided import UndecidedError
from actgen.formula import Formula
from actgen.solving.averages import average, polynomial
from actgen.solving.constants import Constants
from actgen.solving.place import Shape, one_sided
from actgen.solving.requirement import LimitAt, Moment, MomentIs, Requirement, Smooth, Symmetric, ValueAt
from actgen.symbolic.calculus import partial
from actgen.symbolic.pieces import Expander

_PLACES = ("1/2", "1", "7/5", "9/4", "1/7", "3", "17/10", "2/9", "5", "11/3")
_ORDERS = {Smoothness.C0: 0, Smoothness.C1: 1, Smoothness.C2: 2, Smoothness.CINF: 6}


class EquationMaker:
    """Makes the equations of requirements on one output.

    Args:
        shape: the output at a generic choice of the unknowns.
        unknowns: the parameters that are solved for.
        expander: turns formulas of requirements into SymPy.
        constants: where numbers get symbols.

    Attributes:
        signs: of expressions in the unknowns for which the equations were made; there is none elsewhere.
    """

    def __init__(self, shape: Shape, unknowns: Sequence[sp.Symbol], expander: Expander, constants: Constants) -> None:
        self.shape, self.unknowns, self.expander, self.constants = shape, tuple(unknowns), expander, constants
        self.signs: dict[sp.Expr, int] = {}

    def equations(self, requirement: Requirement) -> list[sp.Expr]:
        """What is to vanish; nothing where the requirement holds for all parameters.

        Raises:
            UndecidedError: if there is no form for it.
        """
        match requirement:
            case Smooth(level=level):
                found = [e for p in self._places(requirement) for e in self._joints(p, _ORDERS[level])]
            case ValueAt(order=order, place=place, value=value):
                found = self._values(self._expression(place), order, self._expression(value))
            case LimitAt(side=side, value=value):
                found = [self._end(side) - self._expression(value)]
            case MomentIs(moment=moment, value=value):
                found = [self._moment(moment, self._expression(value))]
            case Symmetric(sign=sign):
                found = self._mirrored(sign)
        return [e for e in found if e != 0]

    def identities(self, requirement: Requirement) -> list[sp.Expr]:
        """What must vanish for every input, so that one analytic expression goes on beyond each place: for C∞."""
        if isinstance(requirement, Symmetric):
            return self._mirror_images(requirement.sign)
        if not isinstance(requirement, Smooth) or requirement.level is not Smoothness.CINF:
            return []
        beside = [self.shape.beside(place) for place in self._places(requirement)]
        return [right.general - left.general for left, right in beside if left is not right]

    def _mirrored(self, sign: int) -> list[sp.Expr]:
        """What symmetry asks for at some places: necessary, and enough to find candidates for the identities."""
        places = [sp.Rational(number) for number in _PLACES[: len(self.unknowns) + 2]]
        values = [(self.shape.own_value(place), self.shape.own_value(-place)) for place in places]
        beside = [self.shape.own_value(sp.S.Zero)] if sign < 0 else []
        return [*beside, *(right - sign * left for right, left in values)]

    def _mirror_images(self, sign: int) -> list[sp.Expr]:
        """What must vanish for every input, piece by piece from the outside; one piece is its own image."""
        segments, x = self.shape.whole, self.shape.x
        ends = [s.high for s in segments[:-1]]
        balanced = [a.ball + b.ball for a, b in zip(ends, reversed(ends), strict=True)]
        if not all(total.contains(0) for total in balanced) or self.shape.depends(ends):
            raise UndecidedError("whether breakpoints are mirror images of each other depends on the parameters")
        return [b.general - sign * a.general.subs(x, -x) for a, b in zip(segments, reversed(segments), strict=True)]

    def _places(self, requirement: Smooth) -> Sequence[sp.Expr]:
        return self.shape.breakpoints() if requirement.place is None else [self._expression(requirement.place)]

    def _expression(self, formula: Formula) -> sp.Expr:
        cases = self.expander.cases(formula)
        if len(cases) != 1:
            raise UndecidedError("a choice of pieces in a requirement")
        return cases[0].value.subs(dict(self.shape.fixed))

    def _joints(self, place: sp.Expr, order: int) -> list[sp.Expr]:
        left, right = self.shape.beside(place)
        if left is right:
            return []
        before, after = left.general, right.general
        found: list[sp.Expr] = []
        for k in range(order + 1):
            sides = self._at(before, place, -1), self._at(after, place, 1)
            found.append(sides[1] - sides[0])
            if k == 0:
                found.append(self.shape.own_value(place) - sides[0])
            before, after = partial(before, self.shape.x), partial(after, self.shape.x)
        return found

    def _values(self, place: sp.Expr, order: int, value: sp.Expr) -> list[sp.Expr]:
        left, right = self.shape.beside(place)
        if order == 0 and left is not right:
            return [self.shape.own_value(place) - value]
        found = self._joints(place, order - 1) if left is not right else []
        for segment, side in ((left, -1), (right, 1)) if left is not right else ((left, 1),):
            slope = segment.general
            for _ in range(order):
                slope = partial(slope, self.shape.x)
            found.append(self._at(slope, place, side) - value)
        return found

    def _at(self, value: sp.Expr, place: sp.Expr, side: int) -> sp.Expr:
        return one_sided(value, self.shape.x, place, side, self.unknowns)

    def _end(self, side: int) -> sp.Expr:
        """The limit at ±∞, coefficient by coefficient of a polynomial in the unknowns, or for signs of the unknowns."""
        segment = self.shape.whole[-1 if side > 0 else 0]
        end = exactly(side * sp.oo)
        total = sp.S.Zero
        try:
            terms = polynomial(segment.general, self.unknowns)
        except UndecidedError:
            return self._end_assuming(segment.general, end, side)
        for monomial, factor in terms.items():
            found = limit(factor, self.shape.x, end, -side)
            if found.is_infinite:
                raise UndecidedError("the limit is infinite for some parameters")
            total += monomial * self.constants.add(found)
        return total

    def _end_assuming(self, value: sp.Expr, end: Number, side: int) -> sp.Expr:
        found = Assumptions(self.shape.chosen)
        with assuming(found):
            form = limit(value, self.shape.x, end, -side).exact
            if form is None or form.is_infinite:
                raise UndecidedError("the limit is infinite, or was not found")
            assume_defined(form)
        self.signs |= found.signs
        return form

    def _moment(self, moment: Moment, value: sp.Expr) -> sp.Expr:
        match moment:
            case Moment.MEAN:
                return self._average(1) - value
            case Moment.VARIANCE:
                return self._average(2) - self._average(1) ** 2 - value
            case Moment.STD:  # a root, and so not below 0
                return sp.S.One if value.is_negative else self._moment(Moment.VARIANCE, value**2)
            case Moment.SECOND_MOMENT:
                return self._average(2) - value
            case Moment.SLOPE_MEAN:
                self._refuse_jumps()
                return self._average(1, slopes=True) - value
            case Moment.GAIN:  # 1/√E[f²], and so above 0
                return sp.S.One if value.is_nonpositive else self._average(2) * value**2 - 1
            case Moment.SLOPE_MOMENT:
                self._refuse_jumps()
                return self._average(2, slopes=True) - value

    def _refuse_jumps(self) -> None:
        for place in self.shape.breakpoints():
            if any(step.is_number and not vanishes_exactly(step) for step in self._joints(place, 0)):
                raise UndecidedError("the function jumps, so that its derivative leaves out a part of it")

    def _average(self, power: int, *, slopes: bool = False) -> sp.Expr:
        segments = self.shape.whole
        return average(
            [self._slope(s) for s in segments] if slopes else segments,
            power,
            self.shape.x,
            self.unknowns,
            self.constants,
        )

    def _slope(self, segment: Segment) -> Segment:
        x = self.shape.x
        return replace(segment, value=partial(segment.value, x), general=partial(segment.general, x))
