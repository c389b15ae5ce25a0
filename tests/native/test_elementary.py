"""The math header: its worst errors are the stated ones, and its bits do not depend on compiler and vector unit."""

import math
import platform
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from elementary_functions import (
    EXACT,
    EXACT_OF_TWO,
    HEADERS,
    RANGED,
    SOURCE,
    built,
    error_in_ulp,
    sampled,
    stated,
    worst_against_exact,
)
from flint import arb, ctx

from actgen.native import polynomials
from actgen.native.runtime.compiler import Compiler, find_compiler

CHUNK = 1 << 17
"""How many neighbouring floats are looked at in one go."""

GOOD_TO = 3.1
"""No function of the header is worse than so many ulp."""

EDGES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    3.0,
    0.5,
    -2.5,
    math.inf,
    -math.inf,
    math.nan,
    1e10,
    8388609.0,
    16777216.0,
    -4194304.5,
    1e-40,
]


@pytest.fixture(scope="session")
def compiler():
    found = find_compiler()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def library(compiler, tmp_path_factory):
    return built(compiler, tmp_path_factory.mktemp("elementary"))


def test_every_function_states_its_worst_error():
    assert set(stated()) == set(EXACT)
    assert max(max(figures) for figures in stated().values()) < GOOD_TO


@pytest.mark.parametrize("name", EXACT)
def test_floats_are_as_good_as_stated(library, name):
    starts = range(0, 1 << 32, 1 << 26)
    worst = max(library.worst(name, first, CHUNK) for first in starts)
    assert worst[0] <= stated()[name][0] + 0.0005, worst


@pytest.mark.parametrize("name", EXACT)
def test_doubles_are_as_good_as_stated(library, name):
    worst, where = worst_against_exact(library, name, np.float64, 2000)
    assert worst <= stated()[name][1] + 0.1, where


@pytest.mark.parametrize("name", EXACT)
def test_floats_hold_against_exact_arithmetic(library, name):
    worst, where = worst_against_exact(library, name, np.float32, 2000)
    assert worst <= stated()[name][0] + 0.0005, where


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EXACT_OF_TWO)
def test_functions_of_two_arguments(library, name, dtype):
    count = 3000
    rng = np.random.default_rng(5)
    if name == "pow":
        x = np.exp(rng.standard_normal(count) * rng.choice([0.01, 1, 10], count))
        y = rng.standard_normal(count) * rng.choice([0.1, 3, 40], count)
    elif name == "logaddexp":
        x, y = rng.uniform(0, 80, count), rng.uniform(-80, 80, count)
    else:
        x = np.exp(rng.uniform(-30, 30, count)) * rng.choice([-1, 1], count)
        y = x * np.exp(rng.standard_normal(count) * 3)
    x, y = x.astype(dtype), y.astype(dtype)
    for a, b, value in zip(x.tolist(), y.tolist(), library(name, x, y).tolist(), strict=True):
        with ctx.workprec(300):
            assert error_in_ulp(value, EXACT_OF_TWO[name](arb(a), arb(b)), dtype) < 2, (a, b, value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["pow", "atan2", "hypot"])
def test_edges_of_two_arguments_are_those_of_ieee_754(library, name, dtype):
    x, y = (grid.ravel().astype(dtype) for grid in np.meshgrid(EDGES, EDGES))
    reference = {"pow": np.power, "atan2": np.arctan2, "hypot": np.hypot}[name]
    with np.errstate(all="ignore"):
        expected = reference(x.astype(np.float64), y.astype(np.float64)).astype(dtype)
    got = library(name, x, y)
    same = np.isnan(got) & np.isnan(expected) | (np.signbit(got) == np.signbit(expected)) & np.isclose(
        got, expected, rtol=1e-6
    )
    assert [(a, b, c) for a, b, c, good in zip(x, y, got, same, strict=True) if not good] == []


_INF, _NAN = math.inf, math.nan
AT_EDGES = {
    # at 0, -0, inf, -inf, nan
    "exp": (1.0, 1.0, _INF, 0.0, _NAN),
    "expm1": (0.0, -0.0, _INF, -1.0, _NAN),
    "log": (-_INF, -_INF, _INF, _NAN, _NAN),
    "log2": (-_INF, -_INF, _INF, _NAN, _NAN),
    "log1p": (0.0, -0.0, _INF, _NAN, _NAN),
    "sigmoid": (0.5, 0.5, 1.0, 0.0, _NAN),
    "softplus": (math.log(2), math.log(2), _INF, 0.0, _NAN),
    "logsigmoid": (-math.log(2), -math.log(2), -0.0, -_INF, _NAN),
    "tanh": (0.0, -0.0, 1.0, -1.0, _NAN),
    "sinh": (0.0, -0.0, _INF, -_INF, _NAN),
    "cosh": (1.0, 1.0, _INF, _INF, _NAN),
    "sech": (1.0, 1.0, 0.0, 0.0, _NAN),
    "asinh": (0.0, -0.0, _INF, -_INF, _NAN),
    "acosh": (_NAN, _NAN, _INF, _NAN, _NAN),
    "atanh": (0.0, -0.0, _NAN, _NAN, _NAN),
    "sin": (0.0, -0.0, _NAN, _NAN, _NAN),
    "cos": (1.0, 1.0, _NAN, _NAN, _NAN),
    "tan": (0.0, -0.0, _NAN, _NAN, _NAN),
    "sinpi": (0.0, -0.0, _NAN, _NAN, _NAN),
    "cospi": (1.0, 1.0, _NAN, _NAN, _NAN),
    "atan": (0.0, -0.0, math.pi / 2, -math.pi / 2, _NAN),
    "asin": (0.0, -0.0, _NAN, _NAN, _NAN),
    "acos": (math.pi / 2, math.pi / 2, _NAN, _NAN, _NAN),
    "erf": (0.0, -0.0, 1.0, -1.0, _NAN),
    "erfc": (1.0, 1.0, 0.0, 2.0, _NAN),
    "cbrt": (0.0, -0.0, _INF, -_INF, _NAN),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EXACT)
