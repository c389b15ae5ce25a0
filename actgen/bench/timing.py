"""Times functions of tensors against each other: medians, the candidates in turn, beside a copy in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from actgen.bench.turns import Run, by_clock, medians

Function = Callable[..., Tensor | tuple[Tensor, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate at one size.

    Attributes:
        candidate: what was timed.
        forward_ms: a call without gradients, in milliseconds.
        both_ms: a call and the gradients with respect to all arguments.
        forward_bw: the least traffic over the time, as a fraction of what `copy_` moves in the same run.
        both_bw: likewise.
        saved: bytes an element that are kept for the backward pass beyond the arguments, single numbers aside: a
            parameter that is left to its default is one.
        launches: kernels that a call with gradients starts; None on a CPU.
        backward_ms: the gradients alone; None on a CPU.
        backward_launches: kernels that they start; None on a CPU.
    """

    candidate: str
    forward_ms: float
    both_ms: float
    forward_bw: float
    both_bw: float
    saved: float
    launches: int | None
    backward_ms: float | None
    backward_launches: int | None


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
    on_gpu = device == "cuda"
    clock = partial(_by_events, _MANY if x.numel() < _LARGE else _FEW) if on_gpu else by_clock
    copy = {"": Run(lambda: target.copy_(x))}
    once = {name: Run(_forward(f, arguments)) for name, f in functions.items()}
    twice = {name: Run(_both(f, arguments)) for name, f in functions.items()}
    back = {name: _backward(f, arguments) for name, f in functions.items()} if on_gpu else {}
    first = medians({**copy, **once}, seconds, clock)
    second = medians({**copy, **twice}, seconds, clock)
    third = medians(back, seconds, clock) if on_gpu else {}
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
            _launches(twice[name]) if on_gpu else None,
            third.get(name),
            _launches(back[name]) if on_gpu else None,
        )


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


def _backward(function: Function, arguments: Sequence[Tensor]) -> Run:
    """The gradients with respect to everything, of a call that is not timed."""

    def before() -> Sequence[object]:
        result = _outputs(function(*arguments))
        return (result, list(arguments), [torch.ones_like(y) for y in result])

    return Run(partial(torch.autograd.grad, allow_unused=True), before)


def _saved(function: Function, arguments: Sequence[Tensor]) -> int:
    """Bytes kept for the backward pass, each tensor once, the arguments and single numbers not counted."""
    known = {a.untyped_storage().data_ptr() for a in arguments}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if tensor.numel() > 1 and storage.data_ptr() not in known:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = function(*arguments)
    del result
    return sum(kept.values())


_LARGE = 10_000_000  # elements: a GPU is about as long at work on them as the host is at asking for it
_FEW, _MANY = 4, 20


def _by_events(burst: int, run: Run) -> float:
    """Milliseconds of one of several in a row, as in training: the host asks for one while the GPU does another."""
    events = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(burst)]
    run.timed(*run.before())
    for start, end in events:
        given = run.before()
        start.record()
        run.timed(*given)
        end.record()
        given = ()  # what is kept for a backward pass makes room for the next
    torch.cuda.synchronize()
    return sum(start.elapsed_time(end) for start, end in events) / burst


def _launches(run: Run) -> int:
    run.timed(*run.before())
    given = run.before()
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        run.timed(*given)
        torch.cuda.synchronize()
    return sum(e.count for e in seen.key_averages() if e.device_time_total > 0)
