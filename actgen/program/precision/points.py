"""Where the precision of a kernel is tried: all of float32, and dense where results change sign or a choice turns.

Dense, too, where a result or a factor on the way has lost four of its digits, for it is below the normal numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from actgen.formats import LAST, Array, by_ordinal, ordinals
from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision.levels import VANISHING
from actgen.program.program import Program, topological
from actgen.program.sampling import Samples, spread_rows

_SEED = 20261126
_STRIDE = 200_003  # of bit patterns: some 84 in each binade of either sign
_SETS = 3  # of parameters, besides the nominal ones
_LESS = 3  # of so many points one, for a look
_MANY = 40  # values of a program, for each of which a look leaves out one point more
_BESIDE = 48  # floats on either side of a place
_PLACES = 8  # at most, of one result or choice
_BESIDE_VALUES = 3
_FEW_DIGITS = 2.0**-130
_NORMAL = 2.0**-126
_DENSE = 2_000_000  # points of a dense look, at most
_DENSE_VALUES = 60_000_000  # that are computed in it
_USUAL = (2.0**-8, 2.0**7)
_EXPONENTS, _WIDE = (-110.0, 110.0), 8.0
_END, _EVENLY = 8 << 23, 0.5  # floats at either end of float32, in eight binades; the part of all that is not there
_ALONG = 20_000  # points in which one input is usual and the others are not, of one more set of parameters
_WORST = 512  # rows whose inputs are put together anew
_PART = 1 << 17  # points that are computed at once
_OTHERWISE = float(np.float32(0.7))  # of inputs that stand still


def columns(program: Program, points: Samples) -> dict[str, Array]:
    """Float64 columns of float32 numbers: inputs everywhere and beside what turns, at several sets of parameters."""
    inputs = _everywhere(program.inputs)
    parts = []
    for parameters in _parameter_sets(program, points):
        parts.append(_with(inputs, parameters))
        parts += [_with(_turns(program, parameters, name), parameters) for name in program.inputs]
    return joined(parts)


def columns_along(program: Program, parameters: Mapping[str, float]) -> dict[str, Array]:
    """Inputs everywhere but less densely, for a look at one more set of parameters: the less, the larger a program."""
    every = max(_LESS, sum(1 for _ in topological(program.roots())) // _MANY)
    inputs = [{n: column[::every] for n, column in _everywhere(program.inputs).items()}]
    if len(program.inputs) > 1:
        inputs += _usual_beside_any(program.inputs, _ALONG)
    return _with(joined(inputs), _in_float32(parameters))


def dense(program: Program, points: Samples) -> list[dict[str, Array]]:
    """Parts of a look at the nominal parameters, where a roundings' worst coincidence is rare: floats that are usual.

    Beside a second input, which may be any float: there factors vanish that the other makes up for. The fewer, the
    larger a program.
    """
    count = min(_DENSE, _DENSE_VALUES // sum(1 for _ in topological(program.roots())))
    nominal = _parameter_sets(program, points)[0]
    if len(program.inputs) == 1:
        lines = [{program.inputs[0]: _usual_line(count)}]
    else:
        lines = _usual_beside_any(program.inputs, count // len(program.inputs))
    return [_with(part, nominal) for line in lines for part in _parts(line)]


def _usual_line(count: int) -> Array:
    first, stop = (int(np.float32(size).view(np.uint32)) for size in _USUAL)
    sizes = np.arange(first, stop, 2 * (stop - first) // count | 1, dtype=np.uint32).view(np.float32)
    return np.concatenate([-sizes, sizes]).astype(np.float64)


def _parts(columns: Mapping[str, Array]) -> list[dict[str, Array]]:
    """Rows of so many that they are computed at once."""
    count = math.ceil(len(next(iter(columns.values()))) / _PART)
    pieces = {name: np.array_split(column, count) for name, column in columns.items()}
    return [{name: piece[place] for name, piece in pieces.items()} for place in range(count)]


def recombined(rows: Mapping[str, Array], inputs: Sequence[str], badness: Array) -> dict[str, Array]:
    """The worst rows, and others in which each input is that of one of them: where unlucky roundings meet."""
    rng, worst = np.random.default_rng(_SEED), np.argsort(-badness, kind="stable")[:_WORST]
    count = len(badness) - worst.size
    again = {n: column[worst[rng.integers(0, worst.size, count)]] for n, column in rows.items() if n in inputs}
    return {
        n: np.concatenate([column[worst], again.get(n, column[worst[:1]].repeat(count))]) for n, column in rows.items()
    }


def joined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """The rows of each, one after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _in_float32(parameters: Mapping[str, float]) -> dict[str, float]:
    return {name: float(np.float32(value)) for name, value in parameters.items()}


