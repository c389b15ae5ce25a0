"""Points at which finite differences make sense: for the frameworks' own gradient checks."""

from __future__ import annotations

import math

import numpy as np

from actgen.activation import Activation
from actgen.formats import Array
from actgen.verify.balls import UndecidedError
from actgen.verify.oracle import Oracle

_WANTED = 8
_TRIED = 60
_STEP = 2.0**-10
_SEED = 20_260_712


def smooth_points(activation: Activation, oracle: Oracle) -> Array:
    """A few points of moderate size, away from kinks, in columns: (variables, points); possibly none.

    A point is taken if every partial of every output, there and a step to either side of each variable, is of
    moderate size and bends gently.
    """
    generator = np.random.default_rng(_SEED)
    found: list[list[float]] = []
    for _ in range(_TRIED):
        at = _draw(activation, generator)
        if _gentle(activation, oracle, at):
            found.append(list(at.values()))
        if len(found) == _WANTED:
            break
    return np.array(found, dtype=np.float64).reshape(len(found), len(activation.variables)).T


def _draw(activation: Activation, generator: np.random.Generator) -> dict[str, float]:
    at = {}
    for variable in activation.inputs:
        low, high = -3.0, 3.0
        if variable.name in activation.domain:
            low, high = (bound.value for bound in activation.domain[variable.name])
        at[variable.name] = float(generator.uniform(max(low, -20.0), min(high, 20.0)))
    return {**at, **activation.nominal()}


def _gentle(activation: Activation, oracle: Oracle, at: dict[str, float]) -> bool:
    names = list(at)
    for output in activation.outputs:
        centre = [_partial(oracle, output.name, wrt, at) for wrt in names]
        if not all(abs(value) < 50 for value in centre):
            return False
        for name in names:
            around = [{**at, name: at[name] + step} for step in (-_STEP, _STEP)]
            for wrt, value in zip(names, centre, strict=True):
                low, high = (_partial(oracle, output.name, wrt, place) for place in around)
                bend = abs(low - 2 * value + high) / _STEP**2
                if not (bend < 200 and abs(high - low) / _STEP < 200):
                    return False
    return True


def _partial(oracle: Oracle, output: str, wrt: str, at: dict[str, float]) -> float:
    try:
        return oracle.partial(output, wrt, at)
    except UndecidedError:
        return math.nan
