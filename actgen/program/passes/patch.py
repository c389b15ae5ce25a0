"""Taylor patches: near a removable singularity, or a zero that the closed form cancels at, a polynomial takes over.

Two kinds. A *quotient* patch treats F(u)/d where F(0) = 0 and d divides u (the soft exponential and Snake at a zero
parameter): F(u)/u becomes a polynomial while |u| is small. A *point* patch expands a root in powers of (x - p) around
0 or a breakpoint; it is used only where the chosen closed form measures badly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import both, horner, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import relative_error
from actgen.program.passes.stabilise import stabilised
from actgen.program.program import Node, arg, const, node, rewrite
from actgen.program.sampling import Samples
from actgen.program.series import NoSeriesError, taylor
from actgen.program.stable import RADIUS, ZERO_AT_ZERO, Quotient
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation, ExactPiece

Array = npt.NDArray[np.float64]
_BAD = 2e-13
_TERMS = 20
_MAX_COEFFICIENT_OPS = 40


@dataclass(frozen=True, slots=True)
class Near:
    """A patch: where it holds, the polynomial roots (None: not patched), and where the closed form is safe."""

    condition: Node
    roots: tuple[Node | None, ...]
    safe: Mapping[str, Node]


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
    found = list(roots) if quotient is None else _joined(roots, quotient, hints)
    for variable in derivation.activation.inputs:
        for place in _places(derivation, variable.name):
            point = _point_patch(piece, found, derivation, variable.name, place, points, mask, translate)
            if point is not None:
                found = _joined(found, point, hints)
    return found


def _joined(roots: Sequence[Node], near: Near, hints: dict[Node, str]) -> list[Node]:
    """Selects between patch and closed form; the closed form sees safe arguments where the patch holds."""
    hints[near.condition] = "near"
    replacements: dict[Node, Node] = {}
    for name, safe in near.safe.items():
        replacements[arg(name)] = where(near.condition, safe, arg(name))
        hints[replacements[arg(name)]] = f"{name}_far"
    new = rewrite(roots, lambda n: replacements.get(n, n))
    return [
        old if poly is None else where(near.condition, poly, new[old])
        for old, poly in zip(roots, near.roots, strict=True)
    ]


def quotient_patch(piece: ExactPiece, derivation: Derivation, translate: Translator) -> Near | None:
    """The quotient patch of a piece, if one removes a denominator that can vanish."""
    value = stabilised(piece.value)
    arguments: list[sp.Expr] = []
    vanishing = set[sp.Symbol]().union(*(p.base.free_symbols for p in _denominators(value)))

    def divided(function: type[sp.Function], name: str) -> Callable[[sp.Expr], sp.Expr]:
        def swap(u: sp.Expr) -> sp.Expr:
            if not u.free_symbols & vanishing:
                return function(u)
            u = _factored(u)
            arguments.append(u)
            return u * Quotient(sp.Symbol(name), 0, u)

        return swap

    near = value
    for function, (name, _) in ZERO_AT_ZERO.items():
        near = near.replace(function, divided(function, name))
    reciprocals: dict[sp.Expr, sp.Expr] = {}

    def angle(b: sp.Expr, a: sp.Expr) -> sp.Expr:
        """atan2(b, a) is atan(b/a) for positive a; the condition says so."""
        reciprocal = sp.Dummy("r", positive=True)
        reciprocals[reciprocal] = 1 / a
        return divided(sp.atan, "atan")(_factored(b) * reciprocal)

    near = near.replace(sp.atan2, angle)
    if not arguments:
        return None
    distributed = sp.expand_mul(near)
    near = min(near, distributed, key=_vanishing_denominators)
    if _vanishing_denominators(near) >= _vanishing_denominators(value):
        return None
    near = near.xreplace(reciprocals)
    symbols = derivation.symbols
    exprs = [near, *(sp.diff(near, symbols[v.name]) for v in derivation.activation.variables)]
    condition = None
    for u in dict.fromkeys(arguments):
        small = node("lt", node("abs", translate(u.xreplace(reciprocals))), const(RADIUS))
        condition = small if condition is None else both(condition, small)
    assert condition is not None
    for reciprocal in reciprocals.values():
        condition = both(condition, node("lt", const(0), translate(1 / reciprocal)))
    used = {s.name for u in arguments for s in u.free_symbols}
    safe = {v.name: const(1) for v in derivation.activation.variables if v.name in used}
    return Near(condition, tuple(translate(e) for e in exprs), safe)


def _factored(u: sp.Expr) -> sp.Expr:
    return sp.factor_terms(sp.factor(u)) if u.is_Add else u


def _vanishing_denominators(e: sp.Expr) -> int:
    """How many denominators can be 0."""
    return len(_denominators(e))


def _denominators(e: sp.Expr) -> list[sp.Pow]:
    return [
        p
        for p in e.atoms(sp.Pow)
        if p.exp.is_number and p.exp.is_negative and p.base.free_symbols and not p.base.is_positive
    ]


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
    columns = _close_to(points, mask, variable, float(place))
    if not columns[variable].size:
        return None
    plain = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
    exact = truths(plain, columns)
    bad = [
        float(np.max(relative_error(value, truth), initial=0.0)) > _BAD
        for value, truth in zip(evaluate_nodes(roots, columns), exact, strict=True)
    ]
    if not any(bad):
        return None
    try:
        coefficients = taylor(piece.value, symbol, place, _TERMS)
    except NoSeriesError:
        return None
    if any(c.count_ops() > _MAX_COEFFICIENT_OPS for c in coefficients):
        return None
    offset = translate(symbol - place)
    polynomials = _polynomials(coefficients, derivation, variable, place, offset)
    condition = _radius_condition(piece.value, symbol, place, coefficients, translate)
    safe = {} if _finite_at(roots, columns, variable, float(place)) else {variable: const(place + 1)}
    chosen = tuple(p if is_bad else None for p, is_bad in zip(polynomials, bad, strict=True))
    patch = Near(condition, chosen, safe)
    return patch if _improves(roots, patch, columns, exact) else None


def _close_to(points: Samples, mask: npt.NDArray[np.bool_], variable: str, place: float) -> dict[str, Array]:
    """The sample rows of the piece with this variable moved near the place, on the sides that the piece has."""
    rows = np.flatnonzero(mask)
    columns = {name: column[rows] for name, column in points.columns.items()}
    side = np.sign(columns[variable] - place)
    steps = 10.0 ** np.linspace(-18 if place == 0 else -12, -0.4, num=23)
    distance = np.resize(steps, rows.size) * side
    kept = distance != 0
    columns[variable] = place + distance
    return {name: column[kept] for name, column in columns.items()}


def _polynomials(
    coefficients: Sequence[sp.Expr], derivation: Derivation, variable: str, place: sp.Expr, offset: Node
) -> list[Node]:
    near = f"near_{_identifier(place)}"
    found = [_polynomial(coefficients, offset, f"value_{near}")]
    for v in derivation.activation.variables:
        if v.name == variable:
            slopes = [k * c for k, c in enumerate(coefficients)][1:]
        else:
            slopes = [sp.diff(c, derivation.symbols[v.name]) for c in coefficients]
        found.append(_polynomial(slopes, offset, f"d{v.name}_{near}"))
    return found


def _identifier(place: sp.Expr) -> str:
    return str(place).replace("-", "minus_").replace("/", "_over_")


def _polynomial(coefficients: Sequence[sp.Expr], offset: Node, called: str) -> Node:
    if all(c.is_number for c in coefficients):
        return horner(tuple(coefficients), offset, called)
    dummy = sp.Dummy("d", real=True)
    written = sp.Integer(0)
    for c in reversed(coefficients):
        written = c + dummy * written
    lowered = Translator()(written)
    return rewrite([lowered], lambda n: offset if n is arg(dummy.name) else n)[lowered]


def _radius_condition(
    value: sp.Expr, symbol: sp.Symbol, place: sp.Expr, coefficients: Sequence[sp.Expr], translate: Translator
) -> Node:
    """|slope·(x - p)| < `RADIUS` for every slope of a function's argument, and |x - p| likewise."""
    slopes = {sp.Integer(1)}
    for function in value.atoms(sp.Function):
        for argument in function.args:
            slope = sp.diff(argument, symbol).subs(symbol, place)
            if slope.is_number and abs(slope) <= 1:
                continue
            if not slope.has(sp.nan, sp.zoo, sp.oo):
                slopes.add(slope)
    condition = None
    for slope in sorted(slopes, key=sp.default_sort_key):
        small = node("lt", node("abs", translate(slope * (symbol - place))), const(RADIUS))
        condition = small if condition is None else both(condition, small)
    assert condition is not None
    return condition


def _finite_at(roots: Sequence[Node], columns: Mapping[str, Array], variable: str, place: float) -> bool:
    at = {**columns, variable: np.full_like(columns[variable], place)}
    return all(bool(np.all(np.isfinite(v))) for v in evaluate_nodes(roots, at))


def _improves(roots: Sequence[Node], patch: Near, columns: Mapping[str, Array], exact: Sequence[Array]) -> bool:
    joined = _joined(roots, patch, {})
    before = evaluate_nodes(roots, columns)
    after = evaluate_nodes(joined, columns)
    return all(
        float(np.max(relative_error(new, truth), initial=0.0)) <= float(np.max(relative_error(old, truth), initial=0.0))
        for old, new, truth in zip(before, after, exact, strict=True)
    )
