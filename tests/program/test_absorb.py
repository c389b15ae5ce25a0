"""Products 0·∞ at ordinary arguments."""

from __future__ import annotations

import math

import numpy as np
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes, evaluate_numpy
from actgen.program.passes.absorb import absorbed, lost_products
from actgen.program.program import Program, arg, const, node, topological

X = np.array([-1e30, -47.0625, -46.0, 46.0, 47.0625, 750.0, 10793.75, 1e30])


def results(program: Program, **parameters: float) -> list[np.ndarray]:
    outputs, partials = evaluate_numpy(program, {"x": X, **parameters})
    return [*outputs.values(), *partials.values()]


def test_a_parameter_that_is_zero_wins_over_an_exponential() -> None:
    program = unit(spec("parameters: {a: 0.5, b: 0.75}\nexpression: x * erf(a * exp(b * x))")).program
    y, dx, da, db = results(program, a=0.0, b=0.75)
    assert not any(np.any(v) for v in (y, dx, db))
    assert not np.any(np.isnan(da))
    assert da[-2] == math.inf


def test_at_the_end_of_the_bounds() -> None:
    text = "parameters: {w: {init: 1, bounds: [0.01, 4]}}\nexpression: (erf(x + w) - erf(x - w))/2"
    for w in (3.998046875, 4.0):
        assert not any(np.any(np.isnan(v)) for v in results(unit(spec(text)).program, w=w))


def test_only_the_factor_that_is_lost_gets_a_select() -> None:
    a, x = arg("a"), arg("x")
    e = node("exp", x)
    product, other = node("mul", a, e), node("mul", x, a)
    columns = {"x": np.array([1.0, 1000.0]), "a": np.array([1.0, 0.0])}
    root = node("add", product, other)
    assert dict(lost_products(root, columns)) == {product: a}
    mended = absorbed(root, {product: a})
    assert mended is node("add", node("where", node("eq", a, const(0)), const(0), product), other)
    assert not dict(lost_products(mended, columns))
    assert evaluate_nodes([mended], columns)[0].tolist() == [math.e + 1, 0]


def test_nothing_is_added_to_what_has_a_value() -> None:
    program = unit(spec("parameters: {a: 0.01}\nexpression: Piecewise((a * x, x < 0), (x, True))")).program
    selects = [n for n in topological([program.forward["y"]]) if n.op == "where"]
    assert len(selects) == 1


def test_a_denominator_that_overflows_wins() -> None:
    text = "parameters: {n: {init: 2, bounds: [0.5, 8]}}\nexpression: 1/sqrt(1 + Abs(x)**(2*n))"
    program = unit(spec(text)).program
    columns = {"x": np.array([-1e37, 2e21, 5.0]), "n": 8.0}
    for root in program.roots():
        (value,) = evaluate_nodes([root], columns)
        assert not np.any(np.isnan(value))
        assert np.all(np.abs(value[:2]) < 1e-100)
        assert value[2]
