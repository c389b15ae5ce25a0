"""Compiled kernels in float32 against the formula in ball arithmetic, from the smallest float to the largest."""

import numpy as np
import pytest
from kernels import compiled

from actgen.formats import FORMATS, spacing
from actgen.native.runtime.library import Shape
from actgen.program.precision import MovingZeros
from actgen.verify.oracle import Oracle
from actgen.verify.ulp import errors

NAMES = ["gelu", "mish", "silu", "snake", "soft_exponential"]
_INPUTS = 3000


@pytest.fixture(scope="session")
def cache(kernel_cache):
    return kernel_cache


def inputs():
    rng = np.random.default_rng(2)
    bits = rng.integers(0, 1 << 32, _INPUTS // 3, dtype=np.uint64).astype(np.uint32).view(np.float32)
    near = np.concatenate([rng.uniform(-12, 12, _INPUTS // 3), rng.uniform(-110, 110, _INPUTS // 3)]).astype(np.float32)
    values = np.concatenate([bits[np.isfinite(bits)], near])
    return values[np.argsort(values, kind="stable")]


@pytest.mark.parametrize("name", NAMES)
def test_float32_keeps_the_promise(name, cache):
    kernel, x = compiled(name, "float32", cache), inputs()
    activation = kernel.unit.activation
    parameters = {p.name: float(np.float32(p.nominal.value)) for p in activation.parameters}
    shape, given = Shape(1, 1, x.size), list(parameters.values())
    (value,) = kernel.forward(shape, [x], given)
    (slope,), _ = kernel.backward(shape, [x], [np.ones_like(x)], given)
    oracle, output = Oracle(activation), activation.outputs[0].name
    columns = {activation.inputs[0].name: x.astype(np.float64)} | {n: np.full(x.size, v) for n, v in parameters.items()}
    program = kernel.unit.program
    roots = (program.forward[output], program.partials[output, activation.inputs[0].name])
    magnitudes = MovingZeros.of(program, columns).magnitudes(roots, columns)
    cases = ((value, None, 4), (slope, activation.inputs[0].name, 8))
    for (got, wrt, limit), magnitude in zip(cases, magnitudes, strict=True):
        truth = oracle.values(output, wrt, columns)
        found = errors(got.astype(np.float64), truth.hi, truth.lo, FORMATS["float32"])
        assert not (found.nan | found.infinite | found.finite | found.zeroed | found.sign).any()
        size = np.abs(truth.hi)
        unit = spacing(size if magnitude is None else np.fmax(size, magnitude), FORMATS["float32"])
        with np.errstate(invalid="ignore"):
            ulps = found.ulps * spacing(size, FORMATS["float32"]) / unit
        assert np.nanmax(ulps) <= limit, x[np.nanargmax(ulps)]


@pytest.mark.parametrize(
    ("name", "given", "parameters"),
    [
        ("softplus", [[np.inf, -np.inf, 1.28e38, -1.28e38, 3.4e38]], [2.764691114425659]),
        ("soft_exponential", [[np.inf, -np.inf, 3e38, -3e38]], [0.5]),
        ("glu", [[-3.4028226e38, -3.402814e38, 3.4028235e38], [-2.6653636, -2.4597516, -1.3862944]], []),
        ("swiglu", [[-9.948298, -3.8, -3.1], [-2.891666e38, 3.4e38, -3.4e38]], []),
    ],
)
def test_what_overflows_on_the_way_does_not_where_the_result_is_in_range(name, given, parameters, cache):
    kernel, rows = compiled(name, "float32", cache), [np.array(row, dtype=np.float32) for row in given]
    (value,) = kernel.forward(Shape(1, 1, rows[0].size), rows, parameters)
    activation = kernel.unit.activation
    columns = {i.name: row.astype(np.float64) for i, row in zip(activation.inputs, rows, strict=True)}
    columns |= {
        p.name: np.full(rows[0].size, float(np.float32(v)))
        for p, v in zip(activation.parameters, parameters, strict=True)
    }
    truth = Oracle(activation).values(activation.outputs[0].name, None, columns)
    found = errors(value.astype(np.float64), truth.hi, truth.lo, FORMATS["float32"])
    assert not found.wrong.any()
    assert found.ulps.max() <= 4
