"""Under which conditions on the parameters a curve has the same pieces in the same order."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.analysis.assuming import Assumptions, assuming
from actgen.analysis.curve import Curve
from actgen.analysis.defined import assume_defined
from actgen.analysis.monomials import sign
from actgen.analysis.numbers import Number
from actgen.analysis.singular import singular_at_zeros_of
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import ExactPiece


def layout(curve: Curve, pieces: Sequence[ExactPiece], nominal: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Expr, int]:
    """Signs of expressions in the parameters: while they last, each segment's general value holds between its ends.

    Raises:
        UndecidedError: if a condition or a singular place depends on the parameters in a way that has no rule.
    """
    found = Assumptions(nominal)
    with assuming(found):
        for piece in pieces:
            for comparison in sorted(piece.condition.atoms(sp.core.relational.Relational), key=sp.default_sort_key):
                _keeps_truth(comparison, curve)
        for segment in curve.segments:
            assume_defined(segment.general, curve.variable)
            for quantity in singular_at_zeros_of(segment.general, curve.variable):
                _keeps_zeros(quantity, curve)
        for piece in pieces:
            for quantity in piece.domain:
                _keeps_zeros(quantity, curve)
        for a, b in itertools.pairwise(p.place for p in curve.points):
            sign(form(b) - form(a))
    return found.signs


def form(place: Number) -> sp.Expr:
    """A place as a function of the parameters.

    Raises:
        UndecidedError: if only its ball is known.
    """
    if place.form is None:
        raise UndecidedError("a place that is not known exactly")
    return place.form


def _keeps_truth(comparison: sp.Basic, curve: Curve) -> None:
    difference = comparison.lhs - comparison.rhs
    if isinstance(comparison, (sp.Eq, sp.Ne)) and difference.free_symbols - {curve.variable}:
        raise UndecidedError("an equality that holds for some parameters")
    if difference.has(curve.variable):
        _keeps_zeros(difference, curve)
    else:
        sign(difference)


def _keeps_zeros(quantity: sp.Expr, curve: Curve) -> None:
    """That the quantity keeps its signs between the cuts."""
    x = curve.variable
    if not quantity.free_symbols - {x} or quantity.is_positive or quantity.is_negative:
        return
    line = sp.expand(quantity)
    if not (line.is_polynomial(x) and sp.degree(line, x) == 1):
        raise UndecidedError("a breakpoint that is no simple function of the parameters")
    slope = line.coeff(x, 1)
    sign(slope)
    root = -line.coeff(x, 0) / slope
    if not any(sp.expand(root - form(p.place)) == 0 for p in curve.points):
        raise UndecidedError("a breakpoint that is none at these parameters")
