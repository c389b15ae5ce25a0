"""Ratios of two powers to one exponent, x^n/(k^n + x^n): in r^n, with r the lesser of x and k over the larger.

Each power leaves the range long before the ratio does, and so do products such as k^n·x^n/(x·(k^n + x^n)²). What r^n
is multiplied by is taken into the power: r^n/r is r^(n - 1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sympy as sp
from sympy.polys.polyerrors import PolynomialError

from actgen.program.passes.rational import MAX_OPERATIONS, without_whole_part
from actgen.program.passes.stabilise import stabilised
from actgen.program.stable import Log1p, Select
from actgen.symbolic.functions import RealPow

_T = sp.Dummy("t", positive=True)
_R = sp.Dummy("r", positive=True)
_L = sp.Dummy("l", real=True)
_P, _Q = sp.Dummy("p", positive=True), sp.Dummy("q", positive=True)


def power_ratios(e: sp.Expr, positive: Collection[sp.Expr]) -> Iterator[sp.Expr]:
    """The form of an expression with powers of two bases, one of them `positive`; none if it is not of degree 0."""
    if e.count_ops() > MAX_OPERATIONS:
        return
    spelled = e.replace(RealPow, without_whole_part)
    powers = sorted(spelled.atoms(RealPow), key=sp.default_sort_key)
    if len(powers) != 2 or len({p.args[1] for p in powers}) != 1 or not {p.args[0] for p in powers} & set(positive):
        return
    one, other = powers
    test = other.args[0] - one.args[0]
    low, high = _where_less(spelled, one, other), _where_less(spelled, other, one)
    if low is None or high is None:
        return
    less, more = (Select(test, p.args[0], q.args[0]) for p, q in ((one, other), (other, one)))
    yield stabilised(Select(test, low, high).xreplace({_R: less / more, _L: _logarithm(less, more)}))


def _where_less(e: sp.Expr, less: sp.Expr, more: sp.Expr) -> sp.Expr | None:
    """The expression in r, the quotient of the lesser base and the other; None if that does not do."""
    (a, exponent), b = less.args, more.args[0]
    e = e.xreplace({less: _P, more: _Q}).xreplace({_P: _T * _Q, sp.log(a): _L + sp.log(b)})
    e = e.xreplace({a: _R * b}) if a.is_Symbol else e
    try:
        found = sp.factor(sp.cancel(sp.together(e)))
    except PolynomialError:
        return None
    return None if found.has(_Q) else _in_one_power(found, exponent).xreplace({_T: RealPow(_R, exponent)})


def _logarithm(less: sp.Expr, more: sp.Expr) -> sp.Expr:
    """log(r), with all its digits where r is nearly 1."""
    test = less / more - sp.Rational(1, 2)
    near = Log1p(Select(test, (less - more) / more, sp.Integer(0)))
    return Select(test, near, sp.log(Select(test, sp.Integer(1), less / more)))


def _in_one_power(product: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """The product with t^i·r^j as one power."""
    powers = product.as_powers_dict()
    i, j = (powers.get(s, sp.Integer(0)) for s in (_T, _R))
    return product / (_T**i * _R**j) * RealPow(_R, i * exponent + j) if i and j else product
