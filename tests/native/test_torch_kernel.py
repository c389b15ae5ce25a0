"""Generated PyTorch files that use kernels: held against the same files alone, in every way PyTorch calls them."""

import copy
import io
import os
import subprocess
import sys
from pathlib import Path

import fused_modules
import pytest
import torch
from torch.utils.checkpoint import checkpoint

NAMES = ("selu_variation", "snake", "swiglu", "soft_pair", "gelu")
ULP = {torch.float64: 2.0**-52, torch.float32: 2.0**-23, torch.bfloat16: 2.0**-8, torch.float16: 2.0**-11}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fused_torch")


@pytest.fixture(scope="module")
def modules(folder):
    with fused_modules.both(folder, "torch", NAMES) as found:
        yield found


@pytest.fixture
def snake(modules):
    return modules["snake"]


def values(found, name, arguments, **options):
    """Outputs and gradients of all arguments, the upstream gradients being 1, 2, ..."""
    leaves = [a.detach().requires_grad_() for a in arguments]
    result = getattr(found, name)(*leaves, **options)
    outputs = result if isinstance(result, tuple) else (result,)
    upstream = [torch.full_like(y, 1 + i) for i, y in enumerate(outputs)]
    return [*outputs, *torch.autograd.grad(outputs, leaves, upstream)]


def arguments_of(name, found, shape, dtype):
    torch.manual_seed(3)
    count = found._fused.inputs
    nominal = getattr(found, name).__defaults__ or ()
    return [
        *((2 * torch.randn(shape)).to(dtype) for _ in range(count)),
        *(torch.tensor(p, dtype=torch.float32 if dtype != torch.float64 else dtype) for p in nominal),
    ]


def assert_alike(got, wanted, dtype, ulps=16):
    for a, b in zip(got, wanted, strict=True):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        if a.numel():
            scale = max(1.0, b.abs().max().item())
            torch.testing.assert_close(a, b, rtol=0, atol=ulps * ULP[dtype] * scale, equal_nan=True)


