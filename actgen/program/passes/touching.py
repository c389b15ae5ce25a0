"""1 + k·sin(v) for a k of parameters that is 1 nominally: the square that this is then, and what k - 1 adds to it.

Beside a zero at which the sum turns back its terms leave nothing, as in the slope of SnakeBeta; see `rules/angles.py`.
Wherever k is, the new terms are no larger than thrice the old ones.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from actgen.program.stable import Grouped


def touching(e: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    """The expression with such sums written as squares; others stay.

    Args:
        e: the expression.
        nominal: the value of each parameter.
    """
    return e.replace(lambda t: isinstance(t, sp.Add) and t.has(sp.sin), lambda t: _squared(t, nominal))


def _squared(total: sp.Add, nominal: Mapping[sp.Symbol, float]) -> sp.Expr:
    number, rest = total.as_coeff_Add()
    for term in sp.Add.make_args(rest):
        amplitude, u = _wave(term, nominal)
        if number == 0 or u is None or not amplitude.free_symbols:
            continue
        value = amplitude.xreplace({s: sp.Rational(*nominal[s].as_integer_ratio()) for s in amplitude.free_symbols})
        if value not in (number, -number):
            continue
        square = (sp.sin(u) + sp.cos(u)) ** 2 if value == number else (sp.sin(u) - sp.cos(u)) ** 2
        moved = Grouped(_difference(amplitude, value))
        return rest - term + number * square + 2 * moved * sp.sin(u) * sp.cos(u)
    return total


def _difference(amplitude: sp.Expr, value: sp.Expr) -> sp.Expr:
    """What k is more than 1, on one fraction line as (a - b)/b; exponentials are one first, for an expm1."""
    amplitude = sp.powsimp(amplitude)
    return amplitude - value if amplitude.has(sp.exp) else sp.together(amplitude - value)


def _wave(term: sp.Expr, nominal: Mapping[sp.Symbol, float]) -> tuple[sp.Expr, sp.Expr | None]:
    """The k and u of k·sin(2u), which may be spelled 2k·sin(u)·cos(u); no u if it is neither."""
    factors = sp.Mul.make_args(term)
    held = sp.Mul(*(f for f in factors if f.free_symbols <= nominal.keys()))
    waves = {f for f in factors if not f.free_symbols <= nominal.keys()}
    for sine in (w for w in waves if isinstance(w, sp.sin)):
        u = sine.args[0]
        if waves == {sine}:
            return held, u / 2
        if waves == {sine, sp.cos(u)}:
            return held / 2, u
    return held, None
