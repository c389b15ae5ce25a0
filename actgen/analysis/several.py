"""Outputs of several inputs: what is proved in each input for all values of the others, and moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.analysis.independence import expectations
from actgen.analysis.numbers import Number
from actgen.analysis.report import Dependence, Moments, Verdict
from actgen.analysis.shown import Writer
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary, partial
from actgen.symbolic.derivation import OutputMath

_OPERATIONS = 160


def dependences(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Dependence, ...]:
    """What holds in each input, whatever the others are."""
    pieces = _fixed(output, nominal)
    return tuple(Dependence(x.name, _affine(pieces, x), _parity(pieces, x), _monotone(pieces, x)) for x in inputs)


def _fixed(output: OutputMath, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[tuple[sp.Basic, sp.Expr]]:
    found = [(p.condition.xreplace(dict(nominal)), p.value.subs(nominal)) for p in output.pieces]
    return [(c, v) for c, v in found if c is not sp.S.false]


def _affine(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    if any(c.has(x) for c, _ in pieces):
        return Verdict("no" if len({v for _, v in pieces}) > 1 else None, "it has pieces in this input")
    return Verdict("yes" if all(_is_zero(partial(partial(v, x), x)) for _, v in pieces) else "no")


def _parity(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    if any(c.has(x) for c, _ in pieces):
        return Verdict(None, "it has pieces in this input")
    for sign, word in ((1, "even"), (-1, "odd")):
        if all(_is_zero(v.subs(x, -x) - sign * v) for _, v in pieces):
            return Verdict(word)
    return Verdict("neither")


def _monotone(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    """By the sign that SymPy's assumptions prove of the partial: no search."""
    if any(c.has(x) for c, _ in pieces):
        return Verdict(None, "it has pieces in this input")
    slopes = [partial(v, x) for _, v in pieces]
    if all(s.is_nonnegative for s in slopes):
        return Verdict("increasing")
    return (
        Verdict("decreasing")
        if all(s.is_nonpositive for s in slopes)
        else Verdict(None, "the slope's sign varies, or is not proved")
    )


def _is_zero(value: sp.Expr) -> bool:
    if sp.expand(value) == 0:
        return True
    return sp.count_ops(value) <= _OPERATIONS and sp.simplify(elementary(value)) == 0


def moments(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr], write: Writer
) -> Moments | str:
    """E[f], E[f²] and the variance under independent standard normal inputs, where f factorises."""
    try:
        mean, second = expectations(output, inputs, nominal)
    except UndecidedError as error:
        return f"moments: {error}"
    exact = None if mean.exact is None or second.exact is None else sp.expand(second.exact - mean.exact**2)
    variance = Number(second.ball - mean.ball**2, exact)
    return Moments(mean=write.quantity(mean), second_moment=write.quantity(second), variance=write.quantity(variance))
