"""The points at which forms are compared: every binade, both signs, the breakpoints, and several parameter sets."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actgen.activation import Parameter
from actgen.symbolic.derivation import Derivation

_SEED = 20251122
_DRAWS = 5
_FURTHER = 24
_NEAR_0 = (2.0**-2, 2.0**-4, 2.0**-7, 2.0**-10)
_EXPONENTIAL = tuple(sign * size for size in (87.0, 89.0, 350.0, 708.0, 709.7, 746.0) for sign in (1.0, -1.0))
_ALGEBRAIC = tuple(sign * size for size in (1e20, 1e60, 1e110, 5e153, 1e200, 1e300) for sign in (1.0, -1.0))
_FAR = 1e19
_EDGES = (*_EXPONENTIAL, *_ALGEBRAIC)
"""Where exponentials, and powers, leave the range of float32 and float64."""
_ORDINARY = 110
_PER_SET = _ORDINARY + len(_EDGES)


@dataclass(frozen=True, slots=True)
class Samples:
    """Columns of float64 arguments by declared name, all of one length; `nominal` counts the first parameter set."""

    columns: dict[str, npt.NDArray[np.float64]]
    size: int


Holds = Callable[[Mapping[str, npt.NDArray[np.float64]]], npt.NDArray[np.bool_]]
"""At which arguments a piece applies."""


def spread_rows(points: Samples, count: int) -> range:
    """So many rows at most, from the first, which is nominal, to the last: one of each parameter set, if enough."""
    return range(0, points.size, -(-points.size // count))


def far_out(columns: Mapping[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.bool_]:
    """Where some argument is so large that its powers leave the range."""
    return np.any([np.abs(column) > _FAR for column in columns.values()], axis=0)


def samples(derivation: Derivation) -> Samples:
    """The points for one activation, the same at every run."""
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    activation = derivation.activation
    sets = [activation.nominal()]
    sets += [
        {p.name: _draw(p, rng) for p in activation.parameters} for _ in range(_DRAWS if activation.parameters else 0)
    ]
    return _with_inputs(derivation, sets, rng)


def with_further_parameters(points: Samples, derivation: Derivation) -> Samples:
    """The points, and others at parameters from wherever the verification draws them: for what is cheap to decide."""
    rng = random.Random(_SEED + 2)  # noqa: S311 - sampling, not secrets
    ranges = {p.name: p.tried() for p in derivation.activation.parameters}
    if not ranges:
        return points
    sets = [{name: rng.uniform(*ends) for name, ends in ranges.items()} for _ in range(_FURTHER)]
    others = _with_inputs(derivation, sets, rng)
    joined = {n: np.concatenate([column, others.columns[n]]) for n, column in points.columns.items()}
    return Samples(joined, points.size + others.size)


def further_parameters(derivation: Derivation) -> list[dict[str, float]]:
    """Sets of parameters that the samples do not have: from wherever the verification draws them, and near 0.

    Near 0 each is alone, for there a formula mostly degenerates, and what cancels is not hidden by what does not.
    """
    rng = random.Random(_SEED + 3)  # noqa: S311 - sampling, not secrets
    activation = derivation.activation
    sets = [{p.name: rng.uniform(*p.tried()) for p in activation.parameters} for _ in range(_FURTHER)]
    for parameter in activation.parameters:
        small = [sign * size for size in _NEAR_0 for sign in (1.0, -1.0)]
        sets += [{**activation.nominal(), parameter.name: value} for value in small if allows(parameter, value)]
    return sets if activation.parameters else []


def nominal_rows(points: Samples, derivation: Derivation) -> dict[str, npt.NDArray[np.float64]]:
    """The points of the first parameter set, which is the nominal one."""
    nominal = derivation.activation.nominal()
    rows = (
        np.all([points.columns[name] == value for name, value in nominal.items()], axis=0) if nominal else slice(None)
    )
    return {name: column[rows] for name, column in points.columns.items()}


def finite_ends(parameter: Parameter) -> list[float]:
    """The ends of the bounds that are numbers."""
    bounds = parameter.bounds
    return [v for v in (bounds.low.value, bounds.high.value) if math.isfinite(v)] if bounds else []


def allows(parameter: Parameter, value: float) -> bool:
    """Whether a value is within the bounds."""
    bounds = parameter.bounds
    return bounds is None or bounds.low.value <= value <= bounds.high.value


def _with_inputs(derivation: Derivation, sets: Sequence[Mapping[str, float]], rng: random.Random) -> Samples:
    activation = derivation.activation
    beside = random.Random(_SEED + 1)  # noqa: S311 - sampling; apart, so that far points change no other point
    special = {i.name: _special(derivation, i.name) for i in activation.inputs}
    columns: dict[str, list[float]] = {v.name: [] for v in activation.variables}
    for values in sets:
        for index in range(_PER_SET):
            for place, i in enumerate(activation.inputs):
                moves = index < _ORDINARY + len(_EXPONENTIAL) or index % len(activation.inputs) == place
                columns[i.name].append(_input(index, special[i.name], rng) if moves else beside.uniform(-3, 3))
            for name, value in values.items():
                columns[name].append(value)
    arrays = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
    return Samples(arrays, len(sets) * _PER_SET)


def _special(derivation: Derivation, name: str) -> list[float]:
    places = sorted({b.nominal for o in derivation.outputs for b in o.breakpoints if b.variable == name})
    found = []
    for place in places:
        found += [math.nextafter(place, math.inf), math.nextafter(place, -math.inf), place]
        found += [place + 1e-6, place - 1e-6, place + 1e-3, place - 1e-3]
    return found


def _input(index: int, special: list[float], rng: random.Random) -> float:
    if index < len(special) and index < _ORDINARY // 3:
        return special[index]
    if index >= _ORDINARY:
        return _EDGES[index - _ORDINARY]
    sign = rng.choice((-1.0, 1.0))
    match index % 5:
        case 0 | 1:
            return rng.uniform(-8, 8)
        case 2:
            return sign * 10.0 ** rng.uniform(-12, 0)
        case 3:
            return sign * 10.0 ** rng.uniform(0, 5 if index % 3 == 0 else 2.8)
        case _:
            return sign * 10.0 ** rng.uniform(-150, -8)


def _draw(parameter: Parameter, rng: random.Random) -> float:
    low, high = -math.inf, math.inf
    if parameter.bounds:
        low, high = parameter.bounds.low.value, parameter.bounds.high.value
    nominal = parameter.nominal.value
    spread = max(abs(nominal), 0.5)
    low, high = max(low, nominal - 1.5 * spread), min(high, nominal + 1.5 * spread)
    return rng.uniform(low, high) if low < high else nominal
