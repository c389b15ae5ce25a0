"""The layers: options, state, training, copies, several inputs and outputs."""

from __future__ import annotations

import copy
import io
import pickle

import pytest
import torch
from torch import nn

NAMES = ["lambda_", "alpha", "beta", "gamma", "omega"]


def test_a_plain_layer_has_the_parameters_of_the_spec(selu):
    layer = selu.LearnableSELUVariation()
    assert [name for name, _ in layer.named_parameters()] == NAMES
    assert {p.shape for p in layer.parameters()} == {(1,)}
    values = [p.item() for p in layer.double().parameters()]
    assert values == pytest.approx([1.0507, 1.67326, 1.0, 0.1, 2.0], rel=1e-7)
    x = torch.randn(3, 4)
    assert torch.equal(
        selu.LearnableSELUVariation()(x), selu.selu_variation(x, *selu.LearnableSELUVariation().parameters())
    )


def test_initial_values_are_exact_in_float64(selu):
    layer = selu.LearnableSELUVariation(dtype=torch.float64)
    assert [p.item() for p in layer.parameters()] == [1.0507, 1.67326, 1.0, 0.1, 2.0]


@pytest.mark.parametrize(("shape", "channel_dim"), [((2, 4, 5), 1), ((2, 4, 3, 5), 1), ((2, 3, 4), -1), ((4, 2), 0)])
def test_channels(selu, shape, channel_dim):
    layer = selu.LearnableSELUVariation(num_channels=4, channel_dim=channel_dim, alpha_init=torch.arange(4.0))
    assert {p.shape for p in layer.parameters()} == {(4,)}
    x = torch.randn(shape)
    y = layer(x)
    for i in range(4):
        one = selu.selu_variation(x.select(channel_dim, i), alpha=float(i))
        torch.testing.assert_close(y.select(channel_dim, i), one)
    y.sum().backward()
    assert all(p.grad.shape == (4,) for p in layer.parameters())


@pytest.mark.parametrize(
    ("choice", "channelled"),
    [(None, NAMES), (True, NAMES), (False, []), (["alpha", "beta"], ["alpha", "beta"]), ("omega", ["omega"])],
    ids=str,
)
def test_any_parameter_may_have_one_value_or_one_per_channel(selu, choice, channelled):
    layer = selu.LearnableSELUVariation(num_channels=3, per_channel=choice)
    assert [name for name, p in layer.named_parameters() if p.shape == (3,)] == channelled
    assert layer(torch.randn(2, 3)).shape == (2, 3)


def test_the_spec_says_which_parameters_are_per_channel(module):
    layer = module("gated").Gated(num_channels=3)
    assert (layer.s.shape, layer.t.shape) == ((3,), (1,))
    assert module("gated").Gated().s.shape == (1,)
    both = module("gated").Gated(num_channels=3, per_channel=True)
    assert (both.s.shape, both.t.shape) == ((3,), (3,))


@pytest.mark.parametrize(
    ("choice", "learned"),
    [
        (None, NAMES),
        (False, []),
        (["alpha"], ["alpha"]),
        ({"alpha", "omega"}, ["alpha", "omega"]),
        ({"gamma": False}, ["lambda_", "alpha", "beta", "omega"]),
        ("beta", ["beta"]),
    ],
    ids=["all", "none", "list", "set", "mapping", "name"],
)
def test_any_parameter_may_be_fixed(selu, choice, learned):
    layer = selu.LearnableSELUVariation(learnable=choice)
    assert [name for name, _ in layer.named_parameters()] == learned
    assert sorted(name for name, _ in layer.named_buffers()) == sorted(set(NAMES) - set(learned))
    assert sorted(layer.state_dict()) == sorted(NAMES)
    y = layer(torch.randn(4, requires_grad=True))
    y.sum().backward()
    assert all(p.grad is not None for p in layer.parameters())


