"""The folder that builds into a wheel: its files, its way from shapes to launches, and what nvcc makes of it."""

import ast
import ctypes
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_units import catalogue, spec, unit

from actgen.backends.cuda_extension import BACKEND, FOLDER
from actgen.native.runtime.arguments import contiguous, is_dense
from actgen.native.runtime.compiler import find_compiler
from actgen.native.runtime.cuda_grids import gradient_blocks, grid
from actgen.native.runtime.layout import layout

FOUND = """
#include "shapes.h"
using namespace actgen_extension;
extern "C" int found(int axes, const int64_t* sizes, const int64_t* strides, int count, const int* ranks,
                     const int64_t* shapes, int64_t bytes, int64_t* to) {
  std::vector<Sizes> parameters;
  std::vector<bool> per_channel;
  for (int k = 0; k < count; shapes += ranks[k++]) {
    parameters.emplace_back(shapes, shapes + ranks[k]);
    per_channel.push_back(product(parameters.back()) != 1);
  }
  Sizes own(sizes, sizes + axes), lying(strides, strides + axes), plain = contiguous(own);
  Shape shape;
  to[0] = is_dense(own, lying);
  if (!find_shape(own, to[0] ? lying : plain, parameters, shape)) return 0;
  Grid grid = grid_of(shape, bytes);
  int64_t all[] = {shape.outer, shape.channels, shape.inner, grid.blocks, grid.rows, grid.length, grid.parts,
                   grid.columns, gradient_blocks(shape.channels, per_channel)};
  std::copy(all, all + 9, to + 1);
  return 1;
}
"""


def write(name, folder):
    """The files of an activation of the catalogue."""
    for file, text in BACKEND.files(catalogue(name)).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return folder / FOLDER


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder, compiler = tmp_path_factory.mktemp("shapes"), find_compiler()
    sources = write("snake", folder) / "csrc"
    file, output = folder / "found.cpp", folder / "found.so"
    file.write_text(FOUND, encoding="utf-8")
    compiler.build(file, output, (sources,), ("-std=c++17", "-Wall", "-Werror"))
    return ctypes.CDLL(str(output))


@st.composite
def arrays(draw):
    """Sizes, strides in some order of the axes or with gaps, and shapes of parameters that mostly fit."""
    sizes = tuple(draw(st.lists(st.sampled_from((0, 1, 2, 3, 5, 31, 64, 1000, 30_000)), min_size=1, max_size=4)))
    order, strides, stride = (
        draw(st.permutations(range(len(sizes)))),
        [0] * len(sizes),
        draw(st.sampled_from((1, 1, 2))),
    )
    for axis in order:
        strides[axis], stride = stride, stride * max(sizes[axis], 1)
    axis = draw(st.integers(0, len(sizes) - 1))
    along = (sizes[axis], *[1] * (len(sizes) - 1 - axis))
    shapes = st.sampled_from(((), (1,), along, along[1:], (1, *along), (2, 3)))
    return sizes, tuple(strides), tuple(draw(st.lists(shapes, max_size=3)))


@settings(max_examples=400, deadline=None)
@given(arrays(), st.sampled_from((2, 4, 8)))
def test_arrays_are_cut_as_python_cuts_them(library, array, size):
    sizes, strides, parameters = array
    flat, to = [s for shape in parameters for s in shape], (ctypes.c_int64 * 10)()

    def held(of, numbers):
        return (of * max(len(numbers), 1))(*numbers)

    ranks = held(ctypes.c_int, list(map(len, parameters)))
    axes = held(ctypes.c_int64, sizes), held(ctypes.c_int64, strides)
    known = library.found(
        len(sizes), *axes, len(parameters), ranks, held(ctypes.c_int64, flat), ctypes.c_int64(size), to
    )
    assert bool(to[0]) == is_dense(sizes, strides)
    expected = layout(sizes, strides if to[0] else contiguous(sizes), parameters)
    assert bool(known) == (expected is not None)
    if expected is None:
        return
    shape = expected.shape
    assert tuple(to[1:4]) == (shape.outer, shape.channels, shape.inner)
    if shape.outer * shape.inner * shape.channels:  # nothing is launched for an array of none
        cut = grid(shape, size)
        blocks = gradient_blocks(shape.channels, expected.per_channel)
        assert tuple(to[4:]) == (cut.blocks, cut.rows, cut.length, cut.parts, cut.columns, blocks)


