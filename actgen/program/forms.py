"""Chooses, for each root of a piece, the candidate form that measures best against exact arithmetic."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.beside_one import beside_one
from actgen.program.passes.collected import collected
from actgen.program.passes.differences import signed_differences
from actgen.program.passes.dominant import dominated
from actgen.program.passes.homogeneous import homogeneous
from actgen.program.passes.power_ratios import power_ratios
from actgen.program.passes.rational import reduced, two_tailed
from actgen.program.passes.reflect import logistic, reflected
from actgen.program.passes.spread import spread
from actgen.program.passes.stabilise import stabilised
from actgen.program.passes.touching import touching
from actgen.program.passes.vanishing_ratios import vanishing_ratios
from actgen.program.program import Node, topological
from actgen.program.sampling import Holds, Samples, far_out
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.program.vanishing_terms import where_terms_vanish, wrong_there
from actgen.symbolic.derivation import Derivation, ExactPiece
from actgen.symbolic.functions import RealPow

Array = npt.NDArray[np.float64]
_BAD = 2.0**-40
_GOOD = 2.0**-48


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """How a form measures, what counts most first.

    Attributes:
        wrong: wrong results at ordinary arguments; missing ones twice.
        broken: where differentiating the form once more yields no number.
        far: wrong results at arguments whose powers leave the range.
        vanishing: wrong results at parameters for which a term of the formula vanishes.
        worst: the largest error, in binary steps; a step less must not take twice the text.
        size: in nodes.
    """

    wrong: int
    broken: int
    far: int
    vanishing: int
    worst: float
    size: int


def best_forms(
    piece: ExactPiece,
    derivation: Derivation,
    points: Samples,
    mask: npt.NDArray[np.bool_],
    holds: Holds,
    translate: Translator,
) -> list[Node]:
    """Value and partials of the piece, each in its best form; `holds` says at which arguments the piece applies."""
    rows = np.flatnonzero(mask)
    columns = {name: column[rows] for name, column in points.columns.items()}
    value, plainly = stabilised(piece.value), logistic(piece.value)
    inputs = [i.name for i in derivation.activation.inputs]
    positive = _positive(piece, columns, inputs, translate)
    nominal = {derivation.symbols[n]: v for n, v in derivation.activation.nominal().items()}
    spread_out = spread(value)
    candidates = [[*_candidates(piece.value, value, plainly, positive, nominal), spread_out]]
    for name, exact in piece.partials.items():
        symbol = derivation.symbols[name]
        if piece.is_limit or exact is sp.nan:  # no derivative of the value at the point
            candidates.append([stabilised(exact)])
            continue
        found = _candidates(exact, stabilised(sp.diff(value, symbol)), sp.diff(plainly, symbol), positive, nominal)
        candidates.append([*found, *([] if spread_out == value else [stabilised(sp.diff(spread_out, symbol))])])
    plain = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
    exact_values = truths(plain, columns)
    places = where_terms_vanish(piece.value, derivation, points, holds)
    chosen = []
    for forms, root, truth in zip(candidates, plain, exact_values, strict=True):
        nodes = [translate(c) for c in forms]
        chosen.append(_choose(nodes, columns, truth, wrong_there(nodes, root, places)))
    return chosen


def _positive(
    piece: ExactPiece, columns: Mapping[str, Array], inputs: Collection[str], translate: Translator
) -> set[sp.Expr]:
    """Bases of powers that are not negative where the piece has a real value: by its domain, or by sampling inputs."""
    bases = {p.args[0] for p in piece.value.atoms(RealPow)}
    of_inputs = [b for b in bases if {s.name for s in b.free_symbols} <= set(inputs)]
    values = evaluate_nodes([translate(b) for b in of_inputs], columns)
    return {*piece.domain, *(b for b, value in zip(of_inputs, values, strict=True) if np.all(value >= 0))} & bases


def _candidates(
    exact: sp.Expr,
    chained: sp.Expr,
    plainly: sp.Expr,
    positive: Collection[sp.Expr],
    nominal: Mapping[sp.Symbol, float],
) -> list[sp.Expr]:
    """The forms worth measuring, the most readable first.

    Args:
        exact: the expression as derived.
        chained: the derivative of the stable form of the value.
        plainly: the same in sigmoid and softplus, with sums as they are.
        positive: bases of powers that are not negative.
        nominal: the value of each parameter.
    """
    exact, chained, plainly = (touching(form, nominal) for form in (exact, chained, plainly))
    found = [sp.factor_terms(chained), chained, stabilised(exact)]
    beside = beside_one(exact, nominal)
    if beside != exact:
        found.append(stabilised(beside))
    shared = over_shared_powers(exact)
    if shared != exact:
        found.append(stabilised(shared))
    if exact.free_symbols and not exact.is_Symbol:
        for form in (reduced(exact), two_tailed(exact)):
            if form is not None:
                found.append(stabilised(form))
    found += (*dominated(exact), *homogeneous(exact), *power_ratios(exact, positive), *vanishing_ratios(exact))
    reflection = reflected(plainly, positive)
    if reflection is not None:
        found += [plainly, reflection]
    gathered = collected(exact)
    if gathered is not None:
        found.append(stabilised(gathered))
    signed = signed_differences(exact)
    if signed is not None:
        found.append(signed)
    return list(dict.fromkeys(found))


def over_shared_powers(e: sp.Expr) -> sp.Expr:
    """A derivative of u^p with the power once: u^p·log(u)·p' + p·u^(p-1)·u' as u^p·(log(u)·p' + p·u'/u).

    A power of its own for each term may be lost where their sum is not, and no term sees the others cancel.
    """
    powers = sorted(e.atoms(RealPow), key=sp.default_sort_key)
    shared: dict[sp.Expr, sp.Expr] = {}
    for power in powers:
        base, exponent = power.args
        for other in powers:
            steps = sp.expand(other.args[1] - exponent)
            if other.args[0] == base and steps.is_Integer and steps > 0:
                shared[power] = other / base**steps
    return sp.factor_terms(e.xreplace(shared)) if shared else e


def _choose(forms: Sequence[Node], columns: dict[str, Array], truth: Array, vanishing: Sequence[int]) -> Node:
    if len(forms) == 1 or not truth.size:
        return forms[0]
    values, lost = evaluate_nodes(forms, columns), _lost_in_float32(forms, columns, truth)
    far = far_out(columns)
    found = np.isfinite(truth) & ~far
    at = {name: column[found] for name, column in columns.items()}
    scored = [
        (score(v, truth, f, far, less, broken(f, at), special), i)
        for i, (v, f, less, special) in enumerate(zip(values, forms, lost, vanishing, strict=True))
    ]
    return forms[min(scored)[1]]


def broken(form: Node, columns: Mapping[str, Array]) -> int:
    """At how many points a derivative of the form, as a framework would take it, is not finite."""
    slopes = adjoints(form, columns)
    return int(np.sum(np.any([~np.isfinite(s) for s in slopes.values()], axis=0))) if slopes else 0


def _lost_in_float32(forms: Sequence[Node], columns: Mapping[str, Array], truth: Array) -> list[int]:
    """How many results overflow or vanish when 16-bit inputs are computed in float32, though they need not."""
    limits = np.finfo(np.float32)
    with np.errstate(all="ignore"):
        representable = (np.abs(truth) < limits.max) & (np.abs(truth) > limits.tiny)
        for column in columns.values():
            representable &= (column == 0) | ((np.abs(column) < limits.max) & (np.abs(column) > limits.tiny))
    with np.errstate(over="ignore"):
        narrow = {n: c.astype(np.float32) for n, c in columns.items()}
    values = evaluate_nodes(forms, narrow, np.float32)
    return [int(np.sum(representable & (~np.isfinite(v) | (v == 0)))) for v in values]


def score(
    value: Array, truth: Array, form: Node, far: npt.NDArray[np.bool_], lost: int, broken: int, vanishing: int = 0
) -> Score:
    """Measures computed values against exact ones.

    Args:
        value: computed.
        truth: exact.
        form: what was computed.
        far: which arguments are not ordinary.
        lost: how many results go missing in float32.
        broken: how many derivatives do.
        vanishing: how many results are wrong where a term of the formula vanishes.
    """
    error = relative_error(value, truth)
    worst = float(np.max(error, initial=0.0, where=(error < np.inf) & ~far))
    step = float(np.ceil(np.log2(max(worst, _GOOD))))
    missing = int(np.sum(np.isinf(error[~far]))) + lost
    wrong = error > _BAD
    size = sum(1 for _ in topological([form]))
    ordinary, further = int(np.sum(wrong & ~far)) + missing, int(np.sum(wrong & far))
    return Score(ordinary, broken, further, vanishing, step + math.log2(size), size)


def relative_error(value: Array, truth: Array) -> Array:
    """|value - truth|/|truth|; inf where a result is missing, 0 where both are below the smallest normal number."""
    tiny = np.finfo(np.float64).tiny
    with np.errstate(all="ignore"):
        error = np.abs(value - truth) / np.maximum(np.abs(truth), tiny)
        right = (value == truth) | (np.maximum(np.abs(value), np.abs(truth)) < tiny)
    error = np.where(right, 0.0, error)
    return np.where(np.isnan(truth), 0.0, np.where(np.isnan(error), np.inf, error))
