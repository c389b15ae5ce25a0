"""Single elements: the same results as over arrays, whatever a parameter's count is, and every partial derivative."""

import ml_dtypes
import numpy as np
import pytest
from kernels import DTYPES, Compiled, compiled
from spec_units import catalogue, unit

from actgen.backends.kernel import BACKEND
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.native.runtime.library import Shape, Source, load


@pytest.fixture(scope="session")
def cache(kernel_cache):
    return kernel_cache


def inputs_of(name, dtype, count):
    rng = np.random.default_rng(3)
    return [(3 * rng.standard_normal(count)).astype(dtype) for _ in catalogue(name).activation.inputs]


def nominal(name):
    return [float(np.float32(p.nominal.value)) for p in catalogue(name).activation.parameters]


@pytest.mark.parametrize("storage", DTYPES)
@pytest.mark.parametrize("name", ["snake", "swiglu", "elu"])
def test_elements_have_the_bits_of_arrays(name, storage, cache):
    count, parameters = 1301, nominal(name)
    inputs = inputs_of(name, DTYPES[storage], count)
    # An angle so large that its block takes the other way, where the format has the number.
    inputs[0][700] = min(3e30, float(ml_dtypes.finfo(DTYPES[storage]).max))
    arrays, single = compiled(name, storage, cache), compiled(name, storage, cache, elements=True)
    outputs, partials = single.elements(inputs, parameters)
    expected = arrays.forward(Shape(1, 1, count), inputs, parameters)
    np.testing.assert_array_equal(outputs[0].astype(np.float64), expected[0].astype(np.float64))
    slopes, _ = arrays.backward(Shape(1, 1, count), inputs, [np.ones_like(inputs[0])], parameters)
    for got, slope in zip(partials, slopes, strict=False):
        np.testing.assert_array_equal(got.astype(np.float64), slope.astype(np.float64))


def test_a_parameter_has_one_value_or_one_for_each_element(cache):
    kernel, count = compiled("selu_variation", "float32", cache, elements=True), 1301
    inputs, values = inputs_of("selu_variation", np.float32, count), nominal("selu_variation")
    varied = [np.full(count, values[0]), *values[1:]]
    varied[0][5] = 2.0
    outputs, partials = kernel.elements(inputs, values)
    others, other_partials = kernel.elements(inputs, varied)
    elsewhere = np.arange(count) != 5
    np.testing.assert_array_equal(outputs[0][elsewhere], others[0][elsewhere])
    assert outputs[0][5] != others[0][5]
    for one, other in zip(partials, other_partials, strict=True):
        np.testing.assert_array_equal(one[elsewhere], other[elsewhere])


def test_partials_by_parameters_are_what_the_array_driver_sums(cache):
    count, parameters = 900, nominal("selu_variation")
    inputs = inputs_of("selu_variation", np.float32, count)
    _, partials = compiled("selu_variation", "float32", cache, elements=True).elements(inputs, parameters)
    ones = [np.ones_like(inputs[0])]
    _, sums = compiled("selu_variation", "float32", cache).backward(Shape(1, 1, count), inputs, ones, parameters)
    for got, expected in zip(partials[1:], sums, strict=True):
        np.testing.assert_allclose(got.astype(np.float64).sum(), expected[0], rtol=1e-12)


def test_a_variant_with_other_bits_is_an_error(cache):
    inputs, parameters = inputs_of("elu", np.float32, 1301), nominal("elu")
    for function in ("actgen::exp(range, ", "actgen::expm1(range, "):
        wrong = compiled(
            "elu", "float32", cache, elements=True, edited=(function, f"T(REACH == actgen::NEAR ? 2 : 1) * {function}")
        )
        with pytest.raises(ArithmeticError):
            wrong.elements(inputs, parameters)


def test_no_elements(cache):
    kernel = compiled("elu", "float32", cache, elements=True)
    outputs, partials = kernel.elements([np.empty(0, np.float32)], nominal("elu"))
    assert outputs[0].size == partials[0].size == 0


def test_a_tiny_input_is_noted_also_where_a_function_notes_other_things_of_it(cache):
    """The sine notes whether its angle is large: that the product before it loses digits is another question."""
    text = "actgen: 1\nname: dip\nparameters: {b: 1.2, a: 0.3}\nexpression: x*sigmoid(b*x) - a*exp(-x**2/2)*sin(x)\n"
    seen, compiler = unit(text), find_compiler()
    assert compiler is not None
    source = Source(BACKEND.files(seen)["dip_kernel.h"], "dip", "float32", elements=True)
    kernel = Compiled(load(source, compiler, Cache(cache)), seen, np.float32)
    x = np.linspace(-2.3e-38, 2.3e-38, 4001).astype(np.float32)
    outputs, _ = kernel.elements([x], [1.2, 0.3])
    np.testing.assert_allclose(outputs[0], 0.2 * x.astype(np.float64), rtol=0, atol=1.5e-45)
