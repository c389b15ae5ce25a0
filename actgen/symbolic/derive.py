"""The stage itself: an Activation becomes a Derivation, with findings about its mathematics."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from actgen.activation import Activation, Output, Parameter
from actgen.diagnostics import Diagnostic, has_errors
from actgen.symbolic.derivation import Breakpoint, Derivation, OutputMath
from actgen.symbolic.findings import Findings
from actgen.symbolic.joint import joint_singularities
from actgen.symbolic.ordering import ordered_pieces
from actgen.symbolic.pieces import Case, Expander, TooManyPiecesError, tidied
from actgen.symbolic.points import neighbours
from actgen.symbolic.settling import settle
from actgen.symbolic.smoothness import breakpoints_at, one_each, worst


def derive(activation: Activation) -> tuple[Derivation | None, tuple[Diagnostic, ...]]:
    """Exact pieces, partials and smoothness of every output.

    Returns:
        The derivation (None if there are errors) and all findings about the mathematics (codes ACT5xx).
    """
    symbols = {v.name: sp.Symbol(v.name, real=True) for v in activation.variables}
    expander = Expander(symbols, frozenset(i.name for i in activation.inputs))
    nominal = {symbols[p.name]: nominal_exact(p, expander) for p in activation.parameters}
    findings = Findings(activation)
    outputs: list[OutputMath] = []
    settled: list[tuple[Output, Sequence[Case]]] = []
    for output in activation.outputs:
        try:
            cases = [tidied(case) for case in expander.cases(activation.resolved(output))]
        except TooManyPiecesError:
            findings.too_many_pieces(output)
            continue
        math, cases = _output(output, cases, symbols, nominal, findings)
        outputs.append(math)
        settled.append((output, cases))
    findings.flat(settled, symbols)
    diagnostics = findings.all()
    if has_errors(diagnostics):
        return None, diagnostics
    return Derivation(activation, symbols, tuple(outputs)), diagnostics


def nominal_exact(parameter: Parameter, expander: Expander) -> sp.Expr:
    """The nominal value as an exact number: the spec's decimals, not their floats."""
    if parameter.nominal.formula is None:
        return sp.Rational(*parameter.nominal.value.as_integer_ratio())
    return expander.cases(parameter.nominal.formula)[0].value


def _output(
    output: Output,
    cases: list[Case],
    symbols: dict[str, sp.Symbol],
    nominal: dict[sp.Symbol, sp.Expr],
    findings: Findings,
) -> tuple[OutputMath, list[Case]]:
    """The mathematics of an output, and its cases once every point between two of them is decided."""
    inputs = {symbols[i.name] for i in findings.activation.inputs}
    breakpoints: list[Breakpoint] = []
    for meeting in neighbours(cases):
        crossing = sorted(meeting.key.free_symbols & inputs, key=str)
        found = [b for variable in crossing for b in breakpoints_at(meeting, variable, nominal)]
        learned = [p for p in findings.activation.parameters if symbols[p.name] in meeting.key.free_symbols]
        for point in found:
            findings.jump(output, point, learned)
        breakpoints += found
    breakpoints = one_each(breakpoints)
    parameters = set(symbols.values()) - inputs
    for denominator in dict.fromkeys(d for case in cases for d in joint_singularities(case.value, parameters)):
        findings.joint(output, denominator)
    settled = settle(cases, symbols, inputs, nominal, lambda problem, at: findings.point(output, problem, at))
    pieces = ordered_pieces(settled, symbols)
    smoothness = {
        i.name: worst([b.smoothness for b in breakpoints if b.variable == i.name]) for i in findings.activation.inputs
    }
    math = OutputMath(output.name, output.code_name, pieces, tuple(breakpoints), smoothness)
    return math, [s.case for s in settled]