HOSTILE = 'title: "A \\"title\\" \\\\ with */ and # and {{ 1 }}"\nexpression: x * tanh(x)\n'


@pytest.mark.parametrize("subject", ["snake", "swiglu", HOSTILE])
def test_files(subject):
    known = "\n" not in subject
    made = BACKEND.files(catalogue(subject) if known else unit(spec(subject, "hostile")))
    name = subject if known else "hostile"
    texts = {file.removeprefix(f"{FOLDER}/"): text for file, text in made.items()}
    for file, text in texts.items():
        if file.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    assert project["name"] == f"actgen-{name.replace('_', '-')}"
    assert sum(file.endswith(".cu") for file in texts) == 8
    assert "cpu_" not in " ".join(texts)


def cuda_home():
    """The folder of NVIDIA's toolkit: compiler, headers and libraries."""
    nvcc = shutil.which("nvcc")
    places = [Path("/usr/local/cuda"), *([Path(nvcc).resolve().parent.parent] if nvcc else [])]
    whole = (place for place in places if (place / "lib64/libcudart.so").exists() and (place / "bin/nvcc").exists())
    return next(whole, None) or pytest.skip("NOT RUN: no toolkit of NVIDIA's")


STUB = 'extern "C" int aoti_torch_get_current_cuda_stream(int, void**) { return 1; }\n'
SETUP = """
import os, runpy, sys, torch
from torch.utils import cpp_extension
torch.version.cuda = torch.version.cuda or "13.0"
cpp_extension.CUDA_HOME = cpp_extension.CUDA_HOME or os.environ["CUDA_HOME"]
sys.argv = ["setup.py", "-q", "bdist_wheel"]
runpy.run_path("setup.py", run_name="__main__")
"""
USE = """
import torch
torch.version.cuda = torch.version.cuda or "13.0"
import actgen_snake
x, a = torch.linspace(-3, 3, 60).reshape(3, 4, 5).requires_grad_(), torch.ones(4, 1, requires_grad=True)
y = actgen_snake.snake(x, a)
torch.testing.assert_close(y, x + torch.sin(x) ** 2)
torch.autograd.grad(y.sum(), (x, a))
from torch._subclasses.fake_tensor import FakeTensorMode
with FakeTensorMode():
    x, a = torch.empty(3, 4, 5, device="cuda"), torch.empty(4, 1, device="cuda")
    dx, da = torch.ops.actgen_snake.backward(torch.ops.actgen_snake.forward(x, a), x, a, True)
print(tuple(dx.shape), tuple(da.shape), dx.device.type)
"""


def test_it_builds_into_a_wheel(tmp_path):
    """With what PyTorch's build for CPUs lacks in its place: two libraries, CUDA's version and where it is."""
    compiler, home = find_compiler(), cuda_home()
    source, stubs, site = write("snake", tmp_path), tmp_path / "stubs", tmp_path / "site"
    stubs.mkdir()
    (stubs / "stub.cpp").write_text(STUB, encoding="utf-8")
    for name in ("libtorch_cuda.so", "libc10_cuda.so"):
        compiler.build(stubs / "stub.cpp", stubs / name, (), ())
    paths = {"LIBRARY_PATH": str(stubs), "LD_LIBRARY_PATH": f"{stubs}:{home / 'lib64'}"}
    environment = {**os.environ, **paths, "CUDA_HOME": str(home), "TORCH_CUDA_ARCH_LIST": "9.0", "MAX_JOBS": "2"}
    run = subprocess.run(
        [sys.executable, "-c", SETUP], cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = (source / "dist").glob("*.whl")
    assert wheel.name.startswith("actgen_snake-") and "-cp311-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
        assert "actgen_snake/snake_torch.py" in packed.namelist()
    environment["PYTHONPATH"] = str(site)
    used = subprocess.run([sys.executable, "-c", USE], env=environment, capture_output=True, text=True)
    assert used.stdout == "(3, 4, 5) (4, 1) cuda\n", used.stderr
    if torch.version.cuda is None:
        alone = "import actgen_snake, torch; print(actgen_snake.snake(torch.zeros(2)))"
        used = subprocess.run([sys.executable, "-c", alone], env=environment, capture_output=True, text=True)
        assert used.stdout == "tensor([0., 0.])\n", used.stderr
