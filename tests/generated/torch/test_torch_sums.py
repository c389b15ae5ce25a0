"""A parameter's gradient, summed over a million elements, is the exact sum: functions and layers, eager and compiled."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
import torch
from summing import CHANNELS, DTYPES, START, Batch, Gradients, complaint, written

SHAPES = pytest.mark.parametrize("shape", [(), (CHANNELS,)], ids=["scalar", "per channel"])


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return written("torch", tmp_path_factory.mktemp("sums"))


def computed(
    emitted: ModuleType, function: Callable[[torch.Tensor], torch.Tensor], a: torch.Tensor, dtype: str
) -> Callable[[Batch], tuple[Gradients, Gradients]]:
    """The gradient of the parameter through a function of the input, and each element's own."""

    def compute(given: Batch) -> tuple[Gradients, Gradients]:
        x, upstream = (torch.from_numpy(v).to(getattr(torch, dtype)) for v in (given.x, given.upstream))
        (found,) = torch.autograd.grad(function(x), a, upstream)
        _, partial = emitted.partials(torch.from_numpy(given.x), torch.tensor(START, dtype=torch.float64))
        return {"a": found.double().numpy()}, {"a": partial.numpy()}

    return compute


def weight(shape: tuple[int, ...], dtype: str = "float32") -> torch.Tensor:
    return torch.full(shape, START, dtype=getattr(torch, dtype), requires_grad=True)


@SHAPES
@pytest.mark.parametrize("dtype", DTYPES)
def test_function(emitted: ModuleType, dtype: str, shape: tuple[int, ...]) -> None:
    a = weight(shape)
    assert not complaint(dtype, computed(emitted, lambda x: emitted.prelu(x, a), a, dtype))


@SHAPES
def test_parameters_of_16_bits_are_rounded_once(emitted: ModuleType, shape: tuple[int, ...]) -> None:
    a = weight(shape, "bfloat16")
    assert not complaint("bfloat16", computed(emitted, lambda x: emitted.prelu(x, a), a, "bfloat16"), "bfloat16")


@SHAPES
@pytest.mark.parametrize("dtype", DTYPES)
def test_layer(emitted: ModuleType, dtype: str, shape: tuple[int, ...]) -> None:
    layer = emitted.PReLU(a_init=START, **({"num_channels": CHANNELS, "per_channel": True} if shape else {}))
    assert not complaint(dtype, computed(emitted, layer, layer.a, dtype))


@SHAPES
def test_compiled(emitted: ModuleType, shape: tuple[int, ...]) -> None:
    torch._dynamo.reset()
    a, fast = weight(shape), torch.compile(emitted.prelu)
    assert not complaint("bfloat16", computed(emitted, lambda x: fast(x, a), a, "bfloat16"))
