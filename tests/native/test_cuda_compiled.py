"""What NVIDIA's compilers make of every kernel of the catalogue; no GPU is needed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from spec_units import SPECS, catalogue

from actgen.backends.kernel import BACKEND
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import CompilationError
from actgen.native.runtime.cuda_compiler import KERNELS, compile_now, compiled
from actgen.native.runtime.library import RUNTIME, Source

NAMES = sorted(path.stem for path in SPECS.glob("*.yaml"))
LONG = "complex_soft_exponential"
PASSES = KERNELS[:3]


class Log:
    """What a compiler says."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text if isinstance(text, str) else text.decode()


def source(name, storage="float32", *, wide=False, short_rows=False):
    header = BACKEND.files(catalogue(name))[f"{name}_kernel.h"]
    return Source(header, name, storage, wide, short_rows, cuda=True)


def built(text, arch="sm_90"):
    """The cubin, and by function its registers and the bytes that it spills."""
    log = Log()
    code = compile_now(text, arch, ptxas_options=["-v"], logs=log)
    pattern = r"Compiling entry function '(\w+)'.*?(\d+) bytes spill stores.*?Used (\d+) registers"
    return code, {name: (int(used), int(spilled)) for name, spilled, used in re.findall(pattern, log.text, re.DOTALL)}


def disassembler():
    """Of a package of NVIDIA's."""
    found = shutil.which("nvdisasm")
    if found is None:
        package = pytest.importorskip("nvidia", reason="NOT RUN: no nvdisasm")
        places = [Path(home) / "cu13/bin/nvdisasm" for home in package.__path__]
        found = next((str(place) for place in places if place.exists()), None)
    return found or pytest.skip("NOT RUN: no nvdisasm")


def disassembled(code, folder):
    file = folder / "kernel.cubin"
    file.write_bytes(code)
    return subprocess.run([disassembler(), "-c", str(file)], capture_output=True, text=True, check=True).stdout


def accesses(code, folder):
    """By function, how many loads and stores of global memory are of 128 bits."""
    found, current = {}, {}
    for line in disassembled(code, folder).splitlines():
        if label := re.match(r"\.text\.(\w+):", line):
            current = found.setdefault(label[1], {"LDG": 0, "STG": 0})
        if access := re.search(r"\b(LDG|STG)\.E\S*\.128", line):
            current[access[1]] += 1
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_kernel_compiles_spills_nothing_and_has_accesses_of_128_bits(name, tmp_path):
    code, functions = built(source(name).text())
    assert set(functions) == set(KERNELS)
    for function, (registers, spilled) in functions.items():
        if name != LONG:  # 1,245 lines, most of them in double: more than 255 registers hold
            assert spilled == 0, function
        assert registers * 256 <= 65536, "a block of threads fits"
    activation, wide = catalogue(name).activation, accesses(code, tmp_path)
    inputs, outputs = len(activation.inputs), len(activation.outputs)
    assert wide["actgen_forward"] == {"LDG": inputs, "STG": outputs}
    for function in PASSES[1:]:
        assert wide[function] == {"LDG": inputs + outputs, "STG": inputs}


FORMATS = [
    ("bfloat16", False, False),
    ("bfloat16", False, True),
    ("float16", False, True),
    ("float64", False, False),
    ("float64", False, True),
    ("float32", True, False),
    ("float32", False, True),
]


@pytest.mark.parametrize(("storage", "wide", "short_rows"), FORMATS)
@pytest.mark.parametrize("name", ["selu_variation", "snake"])
def test_other_formats_and_ways_through_an_array(name, storage, wide, short_rows, tmp_path):
    code, functions = built(source(name, storage, wide=wide, short_rows=short_rows).text())
    assert {spilled for _, spilled in functions.values()} == {0}
    for function in PASSES:
        assert min(accesses(code, tmp_path)[function].values()) > 0


@pytest.mark.parametrize("arch", ["sm_80", "sm_90", "sm_100"])
def test_nvrtc_knows_every_architecture(arch, tmp_path):
    text = source("snake")
    cubin = compiled(text, arch, Cache(tmp_path / "cache"))
    assert cubin.startswith(b"\x7fELF")
    assert compiled(text, arch, Cache(tmp_path / "cache")) == cubin
    assert len(list((tmp_path / "cache").glob("*.cubin"))) == 1


@pytest.mark.parametrize("arch", ["sm_80", "sm_90", "sm_100"])
@pytest.mark.parametrize("name", ["selu_variation", "snake", "gelu"])
def test_nvcc_compiles_the_same_text(name, arch, tmp_path):
    nvcc = shutil.which("nvcc") or shutil.which("nvcc", path="/usr/local/cuda/bin")
    if nvcc is None:
        pytest.skip("NOT RUN: no nvcc")
    file = tmp_path / "kernel.cu"
    file.write_text(source(name).text(), encoding="utf-8")
    options = ("-std=c++17", f"-arch={arch}", "--fmad=false", "-cubin", "-Werror", "all-warnings")
    include = (f"-I{RUNTIME}", f"-I{RUNTIME / 'math'}")
    run = subprocess.run(
        [nvcc, *options, *include, "-o", str(tmp_path / "kernel.cubin"), str(file)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_nothing_is_contracted(tmp_path):
    """a*b + c of two roundings is a multiplication and an addition; what is fused is written so."""
    text = source("linear").text() + (
        'extern "C" __global__ void both(float* at) { at[0] = at[1] * at[2] + at[3]; }\n'
        'extern "C" __global__ void once(float* at) { at[0] = actgen::fma(at[1], at[2], at[3]); }\n'
    )
    listed = disassembled(compile_now(text, "sm_90"), tmp_path)
    plain, fused = (listed.split(f".text.{name}:")[1].split(".section")[0] for name in ("both", "once"))
    assert {"FMUL", "FADD"} <= set(re.findall(r"\bF\w+", plain))
    assert "FFMA" not in plain
    assert "FFMA" in fused


def test_a_text_that_does_not_compile_says_why():
    with pytest.raises(CompilationError, match="storage class"):
        compile_now("nonsense;", "sm_90")
