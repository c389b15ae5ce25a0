"""Both parameter shapes over the whole catalogue: one value a channel is the scalar function, channel by channel."""

from __future__ import annotations

import pytest
import torch
from emitted_modules import imported
from catalogue_folders import CHANNELS, GENERATED, PARAMETRIC, arguments


def joined(result):
    """Several outputs as one tensor, along an axis of their own."""
    return torch.stack(result, dim=-1) if isinstance(result, tuple) else result


def test_there_are_activations_with_parameters():
    assert {"selu_variation", "prelu", "snake", "soft_exponential"} <= set(PARAMETRIC)


@pytest.mark.parametrize("name", PARAMETRIC)
def test_a_value_for_each_channel(name):
    function = getattr(imported(GENERATED / name, f"{name}_torch", f"committed_{name}_torch"), name)
    inputs, parameters = ([torch.from_numpy(a) for a in group] for group in arguments(function))
    held = [p.clone().requires_grad_() for p in parameters]
    together = joined(function(*inputs, *held, channel_dim=1))
    slopes = torch.autograd.grad(together.sum(), held)
    for channel in range(CHANNELS):
        single = [p[channel].clone().requires_grad_() for p in parameters]
        apart = joined(function(*(x[:, channel] for x in inputs), *single))
        torch.testing.assert_close(together[:, channel], apart, rtol=0, atol=0)
        for slope, alone in zip(slopes, torch.autograd.grad(apart.sum(), single), strict=True):
            torch.testing.assert_close(slope[channel], alone, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", PARAMETRIC)
def test_a_layer_of_either_shape_trains_what_the_function_takes(name):
    module = imported(GENERATED / name, f"{name}_torch", f"committed_{name}_torch")
    layer_class = next(v for v in vars(module).values() if isinstance(v, type) and issubclass(v, torch.nn.Module))
    inputs, _ = arguments(getattr(module, name))
    x = [torch.from_numpy(a) for a in inputs]
    for options, shape in (({}, (1,)), ({"num_channels": CHANNELS, "per_channel": True}, (CHANNELS,))):
        layer = layer_class(learnable=True, **options)
        weights = list(layer.parameters())
        assert weights
        assert {tuple(w.shape) for w in weights} == {shape}
        joined(layer(*x)).sum().backward()
        assert all(w.grad is not None and bool(w.grad.isfinite().all()) for w in weights)
