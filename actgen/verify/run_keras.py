"""Measures a generated Keras module on the backend that KERAS_BACKEND names; see `runner`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np

from actgen.verify.runner import python_module, run, shaped
from actgen.verify.subject import Measure, Subject

_BACKEND = keras.backend.backend()
_NAMES = {"cpu": ("cpu",), "cuda": ("cuda", "gpu")}
Function = Callable[[list[Any]], tuple[Any, ...]]


class Keras:
    """Keras 3: eager, and compiled in the ways that the backend has."""

    def __init__(self) -> None:
        self.modes: Mapping[str, Measure] = {
            "function": _function,
            "partials": _partials,
            "backward": _backward,
            "autograd": _autograd,
            "compiled": _compiled,
            "compiled backward": _compiled_backward,
            "jit_compile": _jit_compile,
            "jit_compile backward": _jit_compile_backward,
        }
        self.roots: Mapping[str, Any] = {
            name: sys.modules[name] for name in ("keras", "tensorflow") if name in sys.modules
        }

    load = staticmethod(python_module)

    def built_in(self, public: str, arguments: Mapping[str, Any], dtype: str) -> Callable[[Any], Any]:
        """A function of keras.activations."""
        return partial(getattr(keras.activations, public), **arguments)

    def halves(self, function: Callable[[Any], Any], arguments: Sequence[Any]) -> Any:
        """What a function that halves one tensor gives for two."""
        return function(keras.ops.stack(list(arguments), -1))[..., 0]

    def place(self, device: str) -> None:
        """Fails if the backend computes elsewhere; which it takes was settled by the environment."""
        with _precision("float64"):
            found = str(keras.ops.convert_to_tensor(np.zeros(1)).device).lower()
        if not any(name in found for name in _NAMES[device]):
            raise RuntimeError(f"{_BACKEND} computes on {found}, not on {device}")

    def versions(self) -> dict[str, str]:
        """Versions of Keras and of the backend."""
        return {"keras": keras.__version__, _BACKEND: str(sys.modules[_BACKEND].__version__)}

    def gradients_agree(self, subject: Subject, table: np.ndarray, thorough: bool) -> dict[str, str]:
        """Keras has no gradient check of its own; the comparison with the oracle stands for it."""
        return {}


def _precision(dtype: str) -> contextlib.AbstractContextManager[object]:
    """JAX must be told when 64 bits are meant."""
    if _BACKEND != "jax" or dtype != "float64":
        return contextlib.nullcontext()
    import jax

    return jax.enable_x64(True)


def _tensors(subject: Subject, table: np.ndarray, dtype: str) -> list[Any]:
    wide = "float64" if dtype == "float64" else "float32"  # exact for every narrower format
    return [
        keras.ops.cast(keras.ops.convert_to_tensor(shaped(row, i < subject.inputs).astype(wide)), dtype)
        for i, row in enumerate(table)
    ]


def _rows(results: Sequence[Any]) -> np.ndarray:
    rows = []
    for result in results:
        dtype = keras.backend.standardize_dtype(result.dtype)
        plain = result if dtype in ("float64", "float32") else keras.ops.cast(result, "float32")
        rows.append(np.asarray(keras.ops.convert_to_numpy(plain), dtype=np.float64).reshape(-1))
    return np.stack(rows)


def _function(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision(dtype):
        return _rows(subject.outputs(_tensors(subject, table, dtype)))


def _partials(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision(dtype):
        return np.stack([_rows(row) for row in subject.partials(_tensors(subject, table, dtype))])


def _backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision(dtype):
        return _PULLED[_BACKEND](subject.outputs, _tensors(subject, table, dtype))


def _autograd(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision("float64"):
        flat = [keras.ops.reshape(t, (-1,)) for t in _tensors(subject, table, dtype)]
        return _PULLED[_BACKEND](subject.textbook, flat)


def _compiled(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision(dtype):
        return _rows(_traced(subject.outputs)(_tensors(subject, table, dtype)))


def _compiled_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with _precision(dtype):
        return _PULLED[_BACKEND](_traced(subject.outputs), _tensors(subject, table, dtype))


def _traced(function: Function) -> Function:
    """The function as the backend compiles it without being asked."""
    if _BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    import jax

    return jax.jit(function)


def _jit_compile(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    import tensorflow as tf

    with _precision(dtype):
        return _rows(tf.function(subject.outputs, jit_compile=True)(_tensors(subject, table, dtype)))


def _jit_compile_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    """Forward and backward as one program of XLA, as Keras compiles a step of training."""
    import tensorflow as tf

    @tf.function(jit_compile=True)
    def gradient(arguments: list[Any], index: int) -> list[Any]:
        with tf.GradientTape() as tape:
            tape.watch(arguments)
            output = subject.outputs(arguments)[index]
        return tape.gradient(output, arguments, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    with _precision(dtype):
        arguments = _tensors(subject, table, dtype)
        return np.stack([_rows(gradient(arguments, index)) for index in range(len(subject.outputs(arguments)))])


def _by_tape(function: Function, arguments: list[Any]) -> np.ndarray:
    import tensorflow as tf

    with tf.GradientTape(persistent=True) as tape:
        tape.watch(arguments)
        outputs = function(arguments)
    zero = tf.UnconnectedGradients.ZERO
    return np.stack([_rows(tape.gradient(o, arguments, unconnected_gradients=zero)) for o in outputs])


def _by_vjp(function: Function, arguments: list[Any]) -> np.ndarray:
    import jax

    def one(index: int) -> np.ndarray:
        output, pull = jax.vjp(lambda *given: function(list(given))[index], *arguments)
        return _rows(pull(keras.ops.ones_like(output)))

    count = len(jax.eval_shape(lambda *given: tuple(function(list(given))), *arguments))
    return np.stack([one(index) for index in range(count)])


def _by_torch(function: Function, arguments: list[Any]) -> np.ndarray:
    import torch

    leaves = [a.detach().requires_grad_() for a in arguments]
    rows = []
    for output in function(leaves):
        if not output.requires_grad:
            rows.append(np.zeros((len(leaves), output.numel())))
            continue
        found = torch.autograd.grad(output, leaves, torch.ones_like(output), retain_graph=True, allow_unused=True)
        rows.append(_rows([torch.zeros_like(a) if g is None else g for a, g in zip(leaves, found, strict=True)]))
    return np.stack(rows)


_PULLED: dict[str, Callable[[Function, list[Any]], np.ndarray]] = {
    "tensorflow": _by_tape,
    "jax": _by_vjp,
    "torch": _by_torch,
}


if __name__ == "__main__":
    sys.exit(run(Keras()))
