"""Every breakpoint is found, and what is said about its smoothness is true and short."""

from __future__ import annotations

import pytest
from spec_units import spec

from actgen.activation import Smoothness
from actgen.spec.reader import read_text
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.derive import derive


def breakpoints(expression: str, parameters: str = "{}", claim: str = "discontinuous") -> tuple[Breakpoint, ...]:
    text = spec(f"parameters: {parameters}\nexpression: {expression}\nchecks: {{smoothness: {{x: {claim}}}}}\n")
    activation, found = read_text(text, "test.yaml")
    assert activation is not None, found
    derivation, found = derive(activation)
    assert derivation is not None, found
    return derivation.outputs[0].breakpoints


@pytest.mark.parametrize(
    ("expression", "parameters", "places"),
    [
        ("clip(x, low, high)", "{low: -1, high: 2}", [-1, 2]),
        ("Piecewise((low, x <= low), (high, x >= high), (x, True))", "{low: -1, high: 2}", [-1, 2]),
        ("Piecewise((low, x < low), (x, x < high), (high, True))", "{low: -1, high: 2}", [-1, 2]),
        ("Max(a * x, Min(x, b))", "{a: 0.1, b: 1}", [0, 1, 10]),
        ("relu(x - a) + relu(x - b) + relu(x - c)", "{a: 1, b: 2, c: 3}", [1, 2, 3]),
        ("Piecewise((0, x**2 > a), (a - x**2, True))", "{a: 4}", [-2, 2]),
    ],
)
def test_learned_breakpoints_are_all_found(expression: str, parameters: str, places: list[float]) -> None:
    found = breakpoints(expression, parameters)
    assert [b.nominal for b in found] == places
    assert {b.smoothness for b in found} == {Smoothness.C0}


def test_breakpoints_that_the_nominal_parameters_forbid_are_not_there() -> None:
    """With low above high, clip is the constant high: its region changes at low, the function nowhere."""
    (point,) = breakpoints("x + clip(x, low, high)", "{low: 2, high: -1}")
    assert (point.nominal, point.smoothness) == (2, Smoothness.CINF)
    sides = "Piecewise((0, And(a > 0, x < 1)), (x, And(a > 0, x >= 1)), (3 * x, x < 5), (4 * x, True))"
    assert [b.nominal for b in breakpoints(sides, "{a: 1}")] == [1]
    assert [b.nominal for b in breakpoints(sides, "{a: 0}")] == [5]


GATES = [
    "(clip(up, -limit, limit) + 1) * min(gate, limit)",
    "(max(-limit, min(up, limit)) + 1) * min(gate, limit)",
    "(clip(up, -7, limit) + 1) * min(gate, limit)",
    "Piecewise((-limit, limit >= 0 and up <= -limit), (up, up < 7), (limit, True)) * min(gate, 7)",
]


@pytest.mark.parametrize("expression", GATES)
def test_a_breakpoint_is_found_whatever_pieces_another_input_has(expression: str) -> None:
    text = spec(f"inputs: [gate, up]\nparameters: {{limit: 7}}\nexpression: {expression}\n")
    activation, found = read_text(text, "test.yaml")
    assert activation is not None, found
    derivation, found = derive(activation)
    assert derivation is not None, found
    points = derivation.outputs[0].breakpoints
    assert {b.nominal for b in points if b.variable == "up"} == {-7, 7}
    assert {b.nominal for b in points if b.variable == "gate"} >= {7}
    assert {b.smoothness for b in points} == {Smoothness.C0}
    assert len(points) == len({(b.variable, b.location) for b in points})


def test_pieces_that_other_inputs_keep_apart_do_not_meet() -> None:
    """Where the gate is positive the function is 0 or up, elsewhere up or 2·up + 1: no jump from 0 to 2·up + 1."""
    expression = "gate + Piecewise((0, gate > 0 and up < 0), (up, gate > 0), (up, up < -1), (2 * up + 1, True))"
    text = spec(f"inputs: [gate, up]\nexpression: {expression}\nchecks: {{smoothness: {{gate: discontinuous}}}}\n")
    activation, found = read_text(text, "test.yaml")
    assert activation is not None, found
    derivation, found = derive(activation)
    assert derivation is not None, found
    assert {b.nominal for b in derivation.outputs[0].breakpoints if b.variable == "up"} == {-1, 0}


