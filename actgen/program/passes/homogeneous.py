"""Sums of powers of several quantities, (a^p + b^p)^(1/p): a power vanishes or overflows long before the mean does.

With their logarithms the powers are exponentials, of which `dominant.py` takes the largest out. A factor that vanishes
where two quantities are equal, as in the slope in p, is a Taylor polynomial in p·log(a/b) near there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sympy as sp

from actgen.program.passes.dominant import dominated
from actgen.program.passes.stabilise import stabilised
from actgen.program.series import NoSeriesError, taylor
from actgen.program.stable import RADIUS, Log1p, Select

_MAX_BASES = 3
_TERMS = 14
_D = sp.Dummy("d", real=True)
_Z = sp.Dummy("z", real=True)
_LOW = 40  # below e^-40 a base may underflow, and its logarithm is exact
_LARGE = 16  # from here on a - b loses no more than a and b themselves have lost


def homogeneous(e: sp.Expr) -> Iterator[sp.Expr]:
    """Forms of an expression with powers of several positive functions, to an exponent that is no number."""
    powers = [p for p in e.atoms(sp.Pow) if not p.exp.is_number and isinstance(p.base, sp.Function)]
    bases = {p.base for p in powers if p.base.is_positive and not isinstance(p.base, sp.exp)}
    if not 1 < len(bases) <= _MAX_BASES:
        return
    logarithms = {b: sp.Dummy(f"l{k}", real=True) for k, b in enumerate(sorted(bases, key=sp.default_sort_key))}
    back = {symbol: stabilised(sp.log(b)) for b, symbol in logarithms.items()}
    spelled = _in_logarithms(e, logarithms)
    forms = [form.xreplace(back) for form in dominated(spelled)]
    exponents = {p.exp for p in powers if p.base in bases}
    if forms and len(bases) == 2 and len(exponents) == 1:
        yield from _near_equality(spelled, forms[-1], exponents.pop(), logarithms, back)
    yield from forms


def _in_logarithms(e: sp.Expr, logarithms: Mapping[sp.Expr, sp.Symbol]) -> sp.Expr:
    """The expression with exponentials for the bases and their powers."""
    spelled = e.xreplace({sp.log(b): symbol for b, symbol in logarithms.items()})
    spelled = spelled.replace(
        lambda p: isinstance(p, sp.Pow) and p.base in logarithms,
        lambda p: sp.exp(sp.expand(p.exp * logarithms[p.base])),
    )
    return spelled.xreplace({b: sp.exp(symbol) for b, symbol in logarithms.items()})


def _near_equality(
    spelled: sp.Expr,
    form: sp.Expr,
    power: sp.Expr,
    logarithms: Mapping[sp.Expr, sp.Symbol],
    back: Mapping[sp.Expr, sp.Expr],
) -> Iterator[sp.Expr]:
    """The form, and where the bases are nearly equal, one with a polynomial for the factor that vanishes with d."""
    symbols = list(logarithms.values())
    vanishing = [f for f in sp.Mul.make_args(spelled) if _vanishes(f, symbols)]
    if len(vanishing) != 1:
        return
    series = _series(vanishing[0].xreplace({symbols[0]: _D / power, symbols[1]: sp.Integer(0)}))
    others = list(dominated(spelled.xreplace({vanishing[0]: _Z})))
    if series is None or not others:
        return
    near = RADIUS**2 - (power * (back[symbols[0]] - back[symbols[1]])) ** 2
    close = others[-1].xreplace(dict(back)).xreplace({_Z: series.xreplace({_D: power * _quotient(logarithms, back)})})
    inputs = set[sp.Symbol]().union(*(b.free_symbols for b in logarithms))
    yield Select(near, _held(close, near, inputs), form)


def _vanishes(factor: sp.Expr, symbols: Sequence[sp.Symbol]) -> bool:
    """Whether it is 0 where both logarithms are equal, and depends on their difference only."""
    one, other = symbols
    if not isinstance(factor, sp.Add) or not factor.has(one, other):
        return False
    rest = {s: sp.Rational(k + 5, 3) for k, s in enumerate(sorted(factor.free_symbols - {one, other}, key=str))}

    def at(a: int, b: int) -> sp.Expr:
        return sp.N(factor.xreplace({**rest, one: sp.Integer(a), other: sp.Integer(b)}), 30)

    return bool(abs(at(2, 2)) < sp.Float("1e-20") and abs(at(1, 2) - at(4, 5)) < sp.Float("1e-20"))


def _series(factor: sp.Expr) -> sp.Expr | None:
    """A Taylor polynomial in d: numbers times one factor."""
    try:
        coefficients = taylor(factor, _D, sp.Integer(0), _TERMS)
    except NoSeriesError:
        return None
    scale = next((c for c in coefficients if c != 0), sp.Integer(0))
    ratios = [sp.cancel(c / scale) for c in coefficients] if scale != 0 else []
    if not ratios or any(not r.is_number for r in ratios):
        return None
    return scale * sp.horner(sp.Add(*(r * _D**k for k, r in enumerate(ratios))))


def _quotient(logarithms: Mapping[sp.Expr, sp.Symbol], back: Mapping[sp.Expr, sp.Expr]) -> sp.Expr:
    """log(a/b), by the difference of a and b where they do not underflow."""
    a, b = logarithms
    below, small = back[logarithms[b]] + _LOW, _LARGE - b
    difference = Select(
        small, _held(stabilised(a - b), small, (a - b).free_symbols), a - b
    )  # which may overflow on the way to a large one
    quotient = Log1p(difference / Select(below, b, sp.Integer(1)))
    return Select(below, quotient, back[logarithms[a]] - back[logarithms[b]])


def _held(e: sp.Expr, test: sp.Expr, symbols: Iterable[sp.Symbol]) -> sp.Expr:
    """The expression with these arguments at 0 where the test fails."""
    return e.xreplace({s: Select(test, s, sp.Integer(0)) for s in symbols})
