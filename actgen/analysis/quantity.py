"""Numbers with a conscience: each has an enclosure that holds, and an exact form where one was proved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from enum import Enum
from fractions import Fraction

import flint

WORKING_BITS = 192
_SHOWN = 20
_ERROR = Context(prec=2, rounding=ROUND_CEILING)


class How(Enum):
    """How a number is known."""

    EXACT = "exact"
    ENCLOSED = "enclosed"
    NONE = "none"
    UNKNOWN = "not proved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A real number (or ±∞), or the reason why there is none.

    Attributes:
        how: `EXACT` if `exact` was proved, `ENCLOSED` if only the bounds are, `NONE` if it is proved that there is no
            such number, `UNKNOWN` if nothing is proved.
        midpoint: a decimal, at most twenty digits; `inf` or `-inf`; None if nothing is known.
        error: the number lies within this distance of the midpoint, a decimal; `0` if the midpoint is the number.
        digits: how many leading digits of the midpoint are certain, to a unit of the last one.
        exact: the exact form in the spelling of specs; None if there is none.
        latex: the same as LaTeX.
        formula: the form in the symbols of the parameters, where it was found; it holds under `conditions`.
        formula_latex: the same as LaTeX.
        conditions: what the parameters must satisfy for the formula.
        reason: why there is no number, or why nothing is known.
    """

    how: How
    midpoint: str | None = None
    error: str = "0"
    digits: int = 0
    exact: str | None = None
    latex: str | None = None
    formula: str | None = None
    formula_latex: str | None = None
    conditions: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def value(self) -> float:
        """The midpoint as a float; NaN if nothing is known."""
        return float("nan") if self.midpoint is None else float(self.midpoint)

    def contains(self, number: Fraction | str) -> bool:
        """Whether a finite number, as a fraction or a decimal, lies within the enclosure."""
        if self.midpoint is None or "inf" in self.midpoint:
            return False
        return abs(Fraction(number) - Fraction(self.midpoint)) <= Fraction(self.error)


def unknown(reason: str) -> Quantity:
    """A number about which nothing was proved."""
    return Quantity(how=How.UNKNOWN, reason=reason)


def none(reason: str) -> Quantity:
    """A number that is proved not to exist."""
    return Quantity(how=How.NONE, reason=reason)


@contextmanager
def working_precision(bits: int = WORKING_BITS) -> Iterator[None]:
    """Balls are computed with `bits` bits inside, whatever was set outside."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


@dataclass(frozen=True, slots=True)
class Decimals:
    """A ball in decimals: the midpoint, a bound on the error that counts its rounding, and the certain digits."""

    midpoint: str
    error: str
    digits: int


def decimals(ball: flint.arb) -> Decimals:
    """A finite ball in at most twenty digits; the decimal interval holds the whole ball."""
    midpoint = Decimal(ball.mid().str(_SHOWN, radius=False))
    distance = (abs(ball - exact_ball(Fraction(midpoint)))).upper()
    if distance == 0:
        return Decimals(_plain(midpoint), "0", len(midpoint.as_tuple().digits))
    error = _above(distance)
    if midpoint == 0:
        return Decimals("0", _scientific(error), 0)
    certain = max(0, midpoint.adjusted() - error.adjusted())
    kept = max(1, min(_SHOWN, certain + 2))
    if kept < len(midpoint.as_tuple().digits):
        midpoint = Context(prec=kept).plus(midpoint)
        error = _above((abs(ball - exact_ball(Fraction(midpoint)))).upper())
        certain = max(0, midpoint.adjusted() - error.adjusted())
    return Decimals(_plain(midpoint), _scientific(error), certain)


def exact_ball(number: Fraction) -> flint.arb:
    """A rational in the precision in use."""
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


def _above(distance: flint.arb) -> Decimal:
    """A decimal of two digits that is not less than the upper end of a ball."""
    rough = Decimal(distance.upper().str(30, radius=False))
    return _ERROR.multiply(rough, Decimal("1.0000000000000000001"))


def _plain(number: Decimal) -> str:
    adjusted = number.adjusted()
    if number == 0:
        return "0"
    return f"{number:f}" if -6 <= adjusted < _SHOWN else f"{number:e}".replace("e+", "e")


def _scientific(error: Decimal) -> str:
    return f"{error:.1e}".replace("e+", "e")
