"""Taylor patches: near a removable singularity, or a zero that the closed form cancels at, a polynomial takes over.

A point patch expands a root in powers of (x - p) around 0 or a breakpoint; it is used only where the chosen closed
form measures badly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import both
from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import relative_error
from actgen.program.passes.near import BAD, Near, held, joined, polynomial
from actgen.program.passes.reversed import reversed_patch
from actgen.program.passes.tail import tail_patch
from actgen.program.program import Node, const, node
from actgen.program.sampling import Samples
from actgen.program.series import NoSeriesError, taylor
from actgen.program.stable import RADIUS
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation, ExactPiece
from actgen.symbolic.functions import RealPow

Array = npt.NDArray[np.float64]
_MAX_COEFFICIENT_OPS = 40
_REACH = 0.6  # how far from its centre a patch is tried


@dataclass(frozen=True, slots=True)
class Plan:
    """How many terms a Taylor polynomial has, and how far from its centre it is used."""

    terms: int
    radius: sp.Rational


_LONGER = (Plan(20, RADIUS), Plan(26, 2 * RADIUS), Plan(34, 4 * RADIUS))
_SHORTER = (Plan(20, RADIUS), Plan(12, RADIUS / 4), Plan(8, RADIUS / 16))
"""What is tried in turn until nothing is bad: for numbers as coefficients, and for coefficients with parameters."""


def patched(
    piece: ExactPiece,
    roots: Sequence[Node],
    quotient: Near | None,
    derivation: Derivation,
    points: Samples,
    mask: npt.NDArray[np.bool_],
    translate: Translator,
    hints: dict[Node, str],
) -> list[Node]:
    """The roots with every patch that they need; `quotient` is the piece's quotient patch."""
    found = list(roots) if quotient is None else joined(roots, quotient, hints)
    for variable in derivation.activation.inputs:
        for place in _places(derivation, variable.name):
            point = _point_patch(piece, found, derivation, variable.name, place, points, mask, translate)
            if point is not None:
                found = joined(found, point, hints)
        ends = reversed_patch(piece, found, derivation, variable.name, points, mask, translate)
        if ends is not None:
            found = joined(found, ends, hints, "far")
        for sign in (1, -1):
            end = tail_patch(piece, found, derivation, variable.name, sign, points, mask, translate)
            if end is not None:
                found = joined(found, end, hints, "far")
    return found


def _places(derivation: Derivation, variable: str) -> list[sp.Expr]:
    found = [sp.Integer(0)]
    for output in derivation.outputs:
        found += (b.location for b in output.breakpoints if b.variable == variable and b.location.is_number)
    return list(dict.fromkeys(found))


def _point_patch(
    piece: ExactPiece,
    roots: Sequence[Node],
    derivation: Derivation,
    variable: str,
    place: sp.Expr,
    points: Samples,
    mask: npt.NDArray[np.bool_],
    translate: Translator,
) -> Near | None:
    symbol = derivation.symbols[variable]
    if symbol not in piece.value.free_symbols or not place.is_Rational:
        return None
    if not _reaches(points.columns[variable][mask], float(place)):
        return None
    columns = _close_to(points, mask, variable, float(place))
    if not columns[variable].size:
        return None
    plain = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
    exact = truths(plain, columns)
    bad = [
        float(np.max(relative_error(value, truth), initial=0.0)) > BAD
        for value, truth in zip(evaluate_nodes(roots, columns), exact, strict=True)
    ]
    if not any(bad):
        return None
    before = _score(roots, columns, exact)
    best: tuple[tuple[int, float], Near] | None = None
    for plan in _plans(piece.value, symbol):
        patch = _planned(piece, roots, bad, derivation, symbol, place, columns, plan, translate)
        if patch is None or not _improves(roots, patch, columns, exact):
            continue
        score = _score(joined(roots, patch, {}), columns, exact)
        if score < (best[0] if best else before):
            best = score, patch
        if not score[0]:
            break
    return best[1] if best else None


def _plans(value: sp.Expr, symbol: sp.Symbol) -> tuple[Plan, ...]:
    return _SHORTER if value.free_symbols - {symbol} else _LONGER


def _planned(
    piece: ExactPiece,
    roots: Sequence[Node],
    bad: Sequence[bool],
    derivation: Derivation,
    symbol: sp.Symbol,
    place: sp.Expr,
    columns: Mapping[str, Array],
    plan: Plan,
    translate: Translator,
) -> Near | None:
    try:
        coefficients = taylor(piece.value, symbol, place, plan.terms)
    except NoSeriesError:
        return None
    if any(c.count_ops() > _MAX_COEFFICIENT_OPS for c in coefficients):
        return None
    offset = translate(symbol - place)
    polynomials = _polynomials(coefficients, derivation, symbol.name, place, offset)
    condition = _radius_condition(piece.value, symbol, place, plan.radius, translate)
    safe = {} if _finite_at(roots, columns, symbol.name, float(place)) else {symbol.name: const(place + 1)}
    centred = held(polynomials, condition, {symbol.name: const(place)})
    chosen = tuple(p if is_bad else None for p, is_bad in zip(centred, bad, strict=True))
    return Near(condition, chosen, safe)