@pytest.mark.parametrize("dtype", ULP, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients(name, dtype, modules):
    fused, alone = modules[name]
    arguments = arguments_of(name, fused, (7, 5, 33), dtype)
    assert fused._fused.takes(arguments)
    assert alone._fused is None
    assert_alike(values(fused, name, arguments), values(alone, name, arguments), dtype)


@pytest.mark.parametrize("name", NAMES)
def test_opcheck(name, modules):
    fused, _ = modules[name]
    arguments = arguments_of(name, fused, (3, 5), torch.float32)
    forward, backward = fused._fused.operations
    torch.library.opcheck(forward, tuple(arguments))
    grads = [torch.randn(3, 5) for _ in range(fused._fused.outputs)]
    torch.library.opcheck(backward, (*grads, *arguments, True))


def laid_out(kind):
    x = torch.randn(4, 6, 5, 3)
    return {
        "contiguous": x,
        "channels last": x.to(memory_format=torch.channels_last),
        "transposed": x.transpose(0, 3).contiguous().transpose(0, 3),
        "every other": torch.randn(4, 6, 5, 6)[..., ::2],
        "expanded": torch.randn(1, 6, 1, 3).expand(4, 6, 5, 3),
        "empty": x[:0],
        "flat": torch.randn(6, 1).expand(6, 6),
    }[kind]


@pytest.mark.parametrize(
    "kind", ["contiguous", "channels last", "transposed", "every other", "expanded", "empty", "flat"]
)
@pytest.mark.parametrize("channels", [False, True])
def test_layouts(kind, channels, snake):
    x, a = laid_out(kind), torch.linspace(0.5, 2, 6) if channels else torch.tensor(0.7)
    fused, alone = snake
    assert fused._fused.takes((x, a.reshape(6, *[1] * (x.ndim - 2)) if channels else a))
    got, wanted = values(fused, "snake", (x, a)), values(alone, "snake", (x, a))
    assert_alike(got, wanted, torch.float32)
    if kind in ("contiguous", "channels last", "transposed"):
        assert got[0].stride() == got[1].stride() == x.stride()


@pytest.mark.parametrize("size", [0, 1, 7, 513])
def test_sizes_and_0d(size, snake):
    fused, alone = snake
    for x in (torch.randn(size), torch.tensor(0.3)):
        arguments = (x, torch.tensor([0.7]))
        assert_alike(values(fused, "snake", arguments), values(alone, "snake", arguments), torch.float32)


def test_gradients_laid_out_unlike_their_input(snake):
    fused, alone = snake
    found = []
    for module in (fused, alone):
        x, a = torch.linspace(-3, 3, 24).reshape(4, 6).requires_grad_(), torch.tensor(0.7, requires_grad=True)
        y = module.snake(x, a)
        upstream = torch.arange(24.0).reshape(6, 4).t()
        found.append(
            [*torch.autograd.grad(y, (x, a), upstream, retain_graph=True), *torch.autograd.grad(y.sum(), (x, a))]
        )
    assert_alike(*found, torch.float32, ulps=64)


def test_an_output_that_nobody_uses(modules):
    found = []
    for module in modules["soft_pair"]:
        arguments = [
            a.requires_grad_() for a in arguments_of("soft_pair", modules["soft_pair"][0], (9,), torch.float32)
        ]
        outputs = module.soft_pair(*arguments)
        found.append(torch.autograd.grad(outputs[1].sum(), arguments, allow_unused=True))
    assert_alike(*found, torch.float32)


def test_nan_and_the_ends(modules):
    x = torch.tensor([torch.nan, torch.inf, -torch.inf, -0.0, 0.0, 3e38, -3e38, 1e-45])
    for name in ("selu_variation", "snake", "gelu"):
        fused, alone = modules[name]
        got, wanted = (getattr(m, name)(x) for m in (fused, alone))
        torch.testing.assert_close(got, wanted, rtol=1e-6, atol=0, equal_nan=True)


def test_what_a_kernel_does_not_take(snake):
    fused, alone = snake
    x = torch.randn(4, 6)
    for a in (torch.rand(4, 6) + 0.5, torch.rand(4, 1, 1) + 0.5):  # a value for each element; one that widens the input
        assert not fused._fused.takes((x, a))
        torch.testing.assert_close(fused.snake(x, a), alone.snake(x, a), rtol=0, atol=0)
    assert not fused._fused.takes((x.to("meta"), torch.tensor(0.7)))
    with pytest.raises(TypeError, match="floating-point"):
        fused.snake(torch.arange(3))


def test_derivatives_of_higher_order_and_transforms(snake):
    fused, alone = snake
    x, a = torch.linspace(-3, 3, 12).double().reshape(2, 6), torch.tensor(0.7).double()
    assert torch.autograd.gradcheck(fused.snake, (x.clone().requires_grad_(), a.clone().requires_grad_()))
    assert torch.autograd.gradgradcheck(fused.snake, (x.clone().requires_grad_(), a.clone().requires_grad_()))
    for transformed in (
        lambda f: torch.func.vmap(lambda v: f(v, a))(x),
        lambda f: torch.func.grad(lambda v: f(v, a).sum())(x),
        lambda f: torch.func.vmap(torch.func.grad(lambda v: f(v, a).sum()))(x),
        lambda f: torch.func.hessian(lambda v: f(x, v).sum())(a),
        lambda f: torch.func.jvp(lambda v: f(v, a), (x,), (x,))[1],
        lambda f: torch.autograd.functional.jacobian(lambda v: f(x, v), a),
    ):
        torch.testing.assert_close(transformed(fused.snake), transformed(alone.snake), rtol=1e-12, atol=1e-12)


def compiled(function, *arguments):
    """Its gradients in a graph, and which operations of kernels that holds."""
    from torch._dynamo.backends.common import aot_autograd

    seen = set()

    def watching(graph, example):
        seen.update(str(node.target) for node in graph.graph.nodes)
        return graph

    torch._dynamo.reset()
    backend = aot_autograd(fw_compiler=watching, bw_compiler=watching)
    got = torch.autograd.grad(torch.compile(function, fullgraph=True, backend=backend)(*arguments).sum(), arguments)
    return got, {name.rsplit("_", 1)[-1] for name in seen if name.startswith("actgen_native.")}


BOTH = {"forward.default", "backward.default"}


def test_compiled_graphs_hold_the_kernel(snake):
    fused, _ = snake
    x, a = torch.randn(4, 6, requires_grad=True), torch.rand(6, requires_grad=True)
    got, kernels = compiled(fused.snake, x, a)
    wanted = torch.autograd.grad(fused.snake(x, a).sum(), (x, a))
    assert_alike(got, wanted, torch.float32, ulps=0)
    assert kernels == BOTH


def test_compiled_graphs_hold_what_the_compiler_does_better(modules, monkeypatch):
    """On a GPU; here a CPU stands for one."""
    gelu, snake = modules["gelu"][0].gelu, modules["snake"][0].snake
    x, a = torch.randn(4, 6, dtype=torch.bfloat16, requires_grad=True), torch.rand(6, requires_grad=True)
    assert compiled(gelu, x)[1] == BOTH
    monkeypatch.setattr("actgen_native.torch_fused._COMPILED_BETTER", {"cpu"})
    got, kernels = compiled(gelu, x)
    assert_alike(got, torch.autograd.grad(gelu(x).sum(), x), torch.bfloat16, ulps=1)
    assert kernels == set()
    assert compiled(gelu, x.detach().float().requires_grad_())[1] == BOTH, "computed in float64 otherwise"
    assert compiled(snake, x, a)[1] == BOTH, "likewise, and there are sums"


def test_the_compiler_takes_layouts_as_they_are(snake):
    fused, _ = snake
    torch._dynamo.reset()
    compiled = torch.compile(lambda x: fused.snake(2 * x) + 1, fullgraph=True)
    for x in (torch.randn(2, 3, 4, 5), torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)):
        torch.testing.assert_close(compiled(x), fused.snake(2 * x) + 1, rtol=0, atol=0)


