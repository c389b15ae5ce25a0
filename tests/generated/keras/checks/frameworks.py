"""Derivatives in whichever framework KERAS_BACKEND names, as numpy arrays."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
from keras import ops

BACKEND = keras.backend.backend()
FOLDER = Path(os.environ["ACTGEN_MODULES"])


def module(name: str) -> ModuleType:
    """The generated module of an activation, from the folder that the test made; loaded once."""
    return load(FOLDER / f"{name}_keras.py")


_loaded: dict[Path, ModuleType] = {}


def load(path: Path) -> ModuleType:
    """A generated module by its file; loaded once."""
    if path not in _loaded:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        _loaded[path] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(_loaded[path])
    return _loaded[path]


def dtype(value: Any) -> str:
    """A tensor's dtype by name."""
    return keras.backend.standardize_dtype(value.dtype)


def numpy(value: Any) -> np.ndarray:
    """A tensor as float64 numpy."""
    wide = ops.cast(value, "float32") if "16" in dtype(value) else value
    return np.array(ops.convert_to_numpy(wide), "float64")


def gradients(function: Callable[..., Any], *tensors: Any) -> list[Any]:
    """The gradient of the sum of a function's result with respect to every argument (tensors)."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        tensors = tuple(tf.convert_to_tensor(t) for t in tensors)
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            total = tf.reduce_sum(function(*tensors))
        return tape.gradient(total, list(tensors))
    if BACKEND == "jax":
        import jax

        return list(jax.grad(lambda *a: function(*a).sum(), tuple(range(len(tensors))))(*tensors))
    import torch

    with torch.enable_grad():
        tensors = tuple(t if t.requires_grad else t.clone().requires_grad_() for t in tensors)
        return list(torch.autograd.grad(function(*tensors).sum(), tensors, create_graph=True, allow_unused=True))


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function inside the framework's compiler or graph (torch has none that Keras uses)."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if BACKEND == "jax":
        import jax

        return jax.jit(function)
    return function


def tensor(value: Any, dtype: str = "float32") -> Any:
    """A tensor of the backend."""
    return ops.convert_to_tensor(value, dtype=dtype)
