"""Compiled kernels: every format and layout against the program in float64, sums, threads, and edges."""

import math

import numpy as np
import pytest
from kernels import DTYPES, compiled
from spec_units import catalogue

from actgen.native.runtime.library import Shape
from actgen.program.evaluate import evaluate_numpy

NAMES = ["selu_variation", "snake", "swiglu"]
ULP = {"float64": 2.0**-52, "float32": 2.0**-23, "bfloat16": 2.0**-8, "float16": 2.0**-11}


@pytest.fixture(scope="session")
def cache(kernel_cache):
    return kernel_cache


def nominal(name, storage="float32"):
    """The nominal parameters, as the kernel of this format has them."""
    computed = np.float64 if storage == "float64" else np.float32
    return [float(computed(p.nominal.value)) for p in catalogue(name).activation.parameters]


def data(name, dtype, shape, seed=0):
    rng = np.random.default_rng(seed)
    unit = catalogue(name)
    inputs = [(3 * rng.standard_normal(shape)).astype(dtype) for _ in unit.activation.inputs]
    return inputs, [rng.standard_normal(shape).astype(dtype) for _ in unit.activation.outputs]


def truth(name, inputs, cotangents, parameters):
    """Outputs, cotangents of the inputs and, one for each element, of the parameters: all in float64."""
    program = catalogue(name).program
    values = dict(zip(program.variables, [*(x.astype(np.float64) for x in inputs), *parameters], strict=True))
    forward, partials = evaluate_numpy(program, values)
    forward, partials = evaluate_numpy(program, values)
    outputs = list(forward.values())
    shape = inputs[0].shape
    by_variable = {
        v: sum(g.astype(np.float64) * partials[o, v] for o, g in zip(program.forward, cotangents, strict=True))
        for v in program.variables
    }
    return (
        outputs,
        [np.broadcast_to(by_variable[v], shape) for v in program.inputs],
        [np.broadcast_to(by_variable[v], shape) for v in program.parameters],
    )


def assert_close(got, expected, storage, ulps):
    """Beside a zero, in ulp of a quarter of the largest result: accuracy is measured elsewhere."""
    scale = np.maximum(np.abs(expected), 0.25 * np.abs(expected).max())
    assert (np.abs(got.astype(np.float64) - expected) <= ulps * ULP[storage] * scale).all()