def test_exported_programs_need_no_kernel(snake):
    class Layer(torch.nn.Module):
        def forward(self, x):
            return snake[0].snake(x)

    x = torch.randn(5)
    program = torch.export.export(Layer(), (x,))
    assert not any("actgen_native" in str(node.target) for node in program.graph.nodes)
    traced = torch.jit.trace(Layer(), (x,))
    assert "actgen_native" not in str(traced.graph)


def test_layers(modules):
    fused, alone = modules["selu_variation"]
    x = torch.randn(2, 3, 5)
    first = fused.LearnableSELUVariation(num_channels=3)
    for layer in (copy.deepcopy(first), checkpointed(first), torch.nn.Sequential(first)):
        other = alone.LearnableSELUVariation(num_channels=3)
        layer.zero_grad()
        layer(x).sum().backward()
        other(x).sum().backward()
        assert_alike([p.grad for p in layer.parameters()], [p.grad for p in other.parameters()], torch.float32, 64)
    buffer = io.BytesIO()
    torch.save(first.state_dict(), buffer)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = torch.nn.Linear(5, 5)(x)
        assert first(mixed).dtype == torch.bfloat16


def checkpointed(layer):
    class Checkpointed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = copy.deepcopy(layer)

        def forward(self, x):
            return checkpoint(self.layer, x, use_reentrant=False)

    return Checkpointed()


def test_nothing_is_saved_beside_the_arguments(snake):
    saved = []
    x, a = torch.randn(100, requires_grad=True), torch.tensor(0.7, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        snake[0].snake(x, a)
    assert {t.data_ptr() for t in saved} == {x.data_ptr(), a.data_ptr()}


def test_parameters_gradients_have_the_same_bits_in_any_number_of_threads(modules):
    fused, _ = modules["selu_variation"]
    arguments = arguments_of("selu_variation", fused, (300_000,), torch.float32)
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 5):
            torch.set_num_threads(threads)
            found.append(values(fused, "selu_variation", arguments))
    finally:
        torch.set_num_threads(before)
    for again in found[1:]:
        assert_alike(again, found[0], torch.float32, ulps=0)


SCRIPT = """
import sys, warnings
sys.path.insert(0, sys.argv[1])
import torch
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    import snake_torch
    x = torch.linspace(-3, 3, 9, requires_grad=True)
    snake_torch.snake(x).sum().backward()
    snake_torch.snake(x.double())
print([str(w.message) for w in said if "actgen" in str(w.message) or "unfused" in str(w.message)])
print(snake_torch._fused is not None and snake_torch._fused.takes((x, torch.tensor(1.0))))
"""


def alone_in_a_process(folder: Path, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder / "fused")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_without_a_compiler_it_says_so_once(folder, modules, tmp_path):
    said, takes = alone_in_a_process(folder, PATH=str(tmp_path), CXX="", ACTGEN_CACHE=str(tmp_path / "new"))
    assert said.count("no C++ compiler was found") == 1
    assert takes == "False"


def test_a_compiler_that_fails_is_reported_once(folder, modules, tmp_path):
    said, takes = alone_in_a_process(folder, CXX="false --", ACTGEN_CACHE=str(tmp_path))
    assert "no C++ compiler" in said
    assert takes == "False"


def test_it_can_be_turned_off(folder, modules):
    assert alone_in_a_process(folder, ACTGEN_NATIVE="0") == ["[]", "False"]


def test_exact_precision(folder, modules):
    fused, alone = modules["selu_variation"]
    x = torch.linspace(-9, 9, 2001)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import torch, selu_variation_torch; "
        "x = torch.linspace(-9, 9, 2001); torch.save(selu_variation_torch.selu_variation(x), sys.argv[2])"
    )
    path = folder / "exact.pt"
    environment = {**os.environ, "ACTGEN_PRECISION": "exact"}
    subprocess.run([sys.executable, "-c", script, str(folder / "fused"), str(path)], env=environment, check=True)
    assert (torch.load(path) != alone.selu_variation(x)).sum() <= 2  # both are right to half an ulp but for near-ties
    assert (fused.selu_variation(x) != alone.selu_variation(x)).sum() > 2
