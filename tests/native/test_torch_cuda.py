"""The way from tensors to launches on a GPU, with kernels that the CPU runs in its place."""

import fused_modules
import pytest
import torch
from cuda_emulation import emulated
from spec_units import unit

NAME = "ripple_on_gpu"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("torch_cuda")


@pytest.fixture(scope="module")
def both(folder):
    with fused_modules.both(folder, "torch", (NAME,)) as found:
        yield found[NAME]


@pytest.fixture
def launched(both, folder, monkeypatch):
    """Takes tensors of the CPU for those of a GPU; what was launched, in order, and in which stream."""
    from actgen_native import torch_calls
    from actgen_native.cuda_grids import grid
    from actgen_native.cuda_passes import CudaPasses
    from actgen_native.library import bytes_of
    from actgen_native.torch_cuda import OnGpu

    launches = []

    class Kernel:
        def __init__(self, storage, short_rows):
            self.kernel = emulated(unit(fused_modules.RIPPLE_ON_GPU), storage, folder, short_rows=short_rows)

        def launch(self, functions, words, device, stream):
            launches.extend((function, stream) for function, _ in functions)
            self.kernel.launch(functions, words, device, stream)

    def runs(kernels, storage, wide, device, shape, arity, parameters):
        passes = CudaPasses(shape, grid(shape, bytes_of(storage)), arity, tuple(parameters))
        return OnGpu(Kernel(storage, shape.short_rows), device, passes)

    class Stream:
        cuda_stream = 7

    monkeypatch.setattr(torch_calls, "runs_on", runs)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: None)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: Stream)
    torch_calls._planned.cache_clear()
    yield launches
    torch_calls._planned.cache_clear()


def gradients(module, x, a, wanted=(True, True)):
    leaves = [t.detach().requires_grad_(w) for t, w in zip((x, a), wanted, strict=True)]
    y = module.ripple_on_gpu(*leaves)
    upstream = torch.arange(1.0, 1 + y.numel()).reshape(y.shape).to(y.dtype)
    return [y, *torch.autograd.grad(y, [t for t in leaves if t.requires_grad], upstream)]


LAYOUTS = {
    "one value": (torch.linspace(-3, 3, 2000), torch.tensor(1.3)),
    "rows": (torch.linspace(-3, 3, 3 * 4 * 50).reshape(3, 4, 50), torch.linspace(0.5, 2, 4).reshape(4, 1)),
    "channels last": (
        torch.linspace(-3, 3, 2 * 4 * 30).reshape(2, 4, 6, 5).contiguous(memory_format=torch.channels_last),
        torch.linspace(0.5, 2, 4).reshape(4, 1, 1),
    ),
    "columns": (torch.linspace(-3, 3, 100 * 6).reshape(100, 6), torch.linspace(0.5, 2, 6)),
    "not dense": (torch.linspace(-3, 3, 600).reshape(100, 6)[::2], torch.tensor(1.3)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_results_are_those_of_the_composite(name, both, launched):
    fused, alone = both
    x, a = LAYOUTS[name]
    for found, expected in zip(gradients(fused, x, a), gradients(alone, x, a), strict=True):
        assert found.shape == expected.shape
        scale = float(expected.detach().abs().max())  # beside a zero, of the largest
        torch.testing.assert_close(found, expected, rtol=2e-6, atol=1e-7 * scale)
    assert launched == [("actgen_forward", 7), ("actgen_backward_sums", 7), ("actgen_gradients", 7)]


def test_sums_are_skipped_where_nobody_asks(both, launched):
    x, a = LAYOUTS["rows"]
    gradients(both[0], x, a, (True, False))
    assert [function for function, _ in launched] == ["actgen_forward", "actgen_backward"]


def test_nothing_is_launched_for_an_empty_array(both, launched):
    y, dx, da = gradients(both[0], torch.empty(0, 4, 3), torch.ones(4, 1))
    assert (y.shape, dx.shape, da.abs().sum()) == ((0, 4, 3), (0, 4, 3), 0)
    assert launched == []


def test_half_precision(both, launched):
    fused, alone = both
    x, a = torch.linspace(-3, 3, 2000).bfloat16(), torch.tensor([1.3])
    for found, expected in zip(gradients(fused, x, a), gradients(alone, x, a), strict=True):
        assert found.dtype == expected.dtype
        torch.testing.assert_close(found, expected, rtol=2**-7, atol=2**-7)
    assert len(launched) == 3
