"""Derivatives of the plain functions: both modes, every order, every transform of torch.func."""

from __future__ import annotations

import itertools
from functools import partial

import math

import pytest
import torch
from torch.autograd import forward_ad, gradcheck, gradgradcheck
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

ALL = {"check_forward_ad": True, "check_batched_grad": True, "check_batched_forward_grad": True}


def double(*shape: int) -> torch.Tensor:
    return torch.randn(shape, dtype=torch.float64, requires_grad=True)


def positive(*shape: int) -> torch.Tensor:
    return (0.3 + torch.rand(shape, dtype=torch.float64)).requires_grad_()


def test_gradcheck_with_scalars_and_channels_of_every_kind(selu):
    f = partial(selu.selu_variation, channel_dim=-1)
    arguments = (double(4, 3), positive(), positive(3), positive(1), positive(4, 1), positive(4, 3))
    assert gradcheck(f, arguments, **ALL)
    assert gradgradcheck(f, arguments, check_fwd_over_rev=True, check_rev_over_rev=True)


@pytest.mark.parametrize("needed", list(itertools.product([False, True], repeat=3)), ids=str)
def test_any_subset_of_the_arguments_may_need_a_gradient(module, needed):
    arguments = [
        a.detach().requires_grad_(on) for a, on in zip((double(5, 2), positive(2), positive()), needed, strict=True)
    ]
    y = module("curve").curve(*arguments)
    assert y.requires_grad is any(needed)
    if any(needed):
        assert gradcheck(module("curve").curve, arguments, check_forward_ad=True)
        assert gradgradcheck(module("curve").curve, arguments)
        y.sum().backward()
    assert [a.grad is not None for a in arguments] == list(needed)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (2, 0, 3)], ids=str)
def test_scalar_and_empty_tensors_have_gradients(selu, shape):
    x, alpha = double(*shape), positive()
    selu.selu_variation(x, alpha=alpha).sum().backward()
    assert x.grad.shape == shape and alpha.grad.shape == ()
    assert gradcheck(selu.selu_variation, (double(*shape), positive()))


def test_expanded_and_strided_inputs(module):
    f = module("curve").curve
    assert gradcheck(lambda x, a: f(x.expand(3, 4), a), (double(1, 4), positive(4)), check_forward_ad=True)
    assert gradcheck(lambda x, a: f(x.t()[::2], a[::2]), (double(4, 6), positive(8)), check_forward_ad=True)


def test_inputs_of_a_gate_broadcast(module):
    assert gradcheck(module("gated").gated, (double(4, 1), double(1, 3), positive(3), positive()), **ALL)
    assert gradgradcheck(module("gated").gated, (double(4, 1), double(1, 3), positive(3), positive()))
    assert gradcheck(module("split_pair").split_pair, (double(4, 1), double(3), positive()), **ALL)


def test_several_outputs(module):
    f = module("soft_pair").soft_pair
    arguments = (double(3, 2), positive(), positive(2))
    assert gradcheck(f, arguments, **ALL)
    assert gradgradcheck(f, arguments, check_fwd_over_rev=True)


def test_an_output_that_is_not_used_adds_nothing(module):
    a = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor([float("inf")], dtype=torch.float64, requires_grad=True)
    _, lifted = module("split_pair").split_pair(a, b)
    slope, none = torch.autograd.grad(lifted, (a, b), allow_unused=True)
    torch.testing.assert_close(slope, torch.sigmoid(a))
    assert none is not None and none.item() == 0


def test_an_output_whose_gradient_is_zero_adds_nothing_where_its_slope_overflows(module):
    x = torch.tensor([1000.0, 1.0], dtype=torch.float64, requires_grad=True)

    def stacked(x):
        return torch.stack(module("steep_pair").steep_pair(x))

    for function in (stacked, torch.compile(stacked, fullgraph=True, backend="aot_eager")):
        (slope,) = torch.autograd.grad(function(x)[0].sum(), x)
        assert slope.tolist() == [2000.0, 2.0]
    weight = torch.zeros(2, 2, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(stacked(x), x, weight, create_graph=True)
    (back,) = torch.autograd.grad(slope[1], weight)
    assert back[:, 1].tolist() == pytest.approx([2.0, math.e])


def test_the_explicit_gradient_is_that_of_the_formula(selu, textbook):
    x = double(200)
    parameters = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (1.2, 0.7, 1.5, 0.3, 4.0)]
    weights = torch.randn(200, dtype=torch.float64)
    found = torch.autograd.grad((selu.selu_variation(x, *parameters) * weights).sum(), (x, *parameters))
    expected = torch.autograd.grad((textbook(x, *parameters) * weights).sum(), (x, *parameters))
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-13)