def test_zeros_infinities_and_nan(library, name, dtype):
    got = library(name, np.array([0.0, -0.0, _INF, -_INF, _NAN], dtype))
    expected = np.array(AT_EDGES[name], dtype)
    np.testing.assert_allclose(got, expected, rtol=4 * np.finfo(dtype).eps)
    numbers = ~np.isnan(expected)
    assert (np.signbit(got) == np.signbit(expected))[numbers].all(), got


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["expm1", "log1p", "sin", "tanh"])
def test_the_smallest_numbers_stay_what_they_are(library, name, dtype):
    smallest = np.finfo(dtype).smallest_subnormal * np.array([1, 2, 3, -1, -5], dtype)
    np.testing.assert_array_equal(library(name, smallest), smallest)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RANGED)
def test_without_guards_ordinary_arguments_have_the_same_bits(library, name, dtype):
    near, apart = library.apart(name, dtype, count=1 << 20)
    assert apart == 0
    assert near > (1 << 20) / 20, "most numbers of a network are to be ordinary"
    bits = 32 if dtype == np.float32 else 64
    for edge in (0, 1 << (bits - 1)):  # zeros, the smallest numbers, and before them NaN
        assert library.apart(name, dtype, 2000, (edge - 1000) % (1 << bits), 1)[1] == 0


@pytest.mark.parametrize(
    "variant",
    [
        ("-fno-tree-vectorize", "-O1"),
        ("-march=x86-64-v3",),
        ("-march=x86-64-v4", "-mprefer-vector-width=512"),
        "clang++",
    ],
    ids=["scalar", "avx2", "avx512", "clang"],
)
def test_bits_do_not_depend_on_compiler_and_vector_unit(library, compiler, variant, tmp_path):
    if variant == "clang++":
        other = find_compiler({"CXX": "clang++"})
        if other is None:
            pytest.skip("clang++ is not installed")
        again = built(other, tmp_path)
    else:
        if variant[0].startswith("-march=x86") and platform.machine() not in ("x86_64", "AMD64"):
            pytest.skip("another processor's instructions")
        if variant[0].endswith("v4") and "avx512f" not in _processor_flags():
            pytest.skip("this processor has no AVX-512")
        again = built(compiler, tmp_path, variant)
    for dtype in (np.float32, np.float64):
        x, y = sampled(dtype, 20_000, 7), sampled(dtype, 20_000, 8)
        short = min(len(x), len(y))
        for name in EXACT:
            np.testing.assert_array_equal(again(name, x), library(name, x), err_msg=name)
        for name in EXACT_OF_TWO:
            np.testing.assert_array_equal(
                again(name, x[:short], y[:short]), library(name, x[:short], y[:short]), err_msg=name
            )


def _processor_flags() -> set[str]:
    try:
        return set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return set()


def test_loops_become_vector_instructions(compiler, tmp_path):
    if "clang" in compiler.version:
        pytest.skip("the report is that of g++")
    command = [
        *compiler.command,
        *compiler.flags,
        "-fopt-info-vec-optimized",
        f"-I{HEADERS}",
        str(SOURCE),
        "-o",
        str(tmp_path / "a.so"),
    ]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    found = re.findall(r"functions\.cpp:(\d+):\d+: optimized: loop vectorized using (\d+) byte", report)
    widest = max(found, key=lambda place: int(place[1]))[1]  # what is left of a loop is reported again, narrower
    vectorized = [lines[int(number) - 1] for number, size in found if size == widest]
    # Each use of the macros stands in one line. A function is looped over in float and double, and for its worst error
    # in both again, and once to make the inputs; where angles may be large only that last loop is one of vectors.
    unary, ranged, angular, binary = (
        sum(macro in line for line in vectorized)
        for macro in ("UNARY(DEFINE", "RANGED(DEFINE", "ANGULAR(DEFINE", "BINARY(DEFINE")
    )
    assert unary == 5 * (len(EXACT) - len(RANGED))
    assert ranged == 7 * (len(RANGED) - 3)
    assert angular == 3 * 3
    assert binary == 2 * len(EXACT_OF_TWO)


def test_the_polynomials_are_those_that_the_fits_give():
    assert polynomials.HEADER.read_text(encoding="utf-8") == polynomials.header()


def test_headers_include_each_other_alone():
    for path in HEADERS.glob("*.h"):
        for included in re.findall(r"#include\s+(\S+)", path.read_text(encoding="utf-8")):
            assert (HEADERS / included.strip('"')).is_file(), (path.name, included)


def test_a_compiler_that_is_not_there_is_none():
    assert find_compiler({"CXX": "no-such-compiler-anywhere"}) is None


def test_a_compiler_is_a_command_with_arguments(compiler, tmp_path):
    named = find_compiler({"CXX": f"{compiler.command[0]} -DNAMED"})
    assert named == Compiler((compiler.command[0], "-DNAMED"), compiler.version)
