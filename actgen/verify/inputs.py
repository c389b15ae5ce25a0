"""Where an activation is tested: columns of inputs and parameters, the same for every framework, from a fixed seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation, Parameter, Via
from actgen.formats import FORMATS, Array
from actgen.formula import Call, Compare, Formula, Name, Number, names, walk
from actgen.verify.edges import edge_points
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import around, binades, ends, to_format

Indices: TypeAlias = npt.NDArray[np.intp]

_SEED = 20_260_711
_MAGNITUDES = (
    *(10.0**-k for k in (8, 7, 6, 5, 4, 3, 2)),
    *(0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 18, 20, 25, 30),
    *(36.7, 40, 50, 70, 87.3, 88.8, 100, 103.5, 150, 200, 300, 500, 650, 708.5, 709.5, 710),
    *(10.0**k for k in (3, 4, 5, 6, 7, 8, 9, 12, 15)),
)
_NUDGES = (1e-3, -1e-3, 1e-8, -1e-8)
_ORDINARY = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
_STEPS = {"float64": 4, "float32": 2, "bfloat16": 2, "float16": 1}


SWEEP = "sweep of float32"
"""The name of the points that go through the whole of float32, at the nominal parameters."""

EVERY = "all 2^32 of float32"
"""The name of all of them, a NaN of each sign standing for all NaNs of that sign."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Points in one format: a column for each variable, inputs then parameters, all of one length.

    `checked` are the places at which the oracle is asked; None means at all, without a screen.
    """

    name: str
    dtype: str
    columns: Mapping[str, Array]
    checked: Indices | None = None

    @property
    def size(self) -> int:
        """How many points."""
        return len(next(iter(self.columns.values())))

    def at(self, index: int) -> dict[str, float]:
        """One point."""
        return {name: float(column[index]) for name, column in self.columns.items()}


def samples(
    activation: Activation, oracle: Oracle, breakpoints: Mapping[str, Sequence[float]], thorough: bool
) -> tuple[Dataset, ...]:
    """Points in each format at which the oracle is asked one by one.

    Args:
        activation: what is verified.
        oracle: says where results leave the range of a format.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        thorough: more draws of parameters, and every binade.
    """
    return tuple(_sample(activation, oracle, dtype, breakpoints, thorough) for dtype in FORMATS)


def _sample(
    activation: Activation, oracle: Oracle, dtype: str, breakpoints: Mapping[str, Sequence[float]], thorough: bool
) -> Dataset:
    rows: list[tuple[float, ...]] = []
    generator = np.random.default_rng(_SEED)
    narrow = dtype in ("bfloat16", "float16")
    draws = 16 if thorough else 1 if narrow else 6
    constants = named_numbers(activation)
    for index, parameters in enumerate(parameter_sets(activation, oracle, dtype, draws)):
        values = tuple(parameters.values())
        steps = 1 if index == 0 else 3
        core = [
            _core(activation, i.name, dtype, (*constants, *breakpoints.get(i.name, ())), steps)
            for i in activation.inputs
        ]
        if index == 0:
            rest = binades(dtype, _SEED, 1 if thorough else _STEPS[dtype])
            core = [np.concatenate([c, rest]) for c in core]
        rows += ((*point, *values) for point in _combine(core, generator, full=index == 0))
    rows += _claimed(activation, dtype)
    names = [v.name for v in activation.variables]
    rows += (tuple(point[n] for n in names) for point in edge_points(activation, oracle, dtype))
    table = to_format(np.array(rows), dtype)
    return Dataset(dtype, dtype, {name: table[:, i] for i, name in enumerate(names)})


def _core(activation: Activation, name: str, dtype: str, special: Iterable[float], step: int) -> Array:
    """Magnitudes of both signs, the domain, special places with their neighbours, and NaN.

    Of the magnitudes and the domain every `step`-th is taken; the ends of the format only if that is every one.
    """
    values = [*_MAGNITUDES[::step], *(-m for m in _MAGNITUDES[step // 2 :: step])]
    for place in (0.0, *special):
        values += around(place, dtype)
    if name in activation.domain:
        low, high = (bound.value for bound in activation.domain[name])
        if math.isfinite(low) and math.isfinite(high):
            values += np.linspace(low, high, 24 // step + 1).tolist()
    last = ends(dtype) if step == 1 else np.array([math.nan])
    return np.concatenate([np.unique(to_format(np.array(values), dtype)), last])


def _combine(core: Sequence[Array], generator: np.random.Generator, *, full: bool) -> Iterator[tuple[float, ...]]:
    """Every value of each input, the other inputs being drawn from moderate ones; if full, from all finite ones too."""
    if len(core) == 1:
        yield from ((float(v),) for v in core[0])
        return
    for partners in ([_moderate(c) for c in core], *([[c[np.isfinite(c)] for c in core]] if full else [])):
        for index, column in enumerate(core):
            for value in column if full else generator.permutation(column)[:60]:
                drawn = [float(generator.choice(p)) for p in partners]
                yield (*drawn[:index], float(value), *drawn[index + 1 :])


def _moderate(column: Array) -> Array:
    return column[np.isfinite(column) & (np.abs(column) < 1e3) & (np.abs(column) > 1e-9) | (column == 0)]


def parameter_sets(activation: Activation, oracle: Oracle, dtype: str, draws: int) -> list[dict[str, float]]:
    """Nominal values; each parameter alone at its ends, at removable points and beside them; seeded draws."""
    nominal = activation.nominal()
    found = [nominal]
    if draws > 1:
        for parameter in activation.parameters:
            found += [{**nominal, parameter.name: value} for value in _notable(activation, oracle, parameter, dtype)]
    generator = np.random.default_rng(_SEED)
    for _ in range(draws if activation.parameters else 0):
        found.append({p.name: _draw(activation, p, generator) for p in activation.parameters})
    rounded = [({n: float(to_format(np.array(v), dtype)) for n, v in s.items()}, s) for s in found]
    return [s for s, given in rounded if all(math.isfinite(v) and (v != 0 or given[n] == 0) for n, v in s.items())]


def _notable(activation: Activation, oracle: Oracle, parameter: Parameter, dtype: str) -> list[float]:
    """The ends of the bounds, numbers that conditions name, and 0, where the formula has values, with the floats next
    to them; beside removable points further ones.
    """
    low, high = _bounds(parameter)
    closed = parameter.via is Via.PROJECT
    special = {0.0, *_compared(activation, parameter.name), *(end for end in (low, high) if math.isfinite(end))}
    if parameter.name in _compared_with_inputs(activation):
        special -= {0.0}
    places: list[float] = []
    for place in sorted(special):
        removable = _is_singular(activation, oracle, parameter.name, place)
        nudged = [place + nudge for nudge in _NUDGES] if removable else []
        if _is_ordinary(activation, oracle, parameter.name, place):
            places += around(place, dtype)
        places += [p for p in nudged if _is_ordinary(activation, oracle, parameter.name, p)]
    return [
        p for p in dict.fromkeys(places) if (low <= p <= high if closed or parameter.via is None else low < p < high)
    ]


def _is_singular(activation: Activation, oracle: Oracle, parameter: str, value: float) -> bool:
    """Whether the formula, or its slope in the parameter, takes a limit there, or a value of its own."""
    places = [{i.name: x for i in activation.inputs} | {parameter: value} for x in _ORDINARY]
    targets = (None, parameter)
    return any(oracle.is_singular(o.name, t, at) for o in activation.outputs for at in places for t in targets)


def _is_ordinary(activation: Activation, oracle: Oracle, parameter: str, value: float) -> bool:
    """Whether the formula and its derivatives are finite there wherever they are at the nominal parameters."""
    columns: dict[str, Array] = {i.name: _ORDINARY for i in activation.inputs}
    targets = (None, *(v.name for v in activation.variables))
    for output in activation.outputs:
        nominal = oracle.table(output.name, targets, columns)
        moved = oracle.table(output.name, targets, {**columns, parameter: np.full_like(_ORDINARY, value)})
        if any(np.any(np.isfinite(nominal[t].hi) & ~np.isfinite(moved[t].hi)) for t in targets):
            return False
    return True


def _compared_with_inputs(activation: Activation) -> frozenset[str]:
    """Parameters that a condition compares with an input: at 0 a piece can shrink to a point, or two swap places."""
    inputs = frozenset(i.name for i in activation.inputs)
    compared = (names(n) for f in _formulas(activation) for n in walk(f) if isinstance(n, Compare))
    return frozenset().union(*(found for found in compared if found & inputs)) - inputs


def _bounds(parameter: Parameter) -> tuple[float, float]:
    bounds = parameter.bounds
    return (bounds.low.value, bounds.high.value) if bounds else (-math.inf, math.inf)


def _draw(activation: Activation, parameter: Parameter, generator: np.random.Generator) -> float:
    low, high = parameter.tried()
    if parameter.name in activation.domain:
        first, last = activation.domain[parameter.name]
        low, high = max(low, first.value), min(high, last.value)
    return float(generator.uniform(low, high))


def _formulas(activation: Activation) -> Iterator[Formula]:
    for output in activation.outputs:
        yield activation.resolved(output)


def _compared(activation: Activation, name: str) -> set[float]:
    """The numbers with which a condition compares a name directly."""
    found: set[float] = set()
    for formula in _formulas(activation):
        for node in walk(formula):
            if isinstance(node, Compare):
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(one, Name) and one.name == name and (value := _number(other)) is not None:
                        found.add(value)
    return found


def named_numbers(activation: Activation) -> tuple[float, ...]:
    """Numbers in conditions and in the arguments of Max, Min and clip: likely breakpoints."""
    found: set[float] = set()
    for formula in _formulas(activation):
        for node in walk(formula):
            if isinstance(node, Compare):
                parts: tuple[object, ...] = (node.left, node.right)
            elif isinstance(node, Call) and node.function in ("Max", "Min", "clip"):
                parts = node.args
            else:
                continue
            found |= {value for part in parts if (value := _number(part)) is not None}
    return tuple(sorted(found))


def _number(node: object) -> float | None:
    if isinstance(node, Number):
        return float(node.value)
    if isinstance(node, Call) and node.function == "neg" and isinstance(node.args[0], Number):
        return -float(node.args[0].value)
    return None


def _claimed(activation: Activation, dtype: str) -> list[tuple[float, ...]]:
    """The points of the spec's own checks."""
    nominal = activation.nominal()
    rows = []
    for output in activation.outputs:
        for check in output.checks.points:
            at = {**nominal, **{name: value.value for name, value in check.at.items()}}
            rows.append(tuple(at[v.name] for v in activation.variables))
    return rows
