"""Holds a compiled spec against its own text: at which points, at which parameters, and what counts as a miss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb
from textbook import Textbook, float_of, precision

from actgen.activation import Activation
from actgen.program.evaluate import evaluate_numpy
from actgen.program.program import Program

Point = dict[str, float]

_SIZES = (
    1e-300,
    1e-30,
    1e-8,
    1e-5,
    1e-3,
    0.03,
    0.26,
    0.55,
    0.95,
    1.3,
    2.6,
    5.5,
    9.3,
    18.0,
    38.7,
    88.9,
    350.0,
    709.5,
)
_GRID = [sign * size for size in _SIZES for sign in (-1.0, 1.0)]
_FURTHER = (-0.75, 1.5, 0.4)  # the inputs after the first
_RELATIVE = 1e-12
_SMALLEST, _LARGEST = 2.3e-308, 1.79e308
_SIDES = (-4, -2, -1, 0, 1, 2, 4)  # floats beside a breakpoint that rounding may move it by
_ROUNDING = 8 * 2.0**-52


@dataclass(frozen=True, slots=True)
class Miss:
    """One quantity at one point: what was computed, what is true, and the relative error."""

    quantity: str
    at: Point
    got: float
    truth: float
    error: float

    def __str__(self) -> str:
        place = ", ".join(f"{name}={value!r}" for name, value in self.at.items())
        return f"{self.quantity} at {place}: {self.got!r}, not {self.truth!r} (relative {self.error:.1e})"


def misses(activation: Activation, program: Program, book: Textbook, further: list[Point]) -> Iterator[Miss]:
    """What is wrong in float64, at the nominal parameters, at others within bounds, and at `further` ones."""
    for parameters in _parameter_sets(activation, further):
        rest = {**dict(zip(book.inputs[1:], _FURTHER, strict=False)), **parameters}
        yield from _missed_along(program, book, rest)


def _parameter_sets(activation: Activation, further: list[Point]) -> list[Point]:
    nominal = activation.nominal()
    if not nominal:
        return [{}]
    moved = {p.name: _moved(nominal[p.name], p.bounds) for p in activation.parameters}
    return [nominal, moved, *({**nominal, **changed} for changed in further)]


def _moved(value: float, bounds: Any) -> float:
    low, high = (bounds.low.value, bounds.high.value) if bounds else (-math.inf, math.inf)
    if math.isfinite(low) and math.isfinite(high):
        return low + 0.83 * (high - low)
    moved = 2.3 * value + 0.01
    return low + 0.37 if moved <= low else high - 0.37 if moved >= high else moved


def _missed_along(program: Program, book: Textbook, rest: Point) -> Iterator[Miss]:
    first = book.inputs[0]
    edges = set(_beside_breakpoints(book, rest))
    xs = sorted({*_GRID, *edges})
    values, partials = evaluate_numpy(program, {**rest, first: np.array(xs)})
    for output in book.outputs:
        rows = [values[output], *(partials.get((output, v), np.zeros(len(xs))) for v in book.variables)]
        for i, x in enumerate(xs):
            at = {first: x, **rest}
            for k, ball in enumerate(book.evaluate(output, at)):
                got = float(rows[k][i])
                error = _error(got, ball)
                if error > _RELATIVE and not _excused(book, output, k, at, got, error, x in edges):
                    assert ball is not None
                    yield Miss(_label(book, output, k), at, got, float_of(ball), error)


def _label(book: Textbook, output: str, index: int) -> str:
    return output if index == 0 else f"d{output}/d{book.variables[index - 1]}"


def _error(got: float, ball: arb | None) -> float:
    """The relative error, infinite for what is wrong in kind; 0 where nothing is claimed."""
    if ball is None:
        return 0.0
    truth = float_of(ball)
    if math.isnan(truth):
        return 0.0 if math.isnan(got) else math.inf
    if abs(truth) > _LARGEST:
        return 0.0 if math.copysign(1, truth) * got > 0.999 * _LARGEST else math.inf
    if abs(truth) < _SMALLEST:
        return 0.0 if abs(got) <= 2 * _SMALLEST else math.inf
    if not math.isfinite(got):
        return math.inf
    with precision(256):
        return float_of(abs(arb(got) - ball) / abs(ball))


def _excused(book: Textbook, output: str, index: int, at: Point, got: float, error: float, edge: bool) -> bool:
    """Whether rounding the arguments alone can do this, or move a learned breakpoint to the other side of the point."""
    if error <= _ROUNDING * _condition(book, output, index, at):
        return True
    if not edge:
        return False
    first = book.inputs[0]
    sides = [book.evaluate(output, {**at, first: _float(_ordinal(at[first]) + k)})[index] for k in _SIDES]
    known = [float_of(s) for s in sides if s is not None and s.is_finite()]
    slack = 1e-9 * max(map(abs, known), default=0.0)
    return bool(known) and min(known) - slack <= got <= max(known) + slack


def _condition(book: Textbook, output: str, index: int, at: Point) -> float:
    """How many times larger than an argument's relative change the result's is, at most."""
    worst = 0.0
    here = book.evaluate(output, at)[index]
    for name in [n for n, v in at.items() if v]:
        moved = book.evaluate_beside(output, at, name, 2.0**-60)[index]
        if here is not None and moved is not None and here.is_finite() and moved.is_finite() and not here.is_zero():
            with precision(256):
                worst = max(worst, float_of(abs((moved - here) / here)) * 2.0**60)
    return worst


def _beside_breakpoints(book: Textbook, rest: Mapping[str, float]) -> Iterator[float]:
    """The two floats on either side of every point of the grid's range where the formula changes its mind."""
    first = book.inputs[0]
    xs = sorted({*_GRID, 0.0})
    choices = [book.choices({**rest, first: x}) for x in xs]
    for low, high, before, after in zip(xs, xs[1:], choices, choices[1:], strict=False):
        if before == after:
            continue
        i, j = _ordinal(low), _ordinal(high)
        while j - i > 1:
            middle = (i + j) // 2
            same = book.choices({**rest, first: _float(middle)}) == before
            i, j = (middle, j) if same else (i, middle)
        yield from map(_float, (i - 1, i, j, j + 1))


def _ordinal(x: float) -> int:
    bits = int(np.float64(abs(x)).view(np.int64))
    return -bits if x < 0 else bits


def _float(ordinal: int) -> float:
    size = float(np.int64(abs(ordinal)).view(np.float64))
    return -size if ordinal < 0 else size
