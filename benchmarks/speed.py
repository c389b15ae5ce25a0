"""Times the generated PyTorch modules against what people write and what PyTorch ships.

    python benchmarks/speed.py --device cuda --out results.json

It needs PyTorch, `actgen/bench/timing.py` and the folder `generated/`, and no network. Every figure of a row is taken
in one run, the candidates in turn, by CUDA events or the clock; a figure is the median. `BW` is the least traffic (in
bytes of the format for each element: forward 2, backward 3, both together 5) over the time, as a fraction of what
`copy_` moves in the same run. Accuracy is another command: `actgen verify --device cuda specs`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own convention
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "generated"
sys.path[:0] = [str(ROOT), str(GENERATED)]  # in the latter is the kernels' package

from actgen.bench.timing import rows  # noqa: E402 - found by the line above

Function = Callable[..., Tensor]


def naive_selu_variation(x: Tensor, scale: Tensor, alpha: Tensor, beta: Tensor, gamma: Tensor, omega: Tensor) -> Tensor:
    """The formula as its paper writes it."""
    negative = alpha * (torch.exp(beta * x) - 1) + gamma * torch.sin(omega * x)
    return scale * torch.where(x > 0, x, negative)


def naive_snake(x: Tensor, a: Tensor) -> Tensor:
    """Snake with one frequency a channel, as published implementations have it."""
    a = a.view(1, -1, 1)
    return x + torch.sin(a * x) ** 2 / a


@dataclass(frozen=True, slots=True)
class Subject:
    """An activation, its parameters' values, and the peers it is timed against."""

    name: str
    parameters: tuple[float, ...]
    naive: Function
    native: Function | None = None
    channels: int | None = None

    def arguments(self, size: int, dtype: torch.dtype, device: str) -> tuple[Tensor, ...]:
        """A normal sample (N, C, L) or flat, and the parameters; all want gradients."""
        generator = torch.Generator(device).manual_seed(0)
        shape = (size,) if self.channels is None else (max(1, size // (self.channels * 4096)), self.channels, -1)
        x = torch.randn(size, device=device, dtype=dtype, generator=generator).view(shape)
        count = self.channels or 1
        values = [torch.full((count,), p, device=device, dtype=dtype) for p in self.parameters]
        return tuple(t.requires_grad_() for t in (x, *values))


SUBJECTS = (
    Subject("selu_variation", (1.0507, 1.67326, 1.0, 0.1, 2.0), naive_selu_variation),
    Subject("snake", (0.5,), naive_snake, channels=64),
    Subject("elu", (), lambda x: torch.where(x > 0, x, torch.exp(x) - 1), F.elu),
    Subject("silu", (), lambda x: x / (1 + torch.exp(-x)), F.silu),
    Subject("mish", (), lambda x: x * torch.tanh(torch.log1p(torch.exp(x))), F.mish),
    Subject("gelu", (), lambda x: x * (1 + torch.erf(x / math.sqrt(2))) / 2, F.gelu),
)


def module(name: str) -> ModuleType:
    """The generated module of an activation."""
    path = GENERATED / name / f"{name}_torch.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = found
    spec.loader.exec_module(found)
    return found


def candidates(subject: Subject) -> Iterator[tuple[str, Function]]:
    """What is timed, by name."""
    ours: Function = getattr(module(subject.name), subject.name)
    torch.compiler.reset()
    yield "naive", subject.naive
    if subject.native is not None:
        yield "native", subject.native
    yield "compile(naive)", torch.compile(subject.naive)
    yield "actgen", ours
    yield "compile(actgen)", torch.compile(ours)


def main() -> None:
    """Prints a table and writes the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="where to write JSON")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where to run")
    parser.add_argument("--sizes", type=int, nargs="+", help="elements; by default 2^14, 2^20, and on a GPU 2^27")
    parser.add_argument("--dtypes", nargs="+", default=["float32", "bfloat16"], help="formats")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each candidate and pass, roughly")
    options = parser.parse_args()
    cuda = options.device == "cuda"
    sizes = options.sizes or [2**14, 2**20, *([2**27] if cuda else [])]
    device = torch.cuda.get_device_name() if cuda else f"{torch.get_num_threads()} CPU threads"
    found: list[dict[str, object]] = []
    print(f"{device}, PyTorch {torch.__version__}")
    print("| activation | format | elements | candidate | forward ms | f+b ms | forward BW | f+b BW | launches f+b |")
    print("| --- | --- | --: | --- | --: | --: | --: | --: | --: |")
    for subject in SUBJECTS:
        for dtype in options.dtypes:
            for size in sizes:
                arguments = subject.arguments(size, getattr(torch, dtype), options.device)
                for row in rows(dict(candidates(subject)), arguments, 1, options.seconds, options.device):
                    found.append({"subject": subject.name, "dtype": dtype, "size": size, **asdict(row)})
                    print(
                        f"| {subject.name} | {dtype} | {size:,} | {row.candidate} | {row.forward_ms:.4f} |"
                        f" {row.both_ms:.4f} | {row.forward_bw:.2f} | {row.both_bw:.2f} | {row.launches or ''} |",
                        flush=True,
                    )
    if options.out:
        head = {"device": device, "torch": torch.__version__}
        text = json.dumps({**head, "rows": found}, indent=1)
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
