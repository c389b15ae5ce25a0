"""What float64 inside costs: forward and backward of the files as they are, and of those of `--composite float32`.

    python benchmarks/float64_cost.py [--elements N] [--rounds N]

Builds both into a temporary folder, and takes medians over rounds in which the two run in turn, on one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import numpy as np
import torch

from actgen.pipeline import build

ROOT = Path(__file__).parents[1]
SPECS = {"selu_variation": "LearnableSELU", "gelu": "GELU", "snake": "Snake"}
COMPOSITES: tuple[Literal["float64", "float32"], ...] = ("float64", "float32")
Step = Callable[[], object]


def load(folder: Path, spec: str, framework: str) -> Callable:
    name = f"{spec}_{framework}"
    found = importlib.util.spec_from_file_location(f"{folder.name}_{name}", folder / spec / f"{name}.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return getattr(module, spec)


def torch_step(function: Callable, x: np.ndarray, parameters: int) -> Step:
    given = [torch.from_numpy(x), *(torch.tensor(0.7) for _ in range(parameters))]
    tensors = [t.requires_grad_() for t in given]
    upstream = torch.ones(len(x))
    return lambda: torch.autograd.grad(function(*tensors), tensors, upstream)


def jax_step(function: Callable, x: np.ndarray, parameters: int) -> Step:
    arrays = [jax.numpy.asarray(x), *(jax.numpy.float32(0.7) for _ in range(parameters))]
    upstream = jax.numpy.ones(len(x), "float32")

    @jax.jit
    def step(*given: jax.Array) -> object:
        y, pull = jax.vjp(function, *given)
        return y, pull(upstream)

    return lambda: jax.block_until_ready(step(*arrays))


def steps(folder: Path, spec: str, x: np.ndarray) -> dict[str, Step]:
    parameters = {"selu_variation": 5, "gelu": 0, "snake": 1}[spec]
    of_torch = load(folder, spec, "torch")
    return {
        "torch eager": torch_step(of_torch, x, parameters),
        "torch compile": torch_step(torch.compile(of_torch), x, parameters),
        "JAX jit": jax_step(load(folder, spec, "jax"), x, parameters),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elements", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    torch.set_num_threads(1)
    x = np.random.default_rng(0).normal(scale=3, size=options.elements).astype(np.float32)
    print(f"PyTorch {torch.__version__}, JAX {jax.__version__}, one thread, {options.elements} elements, f+b in ms")
    print("| activation | mode | float64 inside | float32 inside | ratio |\n| --- | --- | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as base:
        for composite in COMPOSITES:
            specs = [ROOT / "specs" / f"{spec}.yaml" for spec in SPECS]
            build(specs, Path(base) / composite, targets=("torch", "jax"), verify=False, composite=composite)
        for spec, title in SPECS.items():
            candidates = {c: steps(Path(base) / c, spec, x) for c in COMPOSITES}
            for mode in candidates["float64"]:
                wide, narrow = medians([candidates[c][mode] for c in COMPOSITES], options.rounds)
                print(f"| {title} | {mode} | {wide:.1f} | {narrow:.1f} | {wide / narrow:.1f} |", flush=True)


def medians(candidates: list[Step], rounds: int) -> list[float]:
    """In milliseconds; the first two rounds compile and warm up."""
    times: list[list[float]] = [[] for _ in candidates]
    for _ in range(rounds + 2):
        for taken, step in zip(times, candidates, strict=True):
            start = time.perf_counter()
            step()
            taken.append(1e3 * (time.perf_counter() - start))
    return [statistics.median(taken[2:]) for taken in times]


if __name__ == "__main__":
    main()
