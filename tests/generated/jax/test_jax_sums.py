"""A parameter's gradient, summed over a million elements, is the exact sum: functions and layers, with and without jit."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from summing import CHANNELS, DTYPES, START, Batch, Gradients, complaint, written

SHAPES = pytest.mark.parametrize("shape", [(), (CHANNELS,)], ids=["scalar", "per channel"])
MODES = pytest.mark.parametrize("mode", ["plain", "jit"])


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return written("jax", tmp_path_factory.mktemp("sums"))


def computed(
    emitted: ModuleType, gradient: Callable[[jax.Array, jax.Array], jax.Array], dtype: str
) -> Callable[[Batch], tuple[Gradients, Gradients]]:
    """The gradient of the parameter, a function of inputs and upstream gradients, and each element's own."""

    def compute(given: Batch) -> tuple[Gradients, Gradients]:
        found = gradient(jnp.asarray(given.x, dtype), jnp.asarray(given.upstream, dtype))
        with jax.enable_x64(True):
            _, partial = emitted.partials(jnp.asarray(given.x), jnp.float64(START))
            return {"a": np.asarray(found, np.float64)}, {"a": np.asarray(partial)}

    return compute


def of_function(emitted: ModuleType, a: jax.Array, mode: str) -> Callable[[jax.Array, jax.Array], jax.Array]:
    def gradient(x: jax.Array, upstream: jax.Array) -> jax.Array:
        return jax.vjp(lambda a: emitted.prelu(x, a), a)[1](upstream)[0]

    return jax.jit(gradient) if mode == "jit" else gradient


@MODES
@SHAPES
@pytest.mark.parametrize("dtype", DTYPES)
def test_function(emitted: ModuleType, dtype: str, shape: tuple[int, ...], mode: str) -> None:
    a = jnp.full(shape, START, jnp.float32)
    assert not complaint(dtype, computed(emitted, of_function(emitted, a, mode), dtype))


@SHAPES
def test_parameters_of_16_bits_are_rounded_once(emitted: ModuleType, shape: tuple[int, ...]) -> None:
    a = jnp.full(shape, START, jnp.bfloat16)
    assert not complaint("bfloat16", computed(emitted, of_function(emitted, a, "jit"), "bfloat16"), "bfloat16")


@SHAPES
@pytest.mark.parametrize("dtype", DTYPES)
def test_layer(emitted: ModuleType, dtype: str, shape: tuple[int, ...]) -> None:
    layer = emitted.PReLU(a_init=START, **({"num_channels": CHANNELS, "per_channel": True} if shape else {}))

    @nnx.jit
    def gradient(layer: nnx.Module, x: jax.Array, upstream: jax.Array) -> jax.Array:
        return nnx.grad(lambda layer: (layer(x).astype(jnp.float32) * upstream).sum())(layer).a[...]

    assert not complaint(dtype, computed(emitted, lambda x, upstream: gradient(layer, x, upstream), dtype))
