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

ALL = np.array([-700.0, -40.0, -20.5, -3.3, -0.9, -1e-9, 1e-300, 1e-9, 0.3, 0.5, 1.0, 2.5, 20.5, 30.0, 700.0])
INSIDE = np.array([-0.999, -0.5, -1e-9, 1e-12, 0.3, 0.9])
POSITIVE = np.array([1e-12, 1e-3, 0.3, 1.0, 1.5, 2.5, 30.0, 170.0])
ABOVE_1 = np.array([1.001, 1.5, 30.0, 1e10])
GAMMA = np.array([-20.3, -3.5, -0.5, -1e-3, 1e-3, 0.3, 1.0, 1.7, 2.5, 30.5, 100.25])
POLYGAMMA_BOUND = 1e-9 if BACKEND == "torch" else 1e-12  # torch's own trigamma is no better
UNARY: dict[str, tuple[Callable[[Any], Any], np.ndarray, float]] = {
    "abs": (abs, ALL, 0),
    "neg": (lambda a: -a, ALL, 0),
    "sign": (mpmath.sign, ALL, 0),
    "sqrt": (mpmath.sqrt, POSITIVE, 3e-16),
    "cbrt": (lambda a: mpmath.sign(a) * mpmath.cbrt(abs(a)), ALL, 5e-16),
    "exp": (mpmath.exp, ALL, 1e-15),
    "expm1": (mpmath.expm1, ALL, 1e-15),
    "log": (mpmath.log, POSITIVE, 1e-15),
    "log1p": (mpmath.log1p, INSIDE, 1e-15),
    "log2": (lambda a: mpmath.log(a, 2), POSITIVE, 1e-15),
    "sin": (mpmath.sin, ALL, 1e-15),
    "cos": (mpmath.cos, ALL, 1e-15),
    "tan": (mpmath.tan, ALL, 2e-15),
    "asin": (mpmath.asin, INSIDE, 1e-15),
    "acos": (mpmath.acos, INSIDE, 1e-15),
    "atan": (mpmath.atan, ALL, 1e-15),
    "sinh": (mpmath.sinh, ALL, 1e-13),
    "cosh": (mpmath.cosh, ALL, 1e-13),
    "tanh": (mpmath.tanh, ALL, 1e-15),
    "asinh": (mpmath.asinh, ALL, 2e-15),
    "acosh": (mpmath.acosh, ABOVE_1, 1e-14),
    "atanh": (mpmath.atanh, INSIDE, 2e-15),
    "erf": (mpmath.erf, ALL, 2e-15),
    "erfc": (mpmath.erfc, np.array([-30.0, -1.0, 1e-9, 0.5, 2.0, 10.0, 26.0]), 1e-13),
    "gamma": (mpmath.gamma, GAMMA, 1e-12),
    "lgamma": (lambda a: mpmath.log(abs(mpmath.gamma(a))), GAMMA[[0, 1, 2, 3, 4, 5, 8, 9, 10]], 1e-12),
    "digamma": (mpmath.digamma, GAMMA, 1e-12),
    "polygamma": (lambda a: mpmath.polygamma(1, a), GAMMA, POLYGAMMA_BOUND),
    "sigmoid": (lambda a: 1 / (1 + mpmath.exp(-a)), ALL, 1e-15),
    "softplus": (lambda a: mpmath.log1p(mpmath.exp(a)), ALL, 1e-15),
    "logsigmoid": (lambda a: -mpmath.log1p(mpmath.exp(-a)), ALL, 1e-15),
    "powi": (lambda a: a**3, ALL[1:-1], 1e-15),
}
TENTHS = mpmath.mpf(0.1), mpmath.mpf(0.7)
BINARY: dict[str, tuple[Callable[[Any, Any], Any], float]] = {
    "add": (lambda a, b: a + b, 2e-16),
    "sub": (lambda a, b: a - b, 2e-16),
    "mul": (lambda a, b: a * b, 2e-16),
    "div": (lambda a, b: a / b, 2e-16),
    "pow": (lambda a, b: a**b, 1e-15),
    "pow_constant": (lambda a, b: a ** TENTHS[1], 1e-15),
    "constant_pow": (lambda a, b: TENTHS[1] ** a, 1e-15),
    "min": (min, 0),
    "max": (max, 0),
    "min_constant": (lambda a, b: min(a, TENTHS[1]), 0),
    "max_constant": (lambda a, b: max(a, TENTHS[1]), 0),
    "atan2": (mpmath.atan2, 1e-15),
    "hypot": (mpmath.hypot, 1e-15),
    "atan2_constant": (lambda a, b: mpmath.atan2(TENTHS[1], a), 1e-15),
    "logaddexp": (lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)), 1e-15),
    "logaddexp_constant": (lambda a, b: mpmath.log(mpmath.exp(TENTHS[1]) + mpmath.exp(a)), 1e-15),
    "where": (lambda a, b: a if a < b else b, 0),
    "where_one": (lambda a, b: TENTHS[1] if a < b else b, 0),
    "where_both": (lambda a, b: TENTHS[0] if a < b else TENTHS[1], 0),
    "fill": (lambda a, b: TENTHS[1], 0),
    "constant": (lambda a, b: TENTHS[1], 0),
    "inverse": (lambda a, b: (a + b) ** -2, 1e-15),
}
CONDITIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": lambda a, b: (a < b) & (b < 1),
    "or": lambda a, b: (a < b) | (b < 1),
    "not": lambda a, b: ~(a < b),
}
PAIRS = [(0.3, 0.3), (0.3, 2.5), (2.5, 0.3), (0.7, 1.0), (40.0, 3.0), (3.0, 40.0), (1e-9, 1.5)]
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
    smooth = ("tanh", "sigmoid", "softplus", "logsigmoid", "cbrt", "erfc", "asinh", "gamma", "digamma", "expm1", "powi")
    points = np.array([0.3, 0.8, 1.7])
    with float64():
        for name in smooth:
            function = UNARY[name][0]
            found = graph(lambda a, n=name: second(lambda c: outputs(c, halves(c))[n], a))(padded(points))
            with mpmath.workdps(60):
                truth = [float(mpmath.diff(function, mpmath.mpf(a), 2)) for a in points]
            bound = POLYGAMMA_BOUND if name == "gamma" else 1e-10
            np.testing.assert_allclose(numpy(found)[: len(points)], truth, rtol=bound, err_msg=name)


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
    cases: dict[str, list[tuple[float, float, float]]] = {
        "min": [(nan, 1, nan), (1, nan, nan), (inf, 1, 1), (-inf, 1, -inf)],
        "max": [(nan, 1, nan), (1, nan, nan), (inf, 1, inf), (-inf, 1, 1)],
        "min_constant": [(nan, 0, nan), (inf, 0, 0.7)],
        "max_constant": [(nan, 0, nan), (-inf, 0, 0.7)],
        "sign": [(nan, 0, nan), (-inf, 0, -1)],
        "logaddexp": [
            (inf, inf, inf),
            (-inf, -inf, -inf),
            (inf, -inf, inf),
            (-inf, inf, inf),
            (3, -inf, 3),
            (nan, 1, nan),
            (1, nan, nan),
        ],
        "softplus": [(inf, 0, inf), (-inf, 0, 0), (nan, 0, nan)],
        "cbrt": [(0, 0, 0), (inf, 0, inf), (-inf, 0, -inf), (nan, 0, nan)],
        "gamma": [(0, 0, nan), (-3, 0, nan), (-inf, 0, nan), (inf, 0, inf), (nan, 0, nan)],
        "finite": [
            (inf, 0, np.finfo("float64").max),
            (-inf, 0, -np.finfo("float64").max),
            (nan, 0, nan),
            (2.5, 0, 2.5),
        ],
        "isnan": [(nan, 0, 1), (1, 0, 0), (inf, 0, 0)],
        "isinf": [(nan, 0, 0), (-inf, 0, 1), (1, 0, 0)],
        "ne": [(nan, nan, 1), (1, 1, 0)],
        "eq": [(nan, nan, 0), (1, 1, 1)],
        "fill": [(nan, 0, 0.7), (inf, 0, 0.7)],
        "pow": [(-2, 0.5, nan), (-2, 3, -8), (0, 0, 1), (0, -1, inf)],
        "sqrt": [(-1, 0, nan), (inf, 0, inf)],
        "sigmoid": [(-745, 0, math.exp(-745)), (inf, 0, 1), (-inf, 0, 0)],
    }
    with float64():
        for name, rows in cases.items():
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
