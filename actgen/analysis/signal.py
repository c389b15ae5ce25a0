"""The section on signal propagation: moments, gain, variance map and phase of one output with one input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.moments import covering, mean_of
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.propagation import edge, inverse_root, is_homogeneous, other_fixed_scales, slope_square_at_zero
from actgen.analysis.quantity import Quantity, unknown
from actgen.analysis.report import MapFixedPoint, Signal, Verdict
from actgen.analysis.shape import is_continuous
from actgen.analysis.shown import Writer
from actgen.analysis.symmetry import centre_of_symmetry
from actgen.analysis.undecided import UndecidedError

T = TypeVar("T")
_CONDITION = "the breakpoints keep their order, and every condition on the parameters its truth"


def signal(curve: Curve, known: Parametric, write: Writer) -> Signal | str:
    """Moments and propagation; or the reason why there are none."""
    try:
        segments = covering(curve)
        mean, second = _mean(curve, segments), mean_of(segments, curve.variable, 2)
    except UndecidedError as error:
        return str(error)
    conditions = known.conditions()
    averages = Averages(write, (_CONDITION,) if conditions is None else conditions)
    variance = _variance(mean, second)
    found = _Propagation(curve, segments, second, known.is_joined(curve))
    gain, chi = found.get(lambda: inverse_root(found.positive)), found.get(lambda: found.chi)
    limit = found.get(found.edge)
    return Signal(
        mean=averages.quantity(mean),
        second_moment=averages.quantity(second),
        variance=averages.quantity(variance),
        slope_moment=_shown(averages, found.get(lambda: found.slope_moment)),
        gain=_shown(averages, gain),
        map_fixed_points=_fixed_points(found, averages),
        chi=_shown(averages, chi),
        phase=_phase(chi),
        edge=_shown(averages, limit if isinstance(limit, str) else limit[0]),
        edge_variance=_shown(averages, limit if isinstance(limit, str) else limit[1]),
    )


@dataclass(frozen=True, slots=True)
class Averages:
    """Writes expectations; their forms in the parameters hold while the pieces are the same in the same order."""

    write: Writer
    conditions: tuple[str, ...]

    def quantity(self, number: Number) -> Quantity:
        """As `Writer.quantity`."""
        return self.write.quantity(number, conditions=self.conditions)


def _mean(curve: Curve, segments: tuple[Segment, ...]) -> Number:
    """E[f(z)]; the centre's value if f has a centre of symmetry at 0."""
    found = mean_of(segments, curve.variable)
    if found.exact is not None:
        return found
    try:
        centre = centre_of_symmetry(curve)
    except UndecidedError:
        centre = None
    return found if centre is None else exactly(centre)


def _variance(mean: Number, second: Number) -> Number:
    exact = None if mean.exact is None or second.exact is None else sp.expand(second.exact - mean.exact**2)
    forms = mean.symbolic, second.symbolic
    symbolic = None if forms[0] is None or forms[1] is None else forms[1] - forms[0] ** 2
    return Number(second.ball - mean.ball * mean.ball, exact, symbolic)


def _shown(write: Averages, number: Number | str) -> Quantity:
    return unknown(number) if isinstance(number, str) else write.quantity(number)


