"""What fused kernels are worth on a GPU: right, bit for bit, and fast.

    python benchmarks/gpu.py [--whole] [--json FILE] [SUBJECT ...]

Needs a GPU, PyTorch 2.11 or later with CUDA, cuda-core, NumPy, and the folders in `generated/`; no network. It first
holds the kernels on the GPU against those on the CPU, whose certificates lie beside them: all 65,536 numbers of both
16-bit formats, and float32 numbers spread over all of them, must give the same bits. Then it times the textbook
formula, PyTorch's own operation, the first and the generated function compiled, the generated function, kernels
written by hand in Triton, and those of a CUDA extension that is installed, by CUDA events: medians of interleaved
bursts, beside `copy_` in the same run. It prints a table and the goals, and writes JSON.

Under `torch.compile` the generated function is timed twice: with its kernels, which the compiler leaves as they are,
and without, as a composite of PyTorch's operations, which the compiler fuses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "generated")]

from performance.facts import moment  # noqa: E402
from performance.generated import composite, module  # noqa: E402
from performance.subjects import SUBJECTS, Subject, named  # noqa: E402
from performance.torch_process import candidates, ours, sample  # noqa: E402

from actgen.bench.timing import Function, rows  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
MAIN = (("float32", 100_000_000), ("bfloat16", 100_000_000), ("float32", 10_000), ("float32", 1_000_000))
SPREAD = 1 << 22
BANDWIDTH, OVER_NAIVE, OVER_COMPILE, SNAKE_BACKWARD, LAUNCHES = 0.85, 8.0, 0.95, 1.4, 2


def main() -> int:
    """0 if all bits agree."""
    arguments = _parser().parse_args()
    if not torch.cuda.is_available():
        print("NOT RUN: PyTorch sees no GPU")
        return 2
    found: dict[str, Any] = {"facts": facts(), "bits": {}, "rows": [], "missing": {}}
    print(json.dumps(found["facts"], indent=1))
    subjects = [named(name) for name in arguments.subjects] or list(SUBJECTS)
    without = [subject.name for subject in subjects if not has_kernel(subject)]
    if without:
        print(f"NOT RUN: no kernel on the GPU for {', '.join(without)}; the warning above says why")
        return 2
    for subject in subjects:
        found["bits"][subject.name] = agreement(subject)
        print(f"{subject.name}: {found['bits'][subject.name]}", flush=True)
    for subject, dtype, size in cells(subjects, arguments.whole):
        for row in timed(subject, dtype, size, found["missing"], arguments.seconds):
            found["rows"].append(row)
            print(line(row), flush=True)
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    found["goals"] = goals(found["rows"])
    arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(*found["goals"], sep="\n")
    return int(any(different for formats in found["bits"].values() for different in formats.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help="those to time; all, if none is named")
    parser.add_argument("--whole", action="store_true", help="seven sizes for every subject, not for the first alone")
    parser.add_argument("--seconds", type=float, default=0.1, help="for each candidate and pass, roughly")
    parser.add_argument("--json", type=Path, default=HERE / "gpu.json", help="where figures go")
    return parser


def facts() -> dict[str, str]:
    """What the figures depend on."""
    properties = torch.cuda.get_device_properties(0)
    return {
        **moment(),
        "GPU": properties.name,
        "memory": f"{properties.total_memory / 2**30:.0f} GiB",
        "multiprocessors": str(properties.multi_processor_count),
        "PyTorch": str(torch.__version__),
        "CUDA of PyTorch": str(torch.version.cuda),
    }


def cells(subjects: Sequence[Subject], whole: bool) -> Iterator[tuple[Subject, str, int]]:
    """What is timed, that which goals are about first."""
    for dtype, size in MAIN:
        for subject in subjects:
            yield subject, dtype, size
    for size in SIZES:
        if ("float32", size) not in MAIN:
            for subject in subjects if whole else subjects[:1]:
                yield subject, "float32", size


def has_kernel(subject: Subject) -> bool:
    """Whether the generated function is fused there."""
    fused = module(subject.name, "torch")._fused
    arguments = [torch.ones(8, device="cuda"), *(torch.ones(1, device="cuda") for _ in subject.parameters)]
    return fused is not None and fused.takes(arguments)


def agreement(subject: Subject) -> dict[str, int]:
    """By format, results whose bits differ between the GPU and the CPU: outputs, and gradients of the input."""
    return {name: different(subject, x) for name, x in inputs_of_formats().items()}


def inputs_of_formats() -> dict[str, Tensor]:
    """All numbers of the 16-bit formats, and some of float32."""
    every = torch.arange(-(1 << 15), 1 << 15, dtype=torch.int32).to(torch.int16)
    spread = torch.arange(SPREAD, dtype=torch.int64) * (2**32 // SPREAD) + torch.arange(SPREAD) % 1021
    return {
        "bfloat16": every.view(torch.bfloat16),
        "float16": every.view(torch.float16),
        "float32": (spread - 2**31).to(torch.int32).view(torch.float32),
    }


def different(subject: Subject, x: Tensor) -> int:
    """How many results have other bits; those of NaN do not count."""
    function, whole = ours(subject), {2: torch.int16, 4: torch.int32}[x.element_size()]
    results = []
    for device in ("cpu", "cuda"):
        here = x.to(device).requires_grad_()
        values = [torch.full((1,), value, device=device) for value in subject.parameters]
        y = function(here, *values)
        (dx,) = torch.autograd.grad(y, here, torch.ones_like(y))
        results.append([t.detach().cpu() for t in (y, dx)])
    total = 0
    for on_cpu, on_gpu in zip(*results, strict=True):
        same = (on_cpu.view(whole) == on_gpu.view(whole)) | (on_cpu.isnan() & on_gpu.isnan())
        total += int((~same).sum())
    return total


def timed(
    subject: Subject, dtype: str, size: int, missing: dict[str, str], seconds: float
) -> Iterator[Mapping[str, Any]]:
    """A row for each candidate; those that the memory does not hold are missing, by name."""
    place = f"{subject.name} {dtype} {size:,}"
    functions = dict(candidates(subject)) | peers(subject, missing)
    try:
        arguments = sample(subject, size, dtype, "cuda")
    except torch.OutOfMemoryError:
        missing[place] = "not enough memory for the inputs"
        return
    held = {name: f for name, f in functions.items() if fits(f, arguments, f"{place} {name}", missing)}
    shown = {"subject": subject.name, "dtype": dtype, "size": size, "elements": arguments[0].numel()}
    try:
        yield from ({**shown, **asdict(row)} for row in rows(held, arguments, 1, seconds, "cuda"))
    except torch.OutOfMemoryError:
        missing[place] = "not enough memory for all candidates in turn"
    torch.cuda.empty_cache()


def peers(subject: Subject, missing: dict[str, str]) -> dict[str, Function]:
    """What else is timed: the composite compiled, kernels by hand, and those of an extension."""
    found = {"compile(composite)": torch.compile(getattr(composite(subject.name), subject.name))}
    try:
        from performance.triton_peers import PEERS
    except ImportError as error:
        missing["Triton"] = str(error)
    else:
        found |= {"Triton by hand": PEERS[subject.name]} if subject.name in PEERS else {}
    try:
        extension = import_module(f"actgen_{subject.name}")
    except ImportError as error:
        missing[f"{subject.name}: extension"] = str(error)
        return found
    return found | {"extension": getattr(extension, subject.name)}


def fits(function: Function, arguments: Sequence[Tensor], place: str, missing: dict[str, str]) -> bool:
    """Whether a candidate runs, forward and backward."""
    try:
        y = function(*arguments)
        assert isinstance(y, Tensor)
        torch.autograd.grad(y, list(arguments), torch.ones_like(y), allow_unused=True)
    except torch.OutOfMemoryError:
        missing[place] = "not enough memory"
        torch.cuda.empty_cache()
        return False
    return True


def line(row: Mapping[str, Any]) -> str:
    """One row of the table."""
    place = f"{row['subject']:>15} {row['dtype']:>8} {row['size']:>13,} {row['candidate']:>18}"
    passes = (
        f"forward {row['forward_ms']:9.4f} ms (BW {row['forward_bw']:.2f})",
        f"backward {row['backward_ms']:9.4f} ms",
        f"f+b {row['both_ms']:9.4f} ms (BW {row['both_bw']:.2f})",
        f"launches {row['launches']}, backward {row['backward_launches']}",
    )
    return f"{place}: {', '.join(passes)}"


def goals(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Goal and figure, at the largest size at which every candidate ran."""
    lines = []
    for subject in SUBJECTS:
        at = [r for r in found if r["subject"] == subject.name and r["dtype"] == "float32" and r["size"] >= 10**8]
        by_size: dict[int, dict[str, Mapping[str, Any]]] = {}
        for row in at:
            by_size.setdefault(row["size"], {})[row["candidate"]] = row
        whole = [size for size, rows_ in by_size.items() if {"naive", "compile(naive)", "actgen"} <= set(rows_)]
        if not whole:
            lines.append(f"{subject.title}: NOT RUN at 1e8 elements or more")
            continue
        here, size = by_size[max(whole)], max(whole)
        ours_, naive, compiled = here["actgen"], here["naive"], here["compile(naive)"]
        asked = [
            ("BW f+b", ours_["both_bw"], BANDWIDTH, True),
            ("f+b over naive", naive["both_ms"] / ours_["both_ms"], OVER_NAIVE, subject.channels is None),
            ("f+b over compile", compiled["both_ms"] / ours_["both_ms"], OVER_COMPILE, subject.channels is None),
            ("backward over compile", compiled["backward_ms"] / ours_["backward_ms"], SNAKE_BACKWARD, subject.channels),
        ]
        lines += [
            f"{subject.title}, {size:,}: {what} {figure:.2f}, goal {goal}: {'met' if figure >= goal else 'MISSED'}"
            for what, figure, goal, holds in asked
            if holds
        ]
        few = ours_["backward_launches"]
        lines.append(
            f"{subject.title}: launches of backward {few}, goal {LAUNCHES}: {'met' if few <= LAUNCHES else 'MISSED'}"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
