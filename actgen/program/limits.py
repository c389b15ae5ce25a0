"""Exact behaviour at huge arguments and at ±inf, as far as it can be decided by balls with unbounded exponents."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.activation import Parameter
from actgen.program.evaluate import evaluate_nodes
from actgen.program.ops import PERIODIC
from actgen.program.program import Node, topological
from actgen.program.sampling import Samples, allows, finite_ends
from actgen.program.sequences import holds_along, limits_along
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation, OutputMath

Array = npt.NDArray[Any]
Float = type[np.floating[Any]]
_HUGE: dict[Float, tuple[float, ...]] = {
    np.float64: (1e40, 1e103, 1e155, 1e200, 1e300, 1.7e308),
    np.float32: (1e5, 1e10, 1.9e13, 3e19, 1e30, 3e38),
}
_LARGE = (1e10, 3e19, 3e38)
_CLOSE: dict[Float, float] = {np.float64: 1e-11, np.float32: 3e-4}
_SETS = 6
_DRAWS, _SEED = 8, 20251127


class Extremes:
    """Sample columns at the ends for one output, with the exact values of each root there."""

    def __init__(self, output: OutputMath, derivation: Derivation, points: Samples) -> None:
        self.inputs = [i.name for i in derivation.activation.inputs]
        self._output, self._translate, self._points = output, Translator(), points
        self._base = _base_rows(points, self.inputs)
        parameters = derivation.activation.parameters
        self._signed = [*self.inputs, *(p.name for p in parameters if allows(p, -p.nominal.value))]
        self._drawn = len(self._base[self.inputs[0]])
        self._add_bounds(parameters)
        self._columns: dict[Float, dict[str, Array]] = {d: self._extended(h) for d, h in _HUGE.items()}
        self._add_zeros(parameters)
        self._own = self._columns[np.float64][self.inputs[0]].size
        self._add_draws(parameters)
        self._truth: dict[Float, list[Array]] = {d: self._truths(c) for d, c in self._columns.items()}

    def everywhere(self) -> Iterator[tuple[dict[str, Array], Float]]:
        """The ends, and the ordinary sample points too."""
        yield from self.settings()
        yield dict(self._points.columns), np.float64

    def settings(self) -> Iterator[tuple[dict[str, Array], Float]]:
        """The columns and the precision they are evaluated in."""
        for dtype, columns in self._columns.items():
            yield columns, dtype

    def faults(self, root: Node, index: int, strict: bool = False) -> int:
        """How many of the ends a root gets wrong, over both precisions; `strict` counts inaccurate results too."""
        return sum(int(np.sum(self._wrong(root, index, dtype, strict))) for dtype in _HUGE)

    def spoils(self, candidate: Node, root: Node, index: int) -> bool:
        """Whether a candidate is wrong, or inaccurate, anywhere that a root is right."""
        pairs = ((self._wrong(r, index, d, True) for r in (candidate, root)) for d in _HUGE)
        return any(bool(np.any(new & ~old)) for new, old in pairs)

    def wrong_at_infinity(self, root: Node, index: int, name: str, sign: int) -> bool:
        """Whether a root misses its limit at one end of one input."""
        wrong = self._wrong(root, index, np.float64)
        return bool(np.any(wrong & (self._columns[np.float64][name] == sign * math.inf)))

    def limits(self, index: int) -> Iterator[tuple[str, int, tuple[float, ...]]]:
        """(input, sign, limits): all that the drawn parameter sets have at each end, the commonest first.

        The ends of bounds do not count: there most parameters are nominal, so that a limit that moves looks fixed.
        """
        for name, sign in product(self.inputs, (1, -1)):
            limits = Counter(self._limits(index, name, sign))
            yield name, sign, tuple(float(limit) for limit, _ in limits.most_common())

    def signed_limits(self, index: int) -> Iterator[tuple[str, int, str, float, float]]:
        """(input, sign, other, limit, other limit), where the limit is known from another argument's sign.

        The first limit is the one where the other argument is positive.
        """
        columns = self._columns[np.float64]
        for name, sign, other in product(self.inputs, (1, -1), columns):
            if other == name:
                continue
            positive, negative = (set(self._limits(index, name, sign, side * columns[other] > 0)) for side in (1, -1))
            if len(positive) == len(negative) == 1 and positive != negative:
                above, below = float(positive.pop()), float(negative.pop())
                if self._always(index, name, sign, other, above) and self._always(index, name, sign, other, below, -1):
                    yield name, sign, other, above, below

    def _always(self, index: int, name: str, sign: int, other: str, limit: float, side: int = 1) -> bool:
        """Whether that is the limit at every drawn row with the other argument on that side, and any third one turned.

        Few rows are drawn: that those with a negative argument have a limit may be due to a third one.
        """
        drawn = {n: np.array(c[: self._drawn]) for n, c in self._base.items()}
        drawn[name], drawn[other] = np.full(self._drawn, sign * math.inf), side * np.abs(drawn[other])
        turned = [drawn, *({**drawn, n: -drawn[n]} for n in self._signed if n not in (name, other))]
        columns = {n: np.concatenate([rows[n] for rows in turned]) for n in drawn}
        truth = self._truths({n: c[columns[other] != 0] for n, c in columns.items()})[index]
        known = truth[~np.ma.getmaskarray(truth)]
        return 2 * known.size > columns[name].size and np.array_equal(known, np.full_like(known, limit), equal_nan=True)

    def _limits(
        self, index: int, name: str, sign: int, chosen: npt.NDArray[np.bool_] | bool = True
    ) -> Iterator[float | str]:
        """The known limits of the drawn parameter sets at one end; `chosen` says of which rows."""
        truth, column = self._truth[np.float64][index], self._columns[np.float64][name]
        rows = np.arange(column.size)
        drawn = (rows % len(self._base[name]) < self._drawn) | (rows >= self._own)
        known = truth[chosen & drawn & (column == sign * math.inf) & ~np.ma.getmaskarray(truth)]
        return ("nan" if math.isnan(v) else float(v) for v in known)

    def _wrong(self, root: Node, index: int, dtype: Float, strict: bool = False) -> npt.NDArray[np.bool_]:
        """Anything but the exact result; but for finite angles too large to have a digit only what is missing."""
        strict = strict or not any(n.op in PERIODIC for n in topological([root]))
        columns = self._columns[dtype]
        (value,) = evaluate_nodes([root], columns, dtype)
        infinite = np.any([np.isinf(columns[name]) for name in self.inputs], axis=0)
        with np.errstate(all="ignore"):
            unknown = np.ma.getmaskarray(self._truth[dtype][index])
            truth = np.ma.getdata(self._truth[dtype][index]).astype(dtype)
            close = np.abs(value - truth) <= _CLOSE[dtype] * np.abs(truth) + np.finfo(dtype).tiny
            right = (close & np.isfinite(truth)) | (value == truth) | (np.isnan(value) & np.isnan(truth))
            present = np.isfinite(value) & np.isfinite(truth) & (value != 0)
        return ~(unknown | (right if strict else np.where(infinite, right, right | present | np.isnan(truth))))

    def _extended(self, huge: Sequence[float]) -> dict[str, Array]:
        rows: dict[str, list[float]] = {name: [] for name in self._base}
        for name in self.inputs:
            for size in (*huge, math.inf):
                for sign in (1, -1):
                    for k in range(len(next(iter(self._base.values())))):
                        for other, column in self._base.items():
                            rows[other].append(sign * size if other == name else column[k])
        return {name: np.array(column, dtype=np.float64) for name, column in rows.items()}

    def _add_bounds(self, parameters: Sequence[Parameter]) -> None:
        """Each finite end of a parameter's bounds, where the formula has a value there, the others as they are."""
        for parameter in parameters:
            for row in self._ordinary(parameter, finite_ends(parameter)):
                for name, value in row.items():
                    self._base[name].append(value)

    def _add_zeros(self, parameters: Sequence[Parameter]) -> None:
        """Each parameter at 0, beside inputs that are finite in every format: there a root is 0 or grows otherwise."""
        columns = self._columns[np.float64]
        for parameter in parameters:
            for row in self._ordinary(parameter, [0.0] if allows(parameter, 0) else []):
                for name, size, sign in product(self.inputs, _LARGE, (1, -1)):
                    moved = {**row, name: sign * size}
                    self._columns[np.float64] = columns = {n: np.append(c, moved[n]) for n, c in columns.items()}

    def _add_draws(self, parameters: Sequence[Parameter]) -> None:
        """Infinite inputs beside parameters from wherever they are tried: few are drawn for the sample points.

        Of one input only: of several there are opposites already, and which of them is infinite matters.
        """
        if not parameters or len(self.inputs) > 1:
            return
        rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
        sets = [{p.name: rng.uniform(*p.tried()) for p in parameters} for _ in range(_DRAWS)]
        (name,), columns = self.inputs, self._columns[np.float64]
        rows = [{**values, name: sign * math.inf} for values in sets for sign in (1, -1)]
        self._columns[np.float64] = {n: np.append(c, [row[n] for row in rows]) for n, c in columns.items()}

    def _ordinary(self, parameter: Parameter, values: Sequence[float]) -> Iterator[dict[str, float]]:
        """The first row with each of these values for a parameter, where the formula has a value and slopes there."""
        first = {name: column[0] for name, column in self._base.items()}
        for value in values:
            row = {**first, parameter.name: value}
            if np.all(np.isfinite(self._truths({n: np.array([v]) for n, v in row.items()}))):
                yield row

    def _truths(self, columns: dict[str, Array]) -> list[Array]:
        """The exact values of each root; masked where the precision did not decide."""
        size = len(next(iter(columns.values())))
        count = 1 + len(self._output.pieces[0].partials)
        found: list[Array] = [np.ma.array(np.full(size, math.nan), mask=False) for _ in range(count)]
        taken = np.zeros(size, dtype=bool)
        pieces = self._output.pieces
        for position, piece in enumerate(pieces):
            holds = np.ones(size, dtype=bool)
            if position < len(pieces) - 1:
                holds = self._holds(self._translate.condition(piece.condition), columns)
            rows = np.flatnonzero(holds & ~taken)
            taken |= holds
            plain = [self._translate(piece.value), *(self._translate(p) for p in piece.partials.values())]
            domain = [self._translate(d) for d in piece.domain]
            for target, values in zip(found, self._piece_truths(plain, domain, columns, rows), strict=True):
                target[rows] = values
        return found

    def _holds(self, condition: Node, columns: dict[str, Array]) -> npt.NDArray[np.bool_]:
        """Where a piece's condition holds; at infinity by its limit, as far as that is known."""
        holds = np.array(evaluate_nodes([condition], columns)[0], dtype=bool)
        for row in np.flatnonzero(np.any([np.isinf(columns[name]) for name in self.inputs], axis=0)):
            limit = holds_along(condition, {n: float(c[row]) for n, c in columns.items()})
            holds[row] = holds[row] if limit is None else limit
        return holds

    def _piece_truths(
        self, plain: list[Node], domain: list[Node], columns: dict[str, Array], rows: npt.NDArray[np.intp]
    ) -> list[Array]:
        at = {name: column[rows] for name, column in columns.items()}
        infinite = np.any([np.isinf(c) for c in at.values()], axis=0) if rows.size else np.zeros(0, dtype=bool)
        found: list[Array] = [np.ma.array(np.full(rows.size, math.nan), mask=False) for _ in plain]
        finite = np.flatnonzero(~infinite)
        if finite.size:
            exact = truths([*plain, *domain], {n: c[finite] for n, c in at.items()})
            outside = np.any([d < 0 for d in exact[len(plain) :]], axis=0) if domain else np.zeros(finite.size, bool)
            for target, values in zip(found, exact, strict=False):
                target[finite] = np.where(outside, math.nan, values)
        for row in np.flatnonzero(infinite):
            limits = limits_along(plain, domain, {n: float(c[row]) for n, c in at.items()})
            for target, value in zip(found, limits, strict=True):
                target[row] = np.ma.masked if value is None else value
        return found


def _base_rows(points: Samples, inputs: Sequence[str]) -> dict[str, list[float]]:
    """One ordinary row of each parameter set; of several inputs, also their opposites."""
    step = max(1, points.size // _SETS)
    rows = range(step // 2, points.size, step)
    signs = (1, -1) if len(inputs) > 1 else (1,)
    return {
        n: [sign * _moderate(float(c[r])) if n in inputs else float(c[r]) for sign in signs for r in rows]
        for n, c in points.columns.items()
    }


def _moderate(x: float) -> float:
    return math.copysign(min(max(abs(x), 0.1), 3.0), x)
