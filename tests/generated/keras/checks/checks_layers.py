"""What the generated layers do, on the active backend."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from frameworks import BACKEND, compiled, dtype, gradients, module, numpy, tensor
from keras import ops

RNG = np.random.default_rng(7)
X = RNG.normal(size=(5, 4)).astype("float32")


def selu_layer(**options: Any) -> Any:
    return module("selu_variation").LearnableSELUVariation(**options)


def snake_layer(**options: Any) -> Any:
    return module("snake").Snake(**options)


def kept_layer(**options: Any) -> Any:
    return module("kept").Kept(**options)


def built(layer: Any, shape: tuple[int, ...] = (5, 4)) -> Any:
    layer.build(shape)
    return layer


def check_the_layer_computes_the_function() -> None:
    layer = selu_layer(alpha_initializer=0.5)
    expected = module("selu_variation").selu_variation(X, tensor(1.0507), tensor(0.5), gamma=tensor(0.1))
    np.testing.assert_array_equal(numpy(layer(X)), numpy(expected))
    assert [w.name for w in layer.trainable_weights] == ["lambda", "alpha", "beta", "gamma", "omega"]
    assert all(tuple(w.shape) == () for w in layer.weights)
    np.testing.assert_array_equal(numpy(compiled(layer)(tensor(X))), numpy(expected))


def check_parameters_are_attributes() -> None:
    layer = built(selu_layer())
    assert float(layer.lambda_) == pytest.approx(1.0507)
    layer.lambda_ = 2.0
    assert float(layer.lambda_) == 2.0
    assert "output scale" in type(layer).lambda_.__doc__
    layer.alpha.assign(0.25)
    assert float(layer.alpha) == 0.25


def check_learnable_and_fixed_parameters() -> None:
    assert len(built(selu_layer(learnable=False)).trainable_weights) == 0
    some = built(selu_layer(learnable=["lambda", "alpha"]))
    assert [w.name for w in some.trainable_weights] == ["lambda", "alpha"]
    assert [w.name for w in some.non_trainable_weights] == ["beta", "gamma", "omega"]
    assert [w.name for w in built(selu_layer(learnable={"lambda_"})).trainable_weights] == ["lambda"]
    polar = built(module("polar").Polar())
    assert [w.name for w in polar.non_trainable_weights] == ["b"]
    with pytest.raises(ValueError, match="no parameter"):
        built(selu_layer(learnable=["lamda"]))


def check_shapes_of_channel_parameters() -> None:
    cases: list[tuple[dict[str, Any], tuple[int, ...]]] = [
        ({}, (6, 1)),
        ({"channel_dim": -1}, (1, 8)),
        ({"shared_axes": [1]}, (1, 8)),
        ({"shared_axes": 2}, (6, 1)),
        ({"shared_axes": []}, (6, 8)),
        ({"shared_axes": (1, 2)}, (1, 1)),
        ({"per_channel": False}, ()),
    ]
    for options, shape in cases:
        layer = snake_layer(**options)
        y = layer(tensor(np.ones((2, 6, 8))))
        assert tuple(layer.weights[0].shape) == shape
        a = np.broadcast_to(numpy(layer.a), (2, 6, 8)) if shape else float(layer.a)
        np.testing.assert_allclose(numpy(y), 1 + np.sin(a) ** 2 / a, rtol=1e-6)
    everything = built(selu_layer(per_channel=True, channel_dim=-1), (2, 6, 8))
    assert {tuple(w.shape) for w in everything.weights} == {(1, 8)}
    assert tuple(built(snake_layer(), (None, 3)).weights[0].shape) == (3,)


def check_impossible_channels_are_errors() -> None:
    with pytest.raises(ValueError, match="channel_dim 0"):
        built(snake_layer(channel_dim=0))
    with pytest.raises(ValueError, match="known size"):
        built(snake_layer(), (None, None, 4))
    layer = built(snake_layer(), (2, 6, 8))
    with pytest.raises(ValueError, match="incompatible"):
        layer(tensor(np.ones((2, 1, 8))))


def check_initial_values() -> None:
    keras.utils.set_random_seed(3)
    first, second = (numpy(built(snake_layer(), (2, 500, 3)).a) for _ in range(2))
    assert first.min() > 0.2 - 1e-6
    assert first.max() < 2 + 1e-6
    assert first.std() > 0.3
    assert not np.array_equal(first, second)
    polar = module("polar").Polar(per_channel=True)
    c = numpy(built(polar, (2, 4000)).c)
    assert c.min() >= 0
    assert c.mean() == pytest.approx(0.5, rel=0.15)
    assert float(built(snake_layer(a_initializer=0.75, per_channel=False)).a) == pytest.approx(0.75, rel=1e-6)
    ones = built(snake_layer(a_initializer="ones"))
    np.testing.assert_allclose(numpy(ones.a), 1, rtol=1e-6)


def check_bounds_hold_at_the_start_and_when_assigned() -> None:
    layer = built(kept_layer(per_channel=True), (2, 200))
    g = numpy(layer.g)
    assert (np.abs(g) < 1).all()
    assert g.std() > 0.2
    for name, low, high in (("s", 0.1, math.inf), ("e", -math.inf, 0.7), ("g", -1, 1), ("p", 0.3, 0.7)):
        for value in (-1e30, -1.0, 0.1, 0.3, 0.5, 0.7, 1e30):
            setattr(layer, name, value)
            found = numpy(getattr(layer, name))
            assert np.isfinite(found).all()
            assert ((found > low) & (found < high) | (name == "p")).all(), (name, value, found[0])
            assert ((found >= low) & (found <= high)).all()
            inside = min(max(value, max(low, -1e6)), min(high, 1e6)) if abs(value) < 1e6 else value
            if abs(inside) < 1e6:
                np.testing.assert_allclose(found, inside, rtol=1e-5, atol=1e-6)


def check_training_moves_parameters_and_keeps_bounds() -> None:
    layer = kept_layer()
    model = keras.Sequential([keras.Input((4,)), layer])
    before = {name: float(value) for name, value in layer.parameter_values().items()}
    model.compile(keras.optimizers.SGD(0.5), "mse")
    moved = set()
    for target in (50.0, -50.0):
        model.fit(X, np.full_like(X, target), epochs=8, batch_size=5, verbose=0)
        after = {name: float(value) for name, value in layer.parameter_values().items()}
        assert 0.1 < after["s"] < math.inf
        assert after["e"] < 0.7
        assert -1 < after["g"] < 1
        assert 0.3 <= after["p"] <= 0.7
        moved |= {name for name in before if before[name] != after[name]}
    assert moved == set(before)


def check_fit_reaches_the_parameters_that_made_the_data() -> None:
    x = np.linspace(-3, 3, 256).astype("float32")[:, None]
    y = numpy(module("selu_variation").selu_variation(x, 1.5, 0.8, gamma=0.0)).astype("float32")
    layer = selu_layer(gamma_initializer=0.0, learnable=["lambda", "alpha"])
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    model.fit(x, y, epochs=60, batch_size=64, verbose=0)
    assert float(layer.lambda_) == pytest.approx(1.5, abs=0.02)
    assert float(layer.alpha) == pytest.approx(0.8, abs=0.02)
    assert float(layer.gamma) == 0
    assert float(layer.omega) == 2


def check_regularizers_speak_of_the_constrained_value() -> None:
    layer = built(kept_layer())
    s, p = float(layer.s), float(layer.p)
    assert sum(float(v) for v in layer.losses) == pytest.approx(0.5 * s + 0.25 * s**2 + p, rel=1e-6)
    assert len(built(kept_layer(s_regularizer=None)).losses) == 1
    own = built(kept_layer(e_regularizer=keras.regularizers.L1(2.0)))
    assert sum(float(v) for v in own.losses) == pytest.approx(0.5 * s + 0.25 * s**2 + p + 2 * 0.5, rel=1e-5)
    model = keras.Sequential([keras.Input((4,)), snake_layer(a_initializer=1.0)])
    model.compile("sgd", "mse")
    target = numpy(model(X))
    assert model.evaluate(X, target, verbose=0) == pytest.approx(0.04, rel=1e-4)


def check_regularizers_move_raw_weights() -> None:
    layer = kept_layer(s_regularizer=keras.regularizers.L2(1.0), p_regularizer=None, learnable=["s"])
    model = keras.Sequential([keras.Input((4,)), layer])
    model.compile(keras.optimizers.SGD(0.1), lambda y, z: 0.0 * ops.mean(z))
    before = float(layer.s)
    model.fit(X, X, epochs=2, verbose=0)
    assert 0.1 < float(layer.s) < before


def check_a_constraint_of_ones_own_replaces_the_bounds() -> None:
    layer = built(kept_layer(s_constraint=keras.constraints.NonNeg(), p_constraint=None))
    assert [w.name for w in layer.weights] == ["s", "e_raw", "g_raw", "p"]
    layer.s = -1.0
    assert float(layer.s) == 0
    layer.p = 5.0
    assert float(layer.p) == 5


def check_config_round_trip() -> None:
    for layer in (
        selu_layer(alpha_initializer=0.5, learnable=["lambda"], name="first"),
        snake_layer(shared_axes=[1], a_regularizer=None, dtype="mixed_float16"),
        kept_layer(per_channel={"s", "g"}, g_initializer="zeros", s_constraint="non_neg"),
        module("polar").Polar(combine="stack", dim=1),
        module("gate").Gate(combine="concat"),
        module("glu").GLU(dim=1),
    ):
        config = json.loads(json.dumps(layer.get_config()))
        again = type(layer).from_config(config)
        assert again.get_config() == layer.get_config()
        whole = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
        assert whole.get_config() == layer.get_config()


def check_keras_files_need_no_custom_objects(tmp_path: Path) -> None:
    x = tensor(RNG.normal(size=(3, 6, 4)))
    layers = (
        selu_layer(per_channel=["alpha"]),
        snake_layer(),
        kept_layer(per_channel=True),
        module("glu").GLU(),
        module("polar").Polar(),
        module("gate").Gate(combine="stack"),
    )
    for layer in layers:
        inputs = keras.Input((6, 4))
        model = keras.Model(inputs, layer(inputs))
        path = tmp_path / f"{layer.name}.keras"
        model.save(path)
        again = keras.saving.load_model(path)
        for left, right in zip(model.weights, again.weights, strict=True):
            np.testing.assert_array_equal(numpy(left), numpy(right))
        for left, right in zip(keras.tree.flatten(model(x)), keras.tree.flatten(again(x)), strict=True):
            np.testing.assert_array_equal(numpy(left), numpy(right))


def check_mixed_precision() -> None:
    for policy, half in (("mixed_float16", "float16"), ("mixed_bfloat16", "bfloat16")):
        layer = snake_layer(dtype=policy)
        inputs = keras.Input((4,))
        model = keras.Model(inputs, layer(inputs))
        assert model.output.dtype == half
        assert layer.weights[0].dtype == "float32"
        y = model(X)
        assert dtype(y) == half
        direct = module("snake").snake(tensor(X, half), ops.convert_to_tensor(layer.a))
        np.testing.assert_array_equal(numpy(y), numpy(direct))
        model.compile("sgd", "mse")
        before = numpy(layer.a)
        model.fit(X, np.zeros_like(X), epochs=2, verbose=0)
        assert np.isfinite(numpy(layer.a)).all()
        assert (numpy(layer.a) != before).any()


def check_whole_half_policies() -> None:
    layer = kept_layer(dtype="bfloat16")
    assert dtype(layer(tensor(X, "bfloat16"))) == "bfloat16"
    assert {w.dtype for w in layer.weights} == {"bfloat16"}
    assert float(layer.s) > 0.1


def check_masks_pass_through() -> None:
    steps = np.array([[3, 1, 0], [2, 0, 0]])
    embedded = keras.layers.Embedding(5, 4, mask_zero=True)(steps)
    expected = steps != 0
    for layer in (snake_layer(), module("glu").GLU(), module("polar").Polar(combine="concat")):
        np.testing.assert_array_equal(numpy(layer(embedded)._keras_mask), expected)
    for part in module("polar").Polar(combine="tuple")(embedded):
        np.testing.assert_array_equal(numpy(part._keras_mask), expected)
    assert getattr(module("polar").Polar(combine="concat", dim=1)(embedded), "_keras_mask", None) is None
    two = module("glu").GLU()([embedded, tensor(np.ones((2, 3, 4)))])
    np.testing.assert_array_equal(numpy(two._keras_mask), expected)


def check_one_input_is_split() -> None:
    x = RNG.normal(size=(2, 6, 4)).astype("float32")
    glu = module("glu").glu
    np.testing.assert_array_equal(numpy(module("glu").GLU()(x)), numpy(glu(x[..., :2], x[..., 2:])))
    np.testing.assert_array_equal(numpy(module("glu").GLU(dim=1)(x)), numpy(glu(x[:, :3], x[:, 3:])))
    np.testing.assert_array_equal(numpy(module("glu").GLU()((x, 2 * x))), numpy(glu(x, 2 * x)))
    with pytest.raises(ValueError, match="equal parts"):
        module("glu").GLU()(keras.Input((3,)))
    with pytest.raises(ValueError, match="takes 2 tensors"):
        module("gate").Gate()([tensor(x)] * 3)


def check_channels_are_counted_after_the_split() -> None:
    gate = module("gate")
    x = RNG.normal(size=(2, 6, 8)).astype("float32")
    layer = gate.Gate(combine="concat")
    y = layer(x)
    assert tuple(layer.k.shape) == (1, 4)
    product, total = gate.gate(x[..., :4], x[..., 4:], ops.convert_to_tensor(layer.k))
    np.testing.assert_array_equal(numpy(y), np.concatenate([numpy(product), numpy(total)], -1))


def check_shapes_are_known_before_anything_runs() -> None:
    cases: list[tuple[Any, Any, Any]] = [
        (selu_layer(), (None, 3), (None, 3)),
        (module("glu").GLU(), (None, 6), (None, 3)),
        (module("glu").GLU(), [(None, 6), (None, 6)], (None, 6)),
        (module("glu").GLU(dim=1), (None, None, 3), (None, None, 3)),
        (module("polar").Polar(), (None, 3), (None, 6)),
        (module("polar").Polar(dim=1), (2, None, 3), (2, None, 3)),
        (module("polar").Polar(combine="stack"), (None, 3), (None, 3, 2)),
        (module("polar").Polar(combine="stack", dim=1), (None, 3), (None, 2, 3)),
        (module("polar").Polar(combine="tuple"), (None, 3), ((None, 3), (None, 3))),
        (module("gate").Gate(combine="concat"), (None, 6), (None, 6)),
    ]
    for layer, given, expected in cases:
        assert layer.compute_output_shape(given) == expected
        several = isinstance(given, list)
        spec = layer([keras.Input(s[1:]) for s in given] if several else keras.KerasTensor(given))
        assert keras.tree.map_structure(lambda t: tuple(t.shape), spec) == expected
    x = tensor(np.ones((2, 6)))
    assert tuple(module("polar").Polar(combine="stack", dim=1)(x).shape) == (2, 2, 6)
    with pytest.raises(ValueError, match="combine"):
        module("polar").Polar(combine="sum")


def check_gradients_reach_weights_and_inputs() -> None:
    layer = built(snake_layer(), (5, 4))

    def loss(x: Any) -> Any:
        return layer(x)

    (slope,) = gradients(loss, tensor(X))
    a = numpy(layer.a)
    np.testing.assert_allclose(numpy(slope), 1 + np.sin(2 * a * X), rtol=1e-5, atol=1e-6)


def check_integer_inputs() -> None:
    assert dtype(selu_layer()(np.arange(4))) == "float32"
    assert dtype(selu_layer(dtype="mixed_float16")(np.arange(4))) == "float16"


def check_time_distributed_and_nested_models(tmp_path: Path) -> None:
    inner = keras.Sequential([keras.Input((4,)), snake_layer(), keras.layers.Dense(3)])
    inputs = keras.Input((6, 4))
    model = keras.Model(inputs, keras.layers.TimeDistributed(inner)(inputs))
    model.save(tmp_path / "nested.keras")
    x = RNG.normal(size=(2, 6, 4)).astype("float32")
    np.testing.assert_array_equal(numpy(keras.saving.load_model(tmp_path / "nested.keras")(x)), numpy(model(x)))


def check_weights_can_be_saved_and_loaded(tmp_path: Path) -> None:
    first = keras.Sequential([keras.Input((4,)), kept_layer(per_channel=True)])
    second = keras.Sequential([keras.Input((4,)), kept_layer(per_channel=True)])
    first.save_weights(tmp_path / "w.weights.h5")
    second.load_weights(tmp_path / "w.weights.h5")
    np.testing.assert_array_equal(numpy(first(X)), numpy(second(X)))


if BACKEND == "tensorflow":

    def check_saved_model(tmp_path: Path) -> None:
        import tensorflow as tf

        model = keras.Sequential([keras.Input((4,)), snake_layer(), module("polar").Polar()])
        model.export(tmp_path / "saved", verbose=False)
        served = tf.saved_model.load(str(tmp_path / "saved"))
        np.testing.assert_allclose(served.serve(X).numpy(), numpy(model(X)), rtol=1e-6)

    def check_tf_function_with_an_unknown_batch_and_xla() -> None:
        import tensorflow as tf

        layer = built(snake_layer(), (None, 4))
        signature = [tf.TensorSpec((None, 4), tf.float32)]

        @tf.function(input_signature=signature)
        def graph(x: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x)
            return y, *tape.gradient(y, [x, *layer.trainable_variables])

        @tf.function(jit_compile=True)
        def xla(x: Any) -> Any:
            return graph.python_function(x)

        for left, right in zip(graph(X), xla(X), strict=True):
            np.testing.assert_allclose(numpy(left), numpy(right), rtol=1e-6, atol=1e-6)
        assert [tuple(t.shape) for t in graph(X)] == [(5, 4), (5, 4), (4,)]


if BACKEND == "jax":

    def check_stateless_calls_under_jit() -> None:
        import jax

        layer = built(kept_layer())
        values = [v.value for v in layer.trainable_variables]

        def loss(values: Any, x: Any) -> Any:
            return layer.stateless_call(values, [], x)[0].sum()

        slopes = jax.jit(jax.grad(loss))(values, X)
        assert all(np.isfinite(np.asarray(s)).all() for s in slopes)
        assert all(float(s) != 0 for s in slopes)

    def check_jvp_vmap_and_hessian() -> None:
        import jax

        snake = module("snake").snake
        x, a = tensor(X[0]), tensor(0.8)
        _, tangent = jax.jvp(snake, (x, a), (jax.numpy.ones_like(x), jax.numpy.zeros_like(a)))
        np.testing.assert_allclose(tangent, 1 + np.sin(1.6 * X[0]), rtol=1e-6, atol=1e-6)
        each = jax.vmap(jax.grad(snake), (0, None))(x, a)
        np.testing.assert_allclose(each, tangent, rtol=1e-6)
        hessian = jax.jit(jax.hessian(lambda x: snake(x, a).sum()))(x)
        np.testing.assert_allclose(hessian, np.diag(1.6 * np.cos(1.6 * X[0])), rtol=1e-5, atol=1e-6)

    def check_only_arguments_are_saved() -> None:
        import jax

        _, pull = jax.vjp(lambda x, a: module("snake").snake(x, a), tensor(X), tensor(0.8))
        assert sorted(np.shape(leaf) for leaf in jax.tree.leaves(pull)) == [(), (5, 4)]


if BACKEND == "torch":

    def check_torch_func_and_double_backward() -> None:
        import torch

        snake = module("snake").snake
        x = torch.tensor(X[0], dtype=torch.float64, requires_grad=True)
        a = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(snake, (x, a))
        assert torch.autograd.gradgradcheck(snake, (x, a))
        each = torch.func.vmap(torch.func.grad(snake), (0, None))(x.detach(), a.detach())
        np.testing.assert_allclose(each.numpy(), 1 + np.sin(1.6 * x.detach().numpy()), rtol=1e-9)

    def check_only_arguments_are_saved() -> None:
        import torch

        x = torch.tensor(X, requires_grad=True)
        a = torch.tensor(0.8, requires_grad=True)
        saved: list[torch.Tensor] = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
            module("snake").snake(x, a)
        assert sorted(t.numel() for t in saved) == [1, 20]
