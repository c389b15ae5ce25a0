"""Moments under a standard normal input in closed form, symbolic in the parameters.

Each power of the function is written as a sum of terms c·x^n·e^(ax + bx²)·cos(ωx + θ)·Π erf(αx + β) on each piece.
With φ the normal density and Φ its distribution function, the rules are

- ∫ x^n e^(ax + bx²) φ(x) dx: x = s·y with s² = 1/(1 - 2b), and e^(ay) φ(y) = e^(a²/2) φ(y - a);
- J_n = ∫ y^n φ over [l, u]: J_n = (n - 1)·J_(n-2) - [y^(n-1) φ]_l^u, J_0 = Φ(u) - Φ(l), J_1 = φ(l) - φ(u);
- Stein's identity E[x·g(x)] = E[g'(x)] where error functions stand beside powers, on the whole line;
- E[erf(αx + β)] = erf(β/√(1 + 2α²)), and E[erf(αx)·erf(γx)] = (2/π)·asin(2αγ/√((1 + 2α²)(1 + 2γ²))), the arcsine law
  (C. K. I. Williams, Computing with Infinite Networks, 1997).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from actgen.analysis.terms import Term, terms_of

MAX_TERMS = 64
_MAX_POWER = 24


@dataclass(frozen=True, slots=True)
class Stretch:
    """A function on an interval; the ends are numbers, expressions in the parameters, or ±oo."""

    low: sp.Expr
    high: sp.Expr
    value: sp.Expr


def moment(pieces: Sequence[Stretch], power: int, variable: sp.Symbol) -> sp.Expr | None:
    """E[f(z)^power] for z standard normal.

    Args:
        pieces: what f is, on intervals that do not overlap. Ends that hold parameters are taken to be in order.
        power: at least 1.
        variable: the symbol of z; all others are parameters, taken to be real.

    Returns:
        The closed form; None if there is no rule for a piece, or the integral does not exist for it.
    """
    total: list[sp.Expr] = []
    for piece in pieces:
        terms = terms_of(piece.value, power, variable, MAX_TERMS)
        if terms is None:
            return None
        for term in terms:
            found = _integral(term, piece.low, piece.high)
            if found is None:
                return None
            total.append(found)
    return tidied(sp.Add(*total))


def tidied(value: sp.Expr) -> sp.Expr:
    """A closed form in fewer words: the terms of one exponential or error function together."""
    kinds = sorted(value.atoms(sp.exp, sp.erf, sp.erfc), key=sp.default_sort_key)
    expanded = sp.expand(value)
    collected = sp.collect(expanded, kinds) if kinds else expanded
    return min((value, expanded, collected), key=lambda e: (sp.count_ops(e), sp.default_sort_key(e)))


def _integral(term: Term, low: sp.Expr, high: sp.Expr) -> sp.Expr | None:
    """∫ term(x) φ(x) dx over the interval."""
    whole = low == sp.S.NegativeInfinity and high == sp.S.Infinity
    if term.quadratic != 0:
        return _rescaled(term, low, high)
    if term.turn != 0:
        return _oscillating(term) if whole and not term.errors else None
    if term.errors:
        return _with_errors(term) if whole and _is_power(term.power) else None
    if not _is_power(term.power):
        return _fractional(term, low, high)
    a = term.linear
    integrals = _powers(int(term.power), _moved(low, a), _moved(high, a))
    n = int(term.power)
    shifted = sp.Add(*(sp.binomial(n, k) * a ** (n - k) * integrals[k] for k in range(n + 1)))
    return term.coefficient * sp.exp(a**2 / 2) * shifted


def _moved(end: sp.Expr, a: sp.Expr) -> sp.Expr:
    """The end less a; an infinite one stays, which SymPy does not say of a fraction of parameters."""
    return end if end.is_infinite else sp.expand(end - a)


def _is_power(power: sp.Expr) -> bool:
    return bool(power.is_Integer) and 0 <= power <= _MAX_POWER


def _rescaled(term: Term, low: sp.Expr, high: sp.Expr) -> sp.Expr | None:
    """A factor e^(bx²) goes into the width of the density: b < 1/2, and a number, since its sign decides."""
    narrowing = 1 - 2 * term.quadratic
    if not narrowing.is_positive or not _is_power(term.power):
        return None
    s = 1 / sp.sqrt(narrowing)
    inner = replace(
        term,
        coefficient=term.coefficient * s ** (term.power + 1),
        linear=term.linear * s,
        quadratic=sp.Integer(0),
        turn=term.turn * s,
        errors=tuple((alpha * s, beta) for alpha, beta in term.errors),
    )
    return _integral(inner, *(e if e.is_infinite else e / s for e in (low, high)))


def _powers(n: int, low: sp.Expr, high: sp.Expr) -> list[sp.Expr]:
    """∫ y^k φ(y) dy over the interval for k = 0 … n."""
    found = [distribution(high) - distribution(low), density(low) - density(high)]
    for k in range(2, n + 1):
        ends = _edge(high, k - 1) - _edge(low, k - 1)
        found.append((k - 1) * found[k - 2] - ends)
    return found[: n + 1]


def density(x: sp.Expr) -> sp.Expr:
    """The standard normal density; 0 at ±∞."""
    return sp.Integer(0) if x.is_infinite else sp.exp(-sp.expand(x**2) / 2) / sp.sqrt(2 * sp.pi)


def distribution(x: sp.Expr) -> sp.Expr:
    """The standard normal distribution function."""
    if x.is_infinite:
        return sp.Integer(1 if x == sp.S.Infinity else 0)
    return sp.Rational(1, 2) if x == 0 else sp.erfc(-x / sp.sqrt(2)) / 2


def _edge(x: sp.Expr, k: int) -> sp.Expr:
    return sp.Integer(0) if x.is_infinite else x**k * density(x)


def _oscillating(term: Term) -> sp.Expr | None:
    """E[x^n e^(ax) cos(ωx + θ)] on the whole line: the real part with the exponent a + iω."""
    if not _is_power(term.power):
        return None
    n, a, omega, theta = int(term.power), term.linear, term.turn, term.phase
    moments = [sp.Integer(1), sp.Integer(0)]
    for k in range(2, n + 1):
        moments.append((k - 1) * moments[k - 2])
    shift = a + sp.I * omega
    real, imaginary = sp.expand(
        sp.Add(*(sp.binomial(n, k) * shift ** (n - k) * moments[k] for k in range(n + 1)))
    ).as_real_imag()
    angle = a * omega + theta
    size = sp.exp((a**2 - omega**2) / 2)
    return term.coefficient * size * (real * sp.cos(angle) - imaginary * sp.sin(angle))


def _fractional(term: Term, low: sp.Expr, high: sp.Expr) -> sp.Expr | None:
    """E[x^p] over the half-line above 0, for a number p > -1 that is no small integer."""
    p = term.power
    if term.linear != 0 or low != 0 or high != sp.S.Infinity or not (p.is_number and (p + 1).is_positive):
        return None
    return term.coefficient * 2 ** (p / 2 - 1) * sp.gamma((p + 1) / 2) / sp.sqrt(sp.pi)


def _with_errors(term: Term) -> sp.Expr | None:
    """E[c x^n e^(ax) Π erf(αx + β)] on the whole line, by Stein's identity down to n = 0."""
    if term.linear != 0:
        return _untilted(term)
    if term.power == 0:
        return _arcsine(term)
    lower = replace(term, power=term.power - 1)
    parts: list[Term] = []
    if lower.power > 0:
        parts.append(replace(lower, coefficient=lower.coefficient * lower.power, power=lower.power - 1))
    for index, (alpha, beta) in enumerate(lower.errors):
        others = (*lower.errors[:index], *lower.errors[index + 1 :])
        scale = 2 * alpha / sp.sqrt(sp.pi) * sp.exp(-(beta**2))
        parts.append(
            replace(
                lower,
                coefficient=lower.coefficient * scale,
                linear=-2 * alpha * beta,
                quadratic=-(alpha**2),
                errors=others,
            )
        )
    return _summed(parts)


