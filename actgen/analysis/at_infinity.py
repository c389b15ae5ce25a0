"""What functions are where their argument goes to ±∞: exponentials, powers, convergent or enveloping series.

The asymptotic series of erfc and log Γ envelop: the remainder is at most the first term left out (NIST DLMF 7.12,
5.11).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.monomials import ONE
from actgen.analysis.series import Rest, Series, constant, magnitude
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.functions import Cbrt, Magnitude, Sigmoid, Signum, Softplus

_HALF = sp.Rational(1, 2)
_TERMS = 5


class Expander(Protocol):
    """What the rules need: powers, exponentials, logarithms and Taylor's polynomials of series."""

    start: int

    def exp(self, u: Series) -> Series:
        """e^u."""
        ...

    def log(self, u: Series) -> Series:
        """Log u, of a positive series."""
        ...

    def power(self, u: Series, exponent: sp.Expr) -> Series:
        """U to a number."""
        ...

    def taylor(self, kind: Callable[..., sp.Expr], at: sp.Expr, d: Series) -> Series:
        """kind(at + d) for d that goes to 0."""
        ...


def _minus(u: Series) -> Series:
    return u.scaled(sp.S.NegativeOne)


def _inverse(x: Expander, u: Series) -> Series:
    return x.power(u, sp.S.NegativeOne)


def _one(x: Expander) -> Series:
    return constant(sp.S.One, x.start)


def _sigmoid(x: Expander, u: Series, side: int) -> Series:
    small = x.exp(_minus(u) if side > 0 else u)
    share = _inverse(x, _one(x) + small)
    return share if side > 0 else small * share


def _softplus(x: Expander, u: Series, side: int) -> Series:
    small = x.log(_one(x) + x.exp(_minus(u) if side > 0 else u))
    return u + small if side > 0 else small


def _tanh(x: Expander, u: Series, side: int) -> Series:
    small = x.exp(u.scaled(sp.Integer(-2 * side)))
    return ((_one(x) + _minus(small)) * _inverse(x, _one(x) + small)).scaled(sp.Integer(side))


def _sinh(x: Expander, u: Series, side: int) -> Series:
    return (x.exp(u) + _minus(x.exp(_minus(u)))).scaled(_HALF)


def _cosh(x: Expander, u: Series, side: int) -> Series:
    return (x.exp(u) + x.exp(_minus(u))).scaled(_HALF)


def _atan(x: Expander, u: Series, side: int) -> Series:
    return constant(side * sp.pi / 2, x.start) + _minus(x.taylor(sp.atan, sp.S.Zero, _inverse(x, u)))


def _asinh(x: Expander, u: Series, side: int) -> Series:
    size = u.scaled(sp.Integer(side))
    return x.log(size + x.power(size * size + _one(x), _HALF)).scaled(sp.Integer(side))


def _acosh(x: Expander, u: Series, side: int) -> Series:
    return x.log(u + x.power(u * u + _minus(_one(x)), _HALF))


def _erfc(x: Expander, u: Series, side: int) -> Series:
    if side < 0:
        return constant(sp.Integer(2), x.start) + _minus(_erfc(x, _minus(u), 1))
    square = u * u
    inverse = _inverse(x, square)
    coefficients = [sp.Integer(-1) ** k * sp.factorial2(2 * k - 1) / sp.Integer(2) ** k for k in range(_TERMS)]
    body = _enveloping(x, coefficients, inverse)
    return (x.exp(_minus(square)) * _inverse(x, u) * body).scaled(1 / sp.sqrt(sp.pi))


def _erf(x: Expander, u: Series, side: int) -> Series:
    return (_one(x) + _minus(_erfc(x, u.scaled(sp.Integer(side)), 1))).scaled(sp.Integer(side))


def _loggamma(x: Expander, u: Series, side: int) -> Series:
    inverse = _inverse(x, u)
    coefficients = [sp.bernoulli(2 * k) / (2 * k * (2 * k - 1)) for k in range(1, _TERMS + 1)]
    stirling = (u + constant(-_HALF, x.start)) * x.log(u) + _minus(u) + constant(sp.log(2 * sp.pi) / 2, x.start)
    return stirling + inverse * _enveloping(x, coefficients, inverse * inverse)


def _gamma(x: Expander, u: Series, side: int) -> Series:
    return x.exp(_loggamma(x, u, side))


def _enveloping(x: Expander, coefficients: Sequence[sp.Expr], v: Series) -> Series:
    """Σ cₖ vᵏ without its last term, which bounds the remainder."""
    total, power = constant(coefficients[0], x.start), v
    for coefficient in coefficients[1:-1]:
        total, power = total + power.scaled(coefficient), power * v
    rest = magnitude(power)
    size = (rest.size * abs(number_ball(coefficients[-1]))).upper()
    return total + Series((), Rest(rest.monomial, size), x.start)


def _bounded(x: Expander, u: Series, side: int) -> Series:
    """Sin and cos: at most 1."""
    return Series((), Rest(ONE, flint.arb(1)), x.start)


def _cbrt(x: Expander, u: Series, side: int) -> Series:
    return x.power(u.scaled(sp.Integer(side)), sp.Rational(1, 3)).scaled(sp.Integer(side))


def _on_the_right(rule: Callable[[Expander, Series, int], Series]) -> Callable[[Expander, Series, int], Series]:
    def run(x: Expander, u: Series, side: int) -> Series:
        if side < 0:
            raise UndecidedError("no real value, or poles without end")
        return rule(x, u, side)

    return run


RULES: dict[Callable[..., sp.Expr], Callable[[Expander, Series, int], Series]] = {
    Sigmoid: _sigmoid,
    Softplus: _softplus,
    sp.tanh: _tanh,
    sp.sinh: _sinh,
    sp.cosh: _cosh,
    sp.atan: _atan,
    sp.asinh: _asinh,
    sp.acosh: _on_the_right(_acosh),
    sp.erf: _erf,
    sp.erfc: _erfc,
    sp.gamma: _on_the_right(_gamma),
    sp.loggamma: _on_the_right(_loggamma),
    sp.sin: _bounded,
    sp.cos: _bounded,
    Cbrt: _cbrt,
    sp.Abs: lambda x, u, side: u.scaled(sp.Integer(side)),
    Magnitude: lambda x, u, side: u.scaled(sp.Integer(side)),
    sp.sign: lambda x, u, side: constant(sp.Integer(side), x.start),
    Signum: lambda x, u, side: constant(sp.Integer(side), x.start),
}
