"""Points at which something inside a program reaches a wanted size, however far out that is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, arg, topological
from actgen.program.sampling import Samples

Array = npt.NDArray[np.float64]
Columns = Mapping[str, Array]

_SEED = 20251125
_BISECTIONS = 60
_STEPS = np.concatenate([np.arange(-40, -4, 4), np.arange(-4, 16, 0.25), np.arange(16, 1023, 8), [1023.9]])
"""Binary exponents of the inputs that are tried."""
_INWARD = np.concatenate([np.arange(4, -40, -0.25), np.arange(-40, -1022, -8), [-1022.0]])
"""For what grows towards 0, as log(x)² and 1/x do."""
_NEAR = 0.1  # relative


def reaching(target: Node, sizes: Array, program: Program, points: Samples) -> Columns:
    """Points where the target has about the wanted sizes, in magnitude; none where it does not reach them.

    One input after the other, of either sign, is moved by bisection to where the target first has the size; the other
    inputs are drawn from all sizes, the parameters from the sample points. It is moved outwards, and inwards too
    where the target may grow towards 0.
    """
    used = set(topological([target]))
    moved = [i for i in program.inputs if arg(i) in used]
    inward = any(n.op in ("log", "div") for n in used)
    found = [
        part
        for steps in (_STEPS, _INWARD)[: 2 if inward else 1]
        for part in _along(steps, target, sizes, program, points, moved)
    ]
    return {n: np.concatenate([part[n] for part in found]) for n in program.variables} if found else {}


def _along(
    steps: Array, target: Node, sizes: Array, program: Program, points: Samples, moved: Sequence[str]
) -> Iterator[Columns]:
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    for name in moved:
        for sign in (-1.0, 1.0):
            rows = [rng.randrange(points.size) for _ in sizes]
            columns = {p: points.columns[p][rows] for p in program.parameters}
            columns |= {i: np.array([_drawn(rng) for _ in rows]) for i in program.inputs}
            columns[name] = sign * _magnitudes(steps, target, columns, name, sign, sizes)
            reached = np.abs(evaluate_nodes([target], columns)[0])
            near = np.abs(reached - sizes) < _NEAR * sizes
            yield {n: column[near] for n, column in columns.items()}


def _magnitudes(steps: Array, target: Node, columns: Columns, name: str, sign: float, sizes: Array) -> Array:
    """By bisection in the first step that reaches the size: beyond a clamp the target may be small again."""
    low, high = _first_step(steps, target, columns, name, sign, sizes)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        (value,) = evaluate_nodes([target], {**columns, name: sign * np.exp2(middle)})
        below = np.abs(value) < sizes
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.exp2(low)


def _first_step(
    steps: Array, target: Node, columns: Columns, name: str, sign: float, sizes: Array
) -> tuple[Array, Array]:
    """The binary exponents between which the target first reaches each size; the last step if it never does."""
    wide = {n: np.broadcast_to(column[:, None], (sizes.size, steps.size)) for n, column in columns.items()}
    (values,) = evaluate_nodes([target], {**wide, name: sign * np.exp2(steps) + 0 * sizes[:, None]})
    reached = ~(np.abs(values) < sizes[:, None])
    reached[:, -1] = True
    first = np.maximum(np.argmax(reached, axis=1), 1)
    return steps[first - 1], steps[first]


def _drawn(rng: random.Random) -> float:
    sign = rng.choice((-1.0, 1.0))
    return sign * 10.0 ** (rng.uniform(0, 308) if rng.random() < 0.5 else rng.uniform(-3, 3))
