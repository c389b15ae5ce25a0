"""How the primitives of jax_primitives.py become kernels: calls of XLA's FFI, on the CPU, for dense arrays."""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
from jax.extend.core import Primitive
from jax.interpreters import mlir

from .arguments import contiguous
from .jax_primitives import Activation, pullback_types, value_types
from .layout import layout
from .library import Format, Kernel

FORMATS: dict[str, Format] = {
    "float32": "float32",
    "bfloat16": "bfloat16",
    "float16": "float16",
    "float64": "float64",
}
"""Names of dtypes that kernels take."""

Wanted = tuple[bool, ...] | None
"""Of which parameters a pullback gives the cotangents; None for the value."""


@dataclass(frozen=True, slots=True)
class Call:
    """A target of XLA's FFI, and the words of a `Plan` of xla_ffi.h."""

    target: str
    plan: tuple[int, ...]


def call_for(given: Sequence[Any], of: Activation, wide: bool, wanted: Wanted) -> Call | None:
    """What computes a value or a pullback; None if no kernel can, or none can be made.

    Args:
        given: the primitive's arguments, or their types.
        of: the activation.
        wide: whether to compute in float64.
        wanted: see `Wanted`.
    """
    arguments = given if wanted is None else given[of.outputs :]
    x, parameters = arguments[0], arguments[of.inputs :]
    found = layout(x.shape, contiguous(x.shape), tuple(p.shape for p in parameters))
    kernel = found and of.kernels.kernel(
        FORMATS[x.dtype.name], found.shape.short_rows, wide, Path(jax.ffi.include_dir())
    )
    if found is None or kernel is None:
        return None
    name = f"actgen_{of.kernels.name}_{kernel.key}"
    _register(name, kernel)
    shape = (found.shape.outer, found.shape.channels, found.shape.inner)
    plan = (*shape, _bits(found.per_channel), _bits(wanted or ()))
    return Call(f"{name}_{'forward' if wanted is None else 'backward'}", plan)


def _bits(flags: Sequence[bool]) -> int:
    return sum(flag << place for place, flag in enumerate(flags))


@functools.cache
def _registered() -> tuple[set[str], threading.Lock]:
    return set(), threading.Lock()


def _register(name: str, kernel: Kernel) -> None:
    """Once for a name. XLA refuses another address for it, as when this package was imported anew: then it stays."""
    names, lock = _registered()
    with lock:
        for way in () if name in names else ("forward", "backward"):
            function = ctypes.cast(getattr(kernel.handle, f"actgen_xla_{way}"), ctypes.c_void_p)
            try:
                jax.ffi.register_ffi_target(f"{name}_{way}", jax.ffi.pycapsule(function), platform="cpu")
            except jax.errors.JaxRuntimeError as error:
                if "Duplicate" not in str(error):
                    raise
        names.add(name)


call_p = Primitive("actgen_call")
"""A value or pullback by a kernel, of arrays that one device has."""
call_p.multiple_results = True


@call_p.def_abstract_eval
def _call_types(*given: Any, of: Activation, wide: bool, wanted: Wanted, call: Call) -> list[Any]:
    del call
    if wanted is None:
        return value_types(*given, of=of, wide=wide)
    return pullback_types(*given, of=of, wide=wide, wanted=wanted)


def _lowered(context: mlir.LoweringRuleContext, *given: Any, call: Call, **constants: Any) -> Any:
    del constants
    plan = {"plan": mlir.ir.DenseI64ArrayAttr.get(call.plan)}
    return jax.ffi.ffi_lowering(call.target, backend_config=plan)(context, *given)


mlir.register_lowering(call_p, _lowered, platform="cpu")
