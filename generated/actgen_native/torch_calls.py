"""Kernels called with tensors: layouts found, results made, addresses handed over."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeGuard

import torch
from torch import Tensor

from .arguments import Arity, Sizes, contiguous, is_dense
from .kernels import Kernels
from .layout import Layout, layout
from .library import Parameter
from .settings import Precision, precision
from .torch_results import Results, are_alike, are_equal, single
from .torch_runs import FORMATS, Runs, runs_on


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How a kernel goes through tensors of certain shapes, dtypes and strides.

    Attributes:
        runs: what goes through them.
        arity: how many of the tensors are inputs, and how many outputs there are.
        strides: of what is read and written, unless axes of size 1 have others.
        as_they_lie: whether inputs, and the values of every parameter, are taken so; else they are made contiguous.
        empty: whether there is nothing to do.
    """

    runs: Runs
    arity: Arity
    strides: Sizes
    as_they_lie: bool
    empty: bool

    def forward(self, arguments: Sequence[Tensor]) -> Results:
        """The outputs; one alone is no tuple."""
        given = arguments if self.as_they_lie else self._laid_out(arguments)
        results = [torch.empty_like(given[0]) for _ in range(self.arity.outputs)]
        if not self.empty:
            self.runs.forward([*map(_address, given), *map(_address, results)])
        return single(results)

    def backward(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """The gradients with respect to the inputs, and to the parameters that need one."""
        given = arguments if self.as_they_lie else self._laid_out(arguments)
        x, inputs = given[0], self.arity.inputs
        cotangents = [g if self._lies_well(g) else _lying_like(x, g) for g in grads]
        results = [torch.empty_like(x) for _ in range(inputs)]
        sums = [torch.empty_like(p) if n else None for p, n in zip(given[inputs:], needed[inputs:], strict=True)]
        if self.empty:
            return (*results, *[None if s is None else s.zero_() for s in sums])
        to = [0 if s is None else s.data_ptr() for s in sums]
        addresses = [*map(_address, given), *map(_address, cotangents), *map(_address, results), *to]
        self.runs.backward(addresses, any(to))
        return (*results, *sums)

    def _lies_well(self, grad: Tensor | None) -> TypeGuard[Tensor]:
        return grad is not None and grad.stride() == self.strides and not grad.is_neg()

    def _laid_out(self, arguments: Sequence[Tensor]) -> list[Tensor]:
        inputs = arguments[: self.arity.inputs]
        as_they_lie = are_alike(inputs)
        return [a if as_they_lie and at < len(inputs) else a.contiguous() for at, a in enumerate(arguments)]


def plan(kernels: Kernels, arity: Arity, arguments: Sequence[Tensor]) -> Plan | None:
    """What to run for plain tensors, inputs and then parameters; None where there is no kernel for them."""
    if any(map(Tensor.is_neg, arguments)):
        return None  # in memory they have the other sign
    strides = tuple(map(Tensor.stride, arguments[: arity.inputs]))
    return _planned(kernels, arity, precision(), tuple(map(_kind, arguments)), strides)


_address = Tensor.data_ptr
_kind = attrgetter("shape", "dtype", "device")
_Kind = tuple[Sizes, torch.dtype, torch.device]


@functools.lru_cache(maxsize=4096)
def _planned(
    kernels: Kernels, arity: Arity, precision: Precision, kinds: tuple[_Kind, ...], strides: tuple[Sizes, ...]
) -> Plan | None:
    device = kinds[0][2]
    if not (are_equal(kinds[: arity.inputs]) and all(d in FORMATS and at == device for _, d, at in kinds)):
        return None
    sizes, held = tuple(kinds[0][0]), kinds[arity.inputs :]
    alike = is_dense(sizes, strides[0]) and are_equal(strides)
    order = strides[0] if alike else contiguous(sizes)
    found = layout(sizes, order, tuple([tuple(shape) for shape, _, _ in held]))
    if found is None:
        return None
    spread = _spread(found, [dtype for _, dtype, _ in held])
    runs = runs_on(kernels, FORMATS[kinds[0][1]], precision == "exact", device, found.shape, arity, spread)
    if runs is None:
        return None
    return Plan(runs, arity, order, alike and not any(found.per_channel), math.prod(sizes) == 0)


def _spread(found: Layout, dtypes: Sequence[torch.dtype]) -> list[Parameter]:
    return [Parameter(0, FORMATS[dtype], many) for dtype, many in zip(dtypes, found.per_channel, strict=True)]


def _lying_like(x: Tensor, grad: Tensor | None) -> Tensor:
    """A copy of a gradient in the order of an input; 0 for an output that nobody used."""
    if grad is None:
        return torch.zeros_like(x)
    return torch.empty_like(x).copy_(grad)
