"""Specs and requirements that are written in the tests, solved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import mpmath as mp

from actgen.activation import Activation
from actgen.diagnostics import Diagnostic
from actgen.pipeline.solution import solved
from actgen.solving.language import read_requirements
from actgen.solving.requirement import Requirement
from actgen.solving.solution import ManySolutions, NoSolution, Outcome, ParameterValue, Solution
from actgen.spec.reader import read_text

SCALED_ELU = "lambda * Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))"
DIGITS = 30


def spec(expression: str, **parameters: str) -> Activation:
    """An activation of one output; each parameter has the text of its entry."""
    entries = "".join(f"  {name.rstrip('_')}: {entry}\n" for name, entry in parameters.items())
    text = f"actgen: 1\nname: sample\nparameters:\n{entries}expression: {expression}\n"
    activation, diagnostics = read_text(text, "sample.yaml")
    assert activation is not None, diagnostics
    return activation


def required(text: str, activation: Activation) -> tuple[Requirement, ...]:
    """Requirements that are in order."""
    found, diagnostics = read_requirements([text], activation)
    assert not diagnostics, diagnostics
    return found


def outcome(activation: Activation, text: str, over: Sequence[str] | None = None) -> Outcome:
    """What solving finds."""
    found, diagnostics = solved(activation, required(text, activation), over)
    assert found is not None, diagnostics
    assert bool(diagnostics) == isinstance(found, NoSolution)
    return found


def faults(text: str, activation: Activation) -> list[Diagnostic]:
    """What is wrong with requirements."""
    return list(read_requirements([text], activation)[1])


def one(activation: Activation, text: str, over: Sequence[str] | None = None) -> dict[str, ParameterValue]:
    """The values of the only solution."""
    found = outcome(activation, text, over)
    assert isinstance(found, Solution), found
    assert found.only is not None
    return {value.name: value for value in found.values}


def several(activation: Activation, text: str, over: Sequence[str] | None = None) -> list[dict[str, ParameterValue]]:
    """The values of several solutions, none of them a family."""
    found = outcome(activation, text, over)
    assert isinstance(found, ManySolutions), found
    assert found.only is not None
    assert not any(member.free for member in found.members)
    return [{value.name: value for value in member.values} for member in found.members]


def is_near(value: ParameterValue, reference: mp.mpf) -> bool:
    """Whether a reference to about `DIGITS` digits agrees, and the claimed error is as small."""
    with mp.workdps(DIGITS + 20):
        close = abs(mp.mpf(value.decimal) - reference) < mp.mpf(10) ** (-DIGITS + 2) * max(1, abs(reference))
    return bool(close) and Fraction(value.error) < Fraction(1, 10**DIGITS)


def gaussian(function: object, *breaks: float) -> mp.mpf:
    """E[function(z)] by quadrature."""
    assert callable(function)
    return mp.quad(lambda z: function(z) * mp.npdf(z), sorted([-16, -8, -4, -2, 0, 2, 4, 8, 16, *breaks]))
