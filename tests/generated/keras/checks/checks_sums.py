"""A parameter's gradient, summed over a million elements, is the exact sum: functions and layers, graphs too."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
from frameworks import BACKEND, compiled, gradients, module, numpy, tensor

sys.path.append(str(Path(__file__).parents[3]))
from summing import CHANNELS, DTYPES, START, Batch, Gradients, complaint


@cache
def emitted() -> ModuleType:
    return module("prelu")


def computed(
    function: Callable[[Any, Any], Any], shape: tuple[int, ...], dtype: str, mode: Callable[..., Any]
) -> Callable[[Batch], tuple[Gradients, Gradients]]:
    """The gradient by a float32 parameter of a function of inputs and parameter, and each element's own."""

    def gradient(x: Any, a: Any, upstream: Any) -> Any:
        # The product has the dtype of the inputs, so what comes back is the upstream gradient, unrounded.
        return gradients(lambda a: function(x, a) * upstream, a)[0]

    def compute(given: Batch) -> tuple[Gradients, Gradients]:
        arguments = tensor(given.x, dtype), tensor(np.full(shape, START)), tensor(given.upstream, dtype)
        _, partial = emitted().partials(tensor(given.x, "float64"), START)
        return {"a": numpy(run(*arguments))}, {"a": numpy(partial)}

    run = mode(gradient)
    return compute


def functions(shape: tuple[int, ...], mode: Callable[..., Any]) -> list[str]:
    return [complaint(dtype, computed(emitted().prelu, shape, dtype, mode)) for dtype in DTYPES]


def check_functions_with_a_scalar() -> None:
    assert not any(functions((), lambda f: f))


def check_functions_with_a_value_for_each_channel() -> None:
    assert not any(functions((CHANNELS,), lambda f: f))


def check_compiled_functions() -> None:
    assert not any((*functions((), compiled), *functions((CHANNELS,), compiled)))


if BACKEND == "tensorflow":

    def check_functions_under_xla() -> None:
        import tensorflow as tf

        def xla(function: Callable[..., Any]) -> Callable[..., Any]:
            return tf.function(function, jit_compile=True)

        assert not any((*functions((), xla), *functions((CHANNELS,), xla)))


def check_layers() -> None:
    for dtype in DTYPES:
        for shape in ((), (CHANNELS,)):
            layer = emitted().PReLU(per_channel=bool(shape), dtype=keras.DTypePolicy("mixed_" + dtype) if "16" in dtype else dtype)
            layer.build((None, CHANNELS))

            def call(x: Any, a: Any, layer: Any = layer) -> Any:
                return layer.stateless_call([a], [], x)[0]

            assert not complaint(dtype, computed(call, shape, dtype, lambda f: f))
