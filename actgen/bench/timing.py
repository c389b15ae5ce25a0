"""Times functions of tensors against each other: medians, the candidates in turn, beside a copy in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

Function = Callable[..., Tensor | tuple[Tensor, ...]]
_SETTLING = 0.3  # seconds that a function runs before it is timed, so that caches are warm and clocks are up
_LEAST = 5
_MOST = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate at one size.

    Attributes:
        candidate: what was timed.
        forward_ms: a call without gradients, in milliseconds.
        both_ms: a call and the gradients with respect to all arguments.
        forward_bw: the least traffic over the time, as a fraction of what `copy_` moves in the same run.
        both_bw: likewise.
        saved: bytes an element that are kept for the backward pass beyond the arguments.
        launches: kernels that a call with gradients starts; None on a CPU.
    """

    candidate: str
    forward_ms: float
    both_ms: float
    forward_bw: float
    both_bw: float
    saved: float
    launches: int | None


def rows(
    functions: Mapping[str, Function], arguments: Sequence[Tensor], inputs: int, seconds: float, device: str
) -> Iterator[Row]:
    """Times all candidates.

    Args:
        functions: by name.
        arguments: inputs of one shape, then parameters; those that need a gradient have one taken.
        inputs: how many inputs there are.
        seconds: for each candidate and pass, roughly.
        device: "cpu" or "cuda".
    """
    x = arguments[0].detach()
    target = torch.empty_like(x)

    def copy() -> object:
        return target.copy_(x)

    once = {name: _forward(f, arguments) for name, f in functions.items()}
    twice = {name: _both(f, arguments) for name, f in functions.items()}
    first = medians({"": copy, **once}, seconds, device)
    second = medians({"": copy, **twice}, seconds, device)
    outputs = _outputs(next(iter(functions.values()))(*arguments))
    least = (inputs + len(outputs)) / 2, (3 * inputs + 2 * len(outputs)) / 2  # in copies, each a read and a write
    for name, function in functions.items():
        yield Row(
            name,
            first[name],
            second[name],
            least[0] * first[""] / first[name],
            least[1] * second[""] / second[name],
            _saved(function, arguments) / x.numel(),
            _launches(twice[name]) if device == "cuda" else None,
        )


def medians(runs: Mapping[str, Callable[[], object]], seconds: float, device: str) -> dict[str, float]:
    """Milliseconds of each, the candidates in turn."""
    timed = _by_events if device == "cuda" else _by_clock
    for run in runs.values():
        end = time.perf_counter() + _SETTLING
        while time.perf_counter() < end:
            run()
    slowest = max(timed(run) for run in runs.values()) / 1e3
    repeats = min(_MOST, max(_LEAST, round(seconds / slowest)))
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            times[name].append(timed(run))
    return {name: statistics.median(found) for name, found in times.items()}


def _outputs(result: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (result,) if isinstance(result, Tensor) else result


def _forward(function: Function, arguments: Sequence[Tensor]) -> Callable[[], object]:
    """A call without gradients."""

    def run() -> object:
        with torch.no_grad():
            return function(*arguments)

    return run


def _both(function: Function, arguments: Sequence[Tensor]) -> Callable[[], object]:
    """A call and the gradients with respect to everything."""
    upstream = [torch.ones_like(y) for y in _outputs(function(*arguments))]

    def run() -> object:
        return torch.autograd.grad(_outputs(function(*arguments)), list(arguments), upstream, allow_unused=True)

    return run


def _saved(function: Function, arguments: Sequence[Tensor]) -> int:
    """Bytes kept for the backward pass, each tensor once, the arguments not counted."""
    known = {a.untyped_storage().data_ptr() for a in arguments}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = function(*arguments)
    del result
    return sum(kept.values())


def _by_events(run: Callable[[], object]) -> float:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    run()
    end.record()
    end.synchronize()
    return start.elapsed_time(end)


def _by_clock(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1e3 * (time.perf_counter() - start)


def _launches(run: Callable[[], object]) -> int:
    run()
    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        run()
        torch.cuda.synchronize()
    return sum(e.count for e in seen.key_averages() if e.device_time_total > 0)
