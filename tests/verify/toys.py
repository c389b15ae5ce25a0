"""Small hand-written modules with the API of generated ones, right or with one planted error, and their activation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation, ConstantInit, Input, Output, OutputChecks, Parameter, SpecSource, Value
from actgen.formats import Array
from actgen.formula import Call, Formula, Name, Number

_TORCH = """
import torch

def _forward(x, a):
    return a * torch.tanh(x)

def _partials(x, a):
    h = torch.exp(-torch.abs(x))
    return a * 4 * h / (1 + h * h) ** 2 * h{slip}, torch.tanh(x)

def _wide(*arguments):
    wide = torch.float64 if arguments[0].dtype in (torch.float32, torch.float64) else torch.float32
    return [t.to(wide) for t in arguments]

class _Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, a):
        ctx.save_for_backward(x, a)
        return _forward(*_wide(x, a)).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        x, a = ctx.saved_tensors
        rows = zip((x, a), _partials(*_wide(x, a)))
        return tuple((grad * row).sum_to_size(t.shape).to(t.dtype) for t, row in rows)

def toy(x, a=1.5, *, channel_dim=1):
    return _Function.apply(x, a)

def partials(x, a=1.5, *, channel_dim=1):
    return tuple(p.to(x.dtype).expand(x.shape) for p in _partials(*_wide(x, a)))
"""

_JAX = """
import jax
import jax.numpy as jnp

def _forward(x, a):
    return a * jnp.tanh(x)

def _partials(x, a):
    h = jnp.exp(-jnp.abs(x))
    return a * 4 * h / (1 + h * h) ** 2 * h{slip}, jnp.tanh(x)

def _wide(*arguments):
    wide = jnp.float32 if arguments[0].dtype == jnp.float16 else jnp.float64
    return [t.astype(wide) for t in arguments]

@jax.custom_jvp
def _value(x, a):
    with jax.enable_x64(True):
        return _forward(*_wide(x, a)).astype(x.dtype)

@_value.defjvp
def _tangent(primals, tangents):
    with jax.enable_x64(True):
        rows = _partials(*_wide(*primals))
        total = sum(row * t.astype(row.dtype) for row, t in zip(rows, tangents))
        return _value(*primals), total.astype(primals[0].dtype)

def toy(x, a=1.5, *, channel_dim=1):
    return _value(x, a)

def partials(x, a=1.5, *, channel_dim=1):
    with jax.enable_x64(True):
        return tuple(jnp.broadcast_to(p.astype(x.dtype), x.shape) for p in _partials(*_wide(x, a)))
"""

_KERAS = """
import keras
from keras import ops
import tensorflow as tf

def _forward(x, a):
    return a * ops.tanh(x)

def _partials(x, a):
    h = ops.exp(-ops.abs(x))
    return a * 4 * h / (1 + h * h) ** 2 * h{slip}, ops.tanh(x)

def _wide(*arguments):
    wide = "float32" if arguments[0].dtype == "float16" else "float64"
    return [ops.cast(t, wide) for t in arguments]

@tf.custom_gradient
def _value(x, a):
    def gradient(upstream):
        rows = _partials(*_wide(x, a))
        return tuple(ops.reshape(ops.cast(row, x.dtype) * upstream, ops.shape(t)) for t, row in zip((x, a), rows))

    return ops.cast(_forward(*_wide(x, a)), x.dtype), gradient

def toy(x, a=1.5, *, channel_dim=1):
    return _value(x, a)

def partials(x, a=1.5, *, channel_dim=1):
    return tuple(ops.cast(p, x.dtype) + ops.zeros_like(x) for p in _partials(*_wide(x, a)))
"""

_TEXTS = {"torch": _TORCH, "jax": _JAX, "keras": _KERAS}


def constant(text: str) -> Value:
    exact = Fraction(text)
    return Value(float(exact), Number(exact), text)


def activation(formula: Formula | None = None, checks: OutputChecks | None = None) -> Activation:
    """y = a·tanh(x), or another formula of x and a."""
    tanh = Call("mul", (Name("a"), Call("tanh", (Name("x"),))))
    output = Output("y", "y", tanh if formula is None else formula, checks or OutputChecks())
    value = constant("1.5")
    return Activation(
        name="toy",
        class_name="Toy",
        title="Toy",
        source=SpecSource("toy.yaml", "toy.yaml", "", "0" * 64),
        inputs=(Input("x", "x"),),
        parameters=(Parameter(name="a", code_name="a", init=ConstantInit(value), nominal=value),),
        outputs=(output,),
        domain={"x": (constant("-4"), constant("4"))},
    )


class ToyScreen:
    """y = a·tanh(x) in numpy."""

    def values(self, columns: Mapping[str, Array]) -> dict[tuple[str, str | None], Array]:
        x, a = columns["x"], columns["a"]
        with np.errstate(all="ignore"):
            h = np.exp(-np.abs(x))
            return {
                ("y", None): a * np.tanh(x),
                ("y", "x"): np.where(np.isnan(a + x), np.nan, a * 4 * h / (1 + h * h) ** 2 * h),
                ("y", "a"): np.where(np.isnan(a), np.nan, np.tanh(x)),
            }

    def signs(self, columns: Mapping[str, Array]) -> npt.NDArray[np.int8]:
        return np.array([np.sign(np.nan_to_num(v)) for v in self.values(columns).values()]).astype(np.int8)


def write(folder: Path, framework: str, slip: str = "") -> None:
    """Writes a toy module; `slip` is put behind ∂y/∂x."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"toy_{framework}.py").write_text(_TEXTS[framework].replace("{slip}", slip), encoding="utf-8")
