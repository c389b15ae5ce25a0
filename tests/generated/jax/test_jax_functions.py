"""The plain functions: values, dtypes, shapes, errors."""

from __future__ import annotations

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

NOMINAL = (1.0507, 1.67326, 1.0, 0.1, 2.0)


def exact(x: np.ndarray, lam: float, alpha: float, beta: float, gamma: float, omega: float) -> np.ndarray:
    x = x.astype(np.float64)
    low = np.minimum(x, 0)
    return np.where(x > 0, lam * x, lam * (alpha * np.expm1(beta * low) + gamma * np.sin(omega * low)))


def exact_slope(x: np.ndarray, lam: float, alpha: float, beta: float, gamma: float, omega: float) -> np.ndarray:
    x = x.astype(np.float64)
    low = np.minimum(x, 0)
    slope = alpha * beta * np.exp(beta * low) + gamma * omega * np.cos(omega * low)
    return np.where(x > 0, lam, lam * slope)


def ulps(result: jax.Array, truth: np.ndarray) -> float:
    """The largest error in units of the last place of float32."""
    assert result.dtype == jnp.float32
    return float(np.max(np.abs(np.asarray(result, np.float64) - truth) / np.spacing(np.abs(truth).astype(np.float32))))


SWEEP = np.concatenate([s * np.geomspace(1e-8, 80, 2001, dtype=np.float32) for s in (1, -1)])


@pytest.mark.parametrize("compiled", [False, True])
def test_float32_is_correct_to_the_last_place_at_the_exact_nominal_values(selu, x64, compiled):
    value = jax.jit(selu.selu_variation) if compiled else selu.selu_variation
    assert ulps(value(SWEEP), exact(SWEEP, *NOMINAL)) < 0.51
    slopes = jax.jit(selu.partials) if compiled else selu.partials
    assert ulps(slopes(SWEEP)[0], exact_slope(SWEEP, *NOMINAL)) < 0.51


def test_every_partial_has_the_broadcast_shape_and_the_inputs_dtype(selu, x64):
    x = jnp.ones((2, 3, 5), jnp.bfloat16)
    slopes = selu.partials(x, jnp.ones(3))
    assert len(slopes) == 6
    assert {(s.shape, s.dtype.name) for s in slopes} == {((2, 3, 5), "bfloat16")}


def test_several_outputs_give_a_tuple_of_values_and_of_rows(module, x64):
    pair = module("soft_pair")
    x = np.float32([0.5, -2])
    re, im = pair.soft_pair(x, 0.25, 3.0)
    np.testing.assert_allclose(re, np.exp(-0.25 * x**2) * np.cos(3 * x), rtol=1e-6)
    np.testing.assert_allclose(im, np.exp(-0.25 * x**2) * np.sin(3 * x), rtol=1e-6)
    rows = pair.partials(x, 0.25, 3.0)
    assert [len(row) for row in rows] == [3, 3]
    np.testing.assert_allclose(rows[1][2], x * np.exp(-0.25 * x**2) * np.cos(3 * x), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_parameters_never_change_the_dtype(selu, x64, dtype):
    x = jnp.ones((4, 3), dtype)
    for parameter in (2.0, jnp.ones(3, jnp.float32), jnp.ones((), jnp.float32), np.ones(3), np.float64(2)):
        assert selu.selu_variation(x, parameter).dtype == dtype


def test_inputs_are_promoted_among_themselves(module, x64):
    glu = module("glu").glu
    half, bfloat, single = (jnp.ones(2, d) for d in (jnp.float16, jnp.bfloat16, jnp.float32))
    assert glu(half, bfloat).dtype == jnp.float32
    assert glu(half, single).dtype == jnp.float32
    assert glu(half, 2.0).dtype == jnp.float16
    assert glu(jnp.ones((2, 1)), jnp.ones(3)).shape == (2, 3)


def test_numbers_and_integers_are_taken_as_floats(selu, x64):
    default = jnp.float64 if x64 else jnp.float32
    assert selu.selu_variation(2).dtype == default
    assert selu.selu_variation(jnp.arange(3, dtype=jnp.int32)).dtype == default
    assert float(selu.selu_variation(2, 3)) == 6.0


@pytest.mark.parametrize("dtype", [jnp.float16, jnp.bfloat16])
def test_half_precision_is_rounded_once(selu, x64, dtype):
    x = jax.lax.bitcast_convert_type(jnp.arange(2**16, dtype=jnp.uint16), dtype)
    x = x[(jnp.abs(x) > 1e-36) & (jnp.abs(x) < 1e4)]  # XLA flushes float32's subnormals, also inside
    spacing = float(jnp.finfo(dtype).eps)
    for result, truth in (
        (selu.selu_variation(x), exact(np.asarray(x), *NOMINAL)),
        (selu.partials(x)[0], exact_slope(np.asarray(x), *NOMINAL)),
    ):
        assert result.dtype == dtype
        scale = 2.0 ** np.floor(np.log2(np.maximum(np.abs(truth), float(jnp.finfo(dtype).tiny))))
        assert np.max(np.abs(np.asarray(result, np.float64) - truth) / (scale * spacing)) < 0.51


def test_channels_run_along_any_axis(selu, x64):
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    for axis in (0, 1, 2, -1, -2, -3):
        scales = np.arange(1, x.shape[axis] + 1, dtype=np.float32)
        shape = [1, 1, 1]
        shape[axis] = -1
        expected = exact(x, scales.reshape(shape), *NOMINAL[1:])
        np.testing.assert_allclose(selu.selu_variation(x, scales, channel_dim=axis), expected, rtol=1e-6)


def test_a_parameter_of_one_value_suits_any_shape(selu, x64):
    for x in (np.float32(2), np.ones((0,), np.float32), np.ones((2, 1, 3), np.float32)):
        assert selu.selu_variation(x, jnp.ones(1)).shape == np.shape(x)


def test_channels_that_do_not_fit_are_refused(selu, x64):
    for shape, axis in (((2, 4), 1), ((2, 1), 1), ((3,), 1), ((3, 2), -1), ((), 0)):
        x, expected = jnp.ones(shape), f"beta has 3 values: axis channel_dim={axis} of the input must have size 3, but"
        for function in (selu.selu_variation, selu.partials, jax.jit(selu.partials, static_argnames="channel_dim")):
            with pytest.raises(ValueError, match=rf"{expected} its shape is {re.escape(str(shape))}"):
                function(x, beta=jnp.ones(3), channel_dim=axis)


def test_complex_inputs_are_refused(selu, x64):
    with pytest.raises(TypeError, match="real; its input is complex64"):
        selu.selu_variation(jnp.ones(2, jnp.complex64))


def test_nan_and_ends(selu, x64):
    x = jnp.asarray([jnp.nan, jnp.inf, 200.0, -200.0], jnp.float32)
    value, slope = selu.selu_variation(x, gamma=0.0), selu.partials(x, gamma=0.0)
    assert bool(jnp.isnan(value[0])) and all(bool(jnp.isnan(s[0])) for s in slope)
    np.testing.assert_allclose(value[1:], [np.inf, 1.0507 * 200, -1.0507 * 1.67326], rtol=1e-6)
    assert all(bool(jnp.all(jnp.isfinite(s[2:]))) for s in slope)
