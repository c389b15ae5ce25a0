"""Parameters that stay within bounds: where they start, where they cannot get out, how they come back."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import functional_call, grad, hessian, vmap

BOUNDS = {"p": (2, math.inf), "q": (-math.inf, 5), "r": (0, math.inf), "s": (-math.inf, 2), "v": (0.1, 0.9000001)}
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


@pytest.fixture
def make(module):
    return module("bounded").Bounded


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_initial_values_come_back(make, dtype):
    layer = make(r_init=0.25, dtype=dtype)
    expected = {"p": 3.0, "q": 0.5, "r": 0.25, "s": 1.5, "t": 0.7, "v": 0.9}
    for name, start in expected.items():
        assert getattr(layer, name).item() == pytest.approx(start, rel=3 * torch.finfo(dtype).eps)


@pytest.mark.parametrize("start", [1e-300, 1e-8, 0.1, 1.0, 30.0, 750.0, 1e15])
def test_softplus_is_inverted_at_every_size(make, start):
    layer = make(r_init=start, q_init=5 - start if start > 1e-8 else 0, dtype=torch.float64)
    assert layer.r.item() == pytest.approx(start, rel=1e-13)
    assert 5 - layer.q.item() == pytest.approx(5 - layer._inits["q"], rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("raw", [-math.inf, -1e4, -100.0, -20.0, 0.0, 20.0, 100.0, 1e4, math.inf])
def test_no_raw_weight_leaves_the_open_interval(make, dtype, raw):
    layer = make(dtype=dtype)
    for name, (low, high) in BOUNDS.items():
        with torch.no_grad():
            getattr(layer, f"raw_{name}").fill_(raw)
        value = getattr(layer, name)
        assert value.dtype is dtype and low < value.item() < high, name


def test_the_gradient_survives_saturation(make):
    layer = make()
    with torch.no_grad():
        layer.raw_v.fill_(18.0)
    assert torch.sigmoid(layer.raw_v) == 1
    layer.v.sum().backward()
    assert layer.raw_v.grad.item() > 0


def test_raw_weights_get_the_gradient_of_the_constraint(make):
    layer = make(dtype=torch.float64)
    sum(getattr(layer, name).sum() for name in BOUNDS).backward()
    slopes = {"p": 3.0 - 2, "s": -(2 - 1.5), "q": -(1 - math.exp(-4.5)), "v": 0.8 * 0.0000001 / 0.8000001}
    for name, slope in slopes.items():
        assert getattr(layer, f"raw_{name}").grad.item() == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("name", [*BOUNDS, "t"])
@pytest.mark.parametrize("value", [-100.0, 100.0, math.nan])
def test_values_out_of_bounds_are_refused(make, name, value):
    low, high = BOUNDS.get(name, (0.7, math.inf))
    if low < value < high:
        assert getattr(make(**{f"{name}_init": value}, dtype=torch.float64), name).item() == pytest.approx(value)
        return
    interval = f"[{low}, {high}]" if name == "t" else f"({low}, {high})"
    with pytest.raises(ValueError, match=re.escape(f"{name} must lie in {interval}")):
        make(**{f"{name}_init": value})
    with pytest.raises(ValueError, match=re.escape(f"{name} must lie in {interval}")):
        make(num_channels=2).assign_(**{name: torch.tensor([value, value])})


@pytest.mark.parametrize("end", [2, 2.0, torch.tensor(2.0), torch.tensor([2.0]), np.float32(2.0)], ids=repr)
def test_an_end_of_an_open_interval_is_refused(make, end):
    for name in ("p", "s"):
        with pytest.raises(ValueError, match=rf"{name} must lie in \("):
            make(**{f"{name}_init": end})
        with pytest.raises(ValueError, match=rf"{name} must lie in \("):
            setattr(make(), name, end)
    assert make(t_init=0.7, dtype=torch.float64).t.item() == 0.7


def test_a_bounded_parameter_can_be_assigned_to(make):
    layer = make(num_channels=3, learnable={"p": False}, dtype=torch.float64)
    weight = layer.raw_v
    layer.p, layer.v = 4.0, torch.tensor([0.2, 0.3, 0.4], dtype=torch.float64)
    layer.r = layer.r.detach() / 2
    assert layer.p.tolist() == pytest.approx([4.0] * 3) and layer.v.tolist() == pytest.approx([0.2, 0.3, 0.4])
    assert layer.raw_v is weight and weight.requires_grad and "raw_p" in dict(layer.named_buffers())


def test_what_a_function_draws_is_moved_inside(make):
    layer = make(num_channels=100, p_init=torch.nn.init.normal_, t_init=torch.nn.init.normal_)
    assert (layer.p > 2).all() and (layer.t >= 0.7).all() and (layer.t > 0.7).any()


def test_assigning_sets_the_value_not_the_raw_weight(make):
    layer = make(learnable={"r": False}, dtype=torch.float64)
    layer.assign_(p=4.0, r=0.125)
    assert (layer.p.item(), layer.r.item()) == pytest.approx((4.0, 0.125), rel=1e-14)
    assert "raw_r" in dict(layer.named_buffers())


def test_projection_clamps_at_the_start_of_a_training_forward(make):
    layer = make()
    with torch.no_grad():
        layer.t.fill_(-3.0)
    layer.eval()
    layer(torch.ones(2))
    assert layer.t.item() == -3
    layer.train()
    y = layer(torch.ones(2))
    assert layer.t.item() == pytest.approx(0.7)
    y.sum().backward()
    assert layer.t.grad.item() == 2


def test_a_layer_with_projection_can_be_transformed(make):
    layer, x = make(dtype=torch.float64), torch.randn(5, dtype=torch.float64)
    parameters = dict(layer.named_parameters())

    def loss(parameters):
        return functional_call(layer, parameters, (x,)).sum()

    found = grad(loss)(parameters)
    expected = torch.autograd.grad(layer(x).sum(), parameters.values())
    for slope, wanted in zip(found.values(), expected, strict=True):
        torch.testing.assert_close(slope, wanted)
    ensemble = {name: value.detach().expand(3, 1) for name, value in parameters.items()}
    torch.testing.assert_close(vmap(loss)(ensemble), loss(parameters).expand(3))
    hessian(loss)(parameters)


@pytest.mark.parametrize("strict", [False, True])
def test_a_layer_with_projection_is_exported_as_it_is_trained(make, strict):
    layer, x = make(), torch.randn(5)
    program = torch.export.export(layer, (x,), strict=strict)
    torch.testing.assert_close(program.module()(x), layer(x))


def test_bounds_are_checked_without_looking_at_tensors(make):
    with FakeTensorMode(), pytest.raises(ValueError, match=r"t must lie in \["):
        make(t_init=0.5)
    with FakeTensorMode():
        assert make(num_channels=3)(torch.randn(2, 3)).shape == (2, 3)


def test_a_bound_that_the_dtype_rounded_is_inside(make):
    layer = make(dtype=torch.float32)
    assert layer.t.item() < 0.7
    make(t_init=layer.t.item(), dtype=torch.float32).assign_(t=layer.t.item())
    make().assign_(t=layer.t.detach())


def test_project_clamps_on_demand(make):
    layer = make(num_channels=2)
    layer.t.data.copy_(torch.tensor([-1.0, 5.0]))
    layer.project_()
    assert layer.t.tolist() == pytest.approx([0.7, 5.0])


def test_a_layer_may_be_used_twice_before_backward(make):
    layer = make()
    with torch.no_grad():
        layer.t.fill_(-3.0)
    layer(layer(torch.ones(2))).sum().backward()
    assert layer.t.grad.isfinite()


def test_projection_bounds_a_step_of_the_optimiser(make):
    layer = make()
    optimiser = torch.optim.SGD(layer.parameters(), lr=1.0)
    for _ in range(3):
        optimiser.zero_grad()
        layer(torch.ones(4)).sum().backward()
        optimiser.step()
    layer.project_()
    assert layer.t.item() == pytest.approx(0.7)
    for name, (low, high) in BOUNDS.items():
        assert low < getattr(layer, name).item() < high


def test_a_single_channel_is_still_a_vector(module):
    layer = module("snake").Snake(num_channels=1)
    assert layer.raw_a.shape == (1,) and layer(torch.randn(2, 1, 3)).shape == (2, 1, 3)


def test_without_projection_project_does_nothing(module):
    layer = module("selu_variation").LearnableSELUVariation()
    before = [p.clone() for p in layer.parameters()]
    layer.project_()
    assert all(torch.equal(a, b) for a, b in zip(before, layer.parameters(), strict=True))
