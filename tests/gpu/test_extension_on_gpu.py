"""A wheel of a CUDA extension, built with nvcc on this machine: the results of kernels that are compiled on demand.

Without a GPU nothing here runs, and the summary of the tests names each as NOT RUN.
"""

import shutil
import subprocess
import sys

import fused_modules
import pytest
import torch
from spec_units import unit

from actgen.backends.cuda_extension import BACKEND, FOLDER

NAME = "ripple_pair"


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """The package that was built, and the file with kernels that are compiled on demand."""
    if not torch.cuda.is_available() or shutil.which("nvcc") is None:
        pytest.skip("NOT RUN: PyTorch sees no GPU, or there is no nvcc")
    folder = tmp_path_factory.mktemp("extension")
    for file, text in BACKEND.files(unit(fused_modules.RIPPLE_PAIR)).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    build = [sys.executable, "setup.py", "-q", "build", "--build-lib", str(folder / "built")]
    run = subprocess.run(build, cwd=folder / FOLDER, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTGEN_CACHE", str(folder / "cache"))
        patch.syspath_prepend(str(folder / "built"))
        with fused_modules.both(folder, "torch", (NAME,)) as found:
            import actgen_ripple_pair

            yield actgen_ripple_pair, found[NAME][0]


LAYOUTS = {
    "one value": ((100_003,), (1,)),
    "rows": ((3, 5, 1001), (5, 1)),
    "columns": ((1000, 7), (7,)),
    "none": ((0, 7), (7,)),
}


def results(module, x, held, wanted):
    leaves = [x.detach().requires_grad_(), *(p.detach().requires_grad_(wanted) for p in held)]
    outputs = module.ripple_pair(*leaves)
    asked = leaves if wanted else leaves[:1]
    upstream = [torch.linspace(-1, 1, y.numel(), device="cuda").reshape(y.shape).to(y) for y in outputs]
    return [*outputs, *torch.autograd.grad(outputs, asked, upstream)]


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_has_the_same_bits(layout, dtype, wanted, modules):
    shape, held = LAYOUTS[layout]
    x = torch.randn(shape, generator=torch.Generator("cuda").manual_seed(1), device="cuda").to(dtype)
    parameters = [torch.linspace(0.5, 2, held[0], device="cuda").reshape(held) for _ in range(2)]
    built, demanded = (results(module, x, parameters, wanted) for module in modules)
    assert modules[0].ripple_pair_torch._fused.takes((x, *parameters))
    for found, expected in zip(built, demanded, strict=True):
        assert torch.equal(found, expected)


def test_strides_and_graphs(modules):
    built, _ = modules
    x, held = torch.randn(64, 32, device="cuda").t(), [torch.tensor(0.7, device="cuda")] * 2
    expected = built.ripple_pair(x.contiguous(), *held)
    compiled = torch.compile(built.ripple_pair, fullgraph=True)
    for found in (built.ripple_pair(x, *held), built.ripple_pair(x[::2], *held), compiled(x, *held)):
        for y, whole in zip(found, expected, strict=True):
            assert torch.equal(y, whole[::2] if y.shape != whole.shape else whole)


def test_gradients_unlike_the_outputs_are_refused(modules):
    backward = torch.ops.actgen_ripple_pair.backward
    x, held = torch.randn(1000, 5, device="cuda"), [torch.tensor(0.7, device="cuda")] * 2
    good = torch.ones_like(x)
    for bad in (good[:1], good.half(), good.cpu()):
        with pytest.raises(RuntimeError):
            backward(bad, good, x, *held, True)
