"""Child process: the generated Keras modules in FOLDER against keras.activations, in float64, on TensorFlow.

Usage: compare_keras.py FOLDER, with KERAS_BACKEND=tensorflow in the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import keras
import tensorflow as tf
from builtin_table import BuiltIn
from judging import Results, code_names, inputs, report

keras.config.set_floatx("float64")


def run(function: Callable[..., tf.Tensor], row: BuiltIn) -> Results:
    arguments = [tf.constant(x) for x in inputs(row)]
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        value = function(*arguments)
    return tuple(t.numpy() for t in (value, *tape.gradient(value, arguments)))


def compare(module: ModuleType, row: BuiltIn) -> tuple[Results, Results]:
    generated, built_in = getattr(module, row.spec), partial(getattr(keras.activations, row.public), **row.arguments)
    ours = run(lambda *xs: generated(*xs, **code_names(dict(row.parameters))), row)
    theirs = run(lambda *xs: built_in(tf.stack(xs, axis=-1))[:, 0] if row.gate else built_in(*xs), row)
    return ours, theirs


if __name__ == "__main__":
    report("keras", Path(sys.argv[1]), compare)
