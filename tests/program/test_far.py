"""For large arguments: rational functions in 1/x, and tails whose form depends on the sign of a parameter."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.lower import lower
from actgen.program.program import topological
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive
from actgen.verify.oracle import Oracle

SPECS = {
    "padé unit": (
        "parameters: {a0: 0.03, a1: 0.6, a2: 2.4, a3: 3.1, b1: 1.2, b2: 4.4}\n"
        "expression: (a0 + a1*x + a2*x**2 + a3*x**3)/(1 + Abs(b1*x + b2*x**2))\n"
    ),
    "cubes": "parameters: {a: 2.0}\nexpression: x**5/(a**2 + x**4) + x**3/(1 + x**2)\n",
    "algebraic gate": "parameters: {k: {init: 2, bounds: [0.1, 10]}}\nexpression: x/2*(1 + k*x/sqrt(1 + k**2*x**2))\n",
    "a denominator that overflows first": "expression: x/(1 - x*exp(-(x + exp(x))))\n",
    "arctangent gate": "parameters: {k: {init: 2, bounds: [0.1, 10]}}\nexpression: x*(atan(k*x)/pi + 0.5)\n",
    "normal hazard": "expression: sqrt(2/pi) * exp(-x**2/2)/erfc(x/sqrt(2))\n",
}
SIZES = np.concatenate([np.geomspace(0.1, 1e3, 40), [8.2, 9.3, 9.7, 708.2], np.geomspace(3e3, 1e38, 36)])


@pytest.mark.parametrize("name", SPECS)
def test_value_and_partials_keep_their_digits_far_out(name: str) -> None:
    activation, found = read_text(spec(SPECS[name]), "far.yaml")
    assert activation is not None, found
    derivation, found = derive(activation)
    assert derivation is not None, found
    program = lower(derivation)
    x = np.concatenate([SIZES, -SIZES])
    columns = {**{n: np.full(x.size, v) for n, v in activation.nominal().items()}, "x": x}
    targets = (None, *(v.name for v in activation.variables))
    truth = Oracle(activation).table("y", targets, {"x": x})
    roots = [program.forward["y"], *(program.partials["y", v] for v in targets[1:])]
    for target, value in zip(targets, evaluate_nodes(roots, columns), strict=True):
        np.testing.assert_allclose(value, truth[target].hi, rtol=1e-12, atol=1e-300, err_msg=str(target))


_JUMPS = "checks: {smoothness: {x: discontinuous}}\n"


def test_a_tail_is_not_multiplied_by_one() -> None:
    program = unit(spec("expression: Piecewise((log(exp(x) - 1), x > 1), (x, True))\n" + _JUMPS)).program
    factors = [f for n in topological(program.roots()) if n.op == "mul" for f in n.args if f.op == "const"]
    assert any(n.op == "log" for n in topological(program.roots()))
    assert all(f.value != 1 for f in factors)


def test_a_parameter_may_be_zero() -> None:
    program = unit(spec("parameters: {a: 2.0, c: 0.4}\nexpression: c * atan(a * x)")).program
    slope = evaluate_nodes([program.partials["y", "a"]], {"x": np.array([1e8, -3e38]), "a": 0.0, "c": 0.4})
    np.testing.assert_allclose(slope[0], [0.4e8, -1.2e38], rtol=1e-14)
