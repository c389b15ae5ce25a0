"""Fused kernels as the autograd functions of generated files call them, whatever runs them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol, cast

import torch
from torch import Tensor
from torch.autograd import forward_ad

from .arguments import Arity, channel_axis
from .torch_results import Results, result_like, single

_DTYPES = frozenset({torch.float32, torch.bfloat16, torch.float16, torch.float64})
_COMPILED_BETTER = frozenset({"cuda"})
_PLAIN = frozenset({Tensor, torch.nn.Parameter})
_needs_gradient = attrgetter("requires_grad")
_Pull = Callable[[Sequence[Tensor | None], Sequence[Tensor], Sequence[bool]], tuple[Tensor | None, ...]]


class Way(Protocol):
    """A way to run kernels for certain tensors."""

    def forward(self, arguments: Sequence[Tensor]) -> Results:
        """The outputs; one alone is no tuple."""
        ...

    def backward(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """The gradients with respect to the inputs, and to the parameters that need one."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """An activation's kernels as functions of tensors.

    Attributes:
        name: under which they are known.
        arity: how many arguments are inputs, the others being parameters; how many results there are.
        operations: forward and backward.
        can_run: whether the operations can, for arrays of a dtype on a device.
        prepare: finds what runs for tensors at hand, faster than the operations, which are for graphs and for tensors
            of other classes; without it they run always.
    """

    name: str
    arity: Arity
    operations: tuple[torch._ops.OpOverload, torch._ops.OpOverload]
    can_run: Callable[[torch.dtype, torch.device], bool]
    prepare: Callable[[Sequence[Tensor]], Way | None] | None = None

    @property
    def inputs(self) -> int:
        """How many arguments are inputs."""
        return self.arity.inputs

    @property
    def outputs(self) -> int:
        """How many results there are."""
        return self.arity.outputs

    def takes(self, arguments: Sequence[Tensor], working: torch.dtype | None = None) -> bool:
        """Whether a kernel can run for these, and is not better left to PyTorch's compiler; see `plan`.

        Args:
            arguments: inputs, then parameters.
            working: what PyTorch's own operations would compute in, in place of a kernel.
        """
        return not self._is_fused_better(arguments, working) and self.plan(arguments) is not None

    def _is_fused_better(self, arguments: Sequence[Tensor], working: torch.dtype | None) -> bool:
        """Whether what PyTorch's compiler makes of its operations is the faster.

        So it is on GPUs, as measured on an H200: where they compute 16 bits in float32, and nothing is summed.
        """
        if not torch.compiler.is_compiling() or working != torch.float32:
            return False
        x, parameters = arguments[0], arguments[self.inputs :]
        is_narrow = x.device.type in _COMPILED_BETTER and x.dtype in (torch.bfloat16, torch.float16)
        return is_narrow and not any(p.requires_grad for p in parameters)

    def plan(self, arguments: Sequence[Tensor]) -> Way | None:
        """What to run for these: inputs, then parameters; itself for the operations; None where no kernel can.

        They are on one device, and neither a transform of `torch.func` nor forward mode is at work; inputs
        have one shape and format; parameters have one value, or one along one axis.
        """
        if torch._C._are_functorch_transforms_active() or torch._C._get_tracing_state():
            return None
        if forward_ad._current_level >= 0:
            return None
        if torch.compiler.is_compiling() or self.prepare is None or not _PLAIN.issuperset(map(type, arguments)):
            return self if self._take(arguments) else None
        return self.prepare(arguments)

    def _take(self, arguments: Sequence[Tensor]) -> bool:
        """Whether the operations can run, as far as is known while tensors are not at hand."""
        x, *others = arguments[: self.inputs]
        if not all(a.device == x.device and a.dtype in _DTYPES and self._is_known(a) for a in arguments):
            return False
        if any(other.shape != x.shape or other.dtype != x.dtype for other in others):
            return False
        axis = channel_axis(x.shape, [p.shape for p in arguments[self.inputs :]])
        return axis is not None and _made(self.name, x.dtype, x.device)

    def _is_known(self, argument: Tensor) -> bool:
        """Whether it is of a class that kernels, or the operations, know."""
        return type(argument) in _PLAIN or self._is_distributed(argument)

    def _is_distributed(self, argument: Tensor) -> bool:
        """Whether it is a DTensor, of which each process has a part; the operations know from then on what to do."""
        if "torch.distributed.tensor" not in sys.modules:
            return False
        from .torch_sharding import DTensor

        if type(argument) is not DTensor:
            return False
        _shard(self)
        return True

    def apply(self, plan: Way, arguments: Sequence[Tensor], pull: _Pull) -> Results:
        """The outputs, outside of graphs; one alone is no tuple.

        Args:
            plan: what was found for the arguments.
            arguments: inputs, then parameters.
            pull: given gradients of the outputs, the arguments, and which of them need a gradient, finds those by
                operations that can be differentiated again.
        """
        if torch.is_grad_enabled() and any(map(_needs_gradient, arguments)):
            return _Eager.apply((self, plan, pull), *arguments)
        return plan.forward(arguments)

    def forward(self, arguments: Sequence[Tensor]) -> Results:
        """The outputs, as an operation; one alone is no tuple."""
        return self.operations[0](*arguments)

    def takes_back(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], working: torch.dtype | None = None
    ) -> bool:
        """Whether a kernel can run backward, likewise; not where that shall be differentiated again."""
        return not self._is_fused_better(arguments, working) and self.plan_back(grads, arguments) is not None

    def plan_back(self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor]) -> Way | None:
        """What to run backward."""
        if torch.is_grad_enabled():
            return None
        known = _PLAIN.issuperset(map(type, grads)) or all(g is None or self._is_known(g) for g in grads)
        return self.plan(arguments) if known else None

    def backward(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """The gradients with respect to the arguments that need one, as an operation."""
        given = [torch.zeros_like(arguments[0]) if g is None else g for g in grads]
        found = self.operations[1](*given, *arguments, any(needed[self.inputs :]))
        found = (found,) if isinstance(found, Tensor) else found
        return tuple([f if n else None for f, n in zip(found, needed, strict=True)])


_Run = tuple[Fused, Way, _Pull]


class _Eager(torch.autograd.Function):
    """Without a `setup_context`, whose call would cost as much as a small kernel; so it knows no transforms."""

    @staticmethod
    def forward(ctx: Any, run: _Run, *arguments: Tensor) -> Results:
        ctx.run, plan = run, run[1]
        ctx.save_for_backward(*arguments)
        ctx.set_materialize_grads(False)
        return plan.forward(arguments)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Tensor | None, ...]:
        run: _Run = ctx.run
        fused, _, pull = run
        arguments, needed = ctx.saved_tensors, ctx.needs_input_grad[1:]
        plan = fused.plan_back(grads, arguments)
        if plan is None:
            return (None, *pull(grads, arguments, needed))
        return (None, *plan.backward(grads, arguments, needed))


@functools.cache
def _shard(fused: Fused) -> None:
    from .torch_sharding import register

    register(fused.operations[0], fused.operations[1], fused.inputs, fused.outputs)


def _made(name: str, dtype: torch.dtype, device: torch.device) -> bool:
    """Whether a format's kernels can run; asked while a graph is traced, with strides not known yet."""
    return _known[name].can_run(dtype, device)


