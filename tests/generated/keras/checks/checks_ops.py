"""Every op of the table as the generated code spells it: values, autograd and NaN, in float64."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
from frameworks import BACKEND, FOLDER, compiled, dtype, gradients, module, numpy, tensor
from op_truths import BINARY, CONDITIONS, EXTREMES, POLYGAMMA_BOUND, UNARY

PAIRS = [(0.3, 0.3), (0.3, 2.5), (2.5, 0.3), (0.7, 1.0), (40.0, 3.0), (3.0, 40.0), (1e-9, 1.5)]
STRAIGHT = {"abs", "neg", "sign", "finite"}  # no second derivative, which some frameworks say by None
NAMES: list[str] = json.loads((FOLDER / "op_table.json").read_text())


def graph(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as it is quickest: JAX alone is slow when each op runs by itself."""
    return compiled(function) if BACKEND == "jax" else function


@contextlib.contextmanager
def float64() -> Iterator[None]:
    """Lets JAX hold float64."""
    with module("op_table")._precision():
        yield


def outputs(a: Any, b: Any) -> dict[str, Any]:
    """What the table's `_forward` computes, without the explicit gradient around it."""
    return dict(zip(NAMES, module("op_table")._forward(a, b), strict=True))


def pair(a: Any, b: Any) -> tuple[Any, Any]:
    """Two float64 tensors of one shape, the same for all checks: JAX compiles every op again for another one."""
    a, b = np.broadcast_arrays(np.asarray(a, "float64"), np.asarray(b, "float64"))
    return padded(a), padded(b)


def padded(points: np.ndarray) -> Any:
    """Sixteen numbers, the last one repeated."""
    return tensor(np.pad(points, (0, 16 - len(points)), mode="edge"), "float64")


def values(a: Any, b: Any) -> dict[str, np.ndarray]:
    """Every output at the given points."""
    count = len(np.atleast_1d(a))
    return {name: numpy(value)[:count] for name, value in compiled_outputs(*pair(a, b)).items()}


compiled_outputs = compiled(outputs)


def exact(function: Callable[..., Any], *points: np.ndarray) -> np.ndarray:
    """A function at points, to 60 digits, as float64."""
    with mpmath.workdps(60):
        return np.array([float(function(*map(mpmath.mpf, row))) for row in zip(*points, strict=True)])


def slope(function: Callable[[Any], Any], points: np.ndarray) -> np.ndarray:
    with mpmath.workdps(60):
        return np.array([float(mpmath.diff(function, mpmath.mpf(a))) for a in points])


def check_every_op_has_a_truth() -> None:
    """What is added to the table of ops cannot be left out here."""
    assert {*UNARY, *BINARY, *CONDITIONS, *EXTREMES} == set(NAMES)


def check_every_op_stays_in_float64() -> None:
    with float64():
        for name, value in outputs(*pair([0.5], [0.25])).items():
            assert dtype(value) == "float64", name


def check_values_of_one_operand() -> None:
    with float64():
        for name, (function, points, bound) in UNARY.items():
            found = values(points, 0.5)[name]
            np.testing.assert_allclose(found, exact(function, points), rtol=bound, atol=0, err_msg=name)


def check_autograd_of_one_operand() -> None:
    with float64():
        for name, (function, every, bound) in UNARY.items():
            sound = every > -4 if name == "digamma" else np.abs(every) > 1e-100  # JAX's own trigamma fails below
            points = every[sound]
            found = graph(lambda a, n=name: gradients(lambda c: outputs(c, halves(c))[n], a)[0])(padded(points))
            flat = {"sign": np.zeros_like(points), "abs": np.sign(points)}
            truth = flat[name] if name in flat else slope(function, points)
            relative = POLYGAMMA_BOUND if name == "digamma" else max(10 * bound, 1e-12)
            np.testing.assert_allclose(numpy(found)[: len(points)], truth, rtol=relative, atol=1e-15, err_msg=name)


def check_second_derivatives_of_one_operand() -> None:
    points = np.array([0.3, 0.8, 1.7])
    with float64():
        for name in UNARY.keys() - STRAIGHT:
            function, tried, _ = UNARY[name]
            inside = points[(points > min(tried)) & (points < max(tried))]
            found = graph(lambda a, n=name: second(lambda c: outputs(c, halves(c))[n], a))(padded(inside))
            with mpmath.workdps(60):
                truth = [float(mpmath.diff(function, mpmath.mpf(a), 2)) for a in inside]
            bound = POLYGAMMA_BOUND if name in ("gamma", "lgamma") else 1e-10
            np.testing.assert_allclose(numpy(found)[: len(inside)], truth, rtol=bound, err_msg=name)


def second(function: Callable[[Any], Any], a: Any) -> Any:
    return gradients(lambda c: gradients(function, c)[0], a)[0]


def halves(like: Any) -> Any:
    return module("op_table")._fill(0.5, like)


def check_values_of_two_operands() -> None:
    a, b = (np.array(column) for column in zip(*PAIRS, strict=True))
    with float64():
        found = values(a, b)
    for name, (function, bound) in BINARY.items():
        np.testing.assert_allclose(found[name], exact(function, a, b), rtol=bound, atol=0, err_msg=name)
    for name, truth in CONDITIONS.items():
        np.testing.assert_array_equal(found[name], truth(a, b), err_msg=name)


def check_extremes() -> None:
    inf, nan = math.inf, math.nan
    with float64():
        for name, rows in EXTREMES.items():
            a, b, truth = (np.array(column, "float64") for column in zip(*rows, strict=True))
            found = values(a, b)[name]
            np.testing.assert_allclose(found, truth, rtol=1e-15, atol=1e-320 if name == "sigmoid" else 0, err_msg=name)


def check_the_derivative_of_a_clamp_at_its_end_is_that_of_the_first_operand() -> None:
    with float64():
        for name in ("min", "max"):
            slopes = gradients(lambda a, b, n=name: outputs(a, b)[n], *pair([1.0], [1.0]))
            assert [float(numpy(s)[0]) for s in slopes] == [1.0, 0.0]
        halved = gradients(lambda a, b: outputs(a, b)["logaddexp"], *pair([0.3], [0.3]))
        assert [float(numpy(s)[0]) for s in halved] == pytest.approx([0.5, 0.5])


def check_float32_has_its_own_largest_number() -> None:
    found = module("op_table")._finite(tensor([math.inf, -math.inf, 1.0]))
    np.testing.assert_array_equal(numpy(found), [np.finfo("float32").max, -np.finfo("float32").max, 1])


def check_only_the_active_framework_is_imported() -> None:
    names = {"tensorflow": "tf", "jax": "jax", "torch": "torch"}
    assert {"tf", "jax", "torch"} & set(vars(module("op_table"))) == {names[BACKEND]}
