"""Ratios of two functions that vanish, softplus(u)/(softplus(u) + softplus(v)): by the difference of their logarithms.

Both are 0 in floats where neither they nor their ratio are: 0/0. With b left as it is and a as b·e^(log a - log b), a
power of b cancels by algebra, and what is left of the ratio is a sigmoid.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy.polys.polyerrors import PolynomialError

from actgen.program.passes.rational import MAX_OPERATIONS
from actgen.program.passes.stabilise import stabilised
from actgen.program.stable import Select
from actgen.symbolic.functions import Sigmoid, Softplus

_B, _T = (sp.Dummy(name, positive=True) for name in "bt")
_LOW = sp.Integer(40)


def vanishing_ratios(e: sp.Expr) -> Iterator[sp.Expr]:
    """Forms of an expression over sums of two softplus or sigmoid functions; none for other expressions."""
    bases = _bases(e)
    if len(bases) != 2 or e.count_ops() > MAX_OPERATIONS:
        return
    rates = {Sigmoid(b.args[0]): sp.Dummy("rate", positive=True) * b for b in bases if isinstance(b, Softplus)}
    back = {product / b: _rate(b.args[0]) for b in bases for product in [rates.get(Sigmoid(b.args[0]))] if product}
    for spelled in (e, e.xreplace(rates)):
        forms = [(a, b, _in_ratio(spelled, a, b)) for a, b in (bases, bases[::-1])]
        for a, b, found in forms:
            if found is not None:
                gap = stabilised(sp.log(a)) - stabilised(sp.log(b))
                yield _with_sigmoids(found, gap).xreplace({_B: b, **back})
        if any(found is not None for _, _, found in forms):
            return


def _rate(u: sp.Expr) -> sp.Expr:
    """sigmoid(u)/softplus(u), which is 1 where both vanish, with digits left over from -40 on."""
    held = Select(u + _LOW, u, -_LOW)
    return Select(u + _LOW, Sigmoid(held) / Softplus(held), sp.Integer(1))


def _bases(e: sp.Expr) -> list[sp.Expr]:
    """The functions that vanish in sums below the line."""
    sums = (p.base for p in e.atoms(sp.Pow) if isinstance(p.base, sp.Add) and p.exp.is_negative)
    found = {t for total in sums for term in total.args for t in term.atoms(Softplus, Sigmoid)}
    return sorted(found, key=sp.default_sort_key)


def _in_ratio(e: sp.Expr, a: sp.Expr, b: sp.Expr) -> sp.Expr | None:
    """The expression in b and t = a/b; None if b stays below the line, or there is no 1 + t."""
    spelled = e.xreplace({a: _T * _B, b: _B})
    try:
        found = sp.factor(sp.cancel(sp.together(spelled)))
    except PolynomialError:
        return None
    below = sp.fraction(found)[1]
    return found if below.has(1 + _T) and not below.has(_B) else None


def _with_sigmoids(e: sp.Expr, gap: sp.Expr) -> sp.Expr:
    """With t = e^gap: c·t^k/(1 + t)^n as sigmoids of both signs, k and n - k of them; neither t nor 1/t overflows."""
    count = -e.as_powers_dict().get(1 + _T, sp.Integer(0))
    rest, terms = sp.expand(sp.cancel(e * (1 + _T) ** count)), []
    for power, coefficient in sp.collect(rest, _T, evaluate=False).items():
        k = sp.degree(power, _T) if power.is_polynomial(_T) else -sp.degree(1 / power, _T)
        inside = min(max(k, 0), count)
        terms.append(
            coefficient * sp.exp((k - inside) * gap) * Sigmoid(gap) ** inside * Sigmoid(-gap) ** (count - inside)
        )
    return sp.factor_terms(sp.Add(*terms))