def test_partials_are_what_backward_uses(selu):
    x, alpha = double(4, 3), positive(3)
    y = selu.selu_variation(x, alpha=alpha)
    slope, summed = torch.autograd.grad(y.sum(), (x, alpha))
    found = selu.partials(x, alpha=alpha)
    torch.testing.assert_close(slope, found[0])
    torch.testing.assert_close(summed, found[2].sum(0))


def test_it_saves_its_arguments_and_nothing_else(selu):
    saved = []
    x, alpha = torch.randn(1000, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        selu.selu_variation(x, alpha=alpha)
    large = [t for t in saved if t.numel() > 1]
    assert [t.data_ptr() for t in large] == [x.data_ptr()]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_gradients_of_half_inputs_accumulate_wider(module, dtype):
    f = module("curve").curve
    x = torch.ones(100_000, dtype=dtype)
    a, b = (torch.tensor(0.5, requires_grad=True) for _ in range(2))
    f(x, a, b).backward(torch.ones_like(x))
    assert a.grad.dtype is torch.float32 and a.grad.item() == 100_000
    per_channel = torch.full((1,), 0.5, requires_grad=True)
    f(x, per_channel).backward(torch.full_like(x, 2.0))
    assert per_channel.grad.item() == 200_000


def test_constant_partials_do_not_overflow_in_half(module):
    a = torch.ones(70_000, dtype=torch.float16)
    t = torch.tensor(0.5, requires_grad=True)
    module("gated").gated(a, a, 1.0, t).backward(torch.ones_like(a))
    assert t.grad.item() == 70_000


def test_gradients_have_the_dtypes_of_the_arguments(selu):
    x = torch.randn(8, dtype=torch.bfloat16, requires_grad=True)
    alpha = torch.rand(8, requires_grad=True)
    beta = torch.rand((), dtype=torch.float64, requires_grad=True)
    selu.selu_variation(x, 1.0, alpha, beta, channel_dim=0).sum().backward()
    assert (x.grad.dtype, alpha.grad.dtype, beta.grad.dtype) == (torch.bfloat16, torch.float32, torch.float64)


@pytest.fixture(params=["curve", "selu_variation"])
def scalar(request, module):
    """A function of one tensor, with fixed parameters, summed."""
    name = request.param
    return lambda x: getattr(module(name), name)(x, 1.2, 0.7).sum()


def test_second_derivatives_agree_in_every_nesting(scalar):
    x = torch.randn(5, dtype=torch.float64)
    expected = torch.autograd.functional.hessian(scalar, x)
    assert expected.abs().max() > 0.01
    for outer, inner in itertools.product((jacfwd, jacrev), repeat=2):
        torch.testing.assert_close(outer(inner(scalar))(x), expected)
    torch.testing.assert_close(hessian(scalar)(x), expected)


def test_third_derivatives_agree_in_every_nesting(scalar):
    x = torch.tensor(-0.4, dtype=torch.float64)
    expected = grad(grad(grad(scalar)))(x)
    assert expected.abs() > 0.01
    for first, second, third in itertools.product((jacfwd, jacrev), repeat=3):
        torch.testing.assert_close(first(second(third(scalar)))(x), expected)


def test_forward_over_forward_in_parameters(module):
    f = module("curve").curve
    x, p = torch.randn(6, dtype=torch.float64), torch.tensor([0.5, 1.5], dtype=torch.float64)

    def loss(p):
        return f(x, p[0] * p[1], p[1] ** 2).sum()

    torch.testing.assert_close(jacfwd(jacfwd(loss))(p), hessian(loss)(p))
    torch.testing.assert_close(jacfwd(jacfwd(loss))(p), torch.autograd.functional.hessian(loss, p))


def test_dual_numbers_carry_through_backward(module):
    x, direction = double(5), torch.randn(5, dtype=torch.float64)
    with forward_ad.dual_level():
        y = module("curve").curve(forward_ad.make_dual(x, direction))
        tangent = forward_ad.unpack_dual(y).tangent
        (turned,) = torch.autograd.grad(tangent.sum(), x)
    second = grad(lambda v: (grad(lambda u: module("curve").curve(u).sum())(v) * direction).sum())(x.detach())
    torch.testing.assert_close(turned, second)


def test_vmap_over_inputs_and_parameters(selu):
    x = torch.randn(4, 3, dtype=torch.float64)
    alphas = torch.rand(5, dtype=torch.float64)
    torch.testing.assert_close(vmap(selu.selu_variation)(x), selu.selu_variation(x))
    stacked = torch.stack([selu.selu_variation(x, alpha=a) for a in alphas])
    torch.testing.assert_close(vmap(lambda a: selu.selu_variation(x, alpha=a))(alphas), stacked)
    per_sample = vmap(lambda v: selu.selu_variation(v, alpha=alphas[:3], channel_dim=0))(x)
    torch.testing.assert_close(per_sample, selu.selu_variation(x, alpha=alphas[:3]))


def test_per_sample_gradients(selu):
    x = torch.randn(4, 3, dtype=torch.float64)
    alpha = torch.tensor(0.8, dtype=torch.float64)

    def loss(alpha, row):
        return selu.selu_variation(row, alpha=alpha).sum()

    found = vmap(grad(loss), in_dims=(None, 0))(alpha, x)
    torch.testing.assert_close(found, selu.partials(x, alpha=alpha)[2].sum(1))
    ensemble = vmap(grad(loss), in_dims=(0, None))(alpha.repeat(3), x)
    torch.testing.assert_close(ensemble, found.sum().expand(3))


def test_jvp_and_vjp_agree(module):
    f = module("soft_pair").soft_pair
    primals = (torch.randn(4, 3, dtype=torch.float64), positive().detach(), positive(3).detach())
    tangents = tuple(torch.randn_like(p) for p in primals)
    outputs, pushed = jvp(f, primals, tangents)
    _, pull = vjp(f, *primals)
    cotangents = tuple(torch.randn_like(y) for y in outputs)
    left = sum((c * p).sum() for c, p in zip(cotangents, pushed, strict=True))
    right = sum((g * t).sum() for g, t in zip(pull(cotangents), tangents, strict=True))
    torch.testing.assert_close(left, right)
    torch.testing.assert_close(vmap(lambda t: jvp(f, primals, t)[1])(tuple(t[None] for t in tangents))[0][0], pushed[0])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32], ids=str)