# Its result is a constant of the graph, as its arguments must be, and are for every compiler of PyTorch's since 2.6;
# `torch.compiler.assume_constant_result` would import the compiler.
cast("_Marked", _made)._dynamo_marked_constant = True


class _Marked:
    _dynamo_marked_constant: bool


_known: dict[str, Fused] = {}


def known(name: str, make: Callable[[str], Fused]) -> Fused:
    """The one of a name, made when it is first asked for: operations can be defined once in a process."""
    if name not in _known:
        _known[name] = make(name)
    return _known[name]


def register_fakes(namespace: str, names: tuple[str, str], arity: Arity, library: torch.library.Library | None) -> None:
    """Tells PyTorch's compiler what the results of operations look like.

    Args:
        namespace: of the operations.
        names: of forward and backward there.
        arity: how many inputs and outputs there are.
        library: which the operations are registered with, if it is Python's.
    """
    inputs, outputs = arity

    def forward(*given: Tensor) -> Results:
        return single([result_like(given[:inputs]) for _ in range(outputs)])

    def backward(*given: Tensor | bool) -> Results:
        tensors = cast("tuple[Tensor, ...]", given[:-1])
        xs = tensors[outputs : outputs + inputs]
        return single([*(result_like(xs) for _ in xs), *(torch.empty_like(p) for p in tensors[outputs + inputs :])])

    for name, fake in zip(names, (forward, backward), strict=True):
        torch.library.register_fake(f"{namespace}::{name}", fake, lib=library)
