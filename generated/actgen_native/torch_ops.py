"""Kernels as operations of PyTorch, for the autograd functions of generated files.

For each header two operations are registered, which know no autograd: `actgen_native::<name>_<hash>_forward` and
`..._backward`. PyTorch's compiler sees them as they are. Where a kernel cannot run, a generated file computes with
PyTorch's own operations.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd import forward_ad

from .kernels import Kernels, beside
from .layout import channel_axis
from .library import ABI
from .passes import Arity
from .torch_calls import Plan, Results, plan, result_like, single
from .torch_runs import FORMATS, can_make

_PLAIN = frozenset({Tensor, torch.nn.Parameter})
_needs_gradient = attrgetter("requires_grad")
_NAMESPACE = "actgen_native"
_Pull = Callable[[Sequence[Tensor | None], Sequence[Tensor], Sequence[bool]], tuple[Tensor | None, ...]]


@functools.cache
def _library() -> torch.library.Library:
    return torch.library.Library(_NAMESPACE, "FRAGMENT")


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """An activation's kernels as functions of tensors.

    Attributes:
        name: under which its kernels are known.
        kernels: its kernels.
        arity: how many arguments are inputs, the others being parameters; how many results there are.
        operations: forward and backward, for tensors that are not at hand: in graphs, and of other classes.
    """

    name: str
    kernels: Kernels
    arity: Arity
    operations: tuple[torch._ops.OpOverload, torch._ops.OpOverload]

    @property
    def inputs(self) -> int:
        """How many arguments are inputs."""
        return self.arity.inputs

    @property
    def outputs(self) -> int:
        """How many results there are."""
        return self.arity.outputs

    def takes(self, arguments: Sequence[Tensor]) -> bool:
        """Whether a kernel can run for these; see `plan`."""
        return self.plan(arguments) is not None

    def plan(self, arguments: Sequence[Tensor]) -> Plan | Fused | None:
        """What to run for these: inputs, then parameters; itself for the operations; None where no kernel can.

        They are on the CPU or on one GPU, and neither a transform of `torch.func` nor forward mode is at work; inputs
        have one shape and format; parameters have one value, or one along one axis.
        """
        if torch._C._are_functorch_transforms_active() or torch._C._get_tracing_state():
            return None
        if forward_ad._current_level >= 0:
            return None
        if torch.compiler.is_compiling() or not _PLAIN.issuperset(map(type, arguments)):
            return self if self._take(arguments) else None
        return plan(self.kernels, self.arity, arguments)

    def _take(self, arguments: Sequence[Tensor]) -> bool:
        """Whether the operations can run, as far as is known while tensors are not at hand."""
        x, *others = arguments[: self.inputs]
        if not all(a.device == x.device and a.dtype in FORMATS and self._is_known(a) for a in arguments):
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

    def apply(self, plan: Plan | Fused, arguments: Sequence[Tensor], pull: _Pull) -> Results:
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

    def takes_back(self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor]) -> bool:
        """Whether a kernel can run backward; not where that shall be differentiated again."""
        return self.plan_back(grads, arguments) is not None

    def plan_back(self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor]) -> Plan | Fused | None:
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


_Run = tuple[Fused, Plan | Fused, _Pull]


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
    """Whether a format's kernels can be made; asked while a graph is traced, with strides not known yet."""
    return can_make(_known()[name].kernels, dtype, device)


# Its result is a constant of the graph, as its arguments must be, and are for every compiler of PyTorch's since 2.6;
# `torch.compiler.assume_constant_result` would import the compiler.
cast("_Marked", _made)._dynamo_marked_constant = True


class _Marked:
    _dynamo_marked_constant: bool


def fused(file: str, name: str, *, inputs: int, parameters: int, outputs: int, abi: int) -> Fused | None:
    """What a generated file calls: its activation's kernels, None where there are none.

    Args:
        file: the generated file, beside which the header lies.
        name: of the activation.
        inputs: how many it has.
        parameters: how many it has.
        outputs: how many it has.
        abi: which the file was generated for.
    """
    kernels = beside(file, name) if abi == ABI else None
    return kernels and _registered(kernels, inputs, parameters, outputs)


@functools.cache
def _known() -> dict[str, Fused]:
    return {}


def _registered(kernels: Kernels, inputs: int, parameters: int, outputs: int) -> Fused:
    name = kernels.identity
    if name not in _known():
        _known()[name] = _define(name, kernels, inputs, parameters, outputs)
    return _known()[name]


def _define(name: str, kernels: Kernels, inputs: int, parameters: int, outputs: int) -> Fused:
    arguments = ", ".join(f"Tensor a{i}" for i in range(inputs + parameters))
    grads = ", ".join(f"Tensor g{i}" for i in range(outputs))
    library, tags = _library(), (torch.Tag.pt2_compliant_tag,)
    arity = Arity(inputs, outputs)

    def forward(*given: Tensor) -> Results:
        return _surely(kernels, arity, given).forward(given)

    def backward(*given: Tensor | bool) -> Results:
        tensors, summed = cast("tuple[Tensor, ...]", given[:-1]), bool(given[-1])
        grads, arguments = tensors[:outputs], tensors[outputs:]
        found = _surely(kernels, arity, arguments).backward(grads, arguments, (summed,) * len(arguments))
        return single([torch.empty_like(a) if f is None else f for f, a in zip(found, arguments, strict=True)])

    def fake_forward(*given: Tensor) -> Results:
        return single([result_like(given[:inputs]) for _ in range(outputs)])

    def fake_backward(*given: Tensor | bool) -> Results:
        tensors = cast("tuple[Tensor, ...]", given[:-1])
        xs = tensors[outputs : outputs + inputs]
        return single([*(result_like(xs) for _ in xs), *(torch.empty_like(p) for p in tensors[outputs + inputs :])])

    for operation, schema, implementation, fake in (
        ("forward", f"({arguments}) -> ({_tensors(outputs)})", forward, fake_forward),
        (
            "backward",
            f"({grads}, {arguments}, bool summed) -> ({_tensors(inputs + parameters)})",
            backward,
            fake_backward,
        ),
    ):
        library.define(f"{name}_{operation}{schema}", tags=tags)
        for key in ("CPU", "CUDA"):
            library.impl(f"{name}_{operation}", implementation, key)
        torch.library.register_fake(f"{_NAMESPACE}::{name}_{operation}", fake, lib=library)
    known = getattr(torch.ops, _NAMESPACE)
    both = getattr(known, f"{name}_forward").default, getattr(known, f"{name}_backward").default
    return Fused(name, kernels, arity, both)


def _surely(kernels: Kernels, arity: Arity, arguments: Sequence[Tensor]) -> Plan:
    found = plan(kernels, arity, arguments)
    if found is None:
        raise RuntimeError(f"no kernel of {kernels.name} for {arguments[0].dtype} and these shapes")
    return found


def _tensors(count: int) -> str:
    return ", ".join(["Tensor"] * count)
