"""Kernels that are compiled on demand, as operations of PyTorch.

For each header two operations are registered, which know no autograd: `actgen_native::<name>_<hash>_forward` and
`..._backward`. PyTorch's compiler sees them as they are. Where a kernel cannot run, a generated file computes with
PyTorch's own operations.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from functools import partial
from typing import cast

import torch
from torch import Tensor

from .arguments import Arity
from .kernels import Kernels, beside
from .library import ABI
from .torch_calls import Plan, plan
from .torch_fused import Fused, known, register_fakes
from .torch_results import Results, single
from .torch_runs import can_make

_NAMESPACE = "actgen_native"


@functools.cache
def _library() -> torch.library.Library:
    return torch.library.Library(_NAMESPACE, "FRAGMENT")


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
    if kernels is None:
        return None
    return known(kernels.identity, lambda name: _define(name, kernels, inputs, parameters, outputs))


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

    both = f"{name}_forward", f"{name}_backward"
    for operation, schema, implementation in (
        (both[0], f"({arguments}) -> ({_tensors(outputs)})", forward),
        (both[1], f"({grads}, {arguments}, bool summed) -> ({_tensors(inputs + parameters)})", backward),
    ):
        library.define(operation + schema, tags=tags)
        for key in ("CPU", "CUDA"):
            library.impl(operation, implementation, key)
    register_fakes(_NAMESPACE, both, arity, library)
    found = getattr(torch.ops, _NAMESPACE)
    operations = getattr(found, both[0]).default, getattr(found, both[1]).default
    return Fused(name, arity, operations, partial(can_make, kernels), partial(plan, kernels, arity))


def _surely(kernels: Kernels, arity: Arity, arguments: Sequence[Tensor]) -> Plan:
    found = plan(kernels, arity, arguments)
    if found is None:
        raise RuntimeError(f"no kernel of {kernels.name} for {arguments[0].dtype} and these shapes")
    return found


def _tensors(count: int) -> str:
    return ", ".join(["Tensor"] * count)
