"""The stage itself: a Derivation becomes an Analysis."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from actgen.analysis.cutting import curve
from actgen.analysis.parameters import nominal_values
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import working_precision
from actgen.analysis.report import Analysis, OutputAnalysis
from actgen.analysis.several import dependences, moments
from actgen.analysis.shown import Writer
from actgen.analysis.signal import signal
from actgen.analysis.single import shape
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import Derivation, OutputMath
from actgen.symbolic.text_printer import TextPrinter


def analyse(derivation: Derivation) -> Analysis:
    """What is proved about an activation at the nominal parameters."""
    activation = derivation.activation
    nominal = nominal_values(derivation)
    write = Writer(derivation, nominal)
    inputs = [derivation.symbols[i.name] for i in activation.inputs]
    with working_precision():
        outputs = tuple(_output(o, inputs, nominal, write) for o in derivation.outputs)
    printer = TextPrinter()
    return Analysis(
        name=activation.name,
        inputs=tuple(i.name for i in activation.inputs),
        outputs=outputs,
        parameters={symbol.name: printer.doprint(value) for symbol, value in nominal.items()},
    )


def _output(
    output: OutputMath,
    inputs: list[sp.Symbol],
    nominal: Mapping[sp.Symbol, sp.Expr],
    write: Writer,
) -> OutputAnalysis:
    if len(inputs) > 1:
        return _several(output, inputs, nominal, write)
    (x,) = inputs
    try:
        return _single(output, x, nominal, write)
    except UndecidedError as error:
        return OutputAnalysis(name=output.name, reason=str(error))


def _single(output: OutputMath, x: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr], write: Writer) -> OutputAnalysis:
    function = curve(output, x, nominal)
    known = Parametric(function, output.pieces, nominal)
    propagation = signal(function, known, write)
    return OutputAnalysis(
        name=output.name,
        shape=shape(function, output.smoothness[x.name], known, write),
        signal=None if isinstance(propagation, str) else propagation,
        reason=f"moments: {propagation}" if isinstance(propagation, str) else None,
    )


def _several(
    output: OutputMath, inputs: list[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr], write: Writer
) -> OutputAnalysis:
    found = moments(output, inputs, nominal, write)
    return OutputAnalysis(
        name=output.name,
        inputs=dependences(output, inputs, nominal),
        moments=None if isinstance(found, str) else found,
        reason=found if isinstance(found, str) else None,
    )
