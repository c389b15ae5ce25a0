"""The program that compares bits between machines: kernels have the same with any compiler and vector unit."""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVERY = 40_009

PROGRAMS = {
    "scalar": ("g++", ("-O1", "-fno-tree-vectorize")),
    "avx2": ("g++", ("-march=x86-64-v3",)),
    "clang": ("clang++", ("-march=x86-64-v3",)),
    "reordered": ("g++", ("-march=x86-64-v3", "-ffast-math")),
}


@pytest.fixture(scope="module")
def bits():
    spec = importlib.util.spec_from_file_location("bits", ROOT / "benchmarks" / "bits.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["bits"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["bits"]


@pytest.fixture(scope="module")
def programs(bits, tmp_path_factory):
    """Those whose compiler is installed, with the headers of an activation with angles and of one with a Gaussian."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("another processor's instructions")
    folder = tmp_path_factory.mktemp("bits")
    bits.write_elements(folder, ("snake", "gelu"))
    found = {}
    for name, (compiler, flags) in PROGRAMS.items():
        if shutil.which(compiler) is not None:
            command = (compiler, *bits.cpu_flags(*flags), "-DBITS_ACTIVATIONS_ALONE")
            bits.compile_program(command, folder / name, folder)
            found[name] = bits.Program(folder / name)
    yield found
    for program in found.values():
        program.close()


def functions(programs):
    return programs["scalar"].functions


def test_the_programs_have_all_activations_and_formats(programs):
    names = [function.name for function in functions(programs)]
    assert [name for name in names if name.startswith("activation:")] == [
        f"activation:{name}.{format}" for name in ("snake", "gelu") for format in ("float", "double")
    ]
    assert len(names) == 8


@pytest.mark.parametrize("name", ["avx2", "clang"])
def test_bits_do_not_depend_on_compiler_and_vector_unit(bits, programs, name):
    if name not in programs:
        pytest.skip("the compiler is not installed")
    chosen = {key: programs[key] for key in ("scalar", name)}
    for function in functions(programs):
        row = bits.compared(chosen, function, EVERY if function.size > 1 << 16 else 1)
        assert not row.differences, row
        assert row.inputs >= 6000


def test_a_difference_is_found(bits, programs):
    """Reordered operations are rounded otherwise."""
    chosen = {key: programs[key] for key in ("scalar", "reordered")}
    function = next(f for f in functions(programs) if f.name == "activation:gelu.float")
    row = bits.compared(chosen, function, EVERY)
    found = row.differences["reordered"]
    one, other = found["bits"]
    assert len(one) == len(other) == function.values
    assert one[0] == other[0] == f"{found['number']:x}"  # of one float the number is its bits
    assert one[1:] != other[1:]
    assert "reordered DIFFERS" in row.line()


def test_the_step_keeps_to_the_time(bits, programs):
    function = functions(programs)[0]
    chosen = {"avx2": programs["avx2"]}
    assert bits.step_for(chosen, function, 1e9) == 1
    assert bits.step_for(chosen, function, 1e-3) % 2 == 1
