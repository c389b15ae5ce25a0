"""How far out a formula's own powers are numbers."""

from __future__ import annotations

import math

import pytest
from spec_units import spec

from actgen.spec.reader import read_text
from actgen.verify.reach import reach


@pytest.mark.parametrize(
    ("body", "exponent"),
    [
        ("expression: x * tanh(x) - x", 500),
        ("expression: exp(x**9) - x", 500 / 9),
        ("expression: x**3 / (1 + x**2)", 500 / 3),
        ("expression: sqrt(x**2 + 1)", 250),
        ("expression: x / cbrt(1 + x**3)", 500 / 3),
        ("expression: sin(x)", 500),
        ("parameters: {p: 2.5}\nexpression: x / (1 + Abs(x)**p)**(1/p)", 200),
        ("parameters: {b: 1.5}\nexpression: 1 / (1 + Abs(x)**(2*b - 1))", 250),
        ("expression:\n  - {when: x > 0, value: x**2}\n  - {otherwise: x}", 250),
    ],
)
def test_the_highest_power_decides_and_every_float32_is_within_reach(body: str, exponent: float) -> None:
    activation, diagnostics = read_text(spec(body), "test.yaml")
    assert activation is not None, diagnostics
    assert math.log2(reach(activation)) == pytest.approx(max(exponent, 128))
