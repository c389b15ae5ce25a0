"""Times one subject in PyTorch: `python -m performance.torch_process REQUEST.json` prints a JSON object a line.

First what runs, then a row for each candidate at each size. Parameters are float32 where inputs are bfloat16, as under
autocast; the textbook formula casts them.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from actgen.bench.timing import Function, rows
from performance.generated import module
from performance.subjects import Subject, named


def main() -> None:
    """Does what the request says."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if request["threads"]:
        torch.set_num_threads(request["threads"])
    subject, device = named(request["subject"]), request["device"]
    on_gpu = device == "cuda"
    say(
        {
            "torch": str(torch.__version__),
            "threads": torch.get_num_threads(),
            "gpu": torch.cuda.get_device_name() if on_gpu else None,
        }
    )
    for dtype, size in request["cells"]:
        arguments = sample(subject, size, dtype, device)
        shown = {"framework": "torch", "subject": subject.name, "dtype": dtype, "size": size}
        for row in rows(dict(candidates(subject)), arguments, 1, request["seconds"], device):
            say({**shown, "elements": arguments[0].numel(), **asdict(row)})


def say(content: Mapping[str, Any]) -> None:
    """Prints a line."""
    print(json.dumps(content), flush=True)


def sample(subject: Subject, size: int, dtype: str, device: str = "cpu") -> list[Tensor]:
    """Normal inputs and the parameters; all want gradients."""
    generator = torch.Generator(device).manual_seed(0)
    shape = subject.shape(size)
    x = torch.empty(math.prod(shape), device=device, dtype=getattr(torch, dtype))
    x.normal_(generator=generator)
    values = [torch.full((subject.channels or 1,), value, device=device) for value in subject.parameters]
    return [t.requires_grad_() for t in (x.view(shape), *values)]


def naive(subject: Subject) -> Function:
    """The textbook formula, through autograd, in the dtype of the input."""

    def run(x: Tensor, *parameters: Tensor) -> Tensor:
        held = [p.to(x.dtype) if subject.channels is None else p.to(x.dtype).view(1, -1, 1) for p in parameters]
        return subject.naive(torch, x, *held)

    return run


def ours(subject: Subject) -> Function:
    """The generated function."""
    return getattr(module(subject.name, "torch"), subject.name)


def candidates(subject: Subject) -> Iterator[tuple[str, Function]]:
    """What is timed, by name; the compiler starts afresh, so that it compiles for each size."""
    torch.compiler.reset()
    textbook, function = naive(subject), ours(subject)
    yield "naive", textbook
    if subject.native:
        yield "native", getattr(torch.nn.functional, subject.name)
    yield "compile(naive)", torch.compile(textbook)
    yield "actgen", function
    yield "compile(actgen)", torch.compile(function)


if __name__ == "__main__":
    main()
