"""The plain functions: values, dtypes, shapes, channels, errors."""

from __future__ import annotations

import inspect
import re

import pytest
import torch

HALVES = [torch.float16, torch.bfloat16]
FLOATS = [*HALVES, torch.float32, torch.float64]


def test_it_computes_the_formula(selu, textbook):
    x = torch.linspace(-8, 8, 1001, dtype=torch.float64)
    torch.testing.assert_close(selu.selu_variation(x), textbook(x), rtol=1e-14, atol=1e-15)
    given = (1.2, 0.7, 1.5, 0.3, 4.0)
    torch.testing.assert_close(selu.selu_variation(x, *given), textbook(x, *given), rtol=1e-14, atol=1e-15)


def test_arguments_are_inputs_then_parameters_with_nominal_values(selu):
    signature = inspect.signature(selu.selu_variation)
    assert list(signature.parameters) == ["x", "lambda_", "alpha", "beta", "gamma", "omega", "channel_dim"]
    defaults = [p.default for p in signature.parameters.values()]
    assert defaults[1:] == [1.0507, 1.67326, 1.0, 0.1, 2.0, 1]
    assert signature.parameters["channel_dim"].kind is inspect.Parameter.KEYWORD_ONLY


def test_an_activation_without_parameters_takes_its_inputs_only(module):
    assert list(inspect.signature(module("glu").glu).parameters) == ["a", "b"]


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_the_result_has_the_dtype_of_the_input(selu, dtype):
    x = torch.randn(3, 4, dtype=dtype)
    wide = torch.full((4,), 1.5, dtype=torch.float64)
    for alpha in (2.0, torch.tensor(2.0), torch.tensor(2.0, dtype=torch.float64), wide, torch.ones(3, 4)):
        assert selu.selu_variation(x, alpha=alpha).dtype is dtype
        assert {p.dtype for p in selu.partials(x, alpha=alpha)} == {dtype}


def test_inputs_are_promoted_among_themselves(module):
    gated = module("gated").gated
    half, brain = torch.ones(2, dtype=torch.float16), torch.ones(2, dtype=torch.bfloat16)
    assert gated(half, brain).dtype is torch.float32
    assert gated(half, half, torch.ones(2, dtype=torch.float64)).dtype is torch.float16
    assert gated(half, torch.ones(2, dtype=torch.float64)).dtype is torch.float64


def test_float32_is_correctly_rounded_from_float64(selu):
    x = torch.cat([torch.linspace(-30, 30, 20001), -torch.logspace(-30, 0, 2001), torch.logspace(-30, 0, 2001)])
    assert torch.equal(selu.selu_variation(x), selu.selu_variation(x.double()).float())
    for narrow, wide in zip(selu.partials(x), selu.partials(x.double()), strict=True):
        assert torch.equal(narrow, wide.float())


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_half_is_correctly_rounded_from_float32(selu, dtype):
    x = torch.linspace(-30, 30, 20001).to(dtype)
    exact = selu.selu_variation(x.double(), *(torch.tensor(v).double() for v in (1.0507, 1.67326, 1.0, 0.1, 2.0)))
    difference = (selu.selu_variation(x).double() - exact).abs()
    spacing = torch.finfo(dtype).eps * exact.abs().clamp(min=torch.finfo(dtype).smallest_normal)
    assert (difference <= 0.51 * spacing).all()


def test_partials_have_the_broadcast_shape_in_argument_order(selu):
    x, alpha = torch.randn(2, 5, 3), torch.rand(5)
    found = selu.partials(x, alpha=alpha, omega=torch.rand(1))
    assert [p.shape for p in found] == [(2, 5, 3)] * 6
    for i in range(5):
        torch.testing.assert_close(found[2][:, i], selu.partials(x[:, i], alpha=alpha[i])[2])


def test_partials_of_several_outputs_are_rows(module):
    soft_pair = module("soft_pair")
    x, alpha, b = torch.randn(7, dtype=torch.float64), 0.3, 1.7
    rows = soft_pair.partials(x, alpha, b)
    assert [len(row) for row in rows] == [3, 3]
    damped, angle = torch.exp(-alpha * x**2), b * x
    torch.testing.assert_close(rows[0][2], -x * damped * torch.sin(angle))
    torch.testing.assert_close(rows[1][1], -(x**2) * damped * torch.sin(angle))


def test_several_outputs_come_as_a_tuple_in_the_order_of_the_spec(module):
    x = torch.randn(4, 3, dtype=torch.float64)
    re, im = module("soft_pair").soft_pair(x, 0.0, 1.0)
    torch.testing.assert_close(re, torch.cos(x))
    torch.testing.assert_close(im, torch.sin(x))


def test_an_output_that_misses_an_argument_has_the_shape_of_all(module):
    a, b = torch.randn(4, 1), torch.randn(1, 3)
    product, lifted = module("split_pair").split_pair(a, b)
    assert product.shape == lifted.shape == (4, 3)
    torch.testing.assert_close(lifted, (torch.nn.functional.softplus(a) + 2).expand(4, 3))
    assert all(p.shape == (4, 3) for row in module("split_pair").partials(a, b) for p in row)


@pytest.mark.parametrize("channel_dim", [0, 1, 2, 3, -1, -2, -3, -4])
def test_one_value_per_channel(selu, channel_dim):
    x = torch.randn(3, 4, 5, 6, dtype=torch.float64)
    size = x.shape[channel_dim]
    alpha, beta = torch.rand(size, dtype=torch.float64), torch.rand(size, dtype=torch.float64)
    found = selu.selu_variation(x, alpha=alpha, beta=beta, channel_dim=channel_dim)
    slices = [selu.selu_variation(x.select(channel_dim, i), alpha=alpha[i], beta=beta[i].item()) for i in range(size)]
    assert torch.equal(found, torch.stack(slices, dim=channel_dim))


