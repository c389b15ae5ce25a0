"""What the pages say about an activation: properties and breakpoints as rows of cells, in either markup."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from actgen.activation import Activation, Combine, Smoothness
from actgen.backends.base import Unit
from actgen.docs.markup import MARKDOWN, Markup, interval
from actgen.docs.rows import Row
from actgen.docs.sampling import nominal_arguments
from actgen.docs.text import number
from actgen.program.evaluate import evaluate_numpy
from actgen.symbolic.derivation import OutputMath
from actgen.symbolic.typesetting import Typesetter

_CLASSES = {
    Smoothness.C0: ("C^0", ": continuous, with a kink"),
    Smoothness.C1: ("C^1", ""),
    Smoothness.C2: ("C^2", " at least"),
    Smoothness.CINF: (r"C^\infty", ""),
}
_CLAIMED = "(claimed; checked when the files are verified)"


def property_rows(unit: Unit, into: Markup = MARKDOWN) -> tuple[Row, ...]:
    """Inputs, outputs, constants by requirement, special values, smoothness, range and monotony."""
    outputs = unit.derivation.outputs
    return (
        *_shape_rows(unit.activation, into),
        *_constant_rows(unit, into),
        *(r for o in outputs for r in _output_rows(unit, o, into)),
    )


def _shape_rows(activation: Activation, into: Markup) -> Iterator[Row]:
    names = ", ".join(into.code(i.code_name) for i in activation.inputs)
    if len(activation.inputs) == 1:
        yield Row("Input", f"{names}, a tensor of any shape")
    else:
        note = f"tensors of one broadcast shape; a layer also takes one tensor in {len(activation.inputs)} equal parts"
        yield Row("Inputs", f"{names}: {note} along axis {activation.dim}")
    if len(activation.outputs) > 1:
        names = ", ".join(into.code(o.code_name) for o in activation.outputs)
        yield Row("Outputs", f"{names}: the function returns a tuple, {_combined(activation.combine, into)}")


def _constant_rows(unit: Unit, into: Markup) -> Iterator[Row]:
    """Where the constants by requirement come from."""
    typeset = Typesetter(unit.derivation)
    for entry in unit.activation.let:
        if entry.required is not None and entry.closed is not None:
            source = into.code(" ".join(entry.required.text.split()))
            yield Row(
                f"Constant {into.math(typeset.name(entry.name))}", f"{into.code(entry.closed)}, solved from {source}"
            )


def _combined(combine: Combine, into: Markup) -> str:
    if combine is Combine.TUPLE:
        return "the layer returns them as a tuple"
    verb = {Combine.CONCAT: "concatenates", Combine.STACK: "stacks"}[combine]
    return f"the layer {verb} them along {into.code('dim')}"


def _output_rows(unit: Unit, output: OutputMath, into: Markup) -> Iterator[Row]:
    typeset = Typesetter(unit.derivation)
    letter = typeset.letter(output)
    claims = next(o for o in unit.activation.outputs if o.name == output.name).checks
    if len(unit.activation.inputs) == 1:
        yield from _value_rows(unit, output, typeset, into)
    for variable, level in output.smoothness.items():
        note = _smooth(level, into)
        if level is Smoothness.CINF:
            note += ": no breakpoints" if not output.breakpoints else ""
        elif variable in claims.smoothness and level is not None:
            note += " (as the spec claims)"
        yield Row(f"Smoothness of {into.math(letter)} in {into.math(typeset.name(variable))}", note)
    for variable, direction in claims.monotone.items():
        yield Row(f"Monotone in {into.math(typeset.name(variable))}", f"{direction.value} {_CLAIMED}")
    if claims.range is not None:
        yield Row(f"Range of {into.math(letter)}", f"within {interval(*claims.range, into)} {_CLAIMED}")


def _value_rows(unit: Unit, output: OutputMath, typeset: Typesetter, into: Markup) -> Iterator[Row]:
    """Values at 0 and limits at ±∞, at the nominal parameters."""
    [source] = unit.activation.inputs
    letter, name = typeset.letter(output), typeset.name(source.name)
    prime = f"{letter}'" if len(letter) == 1 else rf"\partial {letter}/\partial {name}"
    for at, heading in ((0.0, f"{name} = 0"), (-math.inf, rf"{name} \to -\infty"), (math.inf, rf"{name} \to \infty")):
        outputs, partials = evaluate_numpy(unit.program, nominal_arguments(unit, {source.name: at}))
        value, slope = (float(v) for v in (outputs[output.name], partials[output.name, source.name]))
        yield Row(
            f"At {into.math(heading)}",
            f"{into.math(letter)}: {_limit(value, at, into)}, {into.math(prime)}: {_limit(slope, at, into)}",
        )


def _limit(value: float, at: float, into: Markup) -> str:
    if math.isnan(value):
        return "no limit" if math.isinf(at) else "undefined"
    return into.words(number(value))


def _smooth(level: Smoothness | None, into: Markup) -> str:
    if level is None:
        return into.strong("NOT PROVED")
    if level is Smoothness.DISCONTINUOUS:
        return "discontinuous"
    name, note = _CLASSES[level]
    return f"{into.math(name)}{note}"


@dataclass(frozen=True, slots=True)
class BreakpointRow:
    """Where, how smooth, and why."""

    output: str
    place: str
    smoothness: str
    proof: str


def breakpoint_rows(unit: Unit, into: Markup = MARKDOWN) -> tuple[BreakpointRow, ...]:
    """Every breakpoint with its smoothness at the nominal parameters and how that was proved."""
    typeset = Typesetter(unit.derivation)
    return tuple(
        BreakpointRow(
            into.math(typeset.letter(output)),
            into.math(f"{typeset.name(point.variable)} = {typeset.expression(point.location)}"),
            _smooth(point.smoothness, into),
            into.text(point.proof),
        )
        for output in unit.derivation.outputs
        for point in output.breakpoints
    )


def smoothness_summary(output: OutputMath) -> str:
    """The output's worst smoothness in one word of Markdown, for the index page."""
    levels = list(output.smoothness.values())
    if None in levels:
        return _smooth(None, MARKDOWN)
    worst = min((level for level in levels if level is not None), key=list(Smoothness).index, default=Smoothness.CINF)
    return _smooth(worst, MARKDOWN).split(":")[0].removesuffix(" at least")
