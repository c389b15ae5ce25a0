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
from actgen.native.runtime.cuda_grids import THREADS
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
    """The cubin, and by function its registers."""
    log = Log()
    code = compile_now(text, arch, ptxas_options=["-v"], logs=log)
    pattern = r"Compiling entry function '(\w+)'.*?Used (\d+) registers"
    return code, {name: int(used) for name, used in re.findall(pattern, log.text, re.DOTALL)}


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


def functions(code, folder):
    """By kernel, its instructions, and between them the labels that branches name."""
    found, current = {}, []
    for line in disassembled(code, folder).splitlines():
        if label := re.match(r"\.text\.(\w+):", line):
            current = found.setdefault(label[1], [])
        elif label := re.match(r"\s*(\.L_\w+):", line):
            current.append(label[1] + ":")
        elif instruction := re.match(r"\s+/\*[0-9a-f]+\*/\s+(.*?;)", line):
            current.append(instruction[1])
    return found


def accesses(instructions):
    """How many loads and stores of global memory are of 128 bits."""
    return {kind: sum(f"{kind}.E" in i and ".128" in i for i in instructions) for kind in ("LDG", "STG")}


def loop(instructions):
    """The shortest that has every access of 128 bits: what ordinary elements go through."""
    places = {text: at for at, text in enumerate(instructions) if text.endswith(":")}
    branches = [(at, re.search(r"\bBRA\b.*?(\.L_\w+)", text)) for at, text in enumerate(instructions)]
    ends = [(places.get(to[1] + ":", at), at) for at, to in branches if to]
    loops = [instructions[start:end] for start, end in ends if start < end]
    return min((found for found in loops if accesses(found) == accesses(instructions)), key=len)


def is_local(instruction):
    return re.search(r"\b(LDL|STL)\b", instruction) is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_kernel_compiles_and_its_loop_spills_nothing_and_has_accesses_of_128_bits(name, tmp_path):
    code, registers = built(source(name).text())
    assert set(registers) == set(KERNELS)
    assert max(registers.values()) * THREADS * 2 <= 65536, "two blocks of threads fit"
    activation, found = catalogue(name).activation, functions(code, tmp_path)
    inputs, outputs = len(activation.inputs), len(activation.outputs)
    assert accesses(found["actgen_forward"]) == {"LDG": inputs, "STG": outputs}
    for function in PASSES:
        if function != PASSES[0]:
            assert accesses(found[function]) == {"LDG": inputs + outputs, "STG": inputs}
        if name != LONG:  # 1,245 lines, most of them in double: more than 255 registers hold
            assert not any(map(is_local, loop(found[function]))), function


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
    found = functions(built(source(name, storage, wide=wide, short_rows=short_rows).text())[0], tmp_path)
    for function in PASSES:
        assert min(accesses(found[function]).values()) > 0
        assert not any(map(is_local, loop(found[function])))


@pytest.mark.parametrize("arch", ["sm_75", "sm_80", "sm_90", "sm_100"])
def test_nvrtc_knows_every_architecture(arch, tmp_path):
    text = source("snake", "bfloat16")
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
