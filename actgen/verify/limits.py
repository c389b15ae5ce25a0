"""One-sided limits, from samples with rigorous enclosures at points that approach faster than any float can.

A limit at a finite point is taken along x₀ ± c·2⁻ⁿ, at ±∞ along ±(c·2ⁿ + d), with n in the thousands and irregular
c and d, so that neither a period nor a scale inside float64 can hide between the samples. The rule:

- two samples, n doubled, that agree to 2⁻⁹⁰, or that both vanish below 2⁻¹⁰⁸⁰: that is the limit;
- growth beyond 2¹¹⁰⁰ with one sign, or steady growth or decay under doubling of n (logarithms): ±∞ or 0;
- anything else has no limit: NaN.

This decides, it does not prove; each sample is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from actgen.verify.balls import (
    NAN,
    NEG_INF,
    POS_INF,
    ZERO,
    OutsideError,
    SingularError,
    UndecidedError,
    precision,
    vanished,
)

NEAR = (1536, 3072, 6144)
FAR = ((600, 1200, 2400), (100, 200, 400), (20, 40, 80), (7, 8, 9))
_FACTORS = tuple(
    Fraction(n, 2**53)
    for n in (
        0x137F38E5B1F4D3,
        0x1C5A92E61D08B5,
        0x11B2C7D44E9A37,
        0x1A6E05F93B7C49,
        0x15D18A27F0E36B,
        0x1E84C36B95D217,
        0x129B47AF6C81ED,
        0x183D70C85FA92F,
    )
)
_OFFSETS = tuple(Fraction(n, 2**20) for n in (0x4F1BB, 0xC6EF3, 0x7E8A5, 0x2B9D1, 0x9A6C7, 0x5D3E9, 0xE1F47, 0x38B2B))
_CLOSE = arb(2) ** -90
_HUGE = arb(2) ** 1100
_SOARING = arb(2) ** 64

Sample = Callable[[Fraction], arb]


@dataclass(frozen=True, slots=True)
class _Unreachable:
    """The side holds no point where the formula has a value."""


UNREACHABLE = _Unreachable()


def near(sample: Sample, sign: int, stretch: int = 0) -> arb | _Unreachable:
    """The limit of sample(±ε) as ε falls to 0; ±inf and NaN (no limit) are balls too.

    Args:
        sample: the function of the signed distance.
        sign: the side.
        stretch: how many bits smaller ε must be, where coordinates beyond a float's range are about.

    Raises:
        UndecidedError: if the samples themselves cannot be decided.
    """
    depths = tuple(n + stretch for n in NEAR)
    return _limit(sample, lambda n, i: sign * _FACTORS[i] / 2**n, depths)


def far(sample: Sample, sign: int, shallow: bool = False) -> arb | _Unreachable:
    """The limit of sample(±T) as T rises to infinity.

    Args:
        sample: the function of the signed coordinate.
        sign: the side.
        shallow: start with smaller T, where each sample is itself a limit.

    Raises:
        UndecidedError: if no set of samples can be decided.
    """
    for depths in FAR[1:] if shallow else FAR:
        try:
            return _limit(sample, lambda n, i: sign * (_FACTORS[i] * 2**n + _OFFSETS[i]), depths, thorough=True)
        except UndecidedError:
            continue
    raise UndecidedError


def close(a: arb, b: arb) -> bool:
    """Whether two limits are the same."""
    if a.is_finite() and b.is_finite():
        return bool(abs(a - b) < _CLOSE * abs(b)) or (vanished(a) and vanished(b)) or (a.is_zero() and b.is_zero())
    return (a == POS_INF and b == POS_INF) or (a == NEG_INF and b == NEG_INF)


def _limit(
    sample: Sample, place: Callable[[int, int], Fraction], depths: Sequence[int], thorough: bool = False
) -> arb | _Unreachable:
    series: list[arb] = []
    for index, depth in enumerate(depths):
        try:
            series.append(sample(place(depth, index)))
        except (OutsideError, SingularError):
            if series:
                return NAN
            return UNREACHABLE
        with precision(256):
            if len(series) == 2 and not thorough and close(series[0], series[1]):
                return _snapped(series[1])
    with precision(256):
        return _settle(series, [sample(place(depths[-1], i)) for i in range(3, 8)])


def _settle(series: Sequence[arb], cluster: Sequence[arb]) -> arb:
    """The limit of samples under doubling, with a cluster of samples at the last depth."""
    last = series[-1]
    if vanished(last) and _soars(series):
        return POS_INF if last > 0 else NEG_INF  # a factor too small for any sample, times one that grows
    if all(close(series[-2], other) for other in (last, *cluster)):
        return _snapped(last)
    everything = (*series, *cluster)
    if not all(other > 0 for other in everything) and not all(other < 0 for other in everything):
        return NAN
    infinite = POS_INF if last > 0 else NEG_INF
    deep = (series[-2], last, *cluster)
    if all(abs(other) > _HUGE for other in deep):
        return infinite
    if all(vanished(other) for other in deep):
        return ZERO
    return _steady([abs(s) for s in series], [abs(c) for c in cluster], infinite)


def _steady(series: Sequence[arb], cluster: Sequence[arb], infinite: arb) -> arb:
    """Steady growth or decay in n, by magnitudes."""
    a, b, c = series
    spread = max((abs(float((other - c).mid())) for other in cluster), default=0.0)
    change = abs(float((c - b).mid()))
    if not (spread <= 0.1 * change or _steep(a, b, c)):
        return NAN
    if b > a * 1.05 and c > b * 1.05:
        return infinite
    if b < a * 0.95 and c < b * 0.95:
        return ZERO
    if b > a and c - b > (b - a) * 0.9:
        return infinite
    return NAN


def _soars(series: Sequence[arb]) -> bool:
    a, b, c = (abs(s) for s in series)
    return bool(b > a * _SOARING and c > b * _SOARING)


def _steep(a: arb, b: arb, c: arb) -> bool:
    return bool((b > 4 * a and c > 4 * b) or (a > 4 * b and b > 4 * c))


def _snapped(ball: arb) -> arb:
    return ZERO if vanished(ball) else ball
