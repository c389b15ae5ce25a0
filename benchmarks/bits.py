"""Compare the bits of every result between a GPU and vector units of CPUs, by the program in `bits.cpp`.

    python benchmarks/bits.py build [--folder build/bits] [--activation NAME ...]
    python benchmarks/bits.py compare [--folder build/bits] [--every N | --seconds S] [--only TEXT ...]

`build` needs g++ and, for the GPU, nvcc; a program whose compiler is missing is left out. The programs hold all that
they need but the GPU's driver, so the folder can be taken to another machine; `compare` needs nothing but Python
there. It runs what that machine can run and prints a line for each function: how many inputs, the sum of all hashes,
the seconds of each program, and whether all agree; where they do not, the first input at which two differ. With
`--every N` only every N-th input is taken; let N be odd, or the last bits of all are the same. With `--seconds S`
each function is taken at every N-th, with an odd N for which no program needs much longer than that. The table is
written to `bits.json` in the folder that the environment variable OUT names, if it is set. The exit status is 1 if
there is a difference.

Functions of one float are taken at all 2^32 inputs, the others at a sample of 2^28 in which infinities, NaN, zeros and
numbers of moderate size are frequent. Activations have their nominal parameters.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path(__file__).with_suffix(".cpp")
FOLDER = ROOT / "build" / "bits"
ACTIVATIONS = (
    "selu_variation",
    "snake",
    "sine",
    "gelu",
    "mish",
    "silu",
    "softplus",
    "squareplus",
    "elu",
    "log1mexp",
    "swiglu",
)
PARTS = 256


# ---- building


def cpu_flags(*target: str) -> tuple[str, ...]:
    """The flags of a kernel, but for a program, and a processor that is named."""
    from actgen.native.runtime.compiler import FLAGS

    kept = (flag for flag in FLAGS if flag not in ("-march=native", "-fPIC", "-shared"))
    return (*kept, *target, "-static", "-pthread")


def commands() -> dict[str, tuple[str, ...]]:
    """What compiles each program."""
    gpu = ("-gencode", "arch=compute_90,code=[sm_90,compute_90]", "-cudart", "static")
    return {
        "gpu": ("nvcc", "-x", "cu", "-std=c++17", "-O3", "--fmad=false", *gpu),
        "avx2": ("g++", *cpu_flags("-march=x86-64-v3")),
        "avx512": ("g++", *cpu_flags("-march=x86-64-v4", "-mprefer-vector-width=512")),
    }


def write_elements(folder: Path, names: Sequence[str]) -> None:
    """Print the element headers into `folder`, and `elements.h`, which names them with their nominal parameters."""
    from actgen.backends.kernel import BACKEND
    from actgen.pipeline.stages import compile_spec

    includes, entries = [], []
    for name in names:
        unit = compile_spec(ROOT / "specs" / f"{name}.yaml").unit
        assert unit is not None
        for file, text in BACKEND.files(unit).items():
            (folder / file).write_text(text, encoding="utf-8")
            includes.append(f'#include "{file}"\n')
        values = (repr(float(p.nominal.value)) for p in unit.activation.parameters)
        entries.append(f" X({', '.join((name, *values))})")
    text = "".join((*includes, "#define BITS_ACTIVATIONS(X)", *entries, "\n"))
    (folder / "elements.h").write_text(text, encoding="utf-8")


def compile_program(command: Sequence[str], program: Path, elements: Path) -> None:
    """Compile `bits.cpp` with the element headers of a folder."""
    runtime = ROOT / "actgen" / "native" / "runtime"
    include = [f"-I{path}" for path in (elements, runtime, runtime / "math")]
    subprocess.run([*command, *include, str(SOURCE), "-o", str(program)], check=True)


def build(folder: Path, activations: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_elements(folder, activations)
    for name, command in commands().items():
        if shutil.which(command[0]) is None:
            print(f"{name}: no {command[0]}")
            continue
        compile_program(command, folder / name, folder)
        print(f"{name}: {(folder / name).stat().st_size / 1e6:.1f} MB", flush=True)


# ---- comparing


@dataclass(frozen=True, slots=True)
class Function:
    """An entry of the programs: how many inputs it is taken at, and how many values one has."""

    name: str
    size: int
    values: int


@dataclass(frozen=True, slots=True)
class Query:
    """The inputs first, first + step, …."""

    first: int
    count: int
    step: int

    def part(self, number: int) -> Query:
        """One of the equal parts that sums are taken of."""
        start, end = (self.count * k // PARTS for k in (number, number + 1))
        return Query(self.first + start * self.step, end - start, self.step)


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds, and the sums: all parts of the first value, then of the next."""

    seconds: float
    sums: tuple[int, ...]

    def total(self) -> int:
        return sum(self.sums) % (1 << 64)