@pytest.mark.parametrize("storage", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_results_in_every_format(name, storage, cache):
    kernel, parameters, n = compiled(name, storage, cache), nominal(name, storage), 5003
    inputs, cotangents = data(name, DTYPES[storage], n)
    outputs, grads, sums = truth(name, inputs, cotangents, parameters)
    for got, expected in zip(kernel.forward(Shape(1, 1, n), inputs, parameters), outputs, strict=True):
        assert_close(got, expected, storage, 8)
    got_grads, got_sums = kernel.backward(Shape(1, 1, n), inputs, cotangents, parameters)
    for got, expected in zip(got_grads, grads, strict=True):
        assert_close(got, expected, storage, 32)
    for got, expected in zip(got_sums, sums, strict=True):
        assert abs(got[0] - expected.sum()) <= 1e-6 * np.abs(expected).sum()


LAYOUTS = [
    Shape(1, 3, 40_000),
    Shape(5, 3, 700),
    Shape(700, 3, 5),
    Shape(3000, 4, 1),
    Shape(2, 40_000, 1),
    Shape(1, 1, 7),
    Shape(3, 2, 33),
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("name", ["snake", "selu_variation"])
def test_parameters_of_one_value_a_channel(name, layout, cache):
    kernel = compiled(name, "float32", cache, short_rows=layout.short_rows)
    shape = (layout.outer, layout.channels, layout.inner)
    inputs, cotangents = data(name, np.float32, shape)
    rng = np.random.default_rng(4)
    parameters = [np.float32(p * rng.uniform(0.5, 1.5, layout.channels)).astype(np.float64) for p in nominal(name)]
    if name == "selu_variation":
        parameters[0], parameters[3] = 1.0507009873554805, 0.25  # some have one value for all
    by_axis = [p if np.ndim(p) == 0 else p[:, None] for p in parameters]
    outputs, grads, sums = truth(name, inputs, cotangents, by_axis)
    (got,) = kernel.forward(layout, inputs, parameters)
    assert_close(got, outputs[0], "float32", 8)
    (got,), got_sums = kernel.backward(layout, inputs, cotangents, parameters)
    assert_close(got, grads[0], "float32", 32)
    for p, got, expected in zip(parameters, got_sums, sums, strict=True):
        axes = (0, 1, 2) if np.ndim(p) == 0 else (0, 2)
        assert (np.abs(got - expected.sum(axes)) <= 1e-6 * np.abs(expected).max() * expected.size / got.size).all()


@pytest.mark.parametrize("layout", [Shape(1000, 3, 5), Shape(3, 3, 40)], ids=str)
def test_both_ways_through_an_array_agree(layout, cache):
    name, shape = "snake", (layout.outer, layout.channels, layout.inner)
    inputs, cotangents = data(name, np.float32, shape)
    parameters = [np.float32([0.5, 1, 2]).astype(np.float64)]
    (rows, rows_sums), (periods, periods_sums) = (
        compiled(name, "float32", cache, short_rows=short).backward(layout, inputs, cotangents, parameters)
        for short in (False, True)
    )
    np.testing.assert_array_equal(rows[0], periods[0])
    np.testing.assert_allclose(rows_sums[0], periods_sums[0], rtol=1e-12)


@pytest.mark.parametrize("layout", [Shape(1, 1, 300_001), Shape(6, 5, 20_000), Shape(40_000, 5, 2)], ids=str)
def test_bits_do_not_depend_on_threads(layout, cache):
    kernel = compiled("selu_variation", "float32", cache, short_rows=layout.short_rows)
    shape = (layout.outer, layout.channels, layout.inner)
    inputs, cotangents = data("selu_variation", np.float32, shape)
    parameters = [np.full(layout.channels, p) for p in nominal("selu_variation")]
    once = kernel.backward(layout, inputs, cotangents, parameters)
    for threads in (2, 3, 7):
        again = kernel.backward(layout, inputs, cotangents, parameters, threads)
        np.testing.assert_array_equal(again[0][0], once[0][0])
        np.testing.assert_array_equal(again[1], once[1])


@pytest.mark.parametrize("storage", ["float32", "bfloat16", "float16"])
def test_sums_over_a_million_elements(storage, cache):
    name, n = "selu_variation", 1_000_000
    kernel, parameters = compiled(name, storage, cache), nominal(name)
    inputs, cotangents = data(name, DTYPES[storage], n)
    _, _, sums = truth(name, inputs, cotangents, parameters)
    for got, expected in zip(kernel.backward(Shape(1, 1, n), inputs, cotangents, parameters)[1], sums, strict=True):
        assert abs(got[0] - math.fsum(expected.tolist())) <= 1e-6 * np.abs(expected).sum()


def test_parameters_that_nobody_asks_for_cost_nothing_and_change_nothing(cache):
    kernel, parameters = compiled("selu_variation", "float32", cache), nominal("selu_variation")
    inputs, cotangents = data("selu_variation", np.float32, 1000)
    with_sums, _ = kernel.backward(Shape(1, 1, 1000), inputs, cotangents, parameters)
    without, untouched = kernel.backward(Shape(1, 1, 1000), inputs, cotangents, parameters, summed=False)
    np.testing.assert_array_equal(with_sums[0], without[0])
    assert not np.any(untouched)


def test_nothing_is_written_for_an_empty_array(cache):
    kernel, parameters = compiled("snake", "float32", cache), nominal("snake")
    empty = np.empty(0, np.float32)
    assert kernel.forward(Shape(1, 1, 0), [empty], parameters)[0].size == 0
    assert kernel.backward(Shape(0, 3, 5), [empty], [empty], parameters)[1][0][0] == 0


def test_large_angles_in_one_block_change_no_other_element(cache):
    kernel, parameters = compiled("snake", "float32", cache), nominal("snake")
    inputs, _ = data("snake", np.float32, 3000)
    (plain,) = kernel.forward(Shape(1, 1, 3000), inputs, parameters)
    mixed = inputs[0].copy()
    mixed[[5, 1500]] = 3e7, -8e30
    (got,) = kernel.forward(Shape(1, 1, 3000), [mixed], parameters)
    elsewhere = np.arange(3000) % 1495 != 5
    np.testing.assert_array_equal(got[elsewhere], plain[elsewhere])
    outputs, _, _ = truth("snake", [mixed], [mixed], parameters)
    assert_close(got[[5, 1500]], outputs[0][[5, 1500]], "float32", 1)


@pytest.mark.parametrize("storage", DTYPES)
def test_nan_in_nan_out_at_every_place(storage, cache):
    kernel, n = compiled("elu", storage, cache), 37
    for at in range(n):
        x = np.linspace(-2, 2, n).astype(DTYPES[storage])
        x[at] = math.nan
        (y,) = kernel.forward(Shape(1, 1, n), [x], nominal("elu"))
        (dx,), _ = kernel.backward(Shape(1, 1, n), [x], [np.ones_like(x)], nominal("elu"))
        for got in (y, dx):
            assert np.isnan(got.astype(np.float64)).nonzero()[0].tolist() == [at]


@pytest.mark.parametrize("storage", ["bfloat16", "float16"])
def test_every_16_bit_number_is_read_and_rounded_as_it_should_be(storage, cache):
    kernel = compiled("leaky_relu", storage, cache)
    every = np.arange(1 << 16, dtype=np.uint16).view(DTYPES[storage])
    for slope in (1.0, 0.3, 1.7):
        (got,) = kernel.forward(Shape(1, 1, 1 << 16), [every], [slope])
        wide = every.astype(np.float32)
        with np.errstate(all="ignore"):
            expected = np.where(wide < 0, wide * np.float32(slope), wide).astype(DTYPES[storage])
        np.testing.assert_array_equal(got.astype(np.float32), expected.astype(np.float32))


def test_float64_inside_gives_the_nearest_float(cache):
    name, n = "gelu", 40_000
    kernel = compiled(name, "float32", cache, wide=True)
    inputs, cotangents = data(name, np.float32, n)
    outputs, _, _ = truth(name, inputs, cotangents, [])
    (got,) = kernel.forward(Shape(1, 1, n), inputs, [])
    assert_close(got, outputs[0], "float32", 0.5001)
