"""The named cases in JAX: the public function, its partials and reverse mode, against exact values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from catalogue_folders import GENERATED
from emitted_modules import imported
from named_cases import CASES, DTYPES, NAMED, Case, Results, complaint, elementwise, nan_complaint


@cache
def module(name: str) -> ModuleType:
    return imported(GENERATED / name, f"{name}_jax", f"named_{name}_jax")


@cache
def computed(name: str, names: tuple[str, ...]) -> Callable[..., list[tuple[jax.Array, Sequence[jax.Array], object]]]:
    """For each output the value, what reverse mode makes of it, and the partials."""
    emitted = module(name)
    options = {"channel_dim": 0} if hasattr(emitted, "_aligned") else {}

    def outputs(*arrays: jax.Array) -> tuple[jax.Array, ...]:
        y = getattr(emitted, name)(**dict(zip(names, arrays, strict=True)), **options)
        return y if isinstance(y, tuple) else (y,)

    def both(*arrays: jax.Array) -> list[tuple[jax.Array, Sequence[jax.Array], object]]:
        ys, pull = jax.vjp(outputs, *arrays)
        rows = emitted.partials(**dict(zip(names, arrays, strict=True)), **options)
        rows = rows if isinstance(rows[0], tuple) else (rows,)
        cotangents = (tuple(jnp.ones_like(y) * (y is one) for y in ys) for one in ys)
        return [(y, pull(c), row) for y, c, row in zip(ys, cotangents, rows, strict=True)]

    return jax.jit(both)


def results(name: str, arguments: Mapping[str, np.ndarray], dtype: str) -> dict[str, Results]:
    """What is computed of arguments with a value for each element."""
    arrays = [jnp.asarray(values, dtype) for values in arguments.values()]
    found: dict[str, Results] = {}
    for index, (y, slopes, row) in enumerate(computed(name, tuple(arguments))(*arrays)):
        assert {t.dtype.name for t in (y, *slopes, *row)} == {dtype}
        found[f"reverse mode of output {index}"] = {"y": numbers(y), **by_name(arguments, slopes)}
        found[f"partials of output {index}"] = by_name(arguments, row)
    return found


def by_name(names: Iterable[str], arrays: Iterable[jax.Array]) -> Results:
    return dict(zip(names, map(numbers, arrays), strict=True))


def numbers(array: jax.Array) -> np.ndarray:
    return np.asarray(array, np.float64)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, dtype: str) -> None:
    found = results(case.activation, elementwise(case.point(dtype)), dtype)
    assert not complaint(case, dtype, found, flushes=True)


@pytest.mark.parametrize("name", NAMED)
def test_nan_in_nan_out(name: str) -> None:
    assert not nan_complaint(getattr(module(name), name), lambda a: results(name, a, "float32"))
