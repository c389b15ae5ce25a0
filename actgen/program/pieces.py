"""Lowers one output: each canonical piece in its best form, guarded, patched, and joined by selects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import best_forms
from actgen.program.passes.domain import at_singular_points, within_domain
from actgen.program.passes.edges import at_edges
from actgen.program.passes.guard import Guard, guarded, is_harmless, negation, safe_point, select_chain
from actgen.program.passes.opposed import without_opposed_exponentials
from actgen.program.passes.patch import patched
from actgen.program.passes.quotient import quotient_patch
from actgen.program.passes.stabilise import stabilised
from actgen.program.passes.zeros import beside_zeros
from actgen.program.program import Node, Program, node
from actgen.program.sampling import Samples, far_out, with_further_parameters
from actgen.program.translate import Translator
from actgen.symbolic.derivation import Derivation, ExactPiece, OutputMath
from actgen.symbolic.points import solve_key

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a piece applies: its own condition and those of the pieces before it, as nodes and as a mask."""

    condition: Node | None
    before: tuple[Node, ...]
    exact: tuple[sp.Basic, ...]
    mask: Mask

    def holds(self, columns: Mapping[str, npt.NDArray[np.float64]]) -> Mask:
        """At which of the arguments the piece applies."""
        found = np.ones(len(next(iter(columns.values()))), dtype=bool)
        for condition in self.before:
            found &= ~np.asarray(evaluate_nodes([condition], columns)[0], dtype=bool)
        if self.condition is not None:
            found &= np.asarray(evaluate_nodes([self.condition], columns)[0], dtype=bool)
        return found


def lowered_output(output: OutputMath, derivation: Derivation, points: Samples, hints: dict[Node, str]) -> list[Node]:
    """The output's value and its partials in argument order, total over all arguments but for the ends."""
    translate = Translator()
    pieces = [p for p in output.pieces if not (p.is_limit and _is_on_parameters(p, derivation))]
    conditions = [translate.condition(p.condition) for p in pieces[:-1]]
    columns: list[list[Node]] = []
    taken = np.zeros(points.size, dtype=bool)
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        holds = np.ones(points.size, dtype=bool) if last else evaluate_nodes([conditions[index]], points.columns)[0]
        region = Region(
            None if last else conditions[index],
            tuple(conditions[:index]),
            _exact_region(pieces, index),
            np.asarray(holds) & ~taken,
        )
        taken |= np.asarray(holds)
        columns.append(_lowered_piece(piece, region, derivation, points, hints, translate))
    roots = [select_chain(conditions, values) for values in zip(*columns, strict=True)]
    for piece in output.pieces:
        if piece not in pieces:
            roots = _with_limits(piece, roots, points, translate)
    return roots


def _with_limits(piece: ExactPiece, roots: list[Node], points: Samples, translate: Translator) -> list[Node]:
    """A removable point of the parameters: its limits, unless the neighbouring pieces have them already."""
    assert isinstance(piece.condition, sp.Equality)
    variable, place = solve_key(piece.condition.lhs - piece.condition.rhs, sp.Integer(0))
    if not place.is_number:
        return roots
    near = ~far_out(points.columns)
    columns = {name: column[near] for name, column in points.columns.items()}
    columns[variable.name] = np.full(int(near.sum()), float(place))
    limits = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
    condition = translate.condition(piece.condition)
    found, exact = evaluate_nodes(roots, columns), evaluate_nodes(limits, columns)
    return [
        root if np.allclose(value, limit, rtol=1e-9, atol=1e-300, equal_nan=True) else where(condition, at, root)
        for root, at, value, limit in zip(roots, limits, found, exact, strict=True)
    ]


def _is_on_parameters(piece: ExactPiece, derivation: Derivation) -> bool:
    inputs = {derivation.symbols[i.name] for i in derivation.activation.inputs}
    return not piece.condition.free_symbols & inputs


def _exact_region(pieces: list[ExactPiece], index: int) -> tuple[sp.Basic, ...]:
    own = () if index == len(pieces) - 1 else (pieces[index].condition,)
    return (*own, *(sp.Not(p.condition) for p in pieces[:index]))


def _lowered_piece(
    piece: ExactPiece,
    region: Region,
    derivation: Derivation,
    points: Samples,
    hints: dict[Node, str],
    translate: Translator,
) -> list[Node]:
    quotient = quotient_patch(piece, derivation, points, region.mask, translate)
    closed = region.mask
    if quotient is not None:
        closed = closed & ~np.asarray(evaluate_nodes([quotient.condition], points.columns)[0], dtype=bool)
    roots = best_forms(piece, derivation, points, closed, region.holds, translate)
    roots = _without_opposed(piece, roots, region, derivation, points, translate)
    roots = patched(piece, roots, quotient, derivation, points, region.mask, translate, hints)
    if region.mask.any():
        at = {name: float(column[np.argmax(region.mask)]) for name, column in points.columns.items()}
        roots = beside_zeros(piece, roots, derivation, region.holds, at, translate, hints)
    if piece.domain:
        domain = [translate(stabilised(d)) for d in piece.domain]
        further = with_further_parameters(points, derivation)
        roots = within_domain(roots, domain, further, region.holds(further.columns))
    roots = at_edges(piece, roots, derivation, points, region.holds)
    roots = at_singular_points(piece, roots, derivation, points, region.mask, region.holds, translate)
    guard = _guard(piece, region, roots, derivation)
    return guarded(roots, guard, hints, _suffix(region)) if guard else roots


def _without_opposed(
    piece: ExactPiece,
    roots: list[Node],
    region: Region,
    derivation: Derivation,
    points: Samples,
    translate: Translator,
) -> list[Node]:
    activation = derivation.activation
    exact = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
    shape = Program(
        inputs=tuple(i.name for i in activation.inputs),
        parameters=tuple(p.name for p in activation.parameters),
        forward={},
        partials={},
        hints={},
    )
    further = with_further_parameters(points, derivation)
    return without_opposed_exponentials(roots, exact, shape, further, region.holds)


def _guard(piece: ExactPiece, region: Region, roots: list[Node], derivation: Derivation) -> Guard | None:
    inputs = [i.name for i in derivation.activation.inputs]
    if not region.exact or is_harmless(piece.value, inputs):
        return None
    used = {s.name for s in piece.value.free_symbols}
    keys = {s.name for condition in region.exact for s in condition.free_symbols}
    names = [v.name for v in derivation.activation.variables if v.name in used and (v.name in keys or v.name in inputs)]
    safe = safe_point(roots, names, derivation.activation.nominal(), region.exact)
    if safe is None:
        return None
    before = negation(region.before)
    if region.condition is None:
        assert before is not None
        return Guard(before, True, safe)
    condition = region.condition if before is None else node("and", region.condition, node("not", before))
    return Guard(condition, False, safe)


def _suffix(region: Region) -> str:
    (first, *others) = region.exact
    if not others and isinstance(first, (sp.Gt, sp.Ge)) and first.rhs == 0:
        return "pos"
    if not others and isinstance(first, (sp.Lt, sp.Le)) and first.rhs == 0:
        return "neg"
    return "in" if region.condition is not None else "low"
