"""What XLA gets for the primitives of jax_primitives.py: a kernel on the CPU, the composite everywhere else.

Arrays that are spread over devices stay where they are: each device runs the kernel on its part, and the cotangents
of parameters are added up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

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


def _in_parts(composite: _Composite, constants: dict[str, Any], *given: jax.Array) -> Sequence[jax.Array]:
    """A value or pullback of arrays that may be spread over devices."""
    of, wanted = constants["of"], constants.get("wanted")
    first = 0 if wanted is None else of.outputs
    many = first + of.inputs  # arrays, and then parameters

    def partition(mesh: Mesh, arguments: Sequence[Any], results: Sequence[Any]) -> Any:
        x = arguments[first]
        mesh, spec = _spread(mesh, x)
        specs = [_restricted(spec, x.shape, a.shape) for a in arguments]
        summed = () if wanted is None else [s for s, w in zip(specs[many:], wanted, strict=True) if w]
        out = [*([spec] * (len(results) - len(summed))), *summed]
        axes = [_names(spec) - _names(s) for s in out]

        def part(*given: jax.Array) -> list[jax.Array]:
            with jax.enable_x64(True):
                widened = [a.astype("float64") if i >= many else a for i, a in enumerate(given)]
                found = _whole(composite, constants, *widened)
                sums = [jax.lax.psum(r, tuple(sorted(a))) if a else r for r, a in zip(found, axes, strict=True)]
                return [s.astype(r.dtype) for s, r in zip(sums, results, strict=True)]

        return mesh, part, [NamedSharding(mesh, s) for s in out], [NamedSharding(mesh, s) for s in specs]

    partitioned = custom_partitioning(lambda *given: list(_whole(composite, constants, *given)))
    partitioned.def_partition(partition, sharding_rule=_sharding_rule(given, of, wanted))
    return partitioned(*given)


def _spread(mesh: Mesh, x: Any) -> tuple[Mesh, PartitionSpec]:
    """A mesh, and along which of its axes each axis of an array is spread; along none where XLA does not say."""
    if isinstance(x.sharding, NamedSharding):
        spec = x.sharding.spec
        return x.sharding.mesh, PartitionSpec(*spec, *([None] * (len(x.shape) - len(spec))))
    return mesh, PartitionSpec(*([None] * len(x.shape)))


def _restricted(spec: PartitionSpec, sizes: Sequence[int], own: Sequence[int]) -> PartitionSpec:
    """The same for an array that broadcasts with the other."""
    last = len(sizes) - len(own)
    return PartitionSpec(*(spec[last + i] if size == sizes[last + i] else None for i, size in enumerate(own)))


def _names(spec: PartitionSpec) -> set[str]:
    """The axes of a mesh that are in use."""
    return {name for axes in spec if axes for name in ([axes] if isinstance(axes, str) else axes)}


def _sharding_rule(given: Sequence[jax.Array], of: Activation, wanted: Wanted) -> SdyShardingRule:
    """Axes that are spread alike have one name."""
    first = 0 if wanted is None else of.outputs
    many, sizes = first + of.inputs, given[first].shape
    fresh = (f"one{i}" for i in range(1_000_000))

    def named(shape: Sequence[int]) -> tuple[str, ...]:
        last = len(sizes) - len(shape)
        return tuple(f"axis{last + i}" if n == sizes[last + i] else next(fresh) for i, n in enumerate(shape))

    operands = tuple(named(a.shape) for a in given)
    if wanted is None:
        results = (operands[first],) * of.outputs
    else:
        summed = tuple(o for o, w in zip(operands[many:], wanted, strict=True) if w)
        results = (operands[first],) * of.inputs + summed
    return SdyShardingRule(tuple(ArrayMapping(*o) for o in operands), tuple(ArrayMapping(*r) for r in results))


mlir.register_lowering(value_p, mlir.lower_fun(composite_value))
mlir.register_lowering(value_p, _on_cpu(composite_value), platform="cpu")
mlir.register_lowering(pullback_p, mlir.lower_fun(composite_pullback))
mlir.register_lowering(pullback_p, _on_cpu(composite_pullback), platform="cpu")
mlir.register_lowering(change_p, mlir.lower_fun(composite_change))
