"""Parameters as a pytree: initial values, bounds, penalties, training."""

from __future__ import annotations

import re

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx


def test_initial_values_are_the_specs(selu, x64):
    params = selu.init_params()
    assert list(params) == ["lambda_", "alpha", "beta", "gamma", "omega"]
    assert {p.dtype.name for p in params.values()} == {"float32"}
    np.testing.assert_allclose([float(p) for p in params.values()], [1.0507, 1.67326, 1.0, 0.1, 2.0], rtol=1e-7)
    assert selu.init_params(dtype=jnp.bfloat16)["alpha"].dtype == jnp.bfloat16


def test_channels_names_and_other_starts(selu, x64):
    params = selu.init_params(names=["alpha", "beta"], num_channels=3, per_channel="beta", initial={"alpha": 4})
    assert {name: p.shape for name, p in params.items()} == {"alpha": (), "beta": (3,)}
    assert float(params["alpha"]) == 4.0
    every = selu.init_params(num_channels=2, initial={"alpha": jax.nn.initializers.ones}, key=jax.random.key(0))
    assert {p.shape for p in every.values()} == {(2,)}
    some = selu.init_params(num_channels=2, per_channel={"beta": False})
    assert [p.shape for p in some.values()] == [(2,), (2,), (), (2,), (2,)]


def test_only_learnable_parameters_are_trained_by_default(module, x64):
    pair = module("soft_pair")
    assert list(pair.init_params()) == ["alpha"]
    fixed = pair.init_params(names=["b"], initial={"b": 2.0})
    values = pair.apply({**pair.init_params(), **fixed}, jnp.float32(1.5))
    np.testing.assert_allclose(values, pair.soft_pair(jnp.float32(1.5), 0.5, 2.0), rtol=1e-6)
    np.testing.assert_allclose(pair.apply({}, 1.5), pair.soft_pair(1.5))


def test_parameters_marked_per_channel_are_so_when_channels_are_given(module, x64):
    snake = module("snake")
    assert snake.init_params(jax.random.key(0), num_channels=4)["a"].shape == (4,)
    assert snake.init_params(jax.random.key(0))["a"].shape == ()


def test_random_starts_lie_in_their_distribution_and_need_a_key(module, x64):
    snake, sided = module("snake"), module("one_sided")
    drawn = snake.constrain(snake.init_params(jax.random.key(1), num_channels=1000))["a"]
    assert 0.2 <= float(drawn.min()) < 0.25 and 0.95 < float(drawn.max()) <= 1.0
    values = sided.constrain(sided.init_params(jax.random.key(1), num_channels=4000))
    assert -1 <= float(values["q"].min()) < -0.9 and 1.9 < float(values["q"].max()) <= 2
    assert abs(float(values["r"].mean()) - 3) < 0.1 and abs(float(values["r"].std()) - 2) < 0.1
    assert float(values["s"].min()) > 0 and abs(float(values["s"].mean()) - 0.5) < 0.05
    assert abs(float(np.corrcoef(values["q"], values["r"])[0, 1])) < 0.1
    with pytest.raises(ValueError, match="a starts at random and needs a key"):
        snake.init_params(num_channels=4)
    assert float(snake.constrain(snake.init_params(initial={"a": 0.5}))["a"]) == pytest.approx(0.5, rel=1e-6)


def test_mistakes_are_named(selu, module, x64):
    for choice in ("delta", ["alpha", "delta"], {"delta": False}):
        for options in ({"names": choice}, {"per_channel": choice, "num_channels": 2}):
            with pytest.raises(ValueError, match=r"no parameter 'delta'; there are \['lambda_', "):
                selu.init_params(**options)
    with pytest.raises(ValueError, match="no parameter 'delta'"):
        selu.init_params(initial={"delta": 1.0})
    with pytest.raises(ValueError, match="per_channel needs num_channels"):
        selu.init_params(per_channel=["beta"])


@pytest.mark.parametrize(
    ("name", "parameter", "interval", "refused", "inside"),
    [
        ("soft_pair", "alpha", "(-1.0, 1.0)", (2, -1, 1.0, np.nan), -0.999),
        ("soft_pair", "b", "[0.1, 4.0]", (0, 4.001, np.nan), 4.0),
        ("snake", "a", "(0.0, inf)", (0, -1.0, np.inf), 1e-3),
        ("one_sided", "q", "(-inf, 5.0)", (5, 6), 4.9),
    ],
)
def test_initial_values_lie_in_the_bounds(module, x64, name, parameter, interval, refused, inside):
    def start(value):
        params = module(name).init_params(names=parameter, num_channels=2, per_channel=True, initial={parameter: value})
        return module(name).constrain(params)[parameter]

    for value in refused:
        for given in (value, np.float32(value), jnp.full(2, value, jnp.float32)):
            with pytest.raises(ValueError, match=re.escape(f"{parameter} must lie in {interval}")):
                start(given)
    np.testing.assert_allclose(start(inside), inside, rtol=1e-5)
    np.testing.assert_allclose(jax.jit(start)(jnp.float32(inside)), inside, rtol=1e-5)


