"""What the plots show: curves of an activation and its partials at the nominal parameters, as plain numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actgen.activation import Input, Smoothness
from actgen.backends.base import Unit
from actgen.program.evaluate import evaluate_numpy
from actgen.symbolic.derivation import Breakpoint, OutputMath
from actgen.symbolic.typesetting import Typesetter

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

_POINTS = 721
_USUAL = (-6.0, 6.0)
_NEAR = 1e-7
_LEVELS = {
    Smoothness.DISCONTINUOUS: "jump",
    Smoothness.C0: "$C^0$",
    Smoothness.C1: "$C^1$",
    Smoothness.C2: "$C^2$",
    None: "not proved",
}


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a plot: its label (mathtext) and its points, NaN where the line is broken."""

    label: str
    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Mark:
    """A breakpoint on the horizontal axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes.

    `title` names what all curves show, where they show one thing; else the curves' labels do. `sliced` says that they
    differ in the value of another input.
    """

    title: str
    horizontal: str
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...]
    sliced: bool = False


def panels(unit: Unit) -> tuple[Panel, ...]:
    """Everything that an activation's picture shows, in reading order.

    One input: for each output f with f′, then the partials of the parameters. Several inputs: f and each partial over
    the first input that it is not linear in, at a few values of the next one.
    """
    found: list[Panel] = []
    for output in unit.derivation.outputs:
        found += _of_one_input(unit, output) if len(unit.activation.inputs) == 1 else _of_slices(unit, output)
    return tuple(found)


def _of_one_input(unit: Unit, output: OutputMath) -> list[Panel]:
    typeset = Typesetter(unit.derivation)
    [source] = unit.activation.inputs
    name, letter = typeset.name(source.name), typeset.letter(output)
    marks = _marks(unit, output, source)
    x = _grid(unit, source, [b.nominal for b in output.breakpoints])
    outputs, partials = evaluate_numpy(unit.program, {source.name: x, **unit.activation.nominal()})
    prime = f"{letter}'" if len(letter) == 1 else rf"\partial {letter}/\partial {name}"
    shown = [
        _curve(f"${letter}$", x, outputs[output.name], output),
        _curve(f"${prime}$", x, partials[output.name, source.name], output),
    ]
    found = [Panel("", f"${name}$", tuple(shown), marks)]
    others = [
        _curve(_partial_label(typeset, output, p.name), x, partials[output.name, p.name], output)
        for p in unit.activation.parameters
    ]
    if others:
        found.append(Panel("", f"${name}$", tuple(others), tuple(Mark(m.x, "") for m in marks)))
    return found


def _of_slices(unit: Unit, output: OutputMath) -> list[Panel]:
    typeset = Typesetter(unit.derivation)
    source = curved_input(unit, output)
    sliced, *fixed = (i for i in unit.activation.inputs if i is not source)
    points = [b.nominal for b in output.breakpoints if b.variable == source.name]
    x = _grid(unit, source, points)
    arguments: dict[str, Array | float] = {source.name: x, **unit.activation.nominal()}
    arguments |= {i.name: _slices(unit, i)[3] for i in fixed}
    titles = {None: f"${typeset.letter(output)}$"}
    titles |= {v.name: _partial_label(typeset, output, v.name) for v in unit.activation.variables}
    curves: dict[str | None, list[Curve]] = {key: [] for key in titles}
    for at in _slices(unit, sliced):
        outputs, partials = evaluate_numpy(unit.program, {**arguments, sliced.name: at})
        label = f"${typeset.name(sliced.name)} = {_short(at)}$"
        for key, column in curves.items():
            y = outputs[output.name] if key is None else partials[output.name, key]
            column.append(_curve(label, x, y, output))
    marks = _marks(unit, output, source)
    horizontal = f"${typeset.name(source.name)}$"
    return [_sliced_panel(titles[key], horizontal, column, marks) for key, column in curves.items()]


