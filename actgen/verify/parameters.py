"""At which parameters an activation is tested, and the numbers that its formula names."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from actgen.activation import Activation, Parameter, Via
from actgen.formats import Array
from actgen.formula import Call, Compare, Formula, Name, Number, names, walk
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import around, to_format

_SEED = 20_260_711
_NUDGES = (1e-3, -1e-3, 1e-8, -1e-8)
_ORDINARY = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])


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
