"""Parameters' gradients: their bits, and their errors against float64.

`python -m performance.gradients_process REQUEST.json` prints one JSON object. `bits` has a hash for each subject with
parameters, format and candidate, for each number of threads and repetition; `errors`, for each such subject in
bfloat16 and candidate, the worst relative error, for cotangents of ones and of normal samples.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from actgen.bench.timing import Function
from performance.subjects import SUBJECTS, Subject
from performance.torch_process import naive, ours, sample

_THREADS = (1, 2)
_REPEATS = 3


def main() -> None:
    """Does what the request says."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    bits: dict[str, dict[str, list[str]]] = {}
    errors: dict[str, dict[str, float]] = {}
    for subject in (s for s in SUBJECTS if s.parameters and s.name in request["subjects"]):
        functions = {"naive": naive(subject), "actgen": ours(subject)}
        for dtype in ("float32", "bfloat16"):
            arguments = sample(subject, request["size"], dtype)
            bits[f"{subject.name} {dtype}"] = {name: _bits(f, arguments) for name, f in functions.items()}
            if dtype == "bfloat16":
                errors[subject.name] = _errors(subject, functions, arguments)
    print(json.dumps({"bits": bits, "errors": errors}))


def _bits(function: Function, arguments: Sequence[Tensor]) -> list[str]:
    """A hash for each number of threads and repetition."""
    upstream, before = _normal(arguments[0]), torch.get_num_threads()
    found = []
    for threads in _THREADS:
        torch.set_num_threads(threads)
        for _ in range(_REPEATS):
            numbers = b"".join(g.numpy().tobytes() for g in _gradients(function, arguments, upstream))
            found.append(hashlib.sha256(numbers).hexdigest())
    torch.set_num_threads(before)
    return found


def _errors(subject: Subject, functions: Mapping[str, Function], arguments: Sequence[Tensor]) -> dict[str, float]:
    """The worst relative error of any parameter's gradient, by candidate."""
    exact = [a.detach().double().requires_grad_() for a in arguments]
    worst = dict.fromkeys(functions, 0.0)
    for upstream in (torch.ones_like(arguments[0]), _normal(arguments[0])):
        truth = _gradients(naive(subject), exact, upstream.double())
        for name, function in functions.items():
            got = _gradients(function, arguments, upstream)
            found = [float(((g.double() - t) / t).abs().max()) for g, t in zip(got, truth, strict=True)]
            worst[name] = max(worst[name], *found)
    return worst


def _gradients(function: Function, arguments: Sequence[Tensor], upstream: Tensor) -> Sequence[Any]:
    return torch.autograd.grad(function(*arguments), list(arguments[1:]), upstream)


def _normal(like: Tensor) -> Tensor:
    return torch.empty_like(like, requires_grad=False).normal_(generator=torch.Generator().manual_seed(1))


if __name__ == "__main__":
    main()
