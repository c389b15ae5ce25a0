"""Layers of several inputs, of several outputs, and of parameters that start at random."""

from __future__ import annotations

import functools

import pytest
import torch
from torch import nn


def test_a_gate_takes_two_tensors_or_one_to_split(module):
    layer = module("glu").GLU()
    a, b = torch.randn(2, 3, 4), torch.randn(2, 3, 4)
    expected = nn.functional.glu(torch.cat([a, b], dim=-1))
    torch.testing.assert_close(layer(a, b), expected)
    assert torch.equal(layer(torch.cat([a, b], dim=-1)), layer(a, b))
    assert torch.equal(module("glu").GLU(dim=1)(torch.cat([a, b], dim=1)), layer(a, b))
    assert layer(torch.ones(3, 0)).shape == (3, 0)
    with pytest.raises(ValueError, match="dimension -1 of size 5 has no 2 equal parts"):
        layer(torch.ones(2, 5))
    with pytest.raises(TypeError, match="2 tensors, or one to split; not 3"):
        layer(a, b, a)


def test_channels_of_a_gate_count_after_the_split(module):
    layer = module("gated").Gated(num_channels=3, s_init=torch.tensor([0.5, 1.0, 2.0]))
    x = torch.randn(4, 6)
    a, b = x.chunk(2, -1)
    torch.testing.assert_close(layer(x), a * torch.sigmoid(torch.tensor([0.5, 1.0, 2.0]) * b) + 0.25)


def test_several_outputs_are_combined(module):
    soft_pair = module("soft_pair")
    x = torch.randn(2, 3)
    re, im = soft_pair.SoftPair(combine="tuple")(x)
    assert torch.equal(soft_pair.SoftPair()(x), torch.cat([re, im], -1))
    assert torch.equal(soft_pair.SoftPair(dim=0)(x), torch.cat([re, im], 0))
    assert torch.equal(soft_pair.SoftPair(combine="stack", dim=1)(x), torch.stack([re, im], 1))
    assert module("split_pair").SplitPair()(x, x).shape == (2, 3, 2)
    with pytest.raises(ValueError, match="'tuple', 'concat' or 'stack', not 'sum'"):
        soft_pair.SoftPair(combine="sum")


def test_random_starts_are_drawn_each_time(module):
    layer = module("snake").Snake(num_channels=4000, dtype=torch.float64)
    first = layer.a.detach().clone()
    assert 0.2 < first.min() < 0.21 and 0.49 < first.max() < 0.5
    layer.reset_parameters()
    assert not torch.equal(layer.a, first)
    torch.manual_seed(3)
    layer.reset_parameters()
    one = layer.a.detach().clone()
    torch.manual_seed(3)
    assert torch.equal(module("snake").Snake(num_channels=4000, dtype=torch.float64).a, one)


def test_every_distribution_has_its_mean_and_spread(module):
    layer = module("bounded").Bounded(num_channels=20000, per_channel=["r", "u"], dtype=torch.float64)
    assert layer.r.mean().item() == pytest.approx(0.5, rel=0.03) and layer.r.std().item() == pytest.approx(
        0.5, rel=0.05
    )
    assert layer.u.mean().item() == pytest.approx(1, rel=0.01) and layer.u.std().item() == pytest.approx(0.1, rel=0.03)


def test_a_function_may_fill_the_initial_values(selu):
    start = functools.partial(nn.init.uniform_, a=0.9, b=1.1)
    layer = selu.LearnableSELUVariation(num_channels=50, alpha_init=start)
    assert layer.alpha.min() > 0.9 and layer.alpha.max() < 1.1 and layer.alpha.std() > 0