def test_parameters_of_other_shapes_broadcast_as_usual(selu):
    x, alpha = torch.randn(3, 4), torch.rand(3, 1)
    expected = torch.stack([selu.selu_variation(x[i], alpha=alpha[i]) for i in range(3)])
    assert torch.equal(selu.selu_variation(x, alpha=alpha), expected)


def test_a_single_value_keeps_the_shape_of_a_scalar(selu):
    x = torch.tensor(-0.5)
    one = selu.selu_variation(x, alpha=torch.tensor([2.0]))
    assert one.shape == () and torch.equal(one, selu.selu_variation(x, alpha=2.0))
    assert selu.selu_variation(torch.zeros(0, 3), alpha=torch.rand(3)).shape == (0, 3)
    assert selu.selu_variation(torch.zeros(2, 0), alpha=torch.rand(0)).shape == (2, 0)


def test_layouts_make_no_difference(selu):
    x = torch.randn(6, 4, dtype=torch.float64)
    expected = selu.selu_variation(x)
    assert torch.equal(selu.selu_variation(x.t()), expected.t())
    assert torch.equal(selu.selu_variation(x[::2, ::3]), expected[::2, ::3])
    assert torch.equal(selu.selu_variation(x[:1].expand(5, 4)), expected[:1].expand(5, 4))
    strided = x.reshape(1, 6, 2, 2).to(memory_format=torch.channels_last)
    assert torch.equal(selu.selu_variation(strided), expected.reshape(1, 6, 2, 2))


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, torch.uint8, torch.complex64], ids=str)
def test_other_inputs_are_refused_with_a_way_out(selu, dtype):
    with pytest.raises(TypeError, match=r"floating-point tensors, not torch\..*cast first"):
        selu.selu_variation(torch.ones(3).to(dtype))
    with pytest.raises(TypeError, match="cast first"):
        selu.partials(torch.ones(3).to(dtype))


def test_a_number_as_input_is_refused(selu):
    with pytest.raises(TypeError, match="not float"):
        selu.selu_variation(1.0)


@pytest.mark.parametrize(
    ("shape", "channel_dim", "size"),
    [((3,), 1, 3), ((2, 1, 3), 1, 6), ((2, 4), -1, 3), ((2, 3), -3, 3), ((), 0, 2), ((2, 3), 1, 0)],
    ids=str,
)
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_values_for_an_axis_of_another_size_are_refused(selu, shape, channel_dim, size, device):
    x, values = torch.ones(shape, device=device), torch.ones(size, device=device)
    expected = rf"alpha has {size} values: axis channel_dim={channel_dim} of .* size {size}, .* {re.escape(str(shape))}"
    for function in (selu.selu_variation, selu.partials):
        with pytest.raises(ValueError, match=expected):
            function(x, alpha=values, channel_dim=channel_dim)


def test_a_layer_for_another_number_of_channels_is_refused(module):
    with pytest.raises(ValueError, match="a has 6 values: axis channel_dim=1"):
        module("snake").Snake(num_channels=6)(torch.randn(2, 1, 3))
    gated, s = module("gated").gated, torch.ones(3)
    assert gated(torch.ones(2, 1), torch.ones(2, 3), s).shape == (2, 3)
    with pytest.raises(ValueError, match="s has 3 values"):
        gated(torch.ones(2, 1), torch.ones(2, 1), s)


def test_values_for_channels_under_vmap(module):
    snake, x = module("snake").snake, torch.randn(5, 2, 3, dtype=torch.float64)
    a = torch.rand(5, 2, dtype=torch.float64) + 1
    expected = torch.stack([snake(one, values, channel_dim=0) for one, values in zip(x, a, strict=True)])
    torch.testing.assert_close(torch.vmap(lambda one, v: snake(one, v, channel_dim=0))(x, a), expected)
    with pytest.raises(ValueError, match="a has 2 values"):
        torch.vmap(lambda one, v: snake(one, v, channel_dim=1))(x, a)


def test_nan_reaches_every_derivative(selu):
    x = torch.tensor([float("nan"), 1.0, -1.0])
    assert selu.selu_variation(x).isnan().tolist() == [True, False, False]
    for partial in selu.partials(x):
        assert partial.isnan().tolist() == [True, False, False]


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_the_piece_not_taken_leaks_nothing(selu, dtype):
    x = torch.tensor([700.0, 88.8, 5e4, 1e-7], dtype=dtype, requires_grad=True)
    y = selu.selu_variation(x, 2.0)
    assert torch.equal(y, 2 * x)
    y.sum().backward()
    assert torch.equal(x.grad, torch.full_like(x, 2.0))


def test_names_of_a_spec_do_not_meet_those_of_the_file(module):
    clashing = module("clashing")
    a, b = (torch.randn(5, dtype=torch.float64, requires_grad=True) for _ in range(2))
    expected = 2 * a + b * 3 * torch.exp(-0.5 * a**2) + 2
    torch.testing.assert_close(clashing.clashing(a, b), expected)
    torch.testing.assert_close(clashing.Clashing(dtype=torch.float64)(a, b), expected)
    assert torch.autograd.gradcheck(clashing.clashing, (a, b))


def test_the_identity_returns_a_value_of_its_own(module):
    straight = module("straight")
    x = torch.randn(4, dtype=torch.float64, requires_grad=True)
    assert torch.equal(straight.straight(x), x)
    assert torch.equal(straight.partials(x)[0], torch.ones_like(x))
    assert torch.autograd.gradcheck(straight.straight, (x,))
    detached = x.detach().clone()
    straight.straight(detached).add_(1)
    assert torch.equal(detached, x)
