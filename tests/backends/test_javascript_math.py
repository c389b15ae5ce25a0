"""The functions that JavaScript's `Math` lacks, in Node, against mpmath; and where their polynomials come from."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import mpmath
import pytest
from javascript_files import run_node

from actgen.backends.javascript_math import declarations, needed
from actgen.backends.javascript_math.polynomials import digamma_root, fits

Exact = Callable[[mpmath.mpf], mpmath.mpf]
RANDOM = random.Random(20_260_711)
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def linear(low: float, high: float, count: int = 150) -> list[float]:
    return [RANDOM.uniform(low, high) for _ in range(count)]


def powers(low: float, high: float, count: int = 150) -> list[float]:
    return [10 ** RANDOM.uniform(low, high) for _ in range(count)]


def both(points: Sequence[float]) -> list[float]:
    return [*points, *(-p for p in points)]


def computed(call: str, points: Sequence[float], folder: Path) -> list[float]:
    """`call`, an expression in `a`, at each point."""
    texts = ", ".join("Infinity" if p == math.inf else "-Infinity" if p == -math.inf else repr(p) for p in points)
    shown = "Object.is(y, -0) ? '-0' : String(y)"
    lines = [*needed(call), f"const found = [{texts}].map((a) => {call}).map((y) => {shown});"]
    path = folder / "functions.js"
    path.write_text("\n".join(lines) + "\nconsole.log(JSON.stringify(found));", encoding="utf-8")
    return [SPECIAL[y] if y in SPECIAL else float(y) for y in json.loads(run_node([path.name], folder))]


def worst(found: Sequence[float], points: Sequence[float], exact: Exact, floor: float) -> tuple[float, float]:
    """The largest error beside the value, or beside `floor` where that is larger, and where it is."""
    with mpmath.workdps(60):
        errors = []
        for got, point in zip(found, points, strict=True):
            truth = exact(mpmath.mpf(point))
            if not mpmath.isfinite(truth) or abs(truth) > 1.79e308:
                errors.append((0.0 if math.isinf(got) else math.inf, point))
                continue
            scale = max(abs(truth), floor, mpmath.mpf(2) ** -1022)
            errors.append((float(abs(got - truth) / scale) if math.isfinite(got) else math.inf, point))
    return max(errors)


ERF = both([*linear(0, 6), *linear(0, 1.2), *linear(0.79, 0.81, 30), *powers(-310, 0, 60), 0.8, 1.0])
TAIL = linear(6, 28, 200)
GAMMA = [*linear(0, 12, 300), *linear(10, 171.6), *powers(-300, 0, 60), 0.5, 1.0, 1.5, 2.0, 2.5, 10.0, 171.0]
NEAR = [*linear(0.9, 1.1), *linear(1.9, 2.1), *linear(1.46, 1.4633), 1 + 1e-12, 2 - 1e-12]
BELOW = [-p for p in [*linear(0, 12, 300), *linear(12, 60), *powers(-300, -1, 60), 0.5]]
LEFT = [-p for p in [*linear(60, 184), 174.0000001, 179.9999999]]
ORDINARY = [*linear(-40, 40), *linear(-700, 700), *powers(-300, 0, 30)]
TURNS = [*linear(-5, 5), *linear(-1e6, 1e6), 0.25, 1.75, 1e-300]
ULP = 2.0**-52


def lgamma(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.re(mpmath.loggamma(x))


CASES: dict[str, tuple[str, list[float], Exact, float, float]] = {
    "erf": ("_erf(a)", ERF, mpmath.erf, 2 * ULP, 0),
    "erfc": ("_erfc(a)", ERF + TAIL, mpmath.erfc, 4 * ULP, 0),
    "gamma": ("_gamma(a)", GAMMA, mpmath.gamma, 1e-13, 0),
    "gamma below 0": ("_gamma(a)", BELOW + LEFT, mpmath.gamma, 1e-13, 0),
    "lgamma": ("_lgamma(a)", [*GAMMA, *NEAR, *powers(0, 300)], lgamma, 1e-13, 0),
    "lgamma below 0": ("_lgamma(a)", BELOW, lgamma, 1e-13, 1),
    "digamma": ("_digamma(a)", [*GAMMA, *NEAR, *powers(0, 300)], mpmath.digamma, 1e-13, 0),
    "digamma below 0": ("_digamma(a)", BELOW, mpmath.digamma, 1e-13, 1),
    "sigmoid": ("_sigmoid(a)", ORDINARY, lambda x: 1 / (1 + mpmath.exp(-x)), 2 * ULP, 0),
    "softplus": ("_softplus(a)", ORDINARY, lambda x: mpmath.log1p(mpmath.exp(x)), 2 * ULP, 0),
    "logsigmoid": ("_logsigmoid(a)", ORDINARY, lambda x: -mpmath.log1p(mpmath.exp(-x)), 2 * ULP, 0),
    "sech": ("_sech(a)", ORDINARY, mpmath.sech, 2 * ULP, 0),
    "sinpi": ("_sinpi(a)", TURNS, mpmath.sinpi, 2 * ULP, 0),
    "cospi": ("_cospi(a)", TURNS, mpmath.cospi, 2 * ULP, 0),
    "logaddexp": ("_logaddexp(a, 3)", ORDINARY, lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(3)), 2 * ULP, 0),
    "pow": ("_pow(Math.abs(a), 2.5)", linear(0, 50), lambda x: x ** mpmath.mpf(2.5), 2 * ULP, 0),
    **{
        f"polygamma {n}": (f"_polygamma({n}, a)", [*linear(0, 30, 60), *powers(-6, 12, 30)], exact, 1e-13, 0)
        for n, exact in ((n, lambda x, n=n: mpmath.polygamma(n, x)) for n in (1, 2, 3, 7))
    },
    **{
        f"polygamma {n} below 0": (f"_polygamma({n}, a)", [-p for p in linear(0, 12, 60)], exact, 1e-13, 1)
        for n, exact in ((n, lambda x, n=n: mpmath.polygamma(n, x)) for n in (1, 2, 3, 7))
    },
}


@pytest.mark.parametrize("name", CASES)
def test_a_function_is_as_accurate_as_it_says(name: str, tmp_path: Path) -> None:
    call, points, exact, limit, floor = CASES[name]
    error, place = worst(computed(call, points, tmp_path), points, exact, floor)
    assert error <= limit, f"{call} at a = {place!r}"


NAN, INF = math.nan, math.inf
ENDS = {
    "_erf(a)": {INF: 1, -INF: -1, 0.0: 0, 1e300: 1},
    "_erfc(a)": {INF: 0, -INF: 2, 0.0: 1, 30.0: 0},
    "_gamma(a)": {INF: INF, -INF: NAN, 0.0: NAN, -3.0: NAN, 172.0: INF, -300.5: 0, 5.0: 24},
    "_lgamma(a)": {INF: INF, -INF: INF, 0.0: INF, -3.0: INF, -1e306: INF, 1.0: 0, 2.0: 0},
    "_digamma(a)": {INF: INF, -INF: NAN, 0.0: NAN, -3.0: NAN},
    "_polygamma(1, a)": {INF: 0, -INF: NAN, 0.0: NAN, -3.0: NAN, 1e-200: INF},
    "_sigmoid(a)": {INF: 1, -INF: 0, 0.0: 0.5},
    "_softplus(a)": {INF: INF, -INF: 0},
    "_logsigmoid(a)": {INF: 0, -INF: -INF},
    "_sech(a)": {INF: 0, -INF: 0, 0.0: 1},
    "_sinpi(a)": {INF: NAN, 3.0: 0, 0.5: 1, 1.5: -1, -2.5: -1, 1e300: 0},
    "_cospi(a)": {INF: NAN, 3.0: -1, 2.0: 1, 0.5: 0, -2.5: 0, 1e300: 1},
    "_logaddexp(a, a)": {INF: INF, -INF: -INF},
    "_logaddexp(a, -a)": {INF: INF, -INF: INF},
    "_finite(a)": {INF: 1.7976931348623157e308, -INF: -1.7976931348623157e308, 2.5: 2.5},
}


@pytest.mark.parametrize("call", ENDS)
def test_the_ends_are_limits_and_nan_stays(call: str, tmp_path: Path) -> None:
    found = computed(call, [*ENDS[call]], tmp_path)
    for got, (place, want) in zip(found, ENDS[call].items(), strict=True):
        assert got == want or (math.isnan(got) and math.isnan(want)), f"{call} at {place}"
    [nan] = computed(re.sub(r"\ba\b", "(a * NaN)", call), [1.0], tmp_path)
    assert math.isnan(nan)


def test_the_tables_are_the_fits() -> None:
    for name, fit in fits().items():
        numbers = re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?(?=,\n|, )", declarations()[name].partition("[")[2])
        assert [float(n) for n in numbers] == fit.coefficients(), name


def test_the_zero_of_digamma_is_in_two_parts() -> None:
    high, low = map(float, re.findall(r"rest - ([\d.]+) - ([\d.e-]+)\)", declarations()["_digamma"])[0])
    with mpmath.workdps(40):
        root = mpmath.findroot(mpmath.digamma, 1.46)
        assert abs(root - high - mpmath.mpf(low)) < 1e-31
    assert float(digamma_root().mid()) == high


def test_what_is_needed_is_closed_and_no_more() -> None:
    source = "\n".join(needed("return _erfc(x);"))
    names = re.findall(r"^(?:function|const) (_\w+)", source, re.MULTILINE)
    assert set(names) == {"_ERF_TAIL", "_ERFCX_TAIL", "_erfc", "_erfcAbove", "_erfcx", "_polynomial"}
    assert needed("return Math.exp(x) + x._erf;") == ()
