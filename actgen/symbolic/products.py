"""Products, sums and intervals sorted the way a person writes them, for the printers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

import sympy as sp

_READABLE, _DIGITS = 24, 12


def decimal_text(number: sp.Basic) -> str | None:
    """A rational as a decimal (`0.044715`) where that is exact and reads better than a fraction, else None."""
    if not isinstance(number, sp.Rational) or number.q in (1, 2, 4, 8, 16):
        return None
    rest = int(number.q)
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or number.q > 10**18:
        return None
    text = format(Decimal(int(number.p)) / Decimal(int(number.q)), "f")
    return text if len(text) <= 20 else None


def shown_decimal(number: sp.Basic) -> str | None:
    """As `decimal_text`; and a fraction too long to be read by its first digits (`1.05070098735…`, `1.5…e-30`)."""
    exact = decimal_text(number)
    if exact is not None or not isinstance(number, sp.Rational) or number.q == 1:
        return exact
    if len(f"{number.p}/{number.q}") <= _READABLE:
        return None
    with localcontext(prec=_DIGITS, rounding=ROUND_DOWN):
        digits, _, exponent = str(Decimal(int(number.p)) / Decimal(int(number.q))).partition("E")
    return f"{digits}…e{exponent}" if exponent else f"{digits}…"


@dataclass(frozen=True, slots=True)
class Product:
    """A product sorted for print: sign, a leading decimal, what stands over the bar and under it."""

    negative: bool
    decimal: str | None
    over: tuple[sp.Basic, ...]
    under: tuple[sp.Basic, ...]


def factored(expression: Any) -> Product:
    """The factors of a product, a power or a rational; numeric roots become one (`x/sqrt(2)`, `sqrt(2/pi)*x`)."""
    coefficient, rest = expression.as_coeff_Mul()
    over: list[Any] = []
    under: list[Any] = []
    radicand: Any = sp.S.One
    for factor in sp.Mul.make_args(rest) if rest is sp.S.One or rest.is_Mul else (rest,):
        base, power = factor.as_base_exp() if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if factor is sp.S.One:
            continue
        if base.is_number and abs(power) == sp.Rational(1, 2) and base.is_positive:
            radicand *= base if power.is_positive else 1 / base
        elif base is not sp.E and power.could_extract_minus_sign():
            under.append(sp.Pow(base, -power))
        else:
            over.append(factor)
    negative = bool(coefficient < 0)
    for index, factor in enumerate(over):
        if factor.is_Add and all(_starts_with_minus(term) for term in factor.args):
            over[index], negative = -factor, not negative
    size, roots_over, roots_under = _roots(abs(coefficient), radicand)
    decimal = shown_decimal(size)
    if decimal is None:
        roots_over = [sp.Integer(size.p), *roots_over] if size.p != 1 else roots_over
        roots_under = [sp.Integer(size.q), *roots_under] if size.q != 1 else roots_under
    return Product(negative, decimal, (*roots_over, *_ordered(over)), (*roots_under, *_ordered(under)))


def _ordered(factors: list[Any]) -> list[Any]:
    """SymPy's order, sums last."""
    known = sp.Mul(*factors, evaluate=False).as_ordered_factors() if len(factors) > 1 else factors
    return sorted(known, key=lambda factor: isinstance(factor, sp.Add))


def _roots(size: Any, radicand: Any) -> tuple[Any, list[Any], list[Any]]:
    """What is left of the coefficient, and the square roots above and below the bar."""
    if radicand == 1:
        return size, [], []
    above, below = sp.fraction(radicand * size**2)
    left = sp.S.One
    if above != 1 and not radicand.has(sp.pi):
        above, below = sp.fraction(radicand)
        left = size
    elif above != 1 and below != 1:
        return left, [_root(above / below)], []
    return left, [_root(above)] if above != 1 else [], [_root(below)] if below != 1 else []


def _root(radicand: Any) -> Any:
    """A square root that SymPy does not split."""
    return sp.Pow(radicand, sp.Rational(1, 2), evaluate=False)


def sum_terms(expression: Any) -> list[Any]:
    """A sum's terms in print order: a constant before functions (`1 + exp(x)`), no minus sign in front if avoidable."""
    terms = list(expression.as_ordered_terms())
    if not all(term.is_polynomial(*term.free_symbols) for term in terms):
        terms.sort(key=lambda term: not (term.is_number and term.is_positive))
    positive = next((i for i, term in enumerate(terms) if not _starts_with_minus(term)), 0)
    return [terms[positive], *terms[:positive], *terms[positive + 1 :]]


def _starts_with_minus(term: Any) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def chained(condition: Any) -> tuple[Any, str, Any, str, Any] | None:
    """`a < x <= b` from `And(a < x, x <= b)` in any order and spelling, else None; signs are `<` and `<=`."""
    if len(condition.args) != 2 or not all(isinstance(p, sp.Gt | sp.Ge | sp.Lt | sp.Le) for p in condition.args):
        return None
    for first, second in (condition.args, condition.args[::-1]):
        if first.gts == second.lts and not first.gts.is_number:
            return first.lts, _sign(first), first.gts, _sign(second), second.gts
    return None


def _sign(comparison: Any) -> str:
    return "<" if isinstance(comparison, sp.Gt | sp.Lt) else "<="
