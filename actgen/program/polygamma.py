"""The derivatives of the digamma function in balls, on the whole line."""

from __future__ import annotations

import flint


def polygamma(order: int, a: flint.arb) -> flint.arb:
    """The derivative of digamma of an order >= 1; not finite where `a` may be a pole: 0, -1, -2, ….

    Above 0 by Hurwitz's zeta (NIST DLMF 25.11.12); below by reflection (5.15.6), since that zeta has no digits there.
    """
    sign = -1 if order % 2 else 1
    if a < 0:
        return sign * polygamma(order, 1 - a) - flint.arb.pi() ** (order + 1) * _cotangent(order, a.cot_pi())
    return -sign * flint.arb(order).fac() * flint.arb(order + 1).zeta(a)


def _cotangent(order: int, cot: flint.arb) -> flint.arb:
    """The derivative of cot of an order, from cot itself: each is -(1 + cot²) times that of the polynomial before."""
    polynomial = flint.fmpz_poly([0, 1])
    for _ in range(order):
        polynomial = flint.fmpz_poly([-1, 0, -1]) * polynomial.derivative()
    return flint.arb_poly(polynomial)(cot)