def _score(roots: Sequence[Node], columns: Mapping[str, Array], exact: Sequence[Array]) -> tuple[int, float]:
    """How many results are bad, and the worst error."""
    errors = [relative_error(v, t) for v, t in zip(evaluate_nodes(roots, columns), exact, strict=True)]
    return sum(int(np.sum(e > BAD)) for e in errors), max(float(np.max(e, initial=0.0)) for e in errors)


def _reaches(column: Array, place: float) -> bool:
    """Whether a piece with these sample points comes as near to the place as a patch is tried."""
    return bool(column.size) and float(column.min()) - _REACH < place < float(column.max()) + _REACH


def _close_to(points: Samples, mask: npt.NDArray[np.bool_], variable: str, place: float) -> dict[str, Array]:
    """The sample rows of the piece with this variable moved near the place, on the sides that the piece has."""
    rows = np.flatnonzero(mask)
    columns = {name: column[rows] for name, column in points.columns.items()}
    side = np.sign(columns[variable] - place)
    steps = np.concatenate([np.geomspace(1e-18 if place == 0 else 1e-12, 0.01, 17), np.geomspace(0.02, _REACH, 14)])
    distance = np.resize(steps, rows.size) * side
    kept = distance != 0
    columns[variable] = place + distance
    return {name: column[kept] for name, column in columns.items()}


def _polynomials(
    coefficients: Sequence[sp.Expr], derivation: Derivation, variable: str, place: sp.Expr, offset: Node
) -> list[Node]:
    near = f"near_{_identifier(place)}"
    found = [polynomial(coefficients, offset, f"value_{near}")]
    for v in derivation.activation.variables:
        if v.name == variable:
            slopes = [k * c for k, c in enumerate(coefficients)][1:]
        else:
            slopes = [sp.diff(c, derivation.symbols[v.name]) for c in coefficients]
        found.append(polynomial(slopes, offset, f"d{v.name}_{near}"))
    return found


def _identifier(place: sp.Expr) -> str:
    return str(place).replace("-", "minus_").replace("/", "_over_")


def _radius_condition(
    value: sp.Expr, symbol: sp.Symbol, place: sp.Expr, radius: sp.Expr, translate: Translator
) -> Node:
    """|slope·(x - p)| < `radius` for every slope of a function's argument; |x - p| likewise, unless x has parameters
    beside it wherever the series has a radius.
    """
    slopes = {sp.Integer(1)} if _has_own_radius(value, symbol, place) else set()
    for function in value.atoms(sp.Function):
        for argument in (*function.args, *_grown(function)):
            slope = sp.diff(argument, symbol).subs(symbol, place)
            if slope.has(sp.nan, sp.zoo, sp.oo) or (slope.is_number and abs(slope) <= 1):
                continue
            slopes.add(slope)
    condition = None
    for slope in sorted(slopes, key=sp.default_sort_key):
        small = node("lt", node("abs", translate(slope * (symbol - place))), const(radius))
        condition = small if condition is None else both(condition, small)
    assert condition is not None
    return condition


def _grown(function: sp.Basic) -> tuple[sp.Expr, ...]:
    """p·u of u^p for a p with parameters: however small u is, the terms of the series grow with p·u."""
    if not isinstance(function, RealPow) or not function.args[1].free_symbols:
        return ()
    return (sp.cancel(function.args[0] * function.args[1]),)


def _has_own_radius(value: sp.Expr, symbol: sp.Symbol, place: sp.Expr) -> bool:
    functions = [f for f in value.atoms(sp.Function) if f.has(symbol)]
    arguments = [a for f in functions for a in (*f.args, *_grown(f)) if a.has(symbol)]
    slopes = [sp.diff(a, symbol).subs(symbol, place) for a in arguments]
    powers = [p for p in value.atoms(sp.Pow) if p.has(symbol) and not (p.exp.is_Integer and p.exp > 0)]
    return bool(powers) or not slopes or any(slope.is_number for slope in slopes)


def _finite_at(roots: Sequence[Node], columns: Mapping[str, Array], variable: str, place: float) -> bool:
    at = {**columns, variable: np.full_like(columns[variable], place)}
    return all(bool(np.all(np.isfinite(v))) for v in evaluate_nodes(roots, at))


def _improves(roots: Sequence[Node], patch: Near, columns: Mapping[str, Array], exact: Sequence[Array]) -> bool:
    after_patch = joined(roots, patch, {})
    before = evaluate_nodes(roots, columns)
    after = evaluate_nodes(after_patch, columns)
    return all(
        float(np.max(relative_error(new, truth), initial=0.0)) <= float(np.max(relative_error(old, truth), initial=0.0))
        for old, new, truth in zip(before, after, exact, strict=True)
    )
