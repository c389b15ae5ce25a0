"""The mathematics of an activation for a first look: pieces and partials as they come, none of their points decided.

What takes time in `derive` is to prove: limits where pieces meet, cancellation, claims. A picture is drawn without.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from actgen.activation import Activation, Output
from actgen.symbolic.calculus import partial
from actgen.symbolic.derivation import Derivation, OutputMath
from actgen.symbolic.derive import nominal_exact
from actgen.symbolic.ordering import ordered_pieces
from actgen.symbolic.pieces import Case, Expander, TooManyPiecesError, tidied
from actgen.symbolic.points import neighbours
from actgen.symbolic.settling import Settled
from actgen.symbolic.smoothness import breakpoints_at, one_each, worst


def sketch(activation: Activation) -> Derivation | None:
    """The activation's pieces with their plain derivatives; None if there are too many pieces.

    At a single point that is a piece of its own the partials are those of the value there, not limits.
    """
    symbols = {v.name: sp.Symbol(v.name, real=True) for v in activation.variables}
    expander = Expander(symbols, frozenset(i.name for i in activation.inputs))
    nominal = {symbols[p.name]: nominal_exact(p, expander) for p in activation.parameters}
    try:
        cases = {o.name: [tidied(case) for case in expander.cases(activation.resolved(o))] for o in activation.outputs}
    except TooManyPiecesError:
        return None
    outputs = tuple(_sketched(output, cases[output.name], symbols, nominal, expander) for output in activation.outputs)
    return Derivation(activation, symbols, outputs)


def _sketched(
    output: Output,
    cases: list[Case],
    symbols: Mapping[str, sp.Symbol],
    nominal: Mapping[sp.Symbol, sp.Expr],
    expander: Expander,
) -> OutputMath:
    crossing = ((m, sorted(m.key.free_symbols & expander.inputs, key=str)) for m in neighbours(cases))
    found = one_each([b for meeting, keys in crossing for key in keys for b in breakpoints_at(meeting, key, nominal)])
    plain = [Settled(case, {s: partial(case.value, s) for s in symbols.values()}) for case in cases]
    smoothness = {s.name: worst([b.smoothness for b in found if b.variable == s.name]) for s in expander.inputs}
    return OutputMath(output.name, output.code_name, ordered_pieces(plain, symbols), tuple(found), smoothness)
