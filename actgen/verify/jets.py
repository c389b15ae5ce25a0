"""Taylor arithmetic over balls: a value with its first derivatives, or a value with two derivatives along one line.

A jet is a value and one entry for each direction: None where the jet does not depend on that direction. `First`
keeps one derivative for each of many directions; `Second` keeps Taylor coefficients up to order two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from flint import arb

from actgen.verify.balls import NAN, ONE, ZERO
from actgen.verify.elementary import Coefficients

Jet: TypeAlias = tuple[arb, tuple[Any, ...]]


class Algebra(Protocol):
    """How jets combine; `order` is the highest derivative, `zero` the entry of a constant."""

    order: int
    zero: Any

    def seed(self, slope: float) -> Any:
        """The direction's entry of a variable that moves with this slope."""
        ...

    def lift(self, coefficients: Coefficients, u: Jet) -> Jet:
        """A function with these local coefficients, applied to u; None coefficients become NaN."""
        ...

    def add(self, a: Jet, b: Jet) -> Jet:
        """The sum."""
        ...

    def sub(self, a: Jet, b: Jet) -> Jet:
        """The difference."""
        ...

    def mul(self, a: Jet, b: Jet) -> Jet:
        """The product."""
        ...


def constant_like(value: arb, u: Jet, zero: Any) -> Jet:
    """A value whose derivatives are 0 in every direction that u depends on: flat, which is more than 0 at one point."""
    return value, tuple(None if c is None else zero for c in u[1])


def is_flat(u: Jet, zero: Any) -> bool:
    """Whether a jet is such a value, or a constant."""
    return all(c is None or c is zero for c in u[1])


def _merge(
    a: Jet, b: Jet, both: Callable[[Any, Any], Any], left: Callable[[Any], Any], right: Callable[[Any], Any]
) -> tuple[Any, ...]:
    return tuple(
        (None if d is None else right(d)) if c is None else left(c) if d is None else both(c, d)
        for c, d in zip(a[1], b[1], strict=True)
    )


def _same(entry: Any) -> Any:
    return entry


class First:
    """One derivative for each direction."""

    order = 1
    zero = ZERO

    def seed(self, slope: float) -> arb:
        """The slope itself."""
        return ONE if slope == 1 else arb(slope)

    def lift(self, coefficients: Coefficients, u: Jet) -> Jet:
        """f(u) with f′(u)·u′."""
        value, first, _ = coefficients
        slope = NAN if first is None else first
        return value, tuple([c if c is None or c is self.zero else slope * c for c in u[1]])

    def add(self, a: Jet, b: Jet) -> Jet:
        """The sum."""
        return a[0] + b[0], tuple(
            [d if c is None else c if d is None else c + d for c, d in zip(a[1], b[1], strict=True)]
        )

    def sub(self, a: Jet, b: Jet) -> Jet:
        """The difference."""
        return a[0] - b[0], tuple(
            [
                (None if d is None else -d) if c is None else c if d is None else c - d
                for c, d in zip(a[1], b[1], strict=True)
            ]
        )

    def mul(self, a: Jet, b: Jet) -> Jet:
        """The product."""
        x, y = a[0], b[0]
        return x * y, tuple(
            [
                (None if d is None else x * d) if c is None else c * y if d is None else c * y + x * d
                for c, d in zip(a[1], b[1], strict=True)
            ]
        )


class Second:
    """Taylor coefficients (c₁, c₂) for each direction."""

    order = 2
    zero = (ZERO, ZERO)

    def seed(self, slope: float) -> tuple[arb, arb]:
        """A straight line."""
        return arb(slope), ZERO

    def lift(self, coefficients: Coefficients, u: Jet) -> Jet:
        """f(u) to second order."""
        value, first, second = coefficients
        f1, f2 = (NAN if c is None else c for c in (first, second))
        return value, tuple(
            [c if c is None or c is self.zero else (f1 * c[0], f1 * c[1] + f2 * c[0] * c[0]) for c in u[1]]
        )

    def add(self, a: Jet, b: Jet) -> Jet:
        """The sum."""
        return a[0] + b[0], _merge(a, b, lambda c, d: (c[0] + d[0], c[1] + d[1]), _same, _same)

    def sub(self, a: Jet, b: Jet) -> Jet:
        """The difference."""
        both = _merge(a, b, lambda c, d: (c[0] - d[0], c[1] - d[1]), _same, lambda d: (-d[0], -d[1]))
        return a[0] - b[0], both

    def mul(self, a: Jet, b: Jet) -> Jet:
        """The product."""
        x, y = a[0], b[0]
        both = _merge(
            a,
            b,
            lambda c, d: (c[0] * y + x * d[0], c[1] * y + c[0] * d[0] + x * d[1]),
            lambda c: (c[0] * y, c[1] * y),
            lambda d: (x * d[0], x * d[1]),
        )
        return x * y, both
