"""Which 16-bit formats can be computed in float32.

Mostly both can. But bfloat16 has the range of float32 itself: a factor can overflow or vanish where the result is an
ordinary number, and an angle can lose its digits; and beside a zero float32 itself can be too coarse. So it is tried:
every number of either format goes through the program in both precisions. What does not fit is computed in float64.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from actgen.formats import FORMATS, Array, Format, every_16_bits, spacing
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Program
from actgen.program.sampling import Samples, spread_rows

_SEED = 20251126
_ALLOWED = 0.01  # ulps of the format, added to the half that rounding takes
_SETS = 5  # of parameters, besides the nominal ones
_BLOCK = 8192  # rows at a time: what the processor's cache holds


_FORMATS = (FORMATS["bfloat16"], FORMATS["float16"])


def fit_for_float32(
    program: Program, points: Samples, *, flushes: bool, special: Mapping[str, Sequence[float]] | None = None
) -> tuple[str, ...]:
    """The formats of which all results in float32 are those in float64, to a hundredth of an ulp of the format.

    Args:
        program: as it is printed.
        points: give the parameter sets.
        flushes: whether subnormal numbers become 0; then those that go in and those that come out may.
        special: values of parameters to try besides, each beside the nominal ones of the others.
    """
    flushing = {f: flushes and f.name == "bfloat16" for f in _FORMATS}
    return tuple(f.name for f in _FORMATS if _fits(program, points, f, flushing[f], special or {}))


def _fits(
    program: Program, points: Samples, form: Format, flushes: bool, special: Mapping[str, Sequence[float]]
) -> bool:
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    values = every_16_bits(form.name)
    values = values[np.isfinite(values)]
    columns = _inputs(program.inputs, values, rng)
    sets = _drawn(program, points, values) + _special(program, points, special)
    blocks = [{n: c[start : start + _BLOCK] for n, c in columns.items()} for start in range(0, _size(columns), _BLOCK)]
    return all(_same(program, {**block, **parameters}, form, flushes) for parameters in sets for block in blocks)


def _size(columns: Mapping[str, Array]) -> int:
    return next(iter(columns.values())).size


def _drawn(program: Program, points: Samples, values: Array) -> list[dict[str, Array]]:
    """The nominal parameters and some others, rounded as a layer in this format stores them."""
    rows = spread_rows(points, 1 + _SETS)
    return [{n: _nearest(float(points.columns[n][row]), values) for n in program.parameters} for row in rows]


def _special(program: Program, points: Samples, special: Mapping[str, Sequence[float]]) -> list[dict[str, Array]]:
    """Special values as they are handed to the plain function: a 0 times what overflows, a pole at a·x = 1."""
    nominal = {n: _single(float(points.columns[n][0])) for n in program.parameters}
    return [{**nominal, n: _single(v)} for n in program.parameters for v in special.get(n, ())]


def _single(value: float) -> Array:
    return np.array([np.float32(value)], dtype=np.float64)


def _inputs(names: Sequence[str], values: Array, rng: random.Random) -> dict[str, Array]:
    """Every value of each input; of several, beside random values of the others, beside their largest, and beside the
    same and the opposite value, where sums of two cancel.
    """
    if len(names) == 1:
        return {names[0]: values}
    shuffled = {name: np.array(rng.sample(values.tolist(), values.size)) for name in names}
    rows = [
        shuffled,
        *({other: values if other == n else np.full_like(values, values.max()) for other in names} for n in names),
        dict.fromkeys(names, values),
        *({other: -values if other == n else values for other in names} for n in names[1:]),
    ]
    return {name: np.concatenate([row[name] for row in rows]) for name in names}


def _nearest(value: float, values: Array) -> Array:
    return values[np.argmin(np.abs(values - value)), None]


def _same(program: Program, columns: Mapping[str, Array], form: Format, flushes: bool) -> bool:
    roots = tuple(dict.fromkeys(program.roots()))
    narrow = evaluate_nodes(roots, columns, np.float32, flushes=flushes)
    pairs = zip(narrow, evaluate_nodes(roots, columns, quickly=True), strict=True)
    excused = np.any([(np.abs(columns[i]) < form.tiny) & flushes for i in program.inputs], axis=0)
    return all(bool(np.all(excused | _close(n.astype(np.float64), wide, form, flushes))) for n, wide in pairs)


def _close(narrow: Array, wide: Array, form: Format, flushes: bool) -> npt.NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        near = np.abs(narrow - wide) <= _ALLOWED * spacing(np.where(np.isfinite(wide), wide, 0), form)
        beyond = np.minimum(np.abs(narrow), np.abs(wide)) > form.largest
        over = beyond & (np.sign(narrow) == np.sign(wide))
        under = (narrow == 0) & (np.abs(wide) < form.tiny) & flushes
        return near | over | under | (np.isnan(narrow) & np.isnan(wide))
