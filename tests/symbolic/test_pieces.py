"""Formula trees become canonical pieces, and points between pieces are settled as the format says."""

from __future__ import annotations

import pytest
import sympy as sp
from spec_units import spec

from actgen.activation import Activation, Smoothness
from actgen.spec.reader import read_text
from actgen.symbolic.derivation import OutputMath
from actgen.symbolic.derive import derive

x = sp.Symbol("x", real=True)


def activation(expression: str, parameters: str) -> Activation:
    found, diagnostics = read_text(spec(f"parameters: {parameters}\nexpression: '{expression}'\n"), "test.yaml")
    assert found is not None, diagnostics
    return found


def output(expression: str, parameters: str = "{}") -> OutputMath:
    derivation, found = derive(activation(expression, parameters))
    assert derivation is not None, found
    return derivation.outputs[0]


def codes(expression: str, parameters: str) -> list[str]:
    return [d.code for d in derive(activation(expression, parameters))[1]]


def value_at(math: OutputMath, at: float, wrt: str | None = None) -> sp.Expr:
    for piece in math.pieces:
        if piece.condition.subs(x, at):
            return (piece.partials[wrt] if wrt else piece.value).subs(x, at)
    raise AssertionError("the pieces do not cover everything")


def test_nested_kinks_collapse_into_three_pieces() -> None:
    math = output("x*Min(Max(x + 3, 0), 6)/6")
    assert [str(p.condition) for p in math.pieces] == ["x >= 3", "x > -3", "True"]
    assert [p.value for p in math.pieces] == [x, x * (x + 3) / 6, 0]


def test_a_sum_of_kinks_vanishes_exactly_beyond_its_support() -> None:
    math = output("relu(x + 2)**3 - 4*relu(x + 1)**3 + 6*relu(x)**3 - 4*relu(x - 1)**3 + relu(x - 2)**3")
    assert value_at(math, 5) == 0
    assert math.smoothness["x"] is Smoothness.C2


def test_pieces_that_agree_become_one() -> None:
    math = output("relu(x) - relu(-x)")
    assert len(math.pieces) == 1
    assert math.pieces[0].partials["x"] == 1


@pytest.mark.parametrize(
    ("expression", "at", "slope"),
    [
        ("Abs(x)", 0, 0),
        ("relu(x)", 0, 0),
        ("Max(x, 0)", 0, 0),
        ("Max(x, 2*x)", 0, 1),
        ("Min(2*x, x)", 0, 2),
        ("clip(x, -1, 1)", 1, 0),
        ("clip(x, -1, 1)", -1, 0),
        ("x*Abs(x)", 0, 0),
        ("Piecewise((x, x > 0), (3*x, True))", 0, 3),
        ("Piecewise((x, x >= 0), (3*x, True))", 0, 1),
        ("sqrt(x**2) + x", 0, 1),
    ],
)
def test_derivatives_at_kinks(expression: str, at: int, slope: int) -> None:
    assert value_at(output(expression), at, "x") == slope


@pytest.mark.parametrize(
    ("expression", "level"),
    [
        ("Piecewise((x, x > 0), (2*(exp(x) - 1), True))", Smoothness.C0),
        ("Piecewise((x, x > 0), (exp(x) - 1, True))", Smoothness.C1),
        ("Piecewise((x + x**2/2, x > 0), (exp(x) - 1, True))", Smoothness.C2),
        ("tanh(x)", Smoothness.CINF),
        ("Piecewise((sin(x)/x, Ne(x, 0)), (1, True))", Smoothness.CINF),
    ],
)
def test_smoothness_is_proved(expression: str, level: Smoothness) -> None:
    assert output(expression).smoothness["x"] is level


def test_elu_is_c1_only_at_one() -> None:
    pieces = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))"
    assert output(pieces, "{alpha: 1}").smoothness["x"] is Smoothness.C1
    assert output(pieces, "{alpha: 1.5}").smoothness["x"] is Smoothness.C0


def test_a_learned_breakpoint_keeps_its_parameter() -> None:
    math = output("Piecewise((x - a, x > a), (0.1*(x - a), True))", "{a: 0.5}")
    (point,) = math.breakpoints
    assert point.location == sp.Symbol("a", real=True)
    assert point.nominal == 0.5


def test_a_zero_parameter_has_the_limit_as_its_partial() -> None:
    math = output("Piecewise((-log(1 - a*(x + a))/a, a < 0), (x, Eq(a, 0)), ((exp(a*x) - 1)/a + a, True))", "{a: 0}")
    (point,) = (p for p in math.pieces if p.is_limit)
    assert sp.expand(point.partials["a"] - (x**2 / 2 + 1)) == 0
    assert point.partials["x"] == 1


@pytest.mark.parametrize(
    ("expression", "parameters", "code"),
    [
        ("Piecewise((x, x > 0), (x - 1, True))", "{}", "ACT502"),
        ("Piecewise((x, x > a), (2*x, True))", "{a: 1}", "ACT503"),
        ("Piecewise((sin(x)/x, Ne(x, 0)), (2, True))", "{}", "ACT504"),
        ("Piecewise((x, x > 0), (2*x, x < 0), (9*x, True))", "{}", "ACT505"),
        ("Piecewise((5, Eq(x, 0)), (1/x, True))", "{}", "ACT502"),
    ],
)
def test_findings(expression: str, parameters: str, code: str) -> None:
    assert code in codes(expression, parameters)


def test_a_breakpoint_between_two_inputs_moves_and_is_not_listed() -> None:
    text = spec("inputs: [a, b]\nparameters: {k: 0.5}\nexpression: Max(a, k * b)\n")
    found, diagnostics = read_text(text, "test.yaml")
    assert found is not None, diagnostics
    derivation, diagnostics = derive(found)
    assert derivation is not None, diagnostics
    assert derivation.outputs[0].breakpoints == ()