def _untilted(term: Term) -> sp.Expr | None:
    """e^(ax) φ(x) is e^(a²/2) φ(x - a): the polynomial and the error functions move by a."""
    a, n = term.linear, int(term.power)
    moved = tuple((alpha, beta + alpha * a) for alpha, beta in term.errors)
    size = term.coefficient * sp.exp(a**2 / 2)
    return _summed(
        [
            Term(size * sp.binomial(n, k) * a ** (n - k), sp.Integer(k), errors=moved)
            for k in range(n + 1)
            if k == n or a != 0
        ]
    )


def _summed(parts: Sequence[Term]) -> sp.Expr | None:
    found = [_integral(part, sp.S.NegativeInfinity, sp.S.Infinity) for part in parts]
    return None if any(f is None for f in found) else sp.Add(*found)


def _arcsine(term: Term) -> sp.Expr | None:
    if len(term.errors) == 1:
        ((alpha, beta),) = term.errors
        return term.coefficient * sp.erf(beta / sp.sqrt(1 + 2 * alpha**2))
    if len(term.errors) == 2 and all(beta == 0 for _, beta in term.errors):
        (alpha, _), (gamma, _) = term.errors
        correlation = 2 * alpha * gamma / sp.sqrt((1 + 2 * alpha**2) * (1 + 2 * gamma**2))
        return term.coefficient * 2 / sp.pi * sp.asin(correlation)
    return None
