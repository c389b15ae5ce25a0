"""Right beside a zero that is a fixed number, a short Taylor polynomial takes over where the closed form is too coarse.

The terms of Mish's slope are near 1 and leave an error of 1e-16; at the float32 next to its zero at -1.19… the slope
is 8e-10, so that is more than half an ulp of float32. The polynomial is around the float32 nearest to the zero: no
number of that format is rounded when it is subtracted, and the first coefficient is the exact result there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import add, horner, sub
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.near import Near, held, joined
from actgen.program.program import Node, arg, const, node
from actgen.program.sampling import Holds
from actgen.program.series import NoSeriesError, taylor
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation, ExactPiece

Array = npt.NDArray[np.float64]

_COARSE = 0.1
"""Ulps of float32; what a result may be off by beside its rounding."""
_RADIUS = sp.Rational(1, 2**16)
_TERMS = 5
_DIGITS = 60
_MOST = 4
_GRID = np.geomspace(2.0**-7, 2.0**7, 1 << 13)
_HALVINGS = 64
_NEXT = 4  # numbers of float32 on either side


def beside_zeros(
    piece: ExactPiece,
    roots: Sequence[Node],
    derivation: Derivation,
    holds: Holds,
    at: Mapping[str, float],
    translate: Translator,
    hints: dict[Node, str],
) -> list[Node]:
    """The piece's roots with a polynomial beside those of their zeros that they miss.

    Args:
        piece: gives the exact value and partials, in the order of the roots.
        roots: closed forms.
        derivation: names the inputs.
        holds: where the piece applies.
        at: a point of it.
        translate: for exact expressions.
        hints: is given the names of the new nodes.
    """
    found = list(roots)
    for index, exact in enumerate((piece.value, *piece.partials.values())):
        (symbol, *others) = sorted(exact.free_symbols, key=str) or (None,)
        if symbol is None or others or symbol.name not in {i.name for i in derivation.activation.inputs}:
            continue
        line = _Line(symbol.name, at, holds)
        for place in _zeros(found[index], line):
            found[index] = _mended(exact, found[index], symbol, place, line, translate, hints)
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in the piece along one input; the results there depend on nothing else."""

    name: str
    at: Mapping[str, float]
    holds: Holds

    def values(self, root: Node, x: Array) -> Array:
        """A root's values along the line."""
        return evaluate_nodes([root], self._columns(x))[0]

    def inside(self, x: Array) -> npt.NDArray[np.bool_]:
        """Where the piece applies."""
        return self.holds(self._columns(x))

    def _columns(self, x: Array) -> dict[str, Array]:
        return {**{name: np.full_like(x, value) for name, value in self.at.items()}, self.name: x}


def _zeros(root: Node, line: _Line) -> Iterator[float]:
    """The float32 nearest to where the root changes its sign, for the first few places."""
    x = np.concatenate([-_GRID[::-1], _GRID])
    x = x[line.inside(x)]
    signs = np.sign(line.values(root, x))
    places = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    for index in places[:_MOST]:
        low, high = x[index], x[index + 1]
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if np.sign(line.values(root, np.array([middle])))[0] == signs[index]:
                low = middle
            else:
                high = middle
        yield float(np.float32(high))


def _mended(
    exact: sp.Expr,
    root: Node,
    symbol: sp.Symbol,
    place: float,
    line: _Line,
    translate: Translator,
    hints: dict[Node, str],
) -> Node:
    x = _beside(place)
    x = x[line.inside(x)]
    (truth,) = truths([translate(exact)], {line.name: x})
    if not x.size or not _error(line.values(root, x), truth) > _COARSE:
        return root
    try:
        coefficients = taylor(exact, symbol, sp.Float(place, _DIGITS), _TERMS)
    except NoSeriesError:
        return root
    offset = add(arg(line.name), const(-place)) if place < 0 else sub(arg(line.name), const(place))
    condition = node("lt", node("abs", offset), const(_RADIUS))
    hints[condition] = "near_zero"
    polynomial = horner([sp.Rational(float(c)) for c in coefficients], offset, "near_zero")
    (patch,) = held([polynomial], condition, {line.name: const(place)})
    (joint,) = joined([root], Near(condition, (patch,), {}), hints, "near_zero")
    return joint if _error(line.values(joint, x), truth) < _COARSE / 8 else root


def _error(values: Array, truth: Array) -> float:
    """The largest, in ulps of float32."""
    known = ~np.isnan(truth)
    return float(np.max(np.abs(values - truth)[known] / np.abs(np.spacing(truth[known].astype(np.float32))), initial=0))


def _beside(place: float) -> Array:
    """The numbers of float32 next to a place, and some as far as the polynomial goes."""
    above = below = np.float32(place)
    found = [above]
    for _ in range(_NEXT):
        above, below = np.nextafter(above, np.float32(np.inf)), np.nextafter(below, np.float32(-np.inf))
        found += [above, below]
    further = place + np.outer([1, -1], np.geomspace(2.0**-22, float(_RADIUS) * 0.99, 8)).ravel()
    return np.concatenate([np.array(found, dtype=np.float64), further])