def _sliced_panel(title: str, horizontal: str, curves: Sequence[Curve], marks: tuple[Mark, ...]) -> Panel:
    same = all(np.array_equal(c.y, curves[0].y, equal_nan=True) for c in curves[1:])
    if same:
        return Panel(f"{title}, the same at each of these", horizontal, tuple(curves[:1]), marks)
    return Panel(title, horizontal, tuple(curves), marks, sliced=True)


def _partial_label(typeset: Typesetter, output: OutputMath, variable: str) -> str:
    return rf"$\partial {typeset.letter(output)}/\partial {typeset.name(variable)}$"


def curved_input(unit: Unit, output: OutputMath) -> Input:
    """The first input along which the output is not a straight line."""
    for source in unit.activation.inputs:
        symbol = unit.derivation.symbols[source.name]
        bent = any(piece.partials[source.name].has(symbol) for piece in output.pieces)
        if bent or any(b.variable == source.name for b in output.breakpoints):
            return source
    return unit.activation.inputs[0]


def shown_range(unit: Unit, source: Input) -> tuple[float, float]:
    """Where pictures show an input: the domain that the spec claims if it is finite, else the usual one."""
    if source.name not in unit.activation.domain:
        return _USUAL
    low, high = unit.activation.domain[source.name]
    return (low.value, high.value) if math.isfinite(low.value) and math.isfinite(high.value) else _USUAL


def _slices(unit: Unit, source: Input) -> list[float]:
    """Five round values in the middle of an input's range."""
    low, high = shown_range(unit, source)
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(s for s in (power, 2 * power, 5 * power) if s <= rough * (1 + 1e-9))
    centre = round((low + high) / 2 / step)
    return [float(f"{(centre + k) * step:.6g}") for k in (-2, -1, 0, 1, 2)]


def _grid(unit: Unit, source: Input, points: Sequence[float]) -> Array:
    """An even grid, with every breakpoint and a neighbour on either side of it."""
    low, high = shown_range(unit, source)
    near = _NEAR * (high - low)
    extra = [p + d for p in points for d in (-near, 0.0, near) if low < p < high]
    return np.unique(np.concatenate([np.linspace(low, high, _POINTS), np.asarray(extra, dtype=np.float64)]))


def _curve(label: str, x: Array, y: Array, output: OutputMath) -> Curve:
    """The curve, broken where neighbours of a breakpoint differ."""
    finite = np.where(np.isfinite(y), y, np.nan)
    breaks = _jumps(x, finite, output.breakpoints)
    return Curve(label, np.insert(x, breaks, x[breaks]), np.insert(finite, breaks, np.nan))


def _jumps(x: Array, y: Array, breakpoints: Sequence[Breakpoint]) -> Indices:
    spread = np.nanmax(y) - np.nanmin(y) if np.isfinite(y).any() else 0.0
    close = np.diff(x) < 2 * _NEAR * (x[-1] - x[0])
    steps = np.abs(np.diff(y)) > 1e-3 * spread
    near = np.zeros(len(x) - 1, dtype=bool)
    for point in breakpoints:
        near |= np.abs(x[:-1] - point.nominal) < 3 * _NEAR * (x[-1] - x[0])
    return np.flatnonzero(close & steps & near) + 1


def _marks(unit: Unit, output: OutputMath, source: Input) -> tuple[Mark, ...]:
    low, high = shown_range(unit, source)
    found: dict[float, Mark] = {}
    for point in output.breakpoints:
        visible = point.variable == source.name and low < point.nominal < high
        if visible and point.smoothness is not Smoothness.CINF:
            found[point.nominal] = Mark(point.nominal, _LEVELS[point.smoothness])
    return tuple(found[x] for x in sorted(found))


def _short(value: float) -> str:
    return f"{value:.6g}" if value else "0"


def nominal_arguments(unit: Unit, inputs: Mapping[str, float]) -> dict[str, Array | float]:
    """These inputs with every parameter at its nominal value."""
    return {**{name: np.asarray(value) for name, value in inputs.items()}, **unit.activation.nominal()}
