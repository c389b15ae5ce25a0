"""The stage itself: a Derivation becomes a Program."""

from __future__ import annotations

from actgen.program.passes.absorb import without_lost_products
from actgen.program.passes.ends import finished
from actgen.program.passes.fractions import over_one_denominator
from actgen.program.passes.overflow import without_early_infinities
from actgen.program.passes.powers import without_overflowing_powers
from actgen.program.passes.underflow import without_early_zeros
from actgen.program.pieces import lowered_output
from actgen.program.program import Node, Program
from actgen.program.sampling import samples
from actgen.symbolic.derivation import Derivation


def lower(derivation: Derivation) -> Program:
    """The numerically stable program for every output and all its partials."""
    activation = derivation.activation
    inputs = tuple(i.name for i in activation.inputs)
    parameters = tuple(p.name for p in activation.parameters)
    points = samples(derivation)
    hints: dict[Node, str] = {}
    forward: dict[str, Node] = {}
    partials: dict[tuple[str, str], Node] = {}
    for output in derivation.outputs:
        roots = lowered_output(output, derivation, points, hints)
        value, *slopes = finished(output, roots, derivation, points)
        forward[output.name] = value
        partials.update({(output.name, v): s for v, s in zip((*inputs, *parameters), slopes, strict=True)})
    program = Program(inputs=inputs, parameters=parameters, forward=forward, partials=partials, hints=hints)
    program = without_overflowing_powers(over_one_denominator(program), points)
    program = without_early_infinities(without_early_zeros(program, points, flushes=False), points)
    return without_lost_products(program, activation)