def test_fixed_by_the_spec(module):
    layer = module("soft_pair").SoftPair()
    assert [name for name, _ in layer.named_buffers()] == ["b"]
    assert "fixed=b" in repr(layer)
    assert [n for n, _ in module("soft_pair").SoftPair(learnable={"b": True}).named_parameters()] == ["raw_alpha", "b"]


@pytest.mark.parametrize("option", ["learnable", "per_channel"])
def test_an_unknown_name_is_an_error(selu, option):
    for choice in ("lamda", ["alpha", "lamda"], {"lamda": False}):
        with pytest.raises(ValueError, match=r"no parameter 'lamda'; there are \['lambda_', 'alpha'"):
            selu.LearnableSELUVariation(num_channels=2, **{option: choice})
    with pytest.raises(ValueError, match="no parameter"):
        selu.LearnableSELUVariation().assign_(alpha=1.0, lambda_2=1.0)


@pytest.mark.parametrize("name", ["lambda", "lambda_"])
def test_a_parameter_goes_by_its_name_in_the_spec_or_in_the_code(selu, name):
    for choice, learned in ((name, NAMES[:1]), ({name}, NAMES[:1]), ({name: False}, NAMES[1:])):
        layer = selu.LearnableSELUVariation(num_channels=2, learnable=choice, per_channel=choice)
        assert [n for n, _ in layer.named_parameters()] == learned
        assert [n for n, value in layer.state_dict().items() if value.shape == (2,)] == learned
    layer.assign_(**{name: 3.0})
    assert layer.lambda_.item() == 3


def test_per_channel_needs_the_number_of_channels(selu):
    with pytest.raises(ValueError, match="per_channel needs num_channels"):
        selu.LearnableSELUVariation(per_channel=["alpha"])


def test_options_are_keyword_only(selu):
    with pytest.raises(TypeError):
        selu.LearnableSELUVariation(3)


def test_a_tensor_of_the_wrong_size_is_refused(selu):
    with pytest.raises(RuntimeError, match="shape"):
        selu.LearnableSELUVariation(alpha_init=torch.ones(3))


def test_assigning_and_resetting(selu):
    layer = selu.LearnableSELUVariation(num_channels=3, learnable=["alpha"], omega_init=5)
    weights = [layer.alpha, layer.omega]
    layer.assign_(alpha=[1.0, 2.0, 3.0], omega=0.25, beta=lambda t: t.fill_(7))
    assert layer.alpha.tolist() == [1, 2, 3] and layer.omega.tolist() == [0.25] * 3 and layer.beta.tolist() == [7] * 3
    assert layer.alpha is weights[0] and layer.omega is weights[1] and layer.alpha.requires_grad
    layer.reset_parameters()
    assert layer.alpha.tolist() == pytest.approx([1.67326] * 3) and layer.omega.tolist() == [5] * 3


def test_annealing_a_fixed_parameter_takes_effect(selu):
    layer = selu.LearnableSELUVariation(learnable=False)
    x = torch.randn(5)
    layer.alpha.fill_(0.5)
    torch.testing.assert_close(layer(x), selu.selu_variation(x, alpha=0.5))


def test_training_reduces_the_loss(selu, textbook):
    layer = selu.LearnableSELUVariation()
    x = torch.linspace(-4, 4, 400)
    target = textbook(x, 0.8, 1.2, 0.7, 0.3, 1.6)
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.02)
    losses = []
    for _ in range(400):
        optimiser.zero_grad()
        loss = (layer(x) - target).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 1e-3 * losses[0]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_dtype_of_layer_and_input_are_independent(module, dtype):
    for layer in (module("selu_variation").LearnableSELUVariation(dtype=dtype), module("bounded").Bounded(dtype=dtype)):
        assert {p.dtype for p in layer.parameters()} == {dtype}
        assert {b.dtype for b in layer.buffers()} <= {dtype}
        x = torch.randn(4, dtype=torch.bfloat16)
        y = layer(x)
        assert y.dtype is torch.bfloat16 and y.isfinite().all()
        y.sum().backward()
        assert {p.grad.dtype for p in layer.parameters()} == {dtype}
        assert {p.dtype for p in layer.half().parameters()} == {torch.float16}


