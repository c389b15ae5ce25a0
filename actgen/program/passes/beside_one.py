"""Logarithms and the like beside a parameter that is 1 nominally: log(c + u) as log1p((c - 1) + u).

With c = 1 the sum rounds a small u away, and c - 1 is exact for every c near 1. So it is with c + tanh(u) far to the
left, and with sigmoid(u) - c beside 0 for a c of 1/2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from actgen.program.stable import Erfc, Expm1, Grouped, Log1p
from actgen.symbolic.functions import Sigmoid

_RESTS: dict[type[sp.Function], Callable[[sp.Expr], sp.Expr]] = {
    sp.tanh: lambda u: 2 * Sigmoid(-2 * u),
    sp.erf: Erfc,
    Sigmoid: lambda u: Sigmoid(-u),
}
"""1 - f(u), with its digits where f comes to 1."""


def beside_one(e: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    """The expression with log1p and expm1 where its parameters are such nominally.

    Args:
        e: the expression.
        nominal: the value of each parameter.
    """
    e = e.replace(sp.log, lambda u: _logarithm(u, nominal))
    return e.replace(lambda t: isinstance(t, sp.Add) and t.has(sp.exp, *_RESTS), lambda t: _difference(t, nominal))


def _logarithm(u: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    held, rest = _parted(u, nominal)
    return Log1p(Grouped(held - 1) + rest) if _value(held, nominal) == 1 else sp.log(u)


def _difference(total: sp.Add, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    held, rest = _parted(total, nominal)
    value = _value(held, nominal)
    for term in sp.Add.make_args(rest):
        factor, function = term.as_coeff_Mul()
        if isinstance(function, sp.exp) and value == -factor:
            return factor * Expm1(function.args[0]) + Grouped(held + factor) + (rest - term)
        if type(function) in _RESTS and value == -factor:
            return -factor * _RESTS[type(function)](function.args[0]) + Grouped(held + factor) + (rest - term)
        if isinstance(function, Sigmoid) and 2 * value == -factor:
            return factor / 2 * sp.tanh(function.args[0] / 2) + Grouped(held + factor / 2) + (rest - term)
        if isinstance(function, (sp.tanh, sp.erf)) and value == factor:
            return factor * _RESTS[type(function)](-function.args[0]) + Grouped(held - factor) + (rest - term)
    return total


def _parted(total: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> tuple[sp.Expr, sp.Expr]:
    """The terms that hold nothing but parameters, and the others; nothing of what is one of the two."""
    terms = sp.Add.make_args(total)
    held = [t for t in terms if t.free_symbols <= nominal.keys()]
    symbols = set[sp.Symbol]().union(*(t.free_symbols for t in held))
    return (sp.Add(*held), total - sp.Add(*held)) if symbols and len(held) < len(terms) else (sp.Integer(0), total)


def _value(held: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    """At the nominal parameters, exactly."""
    return held.xreplace({s: sp.Rational(*nominal[s].as_integer_ratio()) for s in held.free_symbols})
