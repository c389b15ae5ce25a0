"""Plans of kernels in PyTorch: kept for shapes, dtypes, strides and precisions, and never taken for one another's."""

import fused_modules
import pytest
import torch

NAMES = ("ripple", "ripple_pair")


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    with fused_modules.both(tmp_path_factory.mktemp("planned_torch"), "torch", NAMES) as found:
        yield found


@pytest.fixture
def ripple(modules):
    return modules["ripple"]


@pytest.fixture
def calls(modules):
    from actgen_native import torch_calls

    return torch_calls


@pytest.fixture
def runs(modules):
    from actgen_native import torch_runs

    return torch_runs


def gradients(module, x, a):
    """The output and both gradients, where the upstream gradient is no constant."""
    leaves = [x.detach().requires_grad_(), a.detach().requires_grad_()]
    y = module.ripple(*leaves)
    upstream = torch.arange(1.0, 1 + y.numel()).reshape(y.shape).to(y.dtype)
    return [y, *torch.autograd.grad(y, leaves, upstream)]


def assert_same_as_alone(ripple, x, a):
    fused, alone = ripple
    assert fused._fused.takes((x, a))
    for got, wanted in zip(gradients(fused, x, a), gradients(alone, x, a), strict=True):
        assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
        rounding = max(torch.finfo(dtype).eps for dtype in (x.dtype, wanted.dtype))
        scale = max(1.0, wanted.abs().max().item())
        torch.testing.assert_close(got, wanted, rtol=0, atol=64 * rounding * scale)


def test_arguments_that_differ_in_one_thing_have_plans_of_their_own(ripple):
    x, a = torch.randn(6, 6), torch.tensor(0.7)
    for _ in range(2):
        for changed in (x, x.t(), x.double(), x.half(), x[:, ::2], x.reshape(36), x.reshape(1, 36).t()):
            assert_same_as_alone(ripple, changed, a)
        channels = torch.linspace(0.5, 2, 6)
        for changed in (a.double(), a.half(), a.reshape(1), channels, channels.reshape(6, 1), channels.double()):
            assert_same_as_alone(ripple, x, changed)


def test_one_plan_for_arguments_that_are_alike(ripple, calls):
    fused, _ = ripple
    a = torch.tensor(0.7)
    assert fused._fused.plan((torch.randn(5, 3), a)) is fused._fused.plan((torch.randn(5, 3), a))
    assert calls._planned.cache_info().maxsize is not None


def test_a_plan_is_of_one_precision(ripple):
    from actgen_native import set_precision

    fused, _ = ripple
    x, a = torch.linspace(-9, 9, 999), torch.tensor(0.7)
    fast = fused.ripple(x, a)
    set_precision("exact")
    try:
        exact = fused.ripple(x, a)
    finally:
        set_precision("fast")
    assert (exact != fast).any()
    assert torch.equal(fused.ripple(x, a), fast)


def test_other_devices_have_no_plan(ripple):
    fused, _ = ripple
    x, a = torch.randn(9), torch.tensor(0.7)
    assert fused._fused.takes((x, a))
    assert not fused._fused.takes((x.to("meta"), a))
    assert not fused._fused.takes((x, a.to("meta")))


def test_a_gpu_that_is_not_there_has_no_kernel(ripple, runs):
    """Graphs are traced for GPUs on machines without one; and AMD's are called "cuda", too."""
    if torch.cuda.is_available():
        pytest.skip("there is one")
    assert not ripple[0]._fused.can_run(torch.float32, torch.device("cuda", 0))
    assert ripple[0]._fused.can_run(torch.float32, torch.device("cpu"))


def test_few_elements_are_not_worth_a_second_thread(ripple, runs, monkeypatch):
    fused, _ = ripple
    asked = []
    monkeypatch.setattr(runs, "_so_many", lambda count: asked.append(count) or runs._ALONE)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    for count in (0, 10_000, runs.GRAIN, runs.GRAIN + 1, 10 * runs.GRAIN):
        fused.ripple(torch.zeros(count))
    assert asked == [2, 3]


def test_the_number_of_threads_can_change_between_calls(ripple):
    fused, _ = ripple
    x, a, before = torch.randn(100_000), torch.tensor(0.7), torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2, 5, 1):
            torch.set_num_threads(threads)
            found.append(gradients(fused, x, a))
    finally:
        torch.set_num_threads(before)
    for again in found[1:]:
        assert all(torch.equal(got, first) for got, first in zip(again, found[0], strict=True))


def test_gradients_are_of_what_hooks_return(ripple):
    """Saved tensors may come back with other strides; the plan of the forward is not theirs."""
    x, found = torch.randn(4, 6).t(), []
    for module in ripple:
        leaves = [x.detach().requires_grad_(), torch.tensor(0.7, requires_grad=True)]
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t.detach().contiguous()):
            y = module.ripple(*leaves)
        found.append(torch.autograd.grad(y, leaves, torch.arange(24.0).reshape(6, 4)))
    for got, wanted in zip(*found, strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("needed", [(True, False), (False, True), (True, True)])
def test_only_what_needs_a_gradient_gets_one(needed, ripple):
    fused, _ = ripple
    leaves = [torch.randn(50), torch.tensor([0.7])]
    expected = gradients(fused, *leaves)[1:]
    given = [leaf.clone().requires_grad_(n) for leaf, n in zip(leaves, needed, strict=True)]
    fused.ripple(*given).backward(torch.arange(1.0, 51.0))
    for leaf, n, wanted in zip(given, needed, expected, strict=True):
        assert torch.equal(leaf.grad, wanted) if n else leaf.grad is None


def test_gradients_of_parameters_share_no_memory(modules):
    fused, _ = modules["ripple_pair"]
    leaves = [torch.randn(9, requires_grad=True), *(torch.ones(1, requires_grad=True) for _ in range(2))]
    sum(y.sum() for y in fused.ripple_pair(*leaves)).backward()
    assert len({leaf.grad.untyped_storage().data_ptr() for leaf in leaves}) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_views_whose_sign_is_not_in_memory(count, ripple):
    negative = torch.imag(torch.randn(count, dtype=torch.complex64).conj())
    assert negative.is_neg()
    x, a = torch.randn(count), torch.tensor(0.7)
    found = []
    for module in ripple:
        leaf = x.clone().requires_grad_()
        found.append((module.ripple(negative, a), *torch.autograd.grad(module.ripple(leaf, a), leaf, negative)))
    for got, wanted in zip(*found, strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-5, atol=1e-6)
