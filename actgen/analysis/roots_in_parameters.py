"""Zeros as functions of the parameters: candidates by scaling, by radicals and by inverse functions, each proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp

from actgen.analysis.numbers import Number, vanishes_exactly
from actgen.analysis.scaling import scaled
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary
from actgen.symbolic.functions import Sigmoid, Softplus

_OPERATIONS = 120
_U = sp.Symbol("u", real=True)
_INVERSE = {
    sp.exp: sp.log,
    sp.log: sp.exp,
    sp.tanh: lambda v: sp.log((1 + v) / (1 - v)) / 2,
    Sigmoid: lambda v: sp.log(v / (1 - v)),
    Softplus: lambda v: sp.log(sp.exp(v) - 1),
    sp.atan: sp.tan,
    sp.sinh: sp.asinh,
    sp.asinh: sp.sinh,
}


def root(value: sp.Expr, variable: sp.Symbol, place: Number, nominal: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """A function of the parameters at which the expression is 0, and that is the place at the nominal ones.

    Raises:
        UndecidedError: if none was found.
    """
    if place.exact is not None and sp.count_ops(value) <= _OPERATIONS:
        for candidate in _candidates(value, variable, place.exact, nominal):
            agrees = vanishes_exactly(candidate.subs(nominal) - place.exact)
            if agrees and _is_zero(value.subs(variable, candidate)):
                return candidate
    raise UndecidedError("no form in the parameters")


def _candidates(
    value: sp.Expr, variable: sp.Symbol, place: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr]
) -> Iterator[sp.Expr]:
    yield place
    form = scaled(value, variable)
    if form is not None:
        yield sp.simplify(place * form.rate.subs(nominal)) / form.rate
    top = sp.fraction(sp.together(sp.expand(value)))[0]
    for factor in sp.Mul.make_args(sp.factor_terms(top)):
        yield from _of_factor(factor, variable)


def _of_factor(factor: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    if factor.is_polynomial(variable):
        yield from _radicals(factor, variable)
        return
    for kind, inverse in _INVERSE.items():
        for inner in sorted((f for f in factor.atoms(kind) if f.has(variable)), key=sp.default_sort_key):
            outer = factor.xreplace({inner: _U})
            if outer.has(variable) or not outer.is_polynomial(_U):
                continue
            for level in _radicals(outer, _U):
                yield from _radicals(inner.args[0] - inverse(level), variable)


def _radicals(polynomial: sp.Expr, variable: sp.Symbol) -> Iterator[sp.Expr]:
    if not polynomial.is_polynomial(variable):
        return
    coefficients = sp.Poly(polynomial, variable).all_coeffs()
    if len(coefficients) == 2:
        yield -coefficients[1] / coefficients[0]
    if len(coefficients) == 3:
        a, b, c = coefficients
        for side in (1, -1):
            yield (-b + side * sp.sqrt(sp.expand(b**2 - 4 * a * c))) / (2 * a)


def _is_zero(value: sp.Expr) -> bool:
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return False
    return sp.expand(value) == 0 or (sp.count_ops(value) <= _OPERATIONS and sp.simplify(elementary(value)) == 0)
