"""Child process: the generated JAX modules in FOLDER against jax.nn, in float64. Usage: compare_jax.py FOLDER."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import jax
import numpy as np
from builtin_table import BuiltIn
from judging import Results, code_names, inputs, report

jax.config.update("jax_enable_x64", True)


def run(function: Callable[..., jax.Array], row: BuiltIn) -> Results:
    value, pull = jax.vjp(function, *(jax.numpy.asarray(x) for x in inputs(row)))
    return tuple(np.asarray(a) for a in (value, *pull(jax.numpy.ones_like(value))))


def compare(module: ModuleType, row: BuiltIn) -> tuple[Results, Results]:
    generated, built_in = getattr(module, row.spec), partial(getattr(jax.nn, row.public), **row.arguments)
    ours = run(lambda *xs: generated(*xs, **code_names(dict(row.parameters))), row)
    theirs = run(lambda *xs: built_in(jax.numpy.stack(xs, axis=-1))[:, 0] if row.gate else built_in(*xs), row)
    return ours, theirs


if __name__ == "__main__":
    report("jax", Path(sys.argv[1]), compare)
