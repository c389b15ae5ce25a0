"""Limits at single points, and what they must not leave in a program."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_numpy
from actgen.program.sampling import samples, with_further_parameters


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {p: 1.5, q: 0.75}\nexpression: Piecewise((x**p, x > 0), (-(-x)**q, True))",
        "inputs: [x, gate]\nexpression: (1 + Abs(x))**tanh(gate) - 1",
    ],
)
def test_a_limit_that_is_infinity_times_a_power_of_0_breaks_no_second_derivative(text: str) -> None:
    program = unit(spec(text)).program
    at = {n: np.array([-1.25, 0.75, 2.5]) for n in (*program.inputs, *program.parameters)}
    for partial in program.partials.values():
        assert all(np.all(np.isfinite(slope)) for slope in adjoints(partial, at).values())


def test_the_slope_in_an_exponent_vanishes_where_the_power_does() -> None:
    program = unit(spec("parameters: {q: 0.75}\nexpression: Piecewise((x, x > 0), (-(-x)**q, True))")).program
    _, partials = evaluate_numpy(program, {"x": np.array([0.0, -math.inf]), "q": np.full(2, 0.75)})
    assert partials["y", "q"].tolist() == [0, -math.inf]
    assert partials["y", "x"].tolist() == [math.inf, 0]


def test_a_condition_with_an_input_on_both_sides_is_decided_at_infinity() -> None:
    text = "parameters: {q: 0.5}\nexpression: Piecewise((0, 1 + (1 - q)*x <= 0), ((1 + (1 - q)*x)**(1/(1 - q)), True))"
    program = unit(spec(text)).program
    values, partials = evaluate_numpy(program, {"x": np.array([math.inf, -math.inf, -3e-44]), "q": np.full(3, 0.5)})
    assert values["y"].tolist() == [math.inf, 0, 1]
    assert partials["y", "q"][2] == pytest.approx(4.5e-88, rel=1e-12, abs=0)


def test_partials_are_nan_outside_the_domain_of_a_piece_far_from_the_nominal_parameters() -> None:
    text = "parameters: {eps: 0.001}\nlet: {c: 'clip(x, eps, 1 - eps)'}\nexpression: log(c/(1 - c))"
    program = unit(spec(text)).program
    at = {"x": np.array([-1e15, -3.0, 0.5, 9.0]), "eps": np.full(4, 1.625)}
    values, partials = evaluate_numpy(program, at)
    assert all(np.all(np.isnan(found)) for found in (*values.values(), *partials.values()))


def test_further_points_have_parameters_from_wherever_the_verification_draws_them() -> None:
    text = "parameters: {a: {init: 0.25, bounds: [-0.5, .inf]}, b: 40}\nexpression: a * x + b"
    derivation = unit(spec(text)).derivation
    points = samples(derivation)
    further = with_further_parameters(points, derivation)
    a, b = (p.tried() for p in derivation.activation.parameters)
    assert (a, b) == ((-0.5, 2.25), (-40.0, 120.0))
    for name, (low, high) in {"a": a, "b": b}.items():
        new = further.columns[name][points.size :]
        assert np.all((low <= new) & (new <= high))
        assert np.ptp(new) > 0.7 * (high - low)
