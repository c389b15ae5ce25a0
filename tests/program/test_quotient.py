"""Quotient patches near a vanishing denominator, at each depth, against mpmath."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from mpmath import mp
from spec_units import unit

from actgen.program.evaluate import evaluate_numpy
from actgen.program.stable import Remainder, remainder_coefficients

_SMALL = [1e-1, 1e-3, 1e-6, 1e-9, 1e-14, -1e-2, -1e-5, -1e-12]


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        ("(exp(a*x) - 1)/a", lambda x, a: mp.expm1(a * x) / a),
        ("(exp(a*x) - 1 - a*x)/a**2", lambda x, a: (mp.expm1(a * x) - a * x) / a**2),
        ("(a*x - sin(a*x))/a**3", lambda x, a: (a * x - mp.sin(a * x)) / a**3),
        (
            "(exp(a*x)*sin(a*x) - log(1 + a*x))/a**2",
            lambda x, a: (mp.exp(a * x) * mp.sin(a * x) - mp.log1p(a * x)) / a**2,
        ),
        ("1 - (1 + a*exp(x))**(-1/a)", lambda x, a: 1 - mp.exp(-mp.log1p(a * mp.exp(x)) / a)),
    ],
    ids=["depth 0", "depth 1", "depth 2", "leading terms of two functions", "inside an exponential"],
)
def test_near_a_zero_parameter(expression: str, reference: object) -> None:
    text = f"""
actgen: 1
name: probe
parameters: {{a: 0.5}}
expression: {expression}
"""
    program = unit(text).program
    for a in _SMALL:
        x = 0.7
        values, partials = evaluate_numpy(program, {"x": np.float64(x), "a": np.float64(a)})
        with mp.workdps(120):
            point = mp.mpf(x), mp.mpf(a)
            exact = reference(*point)
            slopes = [mp.diff(reference, point, n) for n in ((1, 0), (0, 1))]
        got = [values["y"], partials["y", "x"], partials["y", "a"]]
        for found, truth in zip(got, [exact, *slopes], strict=True):
            assert abs(float(found) / float(truth) - 1) < 1e-12, (a, found, truth)


def test_remainders_are_derivatives_of_quotients() -> None:
    u = sp.Symbol("u")
    rest = (sp.sin(u) - u) / u**2
    for order in (0, 1, 2):
        series = sp.series(sp.diff(rest, u, order), u, 0, 6).removeO()
        found = remainder_coefficients("sin", 1, order)
        assert [series.coeff(u, k) for k in range(5)] == list(found[:5])
    assert sp.diff(Remainder(sp.Symbol("sin"), 1, 0, u**2), u) == 2 * u * Remainder(sp.Symbol("sin"), 1, 1, u**2)


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        ("(x - a)/(exp(x - a) - 1)", lambda x, a: (x - a) / mp.expm1(x - a)),
        ("sin(x - a)/(x - a)", lambda x, a: mp.sin(x - a) / (x - a)),
        ("tanh(a - x)/(x - a) + x", lambda x, a: mp.tanh(a - x) / (x - a) + x),
    ],
)
def test_near_a_learned_place(expression: str, reference: object) -> None:
    program = unit(f"actgen: 1\nname: probe\nparameters: {{a: 0.5}}\nexpression: {expression}\n").program
    for a in (1.0, -3.0):
        for distance in (2.0**-3, 2.0**-10, 2.0**-30, -(2.0**-40), -0.75):
            arguments = {"x": np.float64(a + distance), "a": np.float64(a)}
            values, partials = evaluate_numpy(program, arguments)
            with mp.workdps(120):
                point = mp.mpf(float(arguments["x"])), mp.mpf(a)
                exact = [reference(*point), *(mp.diff(reference, point, n) for n in ((1, 0), (0, 1)))]
            for found, truth in zip([values["y"], partials["y", "x"], partials["y", "a"]], exact, strict=True):
                assert abs(float(found) - float(truth)) < 1e-12 * max(abs(float(truth)), 2e-4), (a, distance)
        at, slopes = evaluate_numpy(program, {"x": np.float64(a), "a": np.float64(a)})
        with mp.workdps(60):
            near = reference(mp.mpf(a) + mp.mpf(10) ** -30, mp.mpf(a))
        assert abs(float(at["y"]) - float(near)) < 1e-15 * max(1, abs(a))
        assert all(np.isfinite(slope) for slope in slopes.values())
