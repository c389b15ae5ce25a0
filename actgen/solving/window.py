"""Where a parameter is searched, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

from actgen.activation import Parameter
from actgen.analysis.quantity import exact_ball

REACH = 20


def limits(parameter: Parameter) -> tuple[Fraction, Fraction]:
    """The bounds, and at most `REACH` to each side of the integer at the nominal value."""
    bounds = parameter.bounds
    least = None if bounds is None or bounds.low.formula is None else Fraction(bounds.low.value)
    most = None if bounds is None or bounds.high.formula is None else Fraction(bounds.high.value)
    centre = _clipped(Fraction(round(parameter.nominal.value)), least, most)
    return _clipped(centre - REACH, least, most), _clipped(centre + REACH, least, most)


def _clipped(number: Fraction, least: Fraction | None, most: Fraction | None) -> Fraction:
    number = number if least is None else max(number, least)
    return number if most is None else min(number, most)


def window(parameter: Parameter) -> flint.arb:
    """The same as a ball."""
    low, high = limits(parameter)
    return flint.arb(exact_ball((low + high) / 2), exact_ball((high - low) / 2).upper())


def extent(parameters: Sequence[Parameter], *, searched: bool) -> str:
    """Where all solutions were found, in words."""
    if not searched:
        return "within the bounds" if any(p.bounds is not None for p in parameters) else "among all real values"
    spans = [f"{p.name} in [{float(low):g}, {float(high):g}]" for p in parameters for low, high in [limits(p)]]
    return f"for {', '.join(spans)}"
