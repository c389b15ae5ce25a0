"""Kernels as operations of PyTorch, for the autograd functions of generated files.

For each header two operations are registered, which know no autograd: `actgen_native::<name>_<hash>_forward` and
`..._backward`. PyTorch's compiler sees them as they are. Where a kernel cannot run, a generated file computes with
PyTorch's own operations.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from .kernels import Kernels, beside
from .layout import Layout, channel_axis, contiguous, is_dense, layout
from .library import ABI, Format, Kernel, Parameter, Threads

_FORMATS: dict[torch.dtype, Format] = {
    torch.float32: "float32",
    torch.bfloat16: "bfloat16",
    torch.float16: "float16",
    torch.float64: "float64",
}
_PLAIN = (Tensor, torch.nn.Parameter)
_NAMESPACE = "actgen_native"
_Results = Tensor | tuple[Tensor, ...]  # as operations return them: one alone is no tuple


@functools.cache
def _library() -> torch.library.Library:
    return torch.library.Library(_NAMESPACE, "FRAGMENT")


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """An activation's kernels as functions of tensors.

    Attributes:
        kernels: its kernels.
        inputs: how many arguments are inputs; the others are parameters.
        outputs: how many results there are.
        operations: forward and backward.
    """

    kernels: Kernels
    inputs: int
    outputs: int
    operations: tuple[torch._ops.OpOverload, torch._ops.OpOverload]

    def takes(self, arguments: Sequence[Tensor]) -> bool:
        """Whether a kernel can run for these: inputs, then parameters.

        They are on the CPU and no transform of `torch.func` is at work; inputs have one shape and format; parameters
        have one value, or one along one axis.
        """
        x = arguments[0]
        if torch._C._are_functorch_transforms_active() or torch._C._get_tracing_state() or x.dtype not in _FORMATS:
            return False
        for argument in arguments:
            if not argument.is_cpu or argument.dtype not in _FORMATS:
                return False
            if type(argument) not in _PLAIN and not self._is_distributed(argument):
                return False
        for other in arguments[1 : self.inputs]:
            if other.shape != x.shape or other.dtype != x.dtype:
                return False
        if torch.compiler.is_compiling():
            return self._takes_while_traced(arguments)
        found = _layout(arguments[: self.inputs], arguments[self.inputs :])
        return found is not None and self.kernels.kernel(_FORMATS[x.dtype], found.shape.short_rows) is not None

    def _is_distributed(self, argument: Tensor) -> bool:
        """Whether it is a DTensor, of which each process has a part; the operations know from then on what to do."""
        if "torch.distributed.tensor" not in sys.modules:
            return False
        from .torch_sharding import DTensor

        if type(argument) is not DTensor:
            return False
        _shard(self)
        return True

    def _takes_while_traced(self, arguments: Sequence[Tensor]) -> bool:
        x = arguments[0]
        axis = channel_axis(x.shape, [p.shape for p in arguments[self.inputs :]])
        return axis is not None and _made(self.kernels, x.dtype)

    def forward(self, arguments: Sequence[Tensor]) -> _Results:
        """The outputs; one alone is no tuple."""
        return self.operations[0](*arguments)

    def takes_back(self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor]) -> bool:
        """Whether a kernel can run backward; not where that shall be differentiated again."""
        known = all(g is None or type(g) in _PLAIN or self._is_distributed(g) for g in grads)
        return known and not torch.is_grad_enabled() and self.takes(arguments)

    def backward(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """The gradients with respect to the arguments that need one."""
        x = arguments[0]
        given = [torch.zeros_like(x) if g is None else g for g in grads]
        found = self.operations[1](*given, *arguments, any(needed[self.inputs :]))
        every = (found,) if isinstance(found, Tensor) else found
        return tuple(f if n else None for f, n in zip(every, needed, strict=True))


@functools.cache
def _shard(fused: Fused) -> None:
    from .torch_sharding import register

    register(fused.operations[0], fused.operations[1], fused.inputs, fused.outputs)


def _made(kernels: Kernels, dtype: torch.dtype) -> bool:
    """Whether a format's kernels can be made; asked while a graph is traced, with strides not known yet."""
    return all(kernels.kernel(_FORMATS[dtype], short) is not None for short in (False, True))


