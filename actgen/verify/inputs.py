"""Where an activation is tested: columns of inputs and parameters, the same for every framework, from a fixed seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actgen.activation import Activation, Parameter, Via
from actgen.formula import Call, Compare, Formula, Name, Number, names, walk
from actgen.verify.patterns import around, binades, ends, every_16_bits, sweep_32, to_format
from actgen.verify.ulp import FORMATS, Array

_SEED = 20_260_711
_MAGNITUDES = (
    *(10.0**-k for k in (8, 7, 6, 5, 4, 3, 2)),
    *(0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 18, 20, 25, 30),
    *(36.7, 40, 50, 70, 87.3, 88.8, 100, 103.5, 150, 200, 300, 500, 650, 708.5, 709.5, 710),
)
_STEPS = {"float64": 12, "float32": 2, "bfloat16": 2, "float16": 1}


@dataclass(frozen=True, slots=True)
class Dataset:
    """Points in one format: a column for each variable, inputs then parameters, all of one length.

    `sampled` is False for points that are screened by float64 results of the same framework first.
    """

    name: str
    dtype: str
    columns: Mapping[str, Array]
    sampled: bool = True

    @property
    def size(self) -> int:
        """How many points."""
        return len(next(iter(self.columns.values())))

    def at(self, index: int) -> dict[str, float]:
        """One point."""
        return {name: float(column[index]) for name, column in self.columns.items()}


def datasets(activation: Activation, breakpoints: Mapping[str, Sequence[float]], thorough: bool) -> tuple[Dataset, ...]:
    """All points of a verification.

    Args:
        activation: what is verified.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        thorough: float32 by a sweep of the whole format and more draws of parameters; else a sample.
    """
    found = [_sample(activation, dtype, breakpoints, thorough) for dtype in FORMATS]
    found += [_grid(activation, f"every {d}", d, every_16_bits(d)) for d in ("bfloat16", "float16")]
    if thorough:
        found.append(_grid(activation, "sweep of float32", "float32", sweep_32()))
    return tuple(found)


def _grid(activation: Activation, name: str, dtype: str, values: Array) -> Dataset:
    """Nominal parameters; several inputs run through the same values in different orders."""
    generator = np.random.default_rng(_SEED)
    columns = {}
    for index, variable in enumerate(activation.inputs):
        columns[variable.name] = values if index == 0 else generator.permutation(values[np.isfinite(values)])
    size = min(len(c) for c in columns.values())
    cut = {name: column[:size] for name, column in columns.items()}
    nominal = {n: np.full(size, to_format(np.array(v), dtype)) for n, v in activation.nominal().items()}
    return Dataset(name, dtype, {**cut, **nominal}, sampled=False)


def _sample(activation: Activation, dtype: str, breakpoints: Mapping[str, Sequence[float]], thorough: bool) -> Dataset:
    rows: list[tuple[float, ...]] = []
    generator = np.random.default_rng(_SEED)
    narrow = dtype in ("bfloat16", "float16")
    draws = 16 if thorough else 1 if narrow else 6
    constants = _constants(activation)
    for index, parameters in enumerate(parameter_sets(activation, dtype, draws)):
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
    """Every value of each input, the other inputs being drawn from moderate ones."""
    if len(core) == 1:
        yield from ((float(v),) for v in core[0])
        return
    for index, column in enumerate(core):
        partners = [_moderate(c) for c in core]
        for value in column if full else generator.permutation(column)[:60]:
            yield tuple(float(value) if i == index else float(generator.choice(partners[i])) for i in range(len(core)))


def _moderate(column: Array) -> Array:
    return column[np.isfinite(column) & (np.abs(column) < 1e3) & (np.abs(column) > 1e-9) | (column == 0)]


def parameter_sets(activation: Activation, dtype: str, draws: int) -> list[dict[str, float]]:
    """Nominal values; each parameter alone at its ends, at removable points and beside them; seeded draws."""
    nominal = activation.nominal()
    found = [nominal]
    if draws > 1:
        for parameter in activation.parameters:
            found += [{**nominal, parameter.name: value} for value in _notable(activation, parameter, dtype)]
    generator = np.random.default_rng(_SEED)
    for _ in range(draws if activation.parameters else 0):
        found.append({p.name: _draw(activation, p, generator) for p in activation.parameters})
    rounded = [{n: float(to_format(np.array(v), dtype)) for n, v in s.items()} for s in found]
    return [s for s in rounded if all(math.isfinite(v) for v in s.values())]


def _notable(activation: Activation, parameter: Parameter, dtype: str) -> list[float]:
    low, high = _bounds(parameter)
    closed = parameter.via is Via.PROJECT
    places = [end for end in (low, high) if math.isfinite(end) and closed]
    removable = _compared(activation, parameter.name)
    if parameter.name not in _degenerate_at_zero(activation):
        removable = {0.0, *removable}
    for place in sorted(removable):
        places += around(place, dtype)
        places += [place + nudge for nudge in (1e-3, -1e-3, 1e-8, -1e-8)]
    return [
        p for p in dict.fromkeys(places) if (low <= p <= high if closed or parameter.via is None else low < p < high)
    ]


def _degenerate_at_zero(activation: Activation) -> frozenset[str]:
    """Parameters that the formula divides by, takes the root of, or compares with an input."""
    inputs = frozenset(i.name for i in activation.inputs)
    found: set[str] = set()
    for formula in _formulas(activation):
        for part in walk(formula):
            if isinstance(part, Call) and part.function in ("div", "sqrt"):
                found |= names(part.args[-1])
            elif isinstance(part, Compare) and (mentioned := names(part)) & inputs:
                found |= mentioned
    return frozenset(found - inputs)


def _bounds(parameter: Parameter) -> tuple[float, float]:
    bounds = parameter.bounds
    return (bounds.low.value, bounds.high.value) if bounds else (-math.inf, math.inf)


def _draw(activation: Activation, parameter: Parameter, generator: np.random.Generator) -> float:
    low, high = _bounds(parameter)
    if parameter.name in activation.domain:
        low, high = (
            max(low, activation.domain[parameter.name][0].value),
            min(high, activation.domain[parameter.name][1].value),
        )
    centre = parameter.nominal.value
    reach = max(1.0, abs(centre))
    low, high = max(low, centre - 2 * reach), min(high, centre + 2 * reach)
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


def _constants(activation: Activation) -> tuple[float, ...]:
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
