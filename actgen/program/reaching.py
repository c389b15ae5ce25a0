"""Points at which something inside a program reaches a wanted size, however far out that is."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, arg, topological
from actgen.program.sampling import Samples

Array = npt.NDArray[np.float64]
Columns = Mapping[str, Array]

_SEED = 20251125
_BISECTIONS = 60
_LOWEST, _HIGHEST = -40.0, 1023.9  # binary exponents of the inputs that are tried
_NEAR = 0.1  # relative


def reaching(target: Node, sizes: Array, program: Program, points: Samples) -> Columns:
    """Points where the target has about the wanted sizes, in magnitude; none where it does not reach them.

    One input after the other, of either sign, is moved by bisection, as if the target grew with it; the other inputs
    are drawn from all sizes, the parameters from the sample points.
    """
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    used = set(topological([target]))
    found: list[Columns] = []
    for name in (i for i in program.inputs if arg(i) in used):
        for sign in (-1.0, 1.0):
            rows = [rng.randrange(points.size) for _ in sizes]
            columns = {p: points.columns[p][rows] for p in program.parameters}
            columns |= {i: np.array([_drawn(rng) for _ in rows]) for i in program.inputs}
            columns[name] = sign * _magnitudes(target, columns, name, sign, sizes)
            reached = np.abs(evaluate_nodes([target], columns)[0])
            near = np.abs(reached - sizes) < _NEAR * sizes
            found.append({n: column[near] for n, column in columns.items()})
    return {n: np.concatenate([part[n] for part in found]) for n in program.variables} if found else {}


def _magnitudes(target: Node, columns: Columns, name: str, sign: float, sizes: Array) -> Array:
    low, high = np.full(sizes.size, _LOWEST), np.full(sizes.size, _HIGHEST)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        (value,) = evaluate_nodes([target], {**columns, name: sign * np.exp2(middle)})
        below = np.abs(value) < sizes
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.exp2(low)


def _drawn(rng: random.Random) -> float:
    sign = rng.choice((-1.0, 1.0))
    return sign * 10.0 ** (rng.uniform(0, 308) if rng.random() < 0.5 else rng.uniform(-3, 3))
