"""Exact second partials of the mathematics against the oracle's own route."""

from __future__ import annotations

import pytest
import sympy as sp
from spec_units import catalogue

from actgen.symbolic.calculus import second_partial
from actgen.verify.oracle import Oracle


@pytest.mark.parametrize("name", ["selu_variation", "swish", "mish", "snake", "gelu"])
@pytest.mark.parametrize("x", [-1.75, 0.625])
def test_second_partials_agree_with_the_oracle(name: str, x: float) -> None:
    unit = catalogue(name)
    (output,) = unit.derivation.outputs
    symbols = unit.derivation.symbols
    at = {"x": x, **unit.activation.nominal()}
    exact = {symbols[n]: sp.Rational(*v.as_integer_ratio()) for n, v in at.items()}
    piece = next(p for p in output.pieces if p.condition.subs(exact))
    oracle = Oracle(unit.activation)
    for first in symbols:
        for second in symbols:
            found = float(second_partial(piece.value, symbols[first], symbols[second]).subs(exact).evalf(30))
            assert found == pytest.approx(oracle.second("y", first, second, at), rel=1e-14, abs=1e-300)