class Program:
    """A compiled `bits.cpp`, running until it is closed."""

    def __init__(self, path: Path) -> None:
        listed = subprocess.run([path], capture_output=True, text=True, check=True).stdout
        self.functions = [
            Function(n, int(size), int(values)) for n, size, values in map(str.split, listed.splitlines())
        ]
        self.process = subprocess.Popen([path, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, name: str, query: Query) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name} {query.first} {query.count} {query.step}\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if not words:
            raise SystemExit(f"{self.process.args}: no answer about {name}")
        return Answer(float(words[0]) / 1000, tuple(int(word, 16) for word in words[1:]))

    def close(self) -> None:
        self.process.communicate()


def difference(one: Program, other: Program, name: str, query: Query) -> dict[str, object]:
    """The first input at which two programs differ: its number, and all values' bits in both."""
    while True:
        sums = [program.ask(name, query).sums for program in (one, other)]
        differ = [i % PARTS for i, (a, b) in enumerate(zip(*sums, strict=True)) if a != b]
        part = query.part(min(differ))
        if query.count <= PARTS:
            bits = [[f"{value:x}" for value in values[min(differ) :: PARTS]] for values in sums]
            return {"number": part.first, "bits": bits}
        query = part


@dataclass
class Row:
    """A function's line: the seconds and the total of each program, and for a program that differs how."""

    function: str
    inputs: int
    step: int
    seconds: dict[str, float] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    differences: dict[str, dict[str, object]] = field(default_factory=dict)

    def line(self) -> str:
        seconds = "".join(f"{s:9.3f}" for s in self.seconds.values())
        verdict = "; ".join(f"{name} DIFFERS: {found}" for name, found in self.differences.items())
        return (
            f"{self.function:<32}{self.inputs:>11} {next(iter(self.totals.values())):>16}{seconds}  {verdict or 'same'}"
        )


def step_for(programs: Mapping[str, Program], function: Function, seconds: float) -> int:
    """An odd number N, such that every N-th input takes no program much longer than so many seconds."""
    step = function.size >> 22 | 1
    trial = Query(0, function.size // step, step)
    # A program is asked twice, since what it does for the first time can take longer.
    whole = step * max(min(p.ask(function.name, trial).seconds for _ in range(2)) for p in programs.values())
    return math.ceil(whole / seconds) | 1


def compared(programs: Mapping[str, Program], function: Function, every: int) -> Row:
    query = Query(0, -(-function.size // every), every)
    row = Row(function.name, query.count, every)
    (first, *_), answers = programs, {}
    for name, program in programs.items():
        answers[name] = answer = program.ask(function.name, query)
        row.seconds[name], row.totals[name] = answer.seconds, f"{answer.total():016x}"
        if answer.sums != answers[first].sums:
            row.differences[name] = difference(programs[first], program, function.name, query)
    return row


def processor() -> dict[str, str]:
    """The lines about the first processor."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def gpu() -> str:
    """Name and driver, or nothing."""
    if shutil.which("nvidia-smi") is None:
        return ""
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def runnable(folder: Path) -> dict[str, Path]:
    """The programs that this machine can run; the first is what the others are compared with."""
    flags = set(processor().get("flags", "").split())
    can = {"gpu": bool(gpu()), "avx2": "avx2" in flags, "avx512": "avx512dq" in flags}
    return {name: folder / name for name, good in can.items() if good and (folder / name).is_file()}


def compare(folder: Path, every: int, seconds: float | None, only: Sequence[str]) -> bool:
    """Print the table; whether all bits are the same."""
    facts = processor()
    vectors = " ".join(flag for flag in facts.get("flags", "").split() if flag.startswith(("avx", "fma")))
    machine = {"gpu": gpu(), "cpu": facts.get("model name", ""), "threads": os.cpu_count(), "vectors": vectors}
    for key, value in machine.items():
        print(f"{key}: {value or 'none'}")
    programs = {name: Program(path) for name, path in runnable(folder).items()}
    if not programs:
        raise SystemExit(f"no program in {folder} runs here")
    print(f"{'function':<32}{'inputs':>11} {'hash':>16}{''.join(f'{name:>9}' for name in programs)}  seconds, verdict")
    rows = []
    for function in next(iter(programs.values())).functions:
        if not only or any(text in function.name for text in only):
            step = every if seconds is None else step_for(programs, function, seconds)
            rows.append(compared(programs, function, step))
            print(rows[-1].line(), flush=True)
    for program in programs.values():
        program.close()
    different = sum(bool(row.differences) for row in rows)
    print(f"{len(rows)} functions, {different} with a difference between {', '.join(programs)}")
    if os.environ.get("OUT"):
        result = {"machine": machine, "rows": [vars(row) for row in rows]}
        (Path(os.environ["OUT"]) / "bits.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return not different


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("build", "compare"))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--activation", action="append", help="whose element header; several by default")
    parser.add_argument("--every", type=int, default=1, help="take every so many-th input")
    parser.add_argument("--seconds", type=float, help="take so few that no program needs longer for a function")
    parser.add_argument("--only", action="append", default=[], help="functions with this in their names")
    options = parser.parse_args()
    if options.action == "build":
        sys.path.insert(0, str(ROOT))
        build(options.folder, options.activation or ACTIVATIONS)
        return 0
    return 0 if compare(options.folder, options.every, options.seconds, options.only) else 1


if __name__ == "__main__":
    sys.exit(main())
