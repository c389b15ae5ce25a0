"""What XLA gets for the primitives of jax_primitives.py: a kernel on the CPU, the composite everywhere else.

Arrays that are spread over devices stay where they are: each device runs the kernel on its part, and the cotangents
of parameters are added up.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import jax
from jax.experimental.custom_partitioning import ArrayMapping, SdyShardingRule, custom_partitioning
from jax.interpreters import mlir
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from .jax_calls import Wanted, call_for, call_p
from .jax_primitives import (
    Activation,
    change_p,
    composite_change,
    composite_pullback,
    composite_value,
    pullback_p,
    value_p,
)

try:  # JAX says which devices there are to such primitives alone; it has no public way to ask for it
    from jax._src.dispatch import prim_requires_devices_during_lowering as _told_devices
except ImportError:
    _told_devices = None
else:
    _told_devices |= {value_p, pullback_p}

_Composite = Callable[..., Sequence[jax.Array]]
_Kind = TypeVar("_Kind")


def _on_cpu(composite: _Composite) -> mlir.LoweringRule:
    """The rule for a value or pullback, where there is a CPU."""
    elsewhere = mlir.lower_fun(composite)

    def rule(context: mlir.LoweringRuleContext, *given: Any, of: Activation, wide: bool, **wanted: Any) -> Any:
        way, constants = _way(context), {"of": of, "wide": wide, **wanted}
        call = way and call_for(context.avals_in, of, wide, wanted.get("wanted"))
        if way is None or call is None:
            return elsewhere(context, *given, **constants)
        return mlir.lower_fun(functools.partial(way, composite, constants))(context, *given)

    return rule


def _way(context: mlir.LoweringRuleContext) -> Callable[..., Sequence[jax.Array]] | None:
    """How to run a kernel in a program: on whole arrays, or on parts; None for not at all.

    An exported program has no kernels, which other machines lack. Nor has one where XLA cuts arrays along some axes
    of a mesh and `shard_map` along others.
    """
    module = context.module_context
    if module.lowering_parameters.for_export:
        return None
    axes = module.axis_context
    if isinstance(axes, mlir.ShardingContext):
        if axes.num_devices == 1:
            return _whole
        return _in_parts if axes.device_assignment else None
    if isinstance(axes, mlir.SPMDAxisContext) and set(axes.manual_axes) != set(axes.mesh.axis_names):
        return None
    return _whole


def _whole(composite: _Composite, constants: dict[str, Any], *given: jax.Array) -> Sequence[jax.Array]:
    """A value or pullback of arrays that one device has."""
    complete = {"wanted": None, **constants}
    call = call_for(given, **complete)
    return composite(*given, **constants) if call is None else call_p.bind(*given, **complete, call=call)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A value or pullback of arrays that may be spread over devices: callbacks for XLA, which cuts them."""

    composite: _Composite
    constants: dict[str, Any]

    @property
    def wanted(self) -> Wanted:
        """Of which parameters cotangents are asked for; None for a value."""
        return self.constants.get("wanted")

    @property
    def first(self) -> int:
        """The place of the first input."""
        return 0 if self.wanted is None else self.constants["of"].outputs

    @property
    def many(self) -> int:
        """How many arguments are shaped like it; the others are parameters."""
        return self.first + self.constants["of"].inputs

    def results(self, operands: Sequence[_Kind]) -> list[_Kind]:
        """What holds for the results, given what holds for the arguments."""
        of, wanted, x = self.constants["of"], self.wanted, operands[self.first]
        if wanted is None:
            return [x] * of.outputs
        return [x] * of.inputs + [o for o, w in zip(operands[self.many :], wanted, strict=True) if w]

    def specs(self, arguments: Sequence[Any]) -> list[PartitionSpec]:
        """How the arguments are best spread: as the first input is."""
        x = arguments[self.first]
        return [_restricted(_spread(x), x.shape, a.shape) for a in arguments]

    def infer(self, mesh: Mesh, arguments: Sequence[Any], _: Any) -> list[NamedSharding]:
        """How the results are spread."""
        return [NamedSharding(mesh, s) for s in self.results(self.specs(arguments))]

    def partition(self, mesh: Mesh, arguments: Sequence[Any], results: Sequence[Any]) -> Any:
        """What one device does, and how results and arguments are spread."""
        specs = self.specs(arguments)
        out = self.results(specs)
        axes = [tuple(sorted(_names(specs[self.first]) - _names(s))) for s in out]

        def part(*given: jax.Array) -> list[jax.Array]:
            with jax.enable_x64(True):
                widened = [a.astype("float64") if i >= self.many else a for i, a in enumerate(given)]
                found = _whole(self.composite, self.constants, *widened)
                sums = [jax.lax.psum(r, along) if along else r for r, along in zip(found, axes, strict=True)]
                return [s.astype(r.dtype) for s, r in zip(sums, results, strict=True)]

        return mesh, part, [NamedSharding(mesh, s) for s in out], tuple(NamedSharding(mesh, s) for s in specs)

    def rule(self, given: Sequence[jax.Array]) -> SdyShardingRule:
        """Which axes are spread alike: those of one name."""
        sizes = given[self.first].shape
        fresh = itertools.count()

        def named(shape: Sequence[int]) -> tuple[str, ...]:
            last = len(sizes) - len(shape)
            return tuple(f"x{last + i}" if n == sizes[last + i] else f"one{next(fresh)}" for i, n in enumerate(shape))

        operands = [ArrayMapping(*named(a.shape)) for a in given]
        return SdyShardingRule(tuple(operands), tuple(self.results(operands)))


def _in_parts(composite: _Composite, constants: dict[str, Any], *given: jax.Array) -> Sequence[jax.Array]:
    parts = _Parts(composite, constants)
    partitioned = custom_partitioning(lambda *given: list(_whole(composite, constants, *given)))
    partitioned.def_partition(parts.partition, parts.infer, sharding_rule=parts.rule(given))
    return partitioned(*given)


def _spread(x: Any) -> PartitionSpec:
    """Along which axes of the mesh each axis of an array is spread; along none where XLA does not say."""
    known = tuple(x.sharding.spec) if isinstance(x.sharding, NamedSharding) else ()
    return PartitionSpec(*known, *([None] * (len(x.shape) - len(known))))


def _restricted(spec: PartitionSpec, sizes: Sequence[int], own: Sequence[int]) -> PartitionSpec:
    """The same for an array that broadcasts with the other."""
    last = len(sizes) - len(own)
    return PartitionSpec(*(spec[last + i] if size == sizes[last + i] else None for i, size in enumerate(own)))


def _names(spec: PartitionSpec) -> set[str]:
    """The axes of a mesh that are in use."""
    return {name for axes in spec if axes for name in ([axes] if isinstance(axes, str) else axes)}


mlir.register_lowering(value_p, mlir.lower_fun(composite_value))
mlir.register_lowering(value_p, _on_cpu(composite_value), platform="cpu")
mlir.register_lowering(pullback_p, mlir.lower_fun(composite_pullback))
mlir.register_lowering(pullback_p, _on_cpu(composite_pullback), platform="cpu")
mlir.register_lowering(change_p, mlir.lower_fun(composite_change))
