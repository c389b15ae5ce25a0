"""The flax.nnx layer: construction, calls, training, state."""

from __future__ import annotations

import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from emitted_modules import imported
from flax import nnx


def test_the_layer_is_the_function_at_its_parameters(selu, x64):
    layer = selu.LearnableSELUVariation(alpha_init=2.0, lambda_init=jnp.float32(0.5))
    x = jnp.linspace(-3, 3, 24, dtype=jnp.float32).reshape(2, 3, 4)
    np.testing.assert_array_equal(layer(x), selu.selu_variation(x, np.float32(0.5), 2.0, 1.0, np.float32(0.1), 2.0))
    assert isinstance(layer.alpha, nnx.Param) and layer.alpha[...].shape == ()


def test_one_value_per_channel(selu, x64):
    layer = selu.LearnableSELUVariation(num_channels=3, channel_dim=-1, per_channel=["beta"], beta_init=jnp.arange(3.0))
    assert layer.beta[...].shape == (3,) and layer.alpha[...].shape == ()
    assert layer(jnp.ones((5, 2, 3))).shape == (5, 2, 3)


def test_learnable_parameters_are_params_and_fixed_ones_are_not(module, x64):
    soft_pair = module("soft_pair").SoftPair
    assert list(nnx.state(soft_pair(), nnx.Param)) == ["raw_alpha"]
    assert list(nnx.state(soft_pair(learnable=True), nnx.Param)) == ["b", "raw_alpha"]
    assert list(nnx.state(soft_pair(learnable={"b": True}), nnx.Param)) == ["b", "raw_alpha"]
    assert list(nnx.state(soft_pair(learnable="b"), nnx.Param)) == ["b"]
    assert not nnx.state(soft_pair(learnable=False), nnx.Param)
    layer = soft_pair()
    layer.b[...] = jnp.float32(3.0)
    np.testing.assert_allclose(layer(jnp.ones(1))[0], np.exp(-0.5) * np.cos(3.0), rtol=1e-6)


def test_bounded_values_are_properties(module, x64):
    layer = module("soft_pair").SoftPair(alpha_init=-0.75)
    assert float(layer.alpha) == pytest.approx(-0.75, rel=1e-6)
    assert float(layer.regularization()) == pytest.approx(0.5 * 0.75 + 0.25 * 0.5625, rel=1e-6)
    layer.b[...] = jnp.float32(9.0)
    layer.project()
    assert float(layer.b[...]) == 4.0


def test_random_starts_come_from_rngs(module, x64):
    snake = module("snake").Snake
    one, two = (snake(num_channels=4, rngs=nnx.Rngs(seed)) for seed in (0, 1))
    assert one.a.shape == (4,) and not np.array_equal(one.a, two.a)
    np.testing.assert_array_equal(one.a, snake(num_channels=4, rngs=nnx.Rngs(0)).a)
    with pytest.raises(ValueError, match=r"a starts at random and needs .*rngs=nnx\.Rngs"):
        snake()


@pytest.mark.parametrize("combine", ["tuple", "concat", "stack"])
def test_outputs_are_combined_along_dim(module, x64, combine):
    pair = module("soft_pair")
    x = jnp.ones((2, 3, 4))
    re, im = pair.soft_pair(x)
    found = pair.SoftPair(combine=combine, dim=1)(x)
    if combine == "tuple":
        assert [part.shape for part in found] == [x.shape, x.shape]
        return
    joined = {"concat": np.concatenate, "stack": np.stack}[combine]((re, im), axis=1)
    np.testing.assert_allclose(found, joined, rtol=1e-6)
    assert pair.SoftPair()(x).shape == (2, 3, 8)
    with pytest.raises(ValueError, match="combine is tuple, concat or stack, not sum"):
        pair.SoftPair(combine="sum")


