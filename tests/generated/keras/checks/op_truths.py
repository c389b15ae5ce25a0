"""What every op of the table is: exact functions with points and bounds, and results at the ends of the floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from frameworks import BACKEND

INF, NAN = math.inf, math.nan
ALL = np.array([-700.0, -40.0, -20.5, -3.3, -0.9, -1e-9, 1e-300, 1e-9, 0.3, 0.5, 1.0, 2.5, 20.5, 30.0, 700.0])
INSIDE = np.array([-0.999, -0.5, -1e-9, 1e-12, 0.3, 0.9])
HALF_TURNS = np.array(
    [-700.25, -40, -20.5, -3.3, -0.9, -1e-9, 1e-300, 1e-9, 0.3, 0.5, 2.5, 2**40 + 0.25, 1e15 + 0.5, 2**53 - 1, 3e17, 1e40]
)
POSITIVE = np.array([1e-12, 1e-3, 0.3, 1.0, 1.5, 2.5, 30.0, 170.0])
ABOVE_1 = np.array([1.001, 1.5, 30.0, 1e10])
GAMMA = np.array([-20.3, -3.5, -0.5, -1e-3, 1e-3, 0.3, 1.0, 1.7, 2.5, 30.5, 100.25])
POLYGAMMA_BOUND = 1e-9 if BACKEND == "torch" else 1e-12  # torch's own trigamma is no better
PROBE = (mpmath.mpf(0.7), -2, 0, mpmath.mpf(1.1))  # as in `generating.op_nodes`
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
    "sinpi": (mpmath.sinpi, HALF_TURNS, 1e-15),
    "cospi": (mpmath.cospi, HALF_TURNS, 1e-15),
    "asin": (mpmath.asin, INSIDE, 1e-15),
    "acos": (mpmath.acos, INSIDE, 1e-15),
    "atan": (mpmath.atan, ALL, 1e-15),
    "sinh": (mpmath.sinh, ALL, 1e-13),
    "cosh": (mpmath.cosh, ALL, 1e-13),
    "tanh": (mpmath.tanh, ALL, 1e-15),
    "sech": (mpmath.sech, ALL, 1e-13),
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
    "poly": (lambda a: mpmath.polyval(PROBE[::-1], a), ALL, 1e-15),
    "finite": (lambda a: a, ALL, 0),
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
    "hypot_constant": (lambda a, b: mpmath.hypot(TENTHS[1], a), 1e-15),
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
EXTREMES: dict[str, list[tuple[float, float, float]]] = {
    "min": [(NAN, 1, NAN), (1, NAN, NAN), (INF, 1, 1), (-INF, 1, -INF)],
    "max": [(NAN, 1, NAN), (1, NAN, NAN), (INF, 1, INF), (-INF, 1, 1)],
    "min_constant": [(NAN, 0, NAN), (INF, 0, 0.7)],
    "max_constant": [(NAN, 0, NAN), (-INF, 0, 0.7)],
    "sign": [(NAN, 0, NAN), (-INF, 0, -1)],
    "logaddexp": [
        (INF, INF, INF),
        (-INF, -INF, -INF),
        (INF, -INF, INF),
        (-INF, INF, INF),
        (3, -INF, 3),
        (NAN, 1, NAN),
        (1, NAN, NAN),
    ],
    "softplus": [(INF, 0, INF), (-INF, 0, 0), (NAN, 0, NAN)],
    "cbrt": [(0, 0, 0), (INF, 0, INF), (-INF, 0, -INF), (NAN, 0, NAN)],
    "gamma": [(0, 0, NAN), (-3, 0, NAN), (-INF, 0, NAN), (INF, 0, INF), (NAN, 0, NAN)],
    "finite": [
        (INF, 0, np.finfo("float64").max),
        (-INF, 0, -np.finfo("float64").max),
        (NAN, 0, NAN),
        (2.5, 0, 2.5),
    ],
    "isnan": [(NAN, 0, 1), (1, 0, 0), (INF, 0, 0)],
    "isinf": [(NAN, 0, 0), (-INF, 0, 1), (1, 0, 0)],
    "ne": [(NAN, NAN, 1), (1, 1, 0)],
    "eq": [(NAN, NAN, 0), (1, 1, 1)],
    "fill": [(NAN, 0, 0.7), (INF, 0, 0.7)],
    "pow": [(-2, 0.5, NAN), (-2, 3, -8), (0, 0, 1), (0, -1, INF)],
    "sqrt": [(-1, 0, NAN), (INF, 0, INF)],
    "sigmoid": [(-745, 0, math.exp(-745)), (INF, 0, 1), (-INF, 0, 0)],
}
