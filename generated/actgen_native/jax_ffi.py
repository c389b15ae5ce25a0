"""Kernels in JAX, for generated files: on the CPU through XLA's FFI, elsewhere the operations of JAX that they replace.

What it computes is three primitives, see jax_primitives.py: they work under every transformation of JAX, and each of
them lowers to the kernel (jax_calls.py) or to a generated file's own operations, as platform and shapes allow.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jax

from . import jax_lowering  # noqa: F401 - for what it registers
from .arguments import channel_axis
from .jax_calls import FORMATS
from .jax_primitives import Activation, Results, value_p
from .kernels import Kernels, beside
from .library import ABI
from .settings import precision


@dataclass(frozen=True, slots=True)
class Fused:
    """An activation's kernels for JAX.

    Attributes:
        kernels: its kernels.
        inputs: how many arguments are inputs; the others are parameters.
        outputs: how many results there are.
    """

    kernels: Kernels
    inputs: int
    outputs: int

    def instead_of(self, composite: Callable[..., Results]) -> Callable[..., Results]:
        """A function with the results of `composite`, compiled, that saves its arguments alone for reverse mode.

        Args:
            composite: takes arrays, inputs then parameters, which broadcast; is differentiable to any order. It is
                used where no kernel can be: on other platforms, for shapes that kernels have no layout for, in
                exported programs, in forward mode, and for second derivatives.
        """
        activation = Activation(self.kernels, self.inputs, self.outputs, composite)
        alone = jax.checkpoint(composite)

        @functools.partial(jax.jit, static_argnums=0)
        def evaluate(wide: bool, *arguments: jax.Array) -> Results:
            if not self._covers(arguments):
                return alone(*arguments)
            results = value_p.bind(*_varying_alike(arguments), of=activation, wide=wide)
            return results[0] if self.outputs == 1 else tuple(results)

        return lambda *arguments: evaluate(precision() == "exact", *arguments)

    def _covers(self, arguments: Sequence[jax.Array]) -> bool:
        """Whether the primitives are for these: inputs alike; parameters of one value, or of several along one axis."""
        x = arguments[0]
        if any(a.dtype.name not in FORMATS or not all(isinstance(size, int) for size in a.shape) for a in arguments):
            return False
        if any(other.shape != x.shape or other.dtype != x.dtype for other in arguments[1 : self.inputs]):
            return False
        return channel_axis(x.shape, [p.shape for p in arguments[self.inputs :]]) is not None


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
    kernels = beside(file, name) if abi == ABI and parameters < 64 else None
    return kernels and Fused(kernels, inputs, outputs)


def _varying_alike(arguments: Sequence[jax.Array]) -> list[jax.Array]:
    """Arguments that vary along the same axes of a mesh, under `shard_map`; gradients of others become sums."""
    axes = [_varying(a) for a in arguments]
    every = frozenset[str]().union(*axes)
    lacking = [tuple(sorted(every - own)) for own in axes]
    return [jax.lax.pcast(a, more, to="varying") if more else a for a, more in zip(arguments, lacking, strict=True)]


def _varying(array: jax.Array) -> frozenset[str]:
    """The axes of a mesh along which an array varies, under `shard_map`."""
    kind = jax.typeof(array)
    found = getattr(kind, "manual_axis_type", None)
    return kind.vma if found is None else found.varying  # before JAX 0.10, and since
