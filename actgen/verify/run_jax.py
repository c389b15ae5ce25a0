"""Measures a generated JAX module; see `runner`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import jax
import jax.experimental
import jax.numpy as jnp
import jax.scipy.special
import numpy as np
from jax.test_util import check_grads

from actgen.verify.runner import python_module, run, shaped
from actgen.verify.subject import Measure, Subject

_HOME = jax if hasattr(jax, "enable_x64") else jax.experimental  # before JAX 0.8 it stood there
enable_x64: Callable[[bool], Any] = vars(_HOME)["enable_x64"]


class Jax:
    """JAX: as it is called, compiled, and with compilation disabled; only float64 is run with 64 bits enabled."""

    def __init__(self) -> None:
        self.modes: Mapping[str, Measure] = {
            "function": _function,
            "partials": _partials,
            "backward": _backward,
            "autograd": _autograd,
            "compiled": _compiled,
            "compiled backward": _compiled_backward,
            "op by op": _op_by_op,
            "op by op backward": _op_by_op_backward,
        }
        self.roots: Mapping[str, Any] = {"jax": jax}

    load = staticmethod(python_module)

    def built_in(self, public: str, arguments: Mapping[str, Any], dtype: str) -> Callable[[Any], Any]:
        """A function of jax.nn."""
        return partial(getattr(jax.nn, public), **arguments)

    def halves(self, function: Callable[[Any], Any], arguments: Sequence[Any]) -> jax.Array:
        """What a function that halves one array gives for two."""
        return function(jnp.stack(list(arguments), -1))[..., 0]

    def place(self, device: str) -> None:
        """Makes it the default device; fails if JAX has none."""
        jax.config.update("jax_default_device", jax.devices(device)[0])

    def versions(self) -> dict[str, str]:
        """JAX's version."""
        return {"jax": jax.__version__}

    def gradients_agree(self, subject: Subject, table: np.ndarray, thorough: bool) -> dict[str, str]:
        """`check_grads`, forward and reverse; to second order, which takes seconds to compile, only if thorough."""
        with enable_x64(True):
            arguments = _arrays(subject, table, "float64")
            try:
                check_grads(
                    lambda *a: subject.outputs(a), arguments, 2 if thorough else 1, ("fwd", "rev"), atol=1e-4, rtol=1e-4
                )
            except AssertionError as error:
                lines = [line for line in str(error).splitlines() if line.strip()]
                return {"check_grads": lines[0] if lines else "gradients differ"}
        return {"check_grads": ""}


def _arrays(subject: Subject, table: np.ndarray, dtype: str) -> list[jax.Array]:
    return [
        jnp.asarray(shaped(row, i < subject.inputs).astype(jnp.dtype(dtype)), dtype=dtype)
        for i, row in enumerate(table)
    ]


def _rows(results: Sequence[Any]) -> np.ndarray:
    return np.stack([np.asarray(r).astype(np.float64).reshape(-1) for r in results])


def _function(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(dtype == "float64"):
        return _rows(subject.outputs(_arrays(subject, table, dtype)))


def _partials(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(dtype == "float64"):
        return np.stack([_rows(row) for row in subject.partials(_arrays(subject, table, dtype))])


def _backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(dtype == "float64"):
        return _pulled(lambda *a: subject.outputs(a), _arrays(subject, table, dtype))


def _autograd(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(True):
        flat = [a.reshape(-1) for a in _arrays(subject, table, dtype)]
        return _pulled(lambda *a: subject.textbook(a), flat, compiled=True)


def _compiled(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(dtype == "float64"):
        return _rows(jax.jit(lambda *a: subject.outputs(a))(*_arrays(subject, table, dtype)))


def _compiled_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with enable_x64(dtype == "float64"):
        return _pulled(lambda *a: subject.outputs(a), _arrays(subject, table, dtype), compiled=True)


def _op_by_op(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with jax.disable_jit():
        return _function(subject, table, dtype)


def _op_by_op_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    with jax.disable_jit():
        return _backward(subject, table, dtype)


def _pulled(
    function: Callable[..., tuple[jax.Array, ...]], arguments: list[jax.Array], compiled: bool = False
) -> np.ndarray:
    """The gradient of each output as if the others were not used, the upstream gradient being 1."""

    def gradients(*given: jax.Array) -> list[tuple[jax.Array, ...]]:
        def one(index: int) -> tuple[jax.Array, ...]:
            output, pull = jax.vjp(lambda *a: function(*a)[index], *given)
            return pull(jnp.ones_like(output))

        return [one(index) for index in range(len(jax.eval_shape(function, *given)))]

    found = (jax.jit(gradients) if compiled else gradients)(*arguments)
    return np.stack([_rows(row) for row in found])


if __name__ == "__main__":
    sys.exit(run(Jax()))
