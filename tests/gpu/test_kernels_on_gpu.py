"""Fused kernels on a GPU against those on the CPU, whose certificates say how right they are: the same bits.

Without a GPU nothing here runs, and the summary of the tests names each as NOT RUN.
"""

import fused_modules
import pytest
import torch
from spec_units import catalogue

NAMES = ("selu_variation", "snake", "gelu", "mish", "swiglu", "softplus")
WHOLE = {2: torch.int16, 4: torch.int32, 8: torch.int64}


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    if not torch.cuda.is_available():
        pytest.skip("NOT RUN: PyTorch sees no GPU")
    folder = tmp_path_factory.mktemp("gpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTGEN_CACHE", str(folder / "cache"))
        with fused_modules.both(folder, "torch", tuple(map(own, NAMES))) as found:
            yield {name: found[own(name)][0] for name in NAMES}


def own(name):
    """Operations can be defined once in a process: these have names that no other test has."""
    return f"{name}_on_gpu"


def function(modules, name):
    return getattr(modules[name], own(name))


def run(modules, name, inputs, parameters, device):
    """Outputs and every gradient, on the CPU, and whether a kernel ran."""
    leaves = [t.to(device).detach().requires_grad_() for t in (*inputs, *parameters)]
    assert modules[name]._fused.takes(leaves), "a kernel runs"
    y = function(modules, name)(*leaves)
    upstream = torch.linspace(-1, 1, y.numel()).reshape(y.shape).to(y)
    return [t.detach().cpu() for t in (y, *torch.autograd.grad(y, leaves, upstream))]


def nominal(name, shape=(1,)):
    return [torch.full(shape, float(p.nominal.value)) for p in catalogue(name).activation.parameters]


def assert_same(modules, name, inputs, parameters):
    """Elements have the same bits; sums over them agree to float32's last bits."""
    results = (run(modules, name, inputs, parameters, device) for device in ("cpu", "cuda"))
    for index, (cpu, gpu) in enumerate(zip(*results, strict=True)):
        if index > len(inputs):
            scale = float(cpu.abs().nan_to_num(posinf=0).max())
            torch.testing.assert_close(gpu, cpu, rtol=1e-6, atol=1e-6 * scale, equal_nan=True)
            continue
        whole = WHOLE[cpu.element_size()]
        same = (cpu.view(whole) == gpu.view(whole)) | (cpu.isnan() & gpu.isnan())
        assert bool(same.all()), f"{int((~same).sum())} of {same.numel()} differ"


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_16_bits(name, dtype, modules):
    every = torch.arange(-(1 << 15), 1 << 15, dtype=torch.int32).to(torch.int16).view(dtype)
    inputs = [every.roll(17 * k) for k in range(len(catalogue(name).activation.inputs))]
    assert_same(modules, name, inputs, nominal(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_of_float32(name, modules):
    bits = torch.arange(-(2**31), 2**31, 1021, dtype=torch.int64).to(torch.int32)
    inputs = [bits.view(torch.float32).roll(17 * k) for k in range(len(catalogue(name).activation.inputs))]
    assert_same(modules, name, inputs, nominal(name))


SHAPES = {
    "odd": ((1, 1, 4097), (1,)),
    "rows": ((3, 5, 1001), (5, 1)),
    "long rows": ((2, 3, 100_003), (3, 1)),
    "columns": ((1000, 7), (7,)),
    "one": ((1,), (1,)),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("name", SHAPES)
def test_shapes_and_offsets(name, dtype, modules):
    shape, held = SHAPES[name]
    x = torch.randn(torch.Size(shape).numel() + 3, generator=torch.Generator().manual_seed(1)).to(dtype)
    for offset in (0, 1, 3):
        part = x[offset : x.numel() - 3 + offset].view(shape)
        assert_same(modules, "snake", [part], [torch.linspace(0.5, 2, max(held)).view(held)])


def test_gradcheck(modules):
    x = torch.randn(3, 4, 5, dtype=torch.float64, device="cuda", requires_grad=True)
    a = torch.linspace(0.5, 2, 4, dtype=torch.float64, device="cuda").view(4, 1).requires_grad_()
    assert torch.autograd.gradcheck(function(modules, "snake"), (x, a))
    assert torch.autograd.gradgradcheck(function(modules, "snake"), (x, a))


def test_the_current_stream(modules):
    x, a = torch.randn(1 << 22, device="cuda"), torch.tensor([0.7], device="cuda")
    expected, stream = function(modules, "snake")(x, a), torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        found = function(modules, "snake")(x * 1, a)
    torch.cuda.current_stream().wait_stream(stream)
    assert torch.equal(found, expected)


def test_a_cuda_graph_runs_again_on_other_numbers(modules):
    x, a = torch.randn(10_000, device="cuda", requires_grad=True), torch.tensor([0.7], device="cuda")
    a.requires_grad_()

    def step():
        return torch.autograd.grad(function(modules, "snake")(x, a).sum(), (x, a))

    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        captured = step()
    with torch.no_grad():
        x.copy_(torch.randn_like(x))
    graph.replay()
    for found, expected in zip(captured, step(), strict=True):
        assert torch.equal(found, expected)


def test_gradients_have_the_same_bits_each_time(modules):
    x, a = torch.randn(5_000_011, device="cuda", requires_grad=True), torch.tensor([0.7], device="cuda")
    a.requires_grad_()
    first, *others = (torch.autograd.grad(function(modules, "snake")(x, a).sum(), a)[0] for _ in range(5))
    assert all(torch.equal(first, other) for other in others)


def test_compiled_graphs(modules):
    x, a = torch.randn(3, 4, 500, device="cuda"), torch.linspace(0.5, 2, 4, device="cuda").view(4, 1)
    compiled = torch.compile(function(modules, "snake"), fullgraph=True)
    assert torch.equal(compiled(x, a), function(modules, "snake")(x, a))


def test_more_than_2_31_elements(modules):
    count = (1 << 31) + 4099
    if torch.cuda.mem_get_info()[0] < 8 * count:
        pytest.skip("NOT RUN: the GPU's memory does not hold them")
    x = torch.full((count,), 0.5, dtype=torch.bfloat16, device="cuda")
    x[-1] = -2.0
    y = function(modules, "gelu")(x)
    ends = function(modules, "gelu")(torch.tensor([0.5, -2.0], dtype=torch.bfloat16, device="cuda"))
    assert torch.equal(y[[0, -2, -1]], ends[[0, 0, 1]])


def test_a_second_device(modules):
    if torch.cuda.device_count() < 2:
        pytest.skip("NOT RUN: there is one GPU")
    x = torch.randn(1000)
    first, second = (function(modules, "gelu")(x.to(f"cuda:{index}")).cpu() for index in range(2))
    assert torch.equal(first, second)