def test_tangents_keep_the_dtype_and_shape_of_the_output(module, dtype):
    gated = module("gated").gated
    a = torch.randn(4, 3, dtype=dtype)
    t = torch.tensor(0.25)
    y, tangent = jvp(lambda t: gated(a, a, 1.5, t), (t,), (torch.tensor(3.0),))
    assert tangent.dtype is dtype and tangent.shape == y.shape
    assert (tangent == 3).all()


def test_functional_call_differentiates_a_layer(selu):
    layer = selu.LearnableSELUVariation(dtype=torch.float64, num_channels=3)
    x = torch.randn(4, 3, dtype=torch.float64)
    parameters = dict(layer.named_parameters())
    found = grad(lambda p: functional_call(layer, p, (x,)).sum())(parameters)
    torch.testing.assert_close(found["alpha"], selu.partials(x, *parameters.values())[2].sum(0))


@pytest.mark.parametrize("size", [1e3, 1e10, 1e20, 1e30])
def test_second_derivatives_are_finite_far_out(module, size):
    x = torch.tensor([size, -size], requires_grad=True)
    for name in ("curve", "snake", "selu_variation"):
        (slope,) = torch.autograd.grad(getattr(module(name), name)(x).sum(), x, create_graph=True)
        (curvature,) = torch.autograd.grad(slope.sum(), x)
        assert curvature.isfinite().all(), name


@pytest.mark.parametrize("size", [1e3, 1e10, 1e20, 1e30])
def test_plain_autograd_of_a_patched_formula_is_finite_far_out(module, size):
    x, a = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (size, 0.5))
    snake = module("snake")
    found = torch.autograd.grad(snake._forward(x, a), (x, a))
    torch.testing.assert_close(found, snake._partials(x, a))