@pytest.mark.parametrize(
    ("expression", "parameters", "places", "level"),
    [
        ("Max(x, tanh(x))", "{}", [0], Smoothness.C2),
        ("x + Abs(x - sin(x))", "{}", [0], Smoothness.C2),
        ("x * Max(0, x - cos(x))", "{}", [0.7390851332151607], Smoothness.C0),
        ("Max(a * x, exp(x) - 2)", "{a: 1}", [-1.8414056604369606, 1.1461932206205825], Smoothness.C0),
    ],
)
def test_conditions_that_no_formula_solves(
    expression: str, parameters: str, places: list[float], level: Smoothness
) -> None:
    found = breakpoints(expression, parameters)
    assert [b.nominal for b in found] == pytest.approx(places, rel=1e-15)
    assert {b.smoothness for b in found} <= {level}


def test_a_jump_beside_a_learned_breakpoint_is_refused() -> None:
    text = spec(
        "parameters: {p: {init: -1, learnable: false}, q: {init: 1, learnable: false}}\n"
        "expression: Piecewise((7, x <= p), (q, x >= q), (x, True))\nchecks: {smoothness: {x: C0}}\n"
    )
    activation, _ = read_text(text, "test.yaml")
    assert activation is not None
    derivation, found = derive(activation)
    assert derivation is None
    assert [d.message for d in found if d.code == "ACT502"] == [
        "`y` jumps at x = p (value: 7 from below, -1 from above)"
    ]


def test_sides_are_those_of_the_input_where_a_condition_falls() -> None:
    left, right = breakpoints("Piecewise((sqrt(1 - x**2), x**2 < 1), (x - 1, True))")
    assert left.proof == "value: -2 from below, 0 from above"
    assert right.proof.startswith("first derivative: -∞ from below, 1 from above")


@pytest.mark.parametrize(
    ("expression", "proof"),
    [
        ("Piecewise((x, x > 0), (3 * x / 4, True))", "first derivative: 3/4 from below, 1 from above"),
        ("Piecewise((1.05 * x, x > 0), (0.1 * x, True))", "first derivative: 0.1 from below, 1.05 from above"),
        (
            "Piecewise((x, x > 0), (123456789 * x / 987654321, True))",
            "first derivative: ≈0.125000 from below, 1 from above",
        ),
        (
            "Piecewise((123456789 * x / 987654321, x > 0), (123456789 * x / 987654322, True))",
            "first derivative: ≈0.124999998734 from below, ≈0.124999998861 from above",
        ),
        (
            "Piecewise((x, x > 0), (sqrt(2) * exp(-pi) * sin(x), True))",
            "first derivative: ≈0.0611137 from below, 1 from above",
        ),
        ("Piecewise((x, x > 0), (pi * x, True))", "first derivative: pi from below, 1 from above"),
        ("Piecewise((sqrt(x), x > 0), (0, True))", "first derivative: 0 from below, ∞ from above"),
        ("Piecewise((x**3, x > 0), (0, True))", "value, first and second derivative agree"),
        ("Piecewise((x**2, x > 0), (0, True))", "second derivative: 0 from below, 2 from above"),
    ],
)
def test_a_proof_is_short_and_tells_its_numbers_apart(expression: str, proof: str) -> None:
    (point,) = breakpoints(expression)
    assert point.proof == proof


def test_pieces_that_another_input_keeps_apart_do_not_meet() -> None:
    text = spec("inputs: [u, v]\nparameters: {t: 0.5}\nexpression: Max(Min(u, v), Min(Max(u, v), t))\n")
    activation, _ = read_text(text, "test.yaml")
    assert activation is not None
    derivation, found = derive(activation)
    assert derivation is not None, found
    assert Smoothness.DISCONTINUOUS not in {b.smoothness for b in derivation.outputs[0].breakpoints}


def test_a_condition_that_is_flat_at_the_breakpoint_hides_nothing() -> None:
    levels = {b.smoothness for b in breakpoints("Max(x, x * exp(-Abs(x)))")}
    assert Smoothness.C1 in levels
    assert Smoothness.C0 not in levels
