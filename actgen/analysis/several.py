"""Outputs of several inputs: what is proved in each input for all values of the others, and moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.analysis.dependence import Along
from actgen.analysis.independence import expectations
from actgen.analysis.numbers import Number
from actgen.analysis.report import Dependence, Moments
from actgen.analysis.shown import Writer
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import OutputMath


def dependences(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Dependence, ...]:
    """What holds in each input, whatever the others are."""
    pieces = _fixed(output, nominal)
    return tuple(Along(pieces, x, inputs).dependence() for x in inputs)


def _fixed(output: OutputMath, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[tuple[sp.Basic, sp.Expr]]:
    found = [(p.condition.xreplace(dict(nominal)), p.value.subs(nominal)) for p in output.pieces]
    return [(c, v) for c, v in found if c is not sp.S.false]


def moments(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr], write: Writer
) -> Moments | str:
    """E[f], E[f²] and the variance under independent standard normal inputs, where f factorises."""
    try:
        mean, second = expectations(output, inputs, nominal)
    except UndecidedError as error:
        return f"moments: {error}"
    exact = None if mean.exact is None or second.exact is None else sp.expand(second.exact - mean.exact**2)
    variance = Number(second.ball - mean.ball * mean.ball, exact)
    return Moments(mean=write.quantity(mean), second_moment=write.quantity(second), variance=write.quantity(variance))