def test_a_bound_that_the_dtype_rounded_is_inside(module, x64):
    pair = module("soft_pair")
    for dtype in ("float32", "bfloat16"):
        (low,) = pair.project({"b": jnp.asarray(-1.0, dtype)}).values()
        assert pair.init_params(names="b", initial={"b": low}, dtype=dtype)["b"] == low


@pytest.mark.parametrize("name", ["lambda", "lambda_"])
def test_a_parameter_goes_by_its_name_in_the_spec_or_in_the_code(selu, x64, name):
    params = selu.init_params(names=name, num_channels=2, per_channel={name: True}, initial={name: 3.0})
    assert {key: value.tolist() for key, value in params.items()} == {"lambda_": [3, 3]}
    assert list(selu.init_params(names={name: False})) == ["alpha", "beta", "gamma", "omega"]
    layer = selu.LearnableSELUVariation(learnable={name: False, "beta": False})
    assert sorted(nnx.state(layer, nnx.Param)) == ["alpha", "gamma", "omega"]
    assert sorted(nnx.state(selu.LearnableSELUVariation(learnable=name), nnx.Param)) == ["lambda_"]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize(
    ("name", "parameter", "low", "high"),
    [
        ("soft_pair", "alpha", -1.0, 1.0),
        ("snake", "a", 0.0, np.inf),
        ("one_sided", "p", 2.0, np.inf),
        ("one_sided", "q", -np.inf, 5.0),
    ],
)
def test_no_raw_weight_reaches_a_bound_and_none_is_stuck(module, x64, name, parameter, low, high, dtype):
    def constrain(raw):
        return module(name).constrain({parameter: raw})[parameter]

    for raw in (-1e30, -300.0, -20.0, -1.0, 0.0, 1.0, 20.0, 300.0, 1e30):
        value = constrain(jnp.asarray(raw, jnp.float32).astype(dtype))
        assert value.dtype == dtype
        assert low < float(value) < high
        assert np.isfinite(float(value))
    assert float(jax.grad(lambda raw: constrain(raw).astype(jnp.float32))(jnp.asarray(-8.0, dtype))) != 0


def test_raw_weights_give_back_the_values_they_were_made_of(module, x64):
    sided = module("one_sided")
    for start in ({"p": 2.5, "q": -7.0}, {"p": 40.0, "q": 4.999}, {"p": 2.0001, "q": 0.0}):
        values = sided.constrain(sided.init_params(names=list(start), initial=start))
        for name, wanted in start.items():
            assert float(values[name]) == pytest.approx(wanted, rel=3e-6, abs=3e-6)


def test_projection_clips_to_the_closed_bounds_and_nothing_else(module, x64):
    pair = module("soft_pair")
    moved = pair.project({"alpha": jnp.float32(9.0), "b": jnp.float32([-1.0, 2.0, 9.0])})
    np.testing.assert_allclose(moved["b"], [0.1, 2.0, 4.0], rtol=1e-7)
    assert float(moved["alpha"]) == 9.0
    assert list(pair.project({"alpha": jnp.float32(1.0)})) == ["alpha"]


def test_penalties_are_of_the_constrained_values(module, selu, x64):
    pair = module("soft_pair")
    params = pair.init_params(num_channels=2, initial={"alpha": jnp.asarray([0.5, -0.25])})
    expected = 0.5 * 0.75 + 0.25 * (0.25 + 0.0625)
    assert float(pair.regularization(params)) == pytest.approx(expected, rel=1e-5)
    assert float(selu.regularization(selu.init_params())) == 0.0


def test_optax_trains_the_pytree(module, x64):
    pair = module("soft_pair")
    x = jnp.linspace(-2, 2, 64, dtype=jnp.float32)
    target = pair.soft_pair(x, 0.2, 1.0)
    optimizer = optax.adam(0.05)

    def loss(params):
        return sum(jnp.mean((y - t) ** 2) for y, t in zip(pair.apply(params, x), target, strict=True))

    @jax.jit
    def step(params, state):
        updates, state = optimizer.update(jax.grad(loss)(params), state)
        return optax.apply_updates(params, updates), state

    params = pair.init_params()
    state, before = optimizer.init(params), float(loss(params))
    for _ in range(200):
        params, state = step(params, state)
    assert float(loss(params)) < 1e-3 * before
    assert float(pair.constrain(params)["alpha"]) == pytest.approx(0.2, abs=0.01)


def test_parameters_can_be_made_under_jit(module, x64):
    make = jax.jit(lambda key: module("one_sided").init_params(key, num_channels=3))
    eager = module("one_sided").init_params(jax.random.key(2), num_channels=3)
    for name, value in make(jax.random.key(2)).items():
        np.testing.assert_allclose(value, eager[name], rtol=1e-5)
