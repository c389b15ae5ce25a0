"""What the mathematics of a spec is blamed for, each fault once and where it was written."""

from __future__ import annotations

import pytest
from spec_units import spec

from actgen.diagnostics import Diagnostic, Severity
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive


def findings(body: str) -> tuple[Diagnostic, ...]:
    activation, diagnostics = read_text(spec(body), "test.yaml")
    assert activation is not None, diagnostics
    derivation, found = derive(activation)
    assert (derivation is None) == any(d.severity is Severity.ERROR for d in found)
    return found


def codes(body: str) -> list[str]:
    return [diagnostic.code for diagnostic in findings(body)]


@pytest.mark.parametrize(
    "expression",
    [
        "sign(x)",
        "x - x",
        "0*x + 1",
        "x**0",
        "x/x",
        "exp(x)/exp(x)",
        "sin(x)**2 + cos(x)**2",
        "relu(-relu(-x))",
        "clip(x, 1, 1)",
        "Min(Max(x, 2), 1)",
        "Piecewise((1, x > 0), (1, True))",
    ],
)
def test_an_output_that_no_input_moves(expression: str) -> None:
    claim = "checks: {smoothness: {x: discontinuous}}\n"
    assert codes(f"expression: {expression}\n{claim}") == ["ACT506"]


def test_one_input_of_two_that_moves_nothing() -> None:
    (found,) = findings("inputs: [x, g]\nexpression: exp(x) + 0*g\n")
    assert found.code == "ACT506"
    assert "`g`" in found.message


def test_outputs_need_not_use_every_input() -> None:
    assert codes("inputs: [x, g]\noutputs: {a: exp(x), b: exp(g)}\n") == []


def test_a_parameter_that_moves_one_output_can_be_trained() -> None:
    jump = "Piecewise((x, a > 0), (x, True))"
    claims = "parameters: {a: 1}\n"
    assert codes(f"{claims}outputs:\n  y1: {jump}\n  y2: a*x\n") == []
    (found,) = findings(f"{claims}outputs:\n  y1: {jump}\n  y2: x + 0*a\n")
    assert (found.code, found.severity) == ("ACT507", Severity.WARNING)
    assert found.span is not None
    assert (found.span.line, found.span.column) == (3, 14)


def test_a_learned_jump_is_one_warning() -> None:
    body = "parameters: {a: 1}\nexpression: Piecewise((x, x > a), (2*x, True))\n"
    assert codes(body + "checks: {smoothness: {x: discontinuous}}\n") == ["ACT503"]
    assert codes(body.replace("1}", "{init: 1, learnable: false}}")) == ["ACT502"]


@pytest.mark.parametrize(
    "expression",
    [
        "(exp(a*x) - exp(b*x))/(a - b)",
        "(exp(a*x) - exp(b*x))/(b - a)",
        "x*(a**2 - b**2)/(a - b)",
        "x*a*b/(a**2 + b**2)",
        "x*a*b/sqrt(a**2 + b**2)",
        "Piecewise((0, Eq(a, 0) & Eq(b, 0)), (x*a*b/(a**2 + b**2), True))",
        "Piecewise((x*exp(a*x), Eq(a, b)), ((exp(a*x) - exp(b*x))/(a - b), True))",
        "x*(sin(a) - sin(b))/(exp(a) - exp(b))",
        "x + (a*x + 2*b*x)/(a + 2*b)*(a + b)",
        "x/(1 + exp(-x)) + (exp(a) - exp(b))**2*x/(a - b)**2",
    ],
)
def test_joint_limits_are_refused(expression: str) -> None:
    (found,) = findings(f"parameters: {{a: 1, b: 2}}\nexpression: {expression}\n")
    assert found.code == "ACT508"
    assert "`a` and `b` together" in found.message


@pytest.mark.parametrize(
    "expression",
    [
        "x/(a - b)",
        "x/(a + b) + x**2/(a**2 + b**2)",
        "x*sqrt(a**2 + b**2)",
        "x*a*b/(1 + a**2 + b**2)",
        "sin(a*b*x)/(a*b)",
        "(exp(a*x) - 1)/a + sin(b*x)/b",
        "(x - a)/(b - a)",
    ],
)
def test_poles_and_limits_in_one_parameter_are_not_joint(expression: str) -> None:
    assert codes(f"parameters: {{a: 1, b: 2}}\nexpression: {expression}\n") == []
