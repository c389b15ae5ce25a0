"""Where an expression of one variable may fail to be analytic, and where a quantity is 0: exact numbers or balls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.isolation import chart, exact_arb, samples
from actgen.analysis.numbers import Number, dyadic, exactly, vanishes_exactly
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.functions import Cbrt, Magnitude, RealPow, Signum

_DEPTH = 4
_POLES = 24
LINE = (exactly(sp.S.NegativeInfinity), exactly(sp.S.Infinity))


def singular_at_zeros_of(value: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Quantities between whose zeros the expression is analytic, wherever it is real."""
    found: dict[sp.Expr, None] = {}
    for part in sp.preorder_traversal(value):
        if part.has(variable):
            found.update(dict.fromkeys(quantities(part)))
    return tuple(q for q in found if q.has(variable) and not (q.is_positive or q.is_negative))


def quantities(part: sp.Basic) -> Iterator[sp.Expr]:
    """Those at whose zeros the outermost function of an expression is singular."""
    match part:
        case sp.Pow(args=(base, exponent)) if not (exponent.is_Integer and exponent > 0):
            yield from sp.Mul.make_args(base)
        case RealPow(args=(base, _)) | Cbrt(args=(base,)) | sp.log(args=(base,)):
            yield base
        case sp.Abs(args=(u,)) | sp.sign(args=(u,)) | Magnitude(args=(u,)) | Signum(args=(u,)):
            yield u
        case sp.tan(args=(u,)):
            yield sp.cos(u)
        case sp.asin(args=(u,)) | sp.acos(args=(u,)) | sp.atanh(args=(u,)):
            yield from (1 - u, 1 + u)
        case sp.acosh(args=(u,)):
            yield u - 1
        case sp.gamma(args=(u,)) | sp.loggamma(args=(u,)) | sp.polygamma(args=(_, u)):
            yield u
        case sp.atan2(args=(v, u)):
            yield from (v, u)


def poles_of_gamma(value: sp.Expr, variable: sp.Symbol, low: Number, high: Number) -> list[Number]:
    """Where Γ and its kin have poles inside of an interval on which their arguments keep their sign.

    Raises:
        UndecidedError: if there is no end of them, or none was found.
    """
    found: list[Number] = []
    for part in sorted(value.atoms(sp.gamma, sp.loggamma, sp.polygamma), key=sp.default_sort_key):
        argument = part.args[-1]
        if argument.has(variable) and not _is_positive(argument, low, high):
            if low.is_infinite or high.is_infinite or not tape(argument).real(low.ball.union(high.ball)) > -_POLES:
                raise UndecidedError("poles of gamma without end")
            found += [z for k in range(1, _POLES) for z in zeros(argument + k, variable, (low, high))]
    return ordered(found)


def _is_positive(value: sp.Expr, low: Number, high: Number) -> bool:
    return any(tape(value).real(exact_arb(place)) > 0 for place in samples(low, high))


def zeros(value: sp.Expr, variable: sp.Symbol, within: tuple[Number, Number], depth: int = 0) -> list[Number]:
    """All zeros of a quantity between two numbers.

    Raises:
        UndecidedError: if they cannot be told.
    """
    if depth > _DEPTH:
        raise UndecidedError("conditions within conditions")
    if value.could_extract_minus_sign():  # a - b and b - a have the same zeros, also where those have no exact form
        value = -value
    if value.is_polynomial(variable) and sp.degree(value, variable) == 1:
        root = exactly(sp.expand(-value.subs(variable, 0) / sp.diff(value, variable)))
        return [root] if _inside(root, within) else []
    cuts = ordered([c for q in singular_at_zeros_of(value, variable) for c in zeros(q, variable, within, depth + 1)])
    found = [c for c in cuts if c.exact is not None and _is_zero_at(value, variable, c.exact)]
    for low, high in zip([within[0], *cuts], [*cuts, within[1]], strict=True):
        if not is_real(value, low, high):
            continue
        signs = chart(value, variable, low, high)
        if signs.gap is not None:
            raise UndecidedError(f"where conditions change: {signs.gap}")
        found += signs.zeros
    return ordered(found)


def _is_zero_at(value: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    return vanishes_exactly(value.subs(variable, place))


def _inside(root: Number, within: tuple[Number, Number]) -> bool:
    return within[0].order(root) == -1 and root.order(within[1]) == -1


def is_real(value: sp.Expr, low: Number, high: Number) -> bool:
    """Whether an expression has a real value between two neighbouring singular places."""
    run = tape(value)
    return any(run.real(exact_arb(place)).is_finite() for place in samples(low, high))


def ordered(places: Sequence[Number]) -> list[Number]:
    """Each place once, from left to right.

    Raises:
        UndecidedError: if two were not told apart.
    """
    found: list[Number] = []
    for place in sorted(places, key=lambda p: dyadic(p.ball)):
        order = found[-1].order(place) if found else -1
        if order is None:
            raise UndecidedError("two breakpoints were not told apart")
        if order == 0:
            if found[-1].symbolic is None:
                found[-1] = place
            continue
        found.append(place)
    return found
