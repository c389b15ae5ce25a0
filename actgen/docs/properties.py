"""What the pages say about an activation: properties and breakpoints as rows of Markdown cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from actgen.activation import Activation, Combine, Smoothness
from actgen.backends.base import Unit
from actgen.docs.rows import Row
from actgen.docs.sampling import nominal_arguments
from actgen.docs.text import bound, code, inline_math, markdown_line, number
from actgen.program.evaluate import evaluate_numpy
from actgen.symbolic.derivation import OutputMath
from actgen.symbolic.typesetting import Typesetter

_SMOOTH = {
    Smoothness.DISCONTINUOUS: "discontinuous",
    Smoothness.C0: "$`C^0`$: continuous, with a kink",
    Smoothness.C1: "$`C^1`$",
    Smoothness.C2: "$`C^2`$ at least",
    Smoothness.CINF: r"$`C^\infty`$",
    None: "**NOT PROVED**",
}
_CLAIMED = "(claimed, checked by build)"
_COMBINE = {
    Combine.TUPLE: "the layer returns them as a tuple",
    Combine.CONCAT: "the layer concatenates them along `dim`",
    Combine.STACK: "the layer stacks them along `dim`",
}


def property_rows(unit: Unit) -> tuple[Row, ...]:
    """Inputs, outputs, special values, smoothness, range and monotony."""
    return (*_shape_rows(unit.activation), *(r for o in unit.derivation.outputs for r in _output_rows(unit, o)))


def _shape_rows(activation: Activation) -> Iterator[Row]:
    names = ", ".join(code(i.code_name) for i in activation.inputs)
    if len(activation.inputs) == 1:
        yield Row("Input", f"{names}, a tensor of any shape")
    else:
        note = f"tensors of one broadcast shape; a layer also takes one tensor in {len(activation.inputs)} equal parts"
        yield Row("Inputs", f"{names}: {note} along axis {activation.dim}")
    if len(activation.outputs) > 1:
        names = ", ".join(code(o.code_name) for o in activation.outputs)
        yield Row("Outputs", f"{names}: the function returns a tuple, {_COMBINE[activation.combine]}")


def _output_rows(unit: Unit, output: OutputMath) -> Iterator[Row]:
    typeset = Typesetter(unit.derivation)
    letter = typeset.letter(output)
    claims = next(o for o in unit.activation.outputs if o.name == output.name).checks
    if len(unit.activation.inputs) == 1:
        yield from _value_rows(unit, output, typeset)
    for variable, level in output.smoothness.items():
        note = _SMOOTH[level]
        if level is Smoothness.CINF:
            note += ": no breakpoints" if not output.breakpoints else ""
        elif variable in claims.smoothness and level is not None:
            note += " (as the spec claims)"
        yield Row(f"Smoothness of {inline_math(letter)} in {inline_math(typeset.name(variable))}", note)
    for variable, direction in claims.monotone.items():
        yield Row(f"Monotone in {inline_math(typeset.name(variable))}", f"{direction.value} {_CLAIMED}")
    if claims.range is not None:
        low, high = claims.range
        shown = f"{'[' if math.isfinite(low.value) else '('}{bound(low)}, "
        shown += f"{bound(high)}{']' if math.isfinite(high.value) else ')'}"
        yield Row(f"Range of {inline_math(letter)}", f"within {shown} {_CLAIMED}")


def _value_rows(unit: Unit, output: OutputMath, typeset: Typesetter) -> Iterator[Row]:
    """Values at 0 and limits at ±∞, at the nominal parameters."""
    [source] = unit.activation.inputs
    letter, name = typeset.letter(output), typeset.name(source.name)
    prime = f"{letter}'" if len(letter) == 1 else rf"\partial {letter}/\partial {name}"
    for at, heading in ((0.0, f"{name} = 0"), (-math.inf, rf"{name} \to -\infty"), (math.inf, rf"{name} \to \infty")):
        outputs, partials = evaluate_numpy(unit.program, nominal_arguments(unit, {source.name: at}))
        value, slope = (float(v) for v in (outputs[output.name], partials[output.name, source.name]))
        yield Row(
            f"At {inline_math(heading)}",
            f"{inline_math(letter)}: {_limit(value, at)}, {inline_math(prime)}: {_limit(slope, at)}",
        )


def _limit(value: float, at: float) -> str:
    if math.isnan(value):
        return "no limit" if math.isinf(at) else "undefined"
    return number(value)


@dataclass(frozen=True, slots=True)
class BreakpointRow:
    """Where, how smooth, and why, as Markdown."""

    output: str
    place: str
    smoothness: str
    proof: str


def breakpoint_rows(unit: Unit) -> tuple[BreakpointRow, ...]:
    """Every breakpoint with its smoothness at the nominal parameters and how that was proved."""
    typeset = Typesetter(unit.derivation)
    return tuple(
        BreakpointRow(
            inline_math(typeset.letter(output)),
            inline_math(f"{typeset.name(point.variable)} = {typeset.expression(point.location)}"),
            _SMOOTH[point.smoothness],
            markdown_line(point.proof),
        )
        for output in unit.derivation.outputs
        for point in output.breakpoints
    )


def smoothness_summary(output: OutputMath) -> str:
    """The output's worst smoothness in one word, for the index page."""
    levels = list(output.smoothness.values())
    if None in levels:
        return _SMOOTH[None]
    worst = min((level for level in levels if level is not None), key=list(Smoothness).index, default=Smoothness.CINF)
    return _SMOOTH[worst].split(":")[0].removesuffix(" at least")
