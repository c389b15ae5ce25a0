"""Rule 1 of the numerics: rational functions of one exponential, and exact cancellation between algebraic terms.

An expression is written as a ratio of polynomials in its variables, its transcendental parts and w = e^u, reduced and
factored exactly; what is rational in w is then evaluated in e^-|u|, one ratio for each sign of u, so that no tail
overflows or cancels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import sympy as sp
from sympy.polys.polyerrors import PolynomialError

from actgen.program.stable import Expm1, Select, textbook
from actgen.symbolic.functions import RealPow, Sigmoid, Softplus

MAX_OPERATIONS = 160
MAX_GENERATORS = 9
_ROOT = sp.Rational(1, 2)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Factored numerator and denominator over dummies, and what each dummy stands for; `w` is e^`u` if there is one."""

    numerator: sp.Expr
    denominator: sp.Expr
    meaning: Mapping[sp.Symbol, sp.Expr]
    w: sp.Symbol | None = None
    u: sp.Expr | None = None


def reduced(e: sp.Expr) -> sp.Expr | None:
    """The expression as one exactly reduced, factored ratio; None if it is too large."""
    ratio = _ratio(e, with_exponential=False)
    if ratio is None:
        return None
    return (ratio.numerator / ratio.denominator).xreplace(dict(ratio.meaning))


def two_tailed(e: sp.Expr) -> sp.Expr | None:
    """The expression in e^-|u|, one ratio for each sign of u; None if there is no single exponential.

    Above 0, softplus(u) is u + softplus(-u), whose linear part may cancel exactly against other terms.
    """
    ratio = _ratio(e, with_exponential=True)
    if ratio is None or ratio.w is None or ratio.u is None:
        return None
    w, u = ratio.w, ratio.u
    decaying = sp.exp(Select(u, -u, u))
    low = _ratio_in(ratio.numerator, ratio.denominator, w, decaying, u, 1)
    reflected = sp.Dummy("r", real=True)
    split = {d: u + reflected for d, part in ratio.meaning.items() if part == sp.log(1 + w)}
    flipped = _flipped(ratio.numerator.xreplace(split), w) / _flipped(ratio.denominator.xreplace(split), w)
    top, bottom = sp.fraction(sp.cancel(flipped))
    high = _ratio_in(sp.factor(top), sp.factor(bottom), w, decaying, -u, -1)
    back = {dummy: part.xreplace({w: sp.exp(u)}) for dummy, part in ratio.meaning.items()}
    back[reflected] = Softplus(-u)
    return Select(u, high.xreplace(back), low.xreplace(back))


def _ratio_in(top: sp.Expr, bottom: sp.Expr, w: sp.Symbol, value: sp.Expr, exponent: sp.Expr, sign: int) -> sp.Expr:
    """Puts w = e^exponent in: (w - 1) by expm1, the other factors as polynomials in the decaying exponential."""
    one_less = Expm1(Select(exponent, -exponent, exponent) if sign < 0 else Select(-exponent, exponent, -exponent))
    power = _power_of(w, top) - _power_of(w, bottom)
    growing = sp.exp(Select(-exponent, -exponent, sp.Integer(0)))  # and not overflowing on the other side
    scale = value**power if power >= 0 else growing**-power
    return scale * _factors(top, w, value, one_less) / _factors(bottom, w, value, one_less)


def _power_of(w: sp.Symbol, product: sp.Expr) -> sp.Expr:
    return sp.Add(*(f.as_base_exp()[1] for f in sp.Mul.make_args(product) if f.as_base_exp()[0] == w))


def _factors(e: sp.Expr, w: sp.Symbol, value: sp.Expr, one_less: sp.Expr) -> sp.Expr:
    total = sp.Integer(1)
    for factor in sp.Mul.make_args(e):
        base, power = factor.as_base_exp()
        if base == w - 1:
            total *= one_less**power
        elif base == 1 - w:
            total *= (-one_less) ** power
        elif base != w:
            total *= sp.horner(base, wrt=w).xreplace({w: value}) ** power if base.has(w) else factor
    return total


def _flipped(polynomial: sp.Expr, w: sp.Symbol) -> sp.Expr:
    return polynomial.xreplace({w: 1 / w})


def _ratio(e: sp.Expr, with_exponential: bool) -> Ratio | None:
    spelled = textbook(e)
    if with_exponential:
        spelled = _in_exponentials(spelled)
    if spelled.count_ops() > MAX_OPERATIONS:
        return None
    meaning: dict[sp.Symbol, sp.Expr] = {}
    w, u = None, None
    if with_exponential:
        found = _one_exponential(spelled)
        if found is None:
            return None
        spelled, w, u = found
    dummied = _dummied(spelled.replace(RealPow, without_whole_part), meaning)
    if len(dummied.free_symbols) > MAX_GENERATORS:
        return None
    try:
        numerator, denominator = sp.fraction(sp.cancel(sp.together(dummied)))
        numerator = _reduce_powers(sp.expand(numerator), meaning)
        numerator, denominator = sp.fraction(sp.cancel(numerator / denominator))
        return Ratio(sp.factor(numerator), sp.factor(denominator), meaning, w, u)
    except PolynomialError:
        return None