@pytest.mark.parametrize("name", ["selu_variation", "soft_pair", "bounded", "snake", "gated"])
def test_copies_are_the_same_layer(module, name):
    class_name = {"selu_variation": "LearnableSELUVariation", "soft_pair": "SoftPair"}.get(name, name.capitalize())
    make = getattr(module(name), class_name)
    layer = make(num_channels=3)
    x = torch.randn(2, 3, 6)
    expected = _flat(layer(x))
    fresh = make(num_channels=3)
    fresh.load_state_dict(layer.state_dict())
    stream = io.BytesIO()
    torch.save(layer.state_dict(), stream)
    stream.seek(0)
    loaded = make(num_channels=3)
    loaded.load_state_dict(torch.load(stream, weights_only=True))
    for twin in (fresh, loaded, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert torch.equal(_flat(twin(x)), expected)
        assert all(a is not b for a, b in zip(twin.parameters(), layer.parameters(), strict=True))
        twin.reset_parameters()


def _flat(y):
    return torch.cat([part.flatten() for part in y]) if isinstance(y, tuple) else y.flatten()


def test_repr_says_what_is_not_plain(selu):
    assert repr(selu.LearnableSELUVariation()) == "LearnableSELUVariation()"
    shown = repr(selu.LearnableSELUVariation(num_channels=8, channel_dim=-1, learnable={"beta": False}))
    assert shown == "LearnableSELUVariation(num_channels=8, channel_dim=-1, fixed=beta)"


def test_meta_device_then_reset(module):
    with torch.device("meta"):
        layer = module("bounded").Bounded()
    assert layer.raw_p.is_meta
    layer.to_empty(device="cpu").reset_parameters()
    assert layer.p.item() == pytest.approx(3) and layer(torch.ones(2)).isfinite().all()


def test_regularization_is_of_the_constrained_values(module):
    layer = module("soft_pair").SoftPair(alpha_init=-0.75, dtype=torch.float64)
    penalty = layer.regularization()
    assert penalty.shape == () and penalty.item() == pytest.approx(0.5 * 0.75 + 0.25 * 0.75**2)
    penalty.backward()
    assert layer.raw_alpha.grad is not None
    per_channel = module("soft_pair").SoftPair(num_channels=2, alpha_init=torch.tensor([0.5, -0.25]))
    assert per_channel.regularization().item() == pytest.approx(0.5 * 0.75 + 0.25 * (0.25 + 0.0625))


def test_without_a_regularizer_the_penalty_is_zero(selu):
    penalty = selu.LearnableSELUVariation(dtype=torch.float64).regularization()
    assert penalty.shape == () and penalty.item() == 0 and penalty.dtype is torch.float64


def test_a_layer_without_parameters_is_just_that(module):
    layer = module("straight").Straight()
    assert not list(layer.parameters()) and not layer.state_dict()
    assert repr(layer) == "Straight()"


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_autocast_leaves_the_activation_alone(module, dtype):
    model = nn.Sequential(nn.Linear(4, 6), module("bounded").Bounded(), nn.Linear(6, 2))
    x = torch.randn(3, 4)
    with torch.autocast("cpu", dtype=dtype):
        hidden = model[0](x)
        assert hidden.dtype is dtype and model[1](hidden).dtype is dtype
        assert model[1](x).dtype is torch.float32
        assert torch.equal(model[1](x), module("bounded").bounded(x, *_values(model[1])))
        loss = model(x).float().sum()
    loss.backward()
    assert all(p.grad is not None and p.grad.dtype is torch.float32 for p in model.parameters())


def _values(layer):
    return [getattr(layer, name) for name in "pqrstuv"]