def _parameter_sets(program: Program, points: Samples) -> list[dict[str, float]]:
    if not program.parameters:
        return [{}]
    rows = spread_rows(points, 1 + _SETS)
    return [_in_float32({n: float(points.columns[n][row]) for n in program.parameters}) for row in rows]


def _with(inputs: Mapping[str, Array], parameters: Mapping[str, float]) -> dict[str, Array]:
    size = len(next(iter(inputs.values())))
    return {**inputs, **{name: np.full(size, value) for name, value in parameters.items()}}


def _line(several: bool) -> Array:
    """All of float32; where there are several inputs, without subnormal ones, which are an edge of a gate."""
    bits = np.arange(0, 1 << 32, _STRIDE, dtype=np.uint64).astype(np.uint32).view(np.float32)
    sizes = np.geomspace(1e-6, 1, 500)
    parts = [bits[np.isfinite(bits)], np.linspace(-110, 110, 2001), np.linspace(-9, 9, 3001), sizes, -sizes]
    found = np.unique(np.concatenate(parts).astype(np.float32)).astype(np.float64)
    return found[(found == 0) | (np.abs(found) >= _NORMAL)] if several else found


@lru_cache(maxsize=4)
def _everywhere(names: tuple[str, ...]) -> dict[str, Array]:
    """All of float32 along each input, beside any and beside moderate values of the others."""
    line = _line(len(names) > 1)
    if len(names) == 1:
        return {names[0]: line}
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    rows: list[dict[str, Array]] = []
    for name in names:
        rows.append({n: line if n == name else np.array(rng.sample(line.tolist(), line.size)) for n in names})
        rows.append({n: line if n == name else np.full_like(line, np.float32(rng.uniform(-3, 3))) for n in names})
    return {n: np.concatenate([row[n] for row in rows]) for n in names}


@lru_cache(maxsize=2)
def _usual_beside_any(names: tuple[str, ...], size: int) -> list[dict[str, Array]]:
    """For each input a part in which it is usual and the others are any floats, the largest and smallest more often."""
    rng, first = np.random.default_rng(_SEED), int(ordinals(np.array([_NORMAL]))[0])

    def usual() -> Array:
        found = np.concatenate([rng.uniform(*_EXPONENTS, size // 2), rng.normal(0, _WIDE, size - size // 2)])
        return rng.permutation(found).astype(np.float32).astype(np.float64)

    def any_float() -> Array:
        ends = rng.choice([first, LAST - _END], size) + rng.integers(0, _END, size)
        places = np.where(rng.random(size) < _EVENLY, rng.integers(first, LAST, size), ends) * rng.choice([-1, 1], size)
        return by_ordinal(places)

    return [{n: usual() if n == name else any_float() for n in names} for name in names]


def _turns(program: Program, parameters: Mapping[str, float], name: str) -> dict[str, Array]:
    """Floats beside each place along one input where a result changes its sign, a condition its truth, or digits go."""
    nodes = tuple(topological(program.roots()))
    signed = (*program.roots(), *(n for n in nodes if n.is_bool))
    sized = (*program.roots(), *(n for n in nodes if n.op in VANISHING))

    def signs(column: Array) -> Array:
        at = {n: column if n == name else np.full_like(column, _OTHERWISE) for n in program.inputs}
        values = evaluate_nodes((*signed, *sized), _with(at, parameters), quickly=True)
        found = [np.sign(np.nan_to_num(v.astype(np.float64))) for v in values[: len(signed)]]
        return np.array(found + [np.abs(v) < _FEW_DIGITS for v in values[len(signed) :]])

    line = _line(len(program.inputs) > 1)
    found = np.diff(signs(line)) != 0
    places = [np.flatnonzero(row)[:_PLACES] for row in found]
    rows, starts = np.repeat(np.arange(len(places)), [p.size for p in places]), np.concatenate(places)
    low, high = ordinals(line[starts]), ordinals(line[starts + 1])
    before = signs(line[starts])[rows, np.arange(rows.size)]
    while rows.size and (high - low).max() > 1:
        middle = (low + high) // 2
        left = signs(by_ordinal(middle))[rows, np.arange(rows.size)] == before
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    far, close = low[rows < len(signed)], low[rows >= len(signed)]
    around = (far[:, None] + np.arange(-_BESIDE, _BESIDE + 1), close[:, None] + np.arange(_BESIDE_VALUES))
    beside = by_ordinal(np.unique(np.concatenate([part.ravel() for part in around])))
    beside = beside[np.isfinite(beside)]
    return {n: beside if n == name else np.full_like(beside, _OTHERWISE) for n in program.inputs}
