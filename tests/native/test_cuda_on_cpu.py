"""What a GPU runs, run on the CPU: elements have the bits of the CPU's kernel, sums are as right; no GPU is needed."""

import numpy as np
import pytest
from cuda_emulation import emulated, misaligned
from kernels import DTYPES, compiled
from spec_units import catalogue

from actgen.native.runtime.cuda_grids import grid
from actgen.native.runtime.library import Shape

FINITE = [0.0, -0.0, 1e-30, 6e4, -90.0, -1e-42, -3e4]
RARE = [*FINITE, np.inf, -np.inf, np.nan, -1e30]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cuda_on_cpu")


def data(name, storage, shape, by=0, rare=RARE):
    """Inputs and cotangents, with what is rare in the first input."""
    rng, dtype, unit = np.random.default_rng(5), DTYPES[storage], catalogue(name)
    size = (shape.outer, shape.channels, shape.inner)
    inputs = [(3 * rng.standard_normal(size)).astype(dtype) for _ in unit.activation.inputs]
    cotangents = [rng.standard_normal(size).astype(dtype) for _ in unit.activation.outputs]
    at = rng.integers(inputs[0].size, size=min(len(rare), inputs[0].size // 40))
    with np.errstate(over="ignore"):
        inputs[0].reshape(-1)[at] = np.array(rare[: len(at)]).astype(dtype)
    return [misaligned(a, by) for a in inputs], [misaligned(a, 2 * by) for a in cotangents]


def parameters_of(name, storage, channels, many):
    """The nominal values, or with `many` others for each channel; each second parameter has one in any case."""
    rng, computed = np.random.default_rng(6), np.float64 if storage == "float64" else np.float32
    return [
        computed(p.nominal.value * rng.uniform(0.7, 1.3, channels if many and not k % 2 else 1)).astype(np.float64)
        for k, p in enumerate(catalogue(name).activation.parameters)
    ]


def same_bits(found, expected):
    assert found.dtype == expected.dtype
    there = ~np.isnan(expected.astype(np.float64))
    whole = np.dtype(f"u{found.dtype.itemsize}")
    np.testing.assert_array_equal(np.isnan(found.astype(np.float64)), ~there)
    np.testing.assert_array_equal(found.view(whole)[there], expected.view(whole)[there])


def check(name, storage, shape, folder, *, many, by=0, wide=False):
    given = (name, storage, folder)
    gpu = emulated(*given, wide=wide, short_rows=shape.short_rows)
    cpu = compiled(*given, wide=wide, short_rows=shape.short_rows)
    inputs, cotangents = data(name, storage, shape, by)
    parameters = parameters_of(name, storage, shape.channels, many)
    for found, expected in zip(
        gpu.forward(shape, inputs, parameters), cpu.forward(shape, inputs, parameters), strict=True
    ):
        same_bits(found, expected)
    results, _ = gpu.backward(shape, inputs, cotangents, parameters)
    expected_results, _ = cpu.backward(shape, inputs, cotangents, parameters)
    for found, expected in zip(results, expected_results, strict=True):
        same_bits(found, expected)
    inputs, cotangents = data(name, storage, shape, by, FINITE)
    (_, gradients), (_, expected_gradients) = (
        kernel.backward(shape, inputs, cotangents, parameters) for kernel in (gpu, cpu)
    )
    for found, expected in zip(gradients, expected_gradients, strict=True):
        assert np.isfinite(expected).all()
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * np.abs(expected).max())


ONE_CHANNEL = [Shape(1, 1, n) for n in (1, 3, 4, 1000, 1027, 2500)]
LONG_ROWS = [Shape(3, 5, 37), Shape(2, 3, 64), Shape(1, 2, 1500), Shape(40, 2, 33)]
SHORT_ROWS = [Shape(50, 6, 1), Shape(7, 3, 5), Shape(3, 200, 1), Shape(1, 70, 31), Shape(600, 3, 1), Shape(2, 8200, 1)]


@pytest.mark.parametrize("shape", ONE_CHANNEL, ids=str)
@pytest.mark.parametrize("storage", ["float32", "bfloat16"])
def test_parameters_of_one_value(storage, shape, folder):
    check("selu_variation", storage, shape, folder, many=False)


@pytest.mark.parametrize("shape", [*LONG_ROWS, *SHORT_ROWS], ids=str)
@pytest.mark.parametrize("name", ["snake", "selu_variation"])
def test_parameters_of_one_value_a_channel(name, shape, folder):
    check(name, "float32", shape, folder, many=True)


@pytest.mark.parametrize("storage", ["float64", "float16"])
@pytest.mark.parametrize("shape", [Shape(3, 5, 37), Shape(7, 3, 5)], ids=str)
def test_other_formats(storage, shape, folder):
    check("snake", storage, shape, folder, many=True)


@pytest.mark.parametrize("by", [1, 3])
@pytest.mark.parametrize("shape", [Shape(1, 1, 1027), Shape(3, 5, 37), Shape(7, 3, 5)], ids=str)
def test_arrays_that_do_not_begin_at_an_access(shape, by, folder):
    check("snake", "float32", shape, folder, many=True, by=by)


def test_several_inputs_and_none_but_a_value(folder):
    check("swiglu", "float32", Shape(1, 1, 777), folder, many=False)
    check("gelu", "float32", Shape(1, 1, 777), folder, many=False)


def test_through_float64(folder):
    check("snake", "float32", Shape(3, 5, 37), folder, many=True, wide=True)


def test_only_what_is_asked_for(folder):
    shape, gpu = Shape(3, 5, 37), emulated("selu_variation", "float32", folder)
    inputs, cotangents = data("selu_variation", "float32", shape)
    parameters = parameters_of("selu_variation", "float32", 5, many=True)
    every, gradients = gpu.backward(shape, inputs, cotangents, parameters)
    for asked in ([True, False, False, True, False], [False] * 5):
        results, some = gpu.backward(shape, inputs, cotangents, parameters, asked)
        same_bits(results[0], every[0])
        for found, expected, wanted in zip(some, gradients, asked, strict=True):
            np.testing.assert_array_equal(found, expected if wanted else np.full_like(expected, np.nan))


def test_one_launch_forward_and_two_backward(folder):
    gpu = emulated("selu_variation", "float32", folder)
    passes = gpu.passes(Shape(1, 1, 10**9), [np.ones(1)] * 5)
    addresses = [16] * 7
    assert len(passes.forward(addresses)[0]) == 1
    assert len(passes.backward([16] * 13, 16)[0]) == 2
    assert len(passes.backward([*[16] * 8, *[0] * 5], 0)[0]) == 1


@pytest.mark.parametrize("size", [2, 4, 8])
def test_grids_cover_large_arrays_in_few_blocks(size):
    for shape in (Shape(1, 1, 2**33 + 5), Shape(64, 512, 2**17), Shape(2**25, 192, 1), Shape(2, 3, 2**31)):
        found, count = grid(shape, size), shape.outer * shape.channels * shape.inner
        assert found.blocks < 2**31
        assert count / found.blocks > 500
        assert found.parts * found.columns < count / 8
