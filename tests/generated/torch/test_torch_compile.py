"""torch.compile without graph breaks, and torch.export."""

from __future__ import annotations

import pytest
import torch
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vmap

LAYERS = {
    "selu_variation": "LearnableSELUVariation",
    "bounded": "Bounded",
    "soft_pair": "SoftPair",
    "gated": "Gated",
    "straight": "Straight",
}


def compiled(f):
    return torch.compile(f, fullgraph=True, backend="aot_eager")


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()


def sums(y):
    return sum(part.sum() for part in y) if isinstance(y, tuple) else y.sum()


@pytest.mark.parametrize("name", LAYERS)
def test_layers_compile_without_a_break(module, name):
    layer = getattr(module(name), LAYERS[name])()
    x = torch.randn(4, 6, requires_grad=True)
    fast = compiled(layer)
    wanted = [x, *layer.parameters()]
    found = torch.autograd.grad(sums(fast(x)), wanted)
    expected = torch.autograd.grad(sums(layer(x)), wanted)
    torch.testing.assert_close(fast(x), layer(x))
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b)


def test_projection_compiles(module):
    layer = module("bounded").Bounded()
    with torch.no_grad():
        layer.t.fill_(-3.0)
    compiled(layer)(torch.ones(2)).sum().backward()
    assert layer.t.item() == pytest.approx(0.7)


def test_numbers_tensors_and_dynamic_shapes(selu):
    fast = torch.compile(selu.selu_variation, fullgraph=True, backend="aot_eager", dynamic=True)
    for size in (3, 5, 8):
        x = torch.randn(2, size)
        torch.testing.assert_close(fast(x, 1.5), selu.selu_variation(x, 1.5))
        alpha = torch.rand(size)
        torch.testing.assert_close(fast(x, 1.0, alpha), selu.selu_variation(x, 1.0, alpha))


def test_layers_with_channels_compile_and_export_with_any_batch(module):
    layer = module("snake").Snake(num_channels=6)
    fast = torch.compile(layer, fullgraph=True, backend="aot_eager", dynamic=True)
    program = torch.export.export(layer, (torch.randn(4, 6, 3),), dynamic_shapes={"x": {0: torch.export.Dim("batch")}})
    for batch in (2, 3, 5):
        x = torch.randn(batch, 6, 3)
        torch.testing.assert_close(fast(x), layer(x))
        torch.testing.assert_close(program.module()(x), layer(x))


def test_the_explicit_backward_is_compiled(selu):
    x = torch.tensor([-1e-30, -3.0, 700.0], requires_grad=True)
    (slope,) = torch.autograd.grad(compiled(selu.selu_variation)(x).sum(), x)
    assert torch.equal(slope, selu.partials(x)[0])


def test_transforms_compile(module):
    curve = module("curve").curve
    x = torch.randn(4, 3, dtype=torch.float64)

    def loss(v):
        return curve(v, 1.2, 0.7).sum()

    def pushed(v):
        return jvp(loss, (v,), (v,))[1]

    for f in (
        grad(loss),
        vmap(grad(loss)),
        vmap(loss),
        pushed,
        hessian(loss),
        jacrev(jacrev(loss)),
        jacfwd(jacfwd(loss)),
    ):
        torch.testing.assert_close(compiled(f)(x), f(x))


def test_per_sample_gradients_of_a_layer_compile(module):
    layer = module("curve").Curve(dtype=torch.float64)
    x, parameters = torch.randn(4, 3, dtype=torch.float64), dict(layer.named_parameters())

    def loss(parameters, row):
        return functional_call(layer, parameters, (row,)).sum()

    per_sample = vmap(grad(loss), in_dims=(None, 0))
    found, expected = compiled(per_sample)(parameters, x), per_sample(parameters, x)
    assert found.keys() == expected.keys() == {"a", "b"}
    for name, slope in expected.items():
        torch.testing.assert_close(found[name], slope)


def test_inductor_generates_the_same_values(selu):
    layer = selu.LearnableSELUVariation(num_channels=5)
    x = torch.randn(7, 5, requires_grad=True)
    wanted = [x, *layer.parameters()]
    fast = torch.compile(layer, fullgraph=True)
    torch.testing.assert_close(fast(x), layer(x))
    found, expected = (torch.autograd.grad(f(x).sum(), wanted) for f in (fast, layer))
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_export(module, name, strict):
    layer = getattr(module(name), LAYERS[name])().eval()
    x = torch.randn(4, 6)
    batch = torch.export.Dim("batch", min=2, max=64)
    shapes = {"inputs": ({0: batch},)} if name == "gated" else {"x": {0: batch}}
    program = torch.export.export(layer, (x,), dynamic_shapes=shapes, strict=strict)
    other = torch.randn(9, 6)
    torch.testing.assert_close(program.module()(other), layer(other))


def test_an_exported_layer_keeps_its_state(module):
    layer = module("soft_pair").SoftPair().eval()
    program = torch.export.export(layer, (torch.randn(3, 2),))
    assert sorted(program.state_dict) == ["b", "raw_alpha"]