class _Propagation:
    """The quantities of the variance map, each computed when asked for."""

    def __init__(self, curve: Curve, segments: tuple[Segment, ...], second: Number, is_joined: bool) -> None:
        self.curve, self.segments, self.second, self._is_joined = curve, segments, second, is_joined
        self._slope_moment: Number | None = None

    def get(self, compute: Callable[[], T]) -> T | str:  # the reason, where there is none
        try:
            return compute()
        except UndecidedError as error:
            return str(error)

    @property
    def positive(self) -> Number:
        """The second moment, which is not 0."""
        if not self.second.ball > 0:
            raise UndecidedError("the second moment is not proved to be positive")
        return self.second

    @property
    def slopes(self) -> tuple[Segment, ...]:
        """The derivative on the whole line."""
        if not is_continuous(self.curve):
            raise UndecidedError("the function jumps, so that its derivative leaves out a part of it")
        return covering(self.curve.derivative())

    @property
    def slope_moment(self) -> Number:
        """E[f'(z)²]."""
        if self._slope_moment is None:
            found = mean_of(self.slopes, self.curve.variable, 2)
            self._slope_moment = found if self._is_joined else replace(found, symbolic=None)
        return self._slope_moment

    @property
    def chi(self) -> Number:
        """E[f'(z)²]/E[f(z)²]."""
        return ratio(self.slope_moment, self.positive)

    def map_slope(self) -> Number:
        """V'(1)."""
        x = self.curve.variable
        mixed = tuple(
            Segment(s.low, s.high, x * s.value * t.value, x * s.general * t.general)
            for s, t in zip(self.segments, self.slopes, strict=True)
        )
        found = mean_of(mixed, x)
        return ratio(found if self._is_joined else replace(found, symbolic=None), self.positive)

    def slope_at_zero(self) -> Number:
        """The mean square slope at 0."""
        found = slope_square_at_zero(self.curve, self.curve.derivative())
        if found is None:
            raise UndecidedError("f(0) is not 0, or has no finite slopes")
        return found

    def others(self) -> list[Number]:
        """√q of the fixed points besides 0 and 1."""
        if is_homogeneous(self.curve):
            return []
        return other_fixed_scales(self.segments, self.curve.variable, self.positive)

    def edge(self) -> tuple[Number, Number | str]:
        """σ_w at the edge of chaos, and the variance there."""
        at_zero = self.get(self.slope_at_zero)
        zero = None if isinstance(at_zero, str) else at_zero
        found = edge(self.curve, self.segments, self.slopes, zero, self.second, self.slope_moment)
        if found is None:
            raise UndecidedError("none was found for variances between 1/64 and 64, nor at 0")
        return found.sigma, "every variance" if found.variance is None else found.variance


def ratio(a: Number, b: Number) -> Number:
    """a/b."""
    exact = (
        None
        if a.exact is None or b.exact is None
        else sp.cancel(a.exact / b.exact)
        if (a.exact / b.exact).count_ops() < 60
        else a.exact / b.exact
    )
    symbolic = None if a.symbolic is None or b.symbolic is None else a.symbolic / b.symbolic
    return Number(a.ball / b.ball, exact, symbolic)


def _fixed_points(found: _Propagation, write: Averages) -> tuple[MapFixedPoint, ...]:
    points: list[MapFixedPoint] = []
    at_zero = found.get(lambda: ratio(found.slope_at_zero(), found.positive))
    if not isinstance(at_zero, str):
        points.append(_point(write, exactly(sp.S.Zero), at_zero))
    if isinstance(found.get(lambda: found.positive), str):
        return tuple(points)
    points.append(_point(write, exactly(sp.S.One), found.get(found.map_slope)))
    try:
        scales = found.others()
    except UndecidedError:
        scales = []
    points += [_point(write, Number(s.ball**2), "not computed at further fixed points") for s in scales]
    return tuple(sorted(points, key=lambda p: p.variance.value))


def _point(write: Averages, variance: Number, slope: Number | str) -> MapFixedPoint:
    return MapFixedPoint(write.quantity(variance), _shown(write, slope), stability(slope))


def stability(slope: Number | str) -> str | None:
    """`attracting`, `repelling` or `neutral` by the size of a slope at a fixed point; None if not decided."""
    if isinstance(slope, str):
        return None
    size = Number(abs(slope.ball), None if slope.exact is None else sp.Abs(slope.exact))
    return {-1: "attracting", 0: "neutral", 1: "repelling", None: None}[size.order(exactly(sp.S.One))]


def _phase(chi: Number | str) -> Verdict:
    if isinstance(chi, str):
        return Verdict(None, chi)
    order = chi.order(exactly(sp.S.One))
    if order is None:
        return Verdict(None, "χ = 1 was neither proved nor refuted")
    return Verdict({-1: "ordered", 0: "edge of chaos", 1: "chaotic"}[order])
