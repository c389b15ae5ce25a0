"""Parameters of the generated layers: shapes, starting values, bounds, penalties, training."""

from __future__ import annotations

import math
import re
from typing import Any

import keras
import numpy as np
import pytest
from frameworks import module, numpy, tensor
from keras import ops
from layers import RNG, X, built, kept_layer, selu_layer, snake_layer


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
    assert [w.name for w in built(selu_layer(learnable="beta")).trainable_weights] == ["beta"]
    assert len(built(module("polar").Polar(learnable={"b": True, "a": False})).trainable_weights) == 2
    for name in ("lambda", "lambda_"):
        layer = built(selu_layer(learnable={name: False, "omega": 0}, per_channel={name: True}))
        assert [w.name for w in layer.trainable_weights] == ["alpha", "beta", "gamma"]
        assert [w.name for w in layer.weights if tuple(w.shape) == (4,)] == ["lambda"]
        layer.assign_parameter(name, 3.0)
        assert numpy(layer.lambda_).tolist() == [3.0] * 4
    assert len(built(snake_layer(learnable={"a": False})).trainable_weights) == 0
    for choice in ("lamda", ["lamda"], {"alpha", "lamda"}, {"lamda": False}):
        for option in ("learnable", "per_channel"):
            with pytest.raises(ValueError, match=r"no parameter 'lamda'; there are \['lambda_', 'alpha'"):
                selu_layer(**{option: choice})
    with pytest.raises(ValueError, match="no parameter 'lamda'"):
        layer.assign_parameter("lamda", 1.0)


def check_initial_values_lie_in_the_bounds() -> None:
    refused = {"s": (0.1, 0.0, math.inf), "e": (0.7, 1, math.nan), "g": (-1, 1.0), "p": (0.29, 0.71)}
    intervals = {"s": "(0.1, inf)", "e": "(-inf, 0.7)", "g": "(-1, 1)", "p": "[0.3, 0.7]"}
    for name, values in refused.items():
        for value in values:
            for start in (value, np.float64(value), keras.initializers.Constant(value)):
                with pytest.raises(ValueError, match=re.escape(f"{name} must lie in {intervals[name]}")):
                    kept_layer(**{f"{name}_initializer": start})
            kept_layer(**{f"{name}_initializer": value, f"{name}_constraint": None})
    for value in (0.3, 0.7):
        assert float(built(kept_layer(p_initializer=value)).p) == pytest.approx(value)
    with pytest.raises(ValueError, match=r"a must lie in \(0, inf\)"):
        snake_layer(a_initializer=0.0)


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


def check_channels_are_counted_after_the_split() -> None:
    gate = module("gate")
    x = RNG.normal(size=(2, 6, 8)).astype("float32")
    layer = gate.Gate(combine="concat")
    y = layer(x)
    assert tuple(layer.k.shape) == (1, 4)
    product, total = gate.gate(x[..., :4], x[..., 4:], ops.convert_to_tensor(layer.k))
    np.testing.assert_array_equal(numpy(y), np.concatenate([numpy(product), numpy(total)], -1))
