"""What the generated layers do, on the active backend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from frameworks import compiled, dtype, gradients, module, numpy, tensor
from keras import ops
from layers import RNG, X, built, kept_layer, selu_layer, snake_layer


def check_the_layer_computes_the_function() -> None:
    layer = selu_layer(alpha_initializer=0.5)
    expected = module("selu_variation").selu_variation(X, tensor(1.0507), tensor(0.5), gamma=tensor(0.1))
    np.testing.assert_array_equal(numpy(layer(X)), numpy(expected))
    assert [w.name for w in layer.trainable_weights] == ["lambda", "alpha", "beta", "gamma", "omega"]
    assert all(tuple(w.shape) == () for w in layer.weights)
    np.testing.assert_array_equal(numpy(compiled(layer)(tensor(X))), numpy(expected))


def check_config_round_trip() -> None:
    for layer in (
        selu_layer(alpha_initializer=0.5, learnable=["lambda"], name="first"),
        snake_layer(shared_axes=[1], a_regularizer=None, dtype="mixed_float16"),
        kept_layer(per_channel={"s", "g"}, g_initializer="zeros", s_constraint="non_neg"),
        selu_layer(learnable={"lambda": False, "omega": True}, per_channel={"alpha": True}),
        snake_layer(learnable={"a": False}),
        module("polar").Polar(combine="stack", dim=1),
        module("gate").Gate(combine="concat"),
        module("glu").GLU(dim=1),
    ):
        config = json.loads(json.dumps(layer.get_config()))
        again = type(layer).from_config(config)
        assert again.get_config() == layer.get_config()
        built(layer, (2, 6, 4)), built(again, (2, 6, 4))
        for kind in ("trainable_weights", "non_trainable_weights"):
            names, others = ([(w.name, tuple(w.shape)) for w in getattr(one, kind)] for one in (layer, again))
            assert names == others
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