def _in_exponentials(e: sp.Expr) -> sp.Expr:
    """Hyperbolic and logistic functions by e^u; tanh(softplus) and e^(k·softplus) become rational."""
    e = e.rewrite((Sigmoid, Softplus), sp.exp)
    e = e.replace(sp.tanh, lambda a: (sp.exp(2 * a) - 1) / (sp.exp(2 * a) + 1))
    e = e.replace(sp.sinh, lambda a: (sp.exp(a) - sp.exp(-a)) / 2)
    e = e.replace(sp.cosh, lambda a: (sp.exp(a) + sp.exp(-a)) / 2)
    return e.replace(sp.exp, _exp_of_log)


def _exp_of_log(a: sp.Expr) -> sp.Expr:
    """e^(k·log(v) + rest) with integer k as v^k·e^rest."""
    result = sp.Integer(1)
    rest = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(a)):
        coefficient, inner = term.as_coeff_Mul()
        if isinstance(inner, sp.log) and coefficient.is_Integer:
            result *= inner.args[0] ** coefficient
        else:
            rest += term
    return result * sp.exp(rest)


def _one_exponential(e: sp.Expr) -> tuple[sp.Expr, sp.Symbol, sp.Expr] | None:
    """Writes every e^(k·u) as w^k; None unless all exponents are integer multiples of one u."""
    exponents = sorted({x.args[0] for x in e.atoms(sp.exp)}, key=sp.default_sort_key)
    if not exponents:
        return None
    base = exponents[0]
    ratios = [sp.cancel(x / base) for x in exponents]
    if not all(r.is_Rational and r != 0 for r in ratios):
        return None
    common = reduce(sp.gcd, ratios)
    u = sp.expand(base * common)
    if u.could_extract_minus_sign():
        u, common = -u, -common
    w = sp.Dummy("w", positive=True)
    powers = {sp.exp(x): w ** (r / common) for x, r in zip(exponents, ratios, strict=True)}
    return e.xreplace(powers), w, u


def _dummied(e: sp.Expr, meaning: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """Replaces what is not rational by dummies; square roots keep their square by `_reduce_powers`."""
    atoms = [
        a
        for a in sp.preorder_traversal(e)
        if isinstance(a, sp.Function) or (isinstance(a, sp.Pow) and not a.exp.is_Integer)
    ]
    bases: dict[sp.Expr, sp.Expr] = {}
    for atom in atoms:
        root = sp.Pow(atom.base, _ROOT) if isinstance(atom, sp.Pow) and _is_half(atom.exp) else atom
        if not atom.is_number and root not in bases:
            bases[root] = sp.Dummy("g", real=True)
            meaning[bases[root]] = root

    def swap(x: sp.Expr) -> sp.Expr:
        if x in bases:
            return bases[x]
        if isinstance(x, sp.Pow) and _is_half(x.exp) and sp.Pow(x.base, _ROOT) in bases:
            return bases[sp.Pow(x.base, _ROOT)] ** (2 * x.exp)
        if x.is_Atom:
            return x
        return x.func(*(swap(a) if isinstance(a, sp.Expr) else a for a in x.args))

    return swap(e)


def without_whole_part(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """B^(p + k) as B^k·B^p, so that powers of one base are multiples of each other."""
    whole = sp.floor(exponent.as_coeff_Add()[0])
    return base**whole * RealPow(base, exponent - whole)


def _is_half(exponent: sp.Expr) -> bool:
    return bool(exponent.is_Rational) and exponent.q == 2


def _reduce_powers(numerator: sp.Expr, meaning: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """Uses (√A)² = A and sin² + cos² = 1, so that terms which cancel exactly do so before any rounding."""
    for dummy, square in _squares(meaning):
        if numerator.has(dummy):
            numerator = sp.rem(numerator, dummy**2 - square, dummy)
    return sp.expand(numerator)


def _squares(meaning: Mapping[sp.Symbol, sp.Expr]) -> Iterator[tuple[sp.Symbol, sp.Expr]]:
    """Dummies whose squares are something simpler."""
    dummies = {part: dummy for dummy, part in meaning.items()}
    for dummy, part in meaning.items():
        if isinstance(part, sp.Pow) and part.exp == _ROOT and not part.base.has(sp.Function):
            yield dummy, part.base
        elif isinstance(part, sp.sin) and sp.cos(part.args[0]) in dummies:
            yield dummy, 1 - dummies[sp.cos(part.args[0])] ** 2
        elif isinstance(part, sp.sinh) and sp.cosh(part.args[0]) in dummies:
            yield dummy, dummies[sp.cosh(part.args[0])] ** 2 - 1
