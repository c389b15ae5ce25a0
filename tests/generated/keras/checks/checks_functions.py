"""What the generated functions do, on the active backend."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
import pytest
from frameworks import BACKEND, compiled, dtype, gradients, module, numpy, tensor
from keras import ops

NUMBERS = {"lambda_": 1.0507, "alpha": 1.67326, "beta": 1.0, "gamma": 0.1, "omega": 2.0}
POINTS = np.concatenate([np.linspace(-30, 30, 4001), [0.0, -0.0, 1e-30, -1e-30, -1000.0, 1000.0]]).astype("float32")


def selu(x: np.ndarray, lambda_: float, alpha: float, beta: float, gamma: float, omega: float) -> np.ndarray:
    x_neg = np.minimum(x, 0)
    return lambda_ * np.where(x > 0, x, alpha * np.expm1(beta * x_neg) + gamma * np.sin(omega * x_neg))


def selu_partials(x: np.ndarray, lambda_: float, alpha: float, beta: float, gamma: float, omega: float) -> list[Any]:
    x_neg, pos = np.minimum(x, 0), x > 0
    e, em1, sin, cos = np.exp(beta * x_neg), np.expm1(beta * x_neg), np.sin(omega * x_neg), np.cos(omega * x_neg)
    return [
        np.where(pos, lambda_, lambda_ * (alpha * beta * e + gamma * omega * cos)),
        np.where(pos, x, alpha * em1 + gamma * sin),
        np.where(pos, 0, lambda_ * em1),
        np.where(pos, 0, lambda_ * alpha * x_neg * e),
        np.where(pos, 0, lambda_ * sin),
        np.where(pos, 0, lambda_ * gamma * x_neg * cos),
    ]


def ulps(found: np.ndarray, truth: np.ndarray) -> float:
    """The largest error in units of the last float32 place."""
    spacing = np.spacing(np.maximum(np.abs(truth), 1.2e-38).astype("float32")).astype("float64")
    return float(np.max(np.abs(found - truth) / spacing))


def check_float32_is_rounded_once() -> None:
    y = module("selu_variation").selu_variation(tensor(POINTS))
    assert dtype(y) == "float32"
    assert ulps(numpy(y), selu(POINTS.astype("float64"), **NUMBERS)) <= 0.51


def check_partials_are_rounded_once_in_argument_order() -> None:
    slopes = module("selu_variation").partials(tensor(POINTS), 1.0507, 1.67326, beta=1.0)
    for slope, truth in zip(slopes, selu_partials(POINTS.astype("float64"), **NUMBERS), strict=True):
        assert tuple(slope.shape) == POINTS.shape
        assert ulps(numpy(slope), truth) <= 0.51


def check_gradient_of_the_input_is_rounded_once() -> None:
    selu_variation = module("selu_variation").selu_variation
    truth = selu_partials(POINTS.astype("float64"), **NUMBERS)[0]
    for function in (selu_variation, compiled(selu_variation)):
        (found,) = gradients(function, tensor(POINTS))
        assert dtype(found) == "float32"
        assert ulps(numpy(found), truth) <= 0.51


def check_gradients_of_parameters_are_summed_wide() -> None:
    names = list(NUMBERS)
    stored = {name: float(np.float32(value)) for name, value in NUMBERS.items()}
    arguments = [tensor(POINTS), *(tensor(NUMBERS[name]) for name in names)]
    found = gradients(module("selu_variation").selu_variation, *arguments)
    truths = selu_partials(POINTS.astype("float64"), **stored)
    for slope, truth in zip(found[1:], truths[1:], strict=True):
        assert tuple(slope.shape) == ()
        assert numpy(slope) == pytest.approx(truth.sum(), rel=1e-6)


def check_half_inputs_keep_their_dtype_and_sum_wide() -> None:
    x = np.full(4096, -1.5)
    for half in ("float16", "bfloat16"):
        given = tensor(x, half)
        y = module("selu_variation").selu_variation(given, tensor(1.0507), tensor([1.67326]))
        assert dtype(y) == half
        slopes = gradients(module("selu_variation").selu_variation, given, tensor(1.0507), tensor([1.67326], half))
        assert [dtype(s) for s in slopes] == [half, "float32", half]
        alpha = float(numpy(tensor(1.67326, half)))
        truth = selu_partials(x, **{**NUMBERS, "lambda_": float(np.float32(1.0507)), "alpha": alpha})
        assert numpy(slopes[1]) == pytest.approx(truth[1].sum(), rel=1e-5)
        assert numpy(slopes[2]) == pytest.approx(truth[2].sum(), rel=8e-3)


def check_float64_uses_exact_constants() -> None:
    if BACKEND == "jax":
        import jax

        with jax.enable_x64(True):
            _float64_case()
    else:
        _float64_case()


def _float64_case() -> None:
    x = np.linspace(-20, 20, 101)
    y = module("selu_variation").selu_variation(tensor(x, "float64"))
    assert dtype(y) == "float64"
    np.testing.assert_allclose(numpy(y), selu(x, **NUMBERS), rtol=1e-14, atol=1e-15)
    for slope, truth in zip(
        gradients(module("selu_variation").selu_variation, tensor(x, "float64")),
        selu_partials(x, **NUMBERS),
        strict=False,
    ):
        np.testing.assert_allclose(numpy(slope), truth, rtol=1e-13, atol=1e-15)


def check_second_derivatives() -> None:
    selu_variation = module("selu_variation").selu_variation
    x = tensor(np.array([-2.0, -0.5, 0.7]))
    alpha = tensor(1.67326)

    def slope(x: Any, alpha: Any) -> Any:
        return gradients(lambda x: selu_variation(x, alpha=alpha), x)[0]

    found_x, found_alpha = (numpy(g) for g in gradients(slope, x, alpha))
    at = np.array([-2.0, -0.5, 0.7])
    expected = np.where(at > 0, 0, 1.0507 * (1.67326 * np.exp(at) - 0.4 * np.sin(2 * at)))
    np.testing.assert_allclose(found_x, expected, rtol=1e-5, atol=1e-6)
    assert found_alpha == pytest.approx(1.0507 * np.exp(at[:2]).sum(), rel=1e-5)


def check_nothing_is_nan_far_out() -> None:
    x = np.array([-np.inf, -3e38, -1e5, -100.0, 100.0, 1e5, 3e38, np.inf], "float32")
    selu_variation = module("selu_variation").selu_variation
    y = selu_variation(tensor(x), gamma=0.0)
    assert not np.isnan(numpy(y)[1:]).any()
    slope = gradients(lambda x: selu_variation(x), tensor(x[1:-1]))[0]
    assert np.isfinite(numpy(slope)).all()


def check_nan_reaches_every_result_at_every_position() -> None:
    x = np.zeros(37, "float32")
    x[[0, 5, 36]] = np.nan
    generated = module("selu_variation")
    for result in (generated.selu_variation(tensor(x)), *generated.partials(tensor(x))):
        np.testing.assert_array_equal(np.isnan(numpy(result)), np.isnan(x))
    (slope,) = gradients(generated.selu_variation, tensor(x))
    np.testing.assert_array_equal(np.isnan(numpy(slope)), np.isnan(x))


def check_vector_parameters_run_along_channel_dim() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 3)).astype("float32")
    a = np.array([0.5, 1.0, 2.0], "float32")
    snake = module("snake").snake
    for channel_dim in (1, 3, -1, -3):
        shape = [1] * 4
        shape[channel_dim] = 3
        wide = a.astype("float64").reshape(shape)
        truth = x + np.sin(wide * x.astype("float64")) ** 2 / wide
        np.testing.assert_allclose(
            numpy(snake(tensor(x), tensor(a), channel_dim=channel_dim)), truth, rtol=1e-6, atol=1e-7
        )
        slopes = gradients(lambda x, a, dim=channel_dim: snake(x, a, channel_dim=dim), tensor(x), tensor(a))
        assert tuple(slopes[1].shape) == (3,)
        each = module("snake").partials(tensor(x), tensor(a), channel_dim=channel_dim)
        axes = tuple(axis for axis in range(4) if axis != channel_dim % 4)
        np.testing.assert_allclose(numpy(slopes[1]), numpy(each[1]).sum(axes), rtol=1e-5, atol=1e-6)


def check_a_vector_of_one_value_is_a_scalar() -> None:
    y = module("snake").snake(tensor(0.5), tensor([2.0]))
    assert tuple(y.shape) == ()
    (slope,) = gradients(lambda a: module("snake").snake(tensor([0.5, 1.0]), a), tensor([2.0]))
    assert tuple(slope.shape) == (1,)


def check_a_vector_without_its_axis_is_an_error() -> None:
    snake, a = module("snake").snake, np.ones(6)
    for shape, axis in (((6,), 1), ((2, 1, 3), 1), ((2, 6), 0), ((2, 6), -3), ((), 0), ((2, 3, 4), -1)):
        expected = rf"a has 6 values: axis channel_dim={axis} of .* must have size 6, .* {re.escape(str(shape))}"
        for x in (tensor(np.zeros(shape)), np.zeros(shape)):
            for function in (snake, module("snake").partials):
                with pytest.raises(ValueError, match=expected):
                    function(x, a, channel_dim=axis)
    with pytest.raises(ValueError, match="k has 6 values"):
        module("gate").gate(tensor(np.ones((2, 1))), tensor(np.ones((2, 3))), a)
    assert tuple(module("gate").gate(tensor(np.ones((2, 1))), tensor(np.ones((2, 6))), a)[0].shape) == (2, 6)


def check_a_vector_meets_symbolic_axes() -> None:
    snake, a = module("snake").snake, np.ones(6)
    for shape in ((6, 3), (None, 3), (6,)):
        x = keras.Input(shape)
        assert snake(x, a).shape == (None, 6, *shape[1:])
    x = keras.Input((None, 3))
    model = keras.Model(x, snake(x, np.full(6, 2.0)))
    np.testing.assert_allclose(numpy(model(tensor(np.ones((2, 6, 3))))), 1 + np.sin(2.0) ** 2 / 2, rtol=1e-6)
    for shape in ((1, 3), (5, None), ()):
        with pytest.raises(ValueError, match="a has 6 values: axis channel_dim=1"):
            snake(keras.Input(shape), a)


def check_numbers_arrays_and_integers() -> None:
    snake = module("snake").snake
    assert dtype(snake(1)) == "float32"
    assert dtype(snake(np.arange(3))) == "float32"
    assert dtype(snake([1.0, 2.0])) == "float32"
    assert numpy(snake(0.5, 2)) == pytest.approx(0.5 + np.sin(1.0) ** 2 / 2)
    assert dtype(snake(tensor([1.0], "float16"), np.float32(2.0))) == "float16"


def check_empty_and_scalar_inputs() -> None:
    generated = module("selu_variation")
    assert tuple(generated.selu_variation(tensor(np.zeros((0, 3)))).shape) == (0, 3)
    assert tuple(generated.selu_variation(tensor(-1.0)).shape) == ()
    slopes = gradients(generated.selu_variation, tensor(np.zeros((0, 3))), tensor(1.0))
    assert [tuple(s.shape) for s in slopes] == [(0, 3), ()]
    assert numpy(slopes[1]) == 0


def check_a_removable_point_of_a_parameter() -> None:
    x = np.linspace(-3, 3, 13)
    for a in (0.0, 1e-40, 1e-8):
        y = module("snake").snake(tensor(x), tensor(a))
        np.testing.assert_allclose(numpy(y), x + a * x**2, rtol=1e-6)
        (_, slope) = module("snake").partials(tensor(x), tensor(a))
        np.testing.assert_allclose(numpy(slope), x**2, rtol=1e-6)


def check_two_inputs_broadcast() -> None:
    x, gate = np.linspace(-2, 2, 5)[:, None], np.array([-80.0, -20.0, 0.5, 3.0])
    generated = module("glu")
    truth = x / (1 + np.exp(-gate))
    np.testing.assert_allclose(numpy(generated.glu(tensor(x), tensor(gate))), truth, rtol=1e-6)
    dx, dgate = generated.partials(tensor(x), tensor(gate))
    assert tuple(dx.shape) == tuple(dgate.shape) == (5, 4)
    slopes = gradients(generated.glu, tensor(x), tensor(gate))
    np.testing.assert_allclose(numpy(slopes[0]), numpy(dx).sum(1, keepdims=True), rtol=1e-6)
    np.testing.assert_allclose(numpy(slopes[1]), numpy(dgate).sum(0), rtol=1e-5, atol=1e-7)


def check_two_outputs() -> None:
    x = np.linspace(-2, 2, 9)
    generated = module("polar")
    re, im = generated.polar(tensor(x), 0.5, 0.25, 2.0)
    np.testing.assert_allclose(numpy(re), np.exp(x / 2) * np.cos(x / 4), rtol=1e-6)
    np.testing.assert_allclose(numpy(im), 2 * np.tanh(x / 4), rtol=1e-6)
    rows = generated.partials(tensor(x), 0.5, 0.25, 2.0)
    assert [len(row) for row in rows] == [4, 4]
    assert all(tuple(p.shape) == (9,) for row in rows for p in row)
    (slope,) = gradients(lambda x: generated.polar(x, 0.5, 0.25, 2.0)[0], tensor(x))
    np.testing.assert_allclose(numpy(slope), numpy(rows[0][0]), rtol=1e-6)
    (both,) = gradients(lambda x: ops.add(*generated.polar(x, 0.5, 0.25, 2.0)), tensor(x))
    np.testing.assert_allclose(numpy(both), numpy(rows[0][0]) + numpy(rows[1][0]), rtol=1e-6)


def check_an_output_that_is_not_used_adds_nothing_where_its_slope_overflows() -> None:
    x = tensor(np.array([0.5, 1000.0], dtype="float32"))
    (slope,) = gradients(lambda x: module("polar").polar(x, 0.5, 0.25, 2.0)[1], x)
    expected = 0.5 / np.cosh(np.array([0.5, 1000.0]) / 4) ** 2
    np.testing.assert_allclose(numpy(slope), expected, rtol=1e-6, atol=1e-37)


def check_an_output_has_the_shape_of_all_arguments() -> None:
    c = tensor(np.ones((3, 1)))
    re, im = module("polar").polar(tensor(np.ones(2)), 0.5, 0.25, c)
    assert tuple(re.shape) == tuple(im.shape) == (3, 2)


def check_a_function_in_a_functional_model(tmp_path: Any) -> None:
    generated = module("selu_variation")
    inputs = keras.Input((3,))
    outputs = generated.selu_variation(inputs, alpha=1.5, channel_dim=-1)
    assert outputs.shape == (None, 3)
    model = keras.Model(inputs, outputs)
    x = np.random.default_rng(1).normal(size=(4, 3)).astype("float32")
    direct = numpy(generated.selu_variation(tensor(x), alpha=1.5))
    np.testing.assert_array_equal(numpy(model(tensor(x))), direct)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numpy(again(tensor(x))), direct)


def check_functions_of_several_outputs_take_keras_tensors() -> None:
    re, im = module("polar").polar(keras.Input((3,)), 0.5)
    assert re.shape == im.shape == (None, 3)
    two = module("glu").glu(keras.Input((3, 1)), keras.Input((4,)))
    assert two.shape == (None, 3, 4) or two.shape == (None, None, 4)


def check_a_function_as_the_activation_of_a_layer(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation=module("snake").snake)])
    x = np.ones((2, 3), "float32")
    model.save(tmp_path / "dense.keras")
    again = keras.saving.load_model(tmp_path / "dense.keras")
    np.testing.assert_array_equal(numpy(again(x)), numpy(model(x)))


def check_gradients_of_a_number_are_not_asked_for() -> None:
    (slope,) = gradients(lambda x: module("selu_variation").selu_variation(x, 2.0, gamma=0), tensor([1.0, -1.0]))
    np.testing.assert_allclose(numpy(slope), [2.0, 2 * 1.67326 * np.exp(-1)], rtol=1e-6)