def test_several_inputs_or_one_to_split(module, x64):
    glu = module("glu")
    x = jax.random.normal(jax.random.key(0), (2, 6, 4))
    for dim, size in ((-1, 2), (1, 3)):
        a, b = jnp.split(x, [size], axis=dim)
        expected = a * jax.nn.sigmoid(b)
        np.testing.assert_allclose(glu.GLU(dim=dim)(x), expected, rtol=1e-6)
        np.testing.assert_allclose(glu.GLU()(a, b), expected, rtol=1e-6)
    with pytest.raises(ValueError, match="equal"):
        glu.GLU(dim=0)(x[:1])
    with pytest.raises(TypeError, match="2 arrays, or one to split; not 3"):
        glu.GLU()(x, x, x)


def test_state_goes_out_and_in(selu, x64):
    layer = selu.LearnableSELUVariation(num_channels=3, alpha_init=2.5)
    graph, state = nnx.split(layer)
    x = jnp.linspace(-1, 1, 6, dtype=jnp.float32).reshape(2, 3)
    np.testing.assert_array_equal(nnx.merge(graph, state)(x), layer(x))
    other = selu.LearnableSELUVariation(num_channels=3)
    nnx.update(other, jax.tree.map(np.asarray, nnx.to_pure_dict(state)))
    np.testing.assert_array_equal(other(x), layer(x))


def test_nnx_jit_grad_and_optimizer_train_params_only(module, x64):
    pair = module("soft_pair")
    layer = pair.SoftPair(combine="stack")
    optimizer = nnx.Optimizer(layer, optax.adam(0.05), wrt=nnx.Param)
    x = jnp.linspace(-2, 2, 64, dtype=jnp.float32)
    target = jnp.stack(pair.soft_pair(x, 0.2, 1.0), axis=-1)

    def loss(layer):
        return jnp.mean((layer(x) - target) ** 2)

    @nnx.jit
    def step(layer, optimizer):
        value, grads = nnx.value_and_grad(loss)(layer)
        optimizer.update(layer, grads)
        return value

    first = float(step(layer, optimizer))
    for _ in range(200):
        last = float(step(layer, optimizer))
    assert last < 1e-3 * first
    assert float(layer.alpha) == pytest.approx(0.2, abs=0.01)
    assert float(layer.b[...]) == 1.0


def test_a_layer_inside_a_model_under_vmap_and_remat(selu, x64):
    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.linear = nnx.Linear(4, 3, rngs=rngs)
            self.activation = selu.LearnableSELUVariation(num_channels=3, channel_dim=-1)

        def __call__(self, x):
            return self.activation(self.linear(x))

    model, x = Model(nnx.Rngs(0)), jnp.ones((5, 4))
    batched = nnx.vmap(lambda m, row: m(row), in_axes=(None, 0))(model, x)
    np.testing.assert_allclose(batched, model(x), rtol=1e-6)
    plain = nnx.grad(lambda m: m(x).sum())(model)
    saved = nnx.grad(lambda m: nnx.remat(lambda n, v: n(v))(m, x).sum())(model)
    for one, other in zip(jax.tree.leaves(plain), jax.tree.leaves(saved), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_half_layers(selu, x64):
    layer = selu.LearnableSELUVariation(num_channels=3, param_dtype=jnp.bfloat16)
    assert layer(jnp.ones((2, 3), jnp.bfloat16)).dtype == jnp.bfloat16
    assert layer(jnp.ones((2, 3), jnp.float32)).dtype == jnp.float32


def test_the_public_names(selu, module):
    functions = ["apply", "constrain", "init_params", "partials", "project", "regularization"]
    assert selu.__all__ == [*functions, "selu_variation", "LearnableSELUVariation"]
    assert module("glu").__all__ == ["glu", "partials", "GLU"]


def test_without_flax_everything_but_the_layer_is_there(built, monkeypatch):
    monkeypatch.setitem(sys.modules, "flax", None)
    monkeypatch.delitem(sys.modules, "selu_variation_jax", raising=False)
    bare = imported(built, "selu_variation_jax")
    assert not hasattr(bare, "LearnableSELUVariation")
    assert all(hasattr(bare, name) for name in bare.__all__)
    assert float(bare.apply(bare.init_params(), 0.0)) == 0.0
