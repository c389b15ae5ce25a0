"""A program for a first look: each formula as it is written, none of it rearranged for accuracy.

Lowering tries forms at hundreds of points, which takes seconds for a large formula. A picture need not wait for that.
"""

from __future__ import annotations

from actgen.program.passes.guard import select_chain
from actgen.program.program import Node, Program
from actgen.program.translate import Translator
from actgen.symbolic.derivation import Derivation, OutputMath


def draft(derivation: Derivation) -> Program:
    """The value and the partials of every output, which may cancel, overflow early, or be NaN beside a pole.

    Nothing that is written to a file may come from it.
    """
    activation = derivation.activation
    forward: dict[str, Node] = {}
    partials: dict[tuple[str, str], Node] = {}
    for output in derivation.outputs:
        value, *slopes = _roots(output)
        forward[output.name] = value
        partials |= {(output.name, v.name): slope for v, slope in zip(activation.variables, slopes, strict=True)}
    return Program(
        inputs=tuple(i.name for i in activation.inputs),
        parameters=tuple(p.name for p in activation.parameters),
        forward=forward,
        partials=partials,
        hints={},
    )


def _roots(output: OutputMath) -> list[Node]:
    translate = Translator()
    conditions = [translate.condition(piece.condition) for piece in output.pieces[:-1]]
    columns = [[translate(e) for e in (piece.value, *piece.partials.values())] for piece in output.pieces]
    return [select_chain(conditions, list(values)) for values in zip(*columns, strict=True)]