# Its result is taken as a constant of the graph; `torch.compiler.assume_constant_result` would import the compiler.
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

    def forward(*given: Tensor) -> _Results:
        return _single(_forward(kernels, given[:inputs], given[inputs:], outputs))

    def backward(*given: Tensor | bool) -> _Results:
        tensors, summed = cast("tuple[Tensor, ...]", given[:-1]), bool(given[-1])
        xs, ps = tensors[outputs : outputs + inputs], tensors[outputs + inputs :]
        return _single(_backward(kernels, tensors[:outputs], xs, ps, summed))

    def fake_forward(*given: Tensor) -> _Results:
        return _single([_like(given[:inputs]) for _ in range(outputs)])

    def fake_backward(*given: Tensor | bool) -> _Results:
        tensors = cast("tuple[Tensor, ...]", given[:-1])
        xs = tensors[outputs : outputs + inputs]
        return _single([*(_like(xs) for _ in xs), *(torch.empty_like(p) for p in tensors[outputs + inputs :])])

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
        library.impl(f"{name}_{operation}", implementation, "CPU")
        torch.library.register_fake(f"{_NAMESPACE}::{name}_{operation}", fake, lib=library)
    known = getattr(torch.ops, _NAMESPACE)
    both = getattr(known, f"{name}_forward").default, getattr(known, f"{name}_backward").default
    return Fused(kernels, inputs, outputs, both)


def _single(results: Sequence[Tensor]) -> _Results:
    return results[0] if len(results) == 1 else tuple(results)


def _tensors(count: int) -> str:
    return ", ".join(["Tensor"] * count)


def _forward(
    kernels: Kernels, inputs: Sequence[Tensor], parameters: Sequence[Tensor], outputs: int
) -> tuple[Tensor, ...]:
    inputs = inputs if _alike(inputs) else [x.contiguous() for x in inputs]
    results = tuple(torch.empty_like(inputs[0]) for _ in range(outputs))
    kernel, found = _kernel(kernels, inputs, parameters)
    held = [p.contiguous() for p in parameters]
    given = [_parameter(p, many, 0) for p, many in zip(held, found.per_channel, strict=True)]
    kernel.forward(found.shape, _addresses(inputs), _addresses(results), given, _threads())
    return results


def _backward(
    kernels: Kernels,
    grads: Sequence[Tensor],
    inputs: Sequence[Tensor],
    parameters: Sequence[Tensor],
    summed: bool,
) -> tuple[Tensor, ...]:
    inputs = inputs if _alike(inputs) else [x.contiguous() for x in inputs]
    first = inputs[0]
    grads = [g if g.stride() == first.stride() else torch.empty_like(first).copy_(g) for g in grads]
    results = tuple(torch.empty_like(first) for _ in inputs)
    kernel, found = _kernel(kernels, inputs, parameters)
    held = [p.contiguous() for p in parameters]
    sums = tuple(torch.empty_like(p) for p in held)
    given = [
        _parameter(p, many, s.data_ptr() if summed else 0)
        for p, s, many in zip(held, sums, found.per_channel, strict=True)
    ]
    kernel.backward(found.shape, _addresses(inputs), _addresses(grads), _addresses(results), given, _threads())
    return (*results, *sums)


def _like(inputs: Sequence[Tensor]) -> Tensor:
    """What a result looks like: inputs that lie alike and side by side keep their order, others become contiguous."""
    kept = torch.preserve_format if _alike(inputs) else torch.contiguous_format
    return torch.empty_like(inputs[0], memory_format=kept)


def _alike(inputs: Sequence[Tensor]) -> bool:
    first = inputs[0]
    if not first.is_contiguous() and not is_dense(tuple(first.shape), first.stride()):
        return False
    return all(x.stride() == first.stride() for x in inputs[1:])


def _layout(inputs: Sequence[Tensor], parameters: Sequence[Tensor]) -> Layout | None:
    sizes = tuple(inputs[0].shape)
    strides = inputs[0].stride() if _alike(inputs) else contiguous(sizes)
    return layout(sizes, strides, tuple(tuple(p.shape) for p in parameters))


def _kernel(kernels: Kernels, inputs: Sequence[Tensor], parameters: Sequence[Tensor]) -> tuple[Kernel, Layout]:
    found = _layout(inputs, parameters)
    kernel = found and kernels.kernel(_FORMATS[inputs[0].dtype], found.shape.short_rows)
    if found is None or kernel is None:
        raise RuntimeError(f"no kernel of {kernels.name} for {inputs[0].dtype} and these shapes")
    return kernel, found


def _parameter(p: Tensor, per_channel: bool, gradient: int) -> Parameter:
    return Parameter(p.data_ptr(), _FORMATS[p.dtype], per_channel, gradient)


def _addresses(tensors: Sequence[Tensor]) -> list[int]:
    return [t.data_ptr() for t in tensors]


def _threads() -> Threads:
    count = torch.get_num_threads()
    return Threads(_runtime(), count) if count > 1 else Threads()


@functools.cache
def _runtime() -> int:
    """The address of `GOMP_parallel` in the OpenMP runtime that PyTorch has loaded; 0 where it is another one."""
    try:
        return ctypes.cast(ctypes.CDLL(None).GOMP_parallel, ctypes.c_void_p).value or 0
    except (AttributeError, OSError, TypeError):  # Windows has no library None
        return 0
