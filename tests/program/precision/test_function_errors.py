"""What a search assumes of the math header's functions is what the headers state and what the functions do."""

import math

import numpy as np
import pytest
from elementary_functions import EXACT, HALF, ROWS, built, restated_rows, row, stated

from actgen.native.runtime.compiler import find_compiler
from actgen.program.precision.functions import FIRST, WORST, is_rough, places, wrong_by_most
from actgen.program.precision.levels import Level
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.program import arg, node


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = find_compiler()
    assert compiler is not None
    return built(compiler, tmp_path_factory.mktemp("errors"))


def test_the_worst_of_each_row_is_what_the_header_states():
    hundredths = {name: round(100 * worst.max()) for name, worst in WORST.items()}
    assert hundredths == {name: math.ceil(round(100 * single, 6)) for name, (single, _) in stated().items()}


@pytest.mark.parametrize("name", EXACT)
def test_no_float_is_worse_than_its_row_says(library, name):
    for half in range(0, 1 << 10, 3):
        first = half * HALF + 1
        worst, at = library.worst(name, first, 1 << 12)
        place = np.clip(places(np.asarray(abs(at))), 0, WORST[name].size - 1)
        assert worst <= WORST[name][place] + 0.0005, at


def test_places_are_halves_of_binades():
    ends = 2.0**FIRST * np.array([0.9, 1, 1.4, 1.5, 1.9, 2, 3])
    assert places(ends).tolist() == [0, 1, 1, 2, 2, 3, 4]


def test_a_row_has_what_was_measured():
    halves = [0.5] * (1 << 10)
    halves[int(np.float32(1.5).view(np.uint32)) // HALF] = 1.2341
    found = row(halves).split()
    assert found[places(np.asarray(1.5))] == "124"
    assert found.count("50") == len(found) - 1
    text = ROWS.read_text(encoding="utf-8")
    assert '"exp": "1 2"' in restated_rows(text, {"exp": "1 2"})


@pytest.mark.parametrize("name", ["exp", "sigmoid", "erfc", "sin", "expm1"])
def test_an_emulated_function_is_wrong_on_either_side_and_by_no_more_than_the_worst(name):
    x = np.linspace(0.3, 8, 4001).astype(np.float32).astype(np.float64)
    root = node(name, arg("x"))
    found = evaluate_mixed([root], {"x": x}, {})[0].astype(np.float64)
    exact = evaluate_mixed([root], {"x": x}, {root: Level.WIDE})[0]
    assert 0.5 < errors_in_ulp(found, exact).max() <= WORST[name].max()
    assert {-1.0, 1.0} <= set(np.sign(found - exact))


def test_limits_of_a_function_are_exact():
    value = np.array([0.0, 1.0, 2.0**-30, np.inf, np.nan])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(wrong_by_most("exp", value, [value], scaled=False), value)
    assert not is_rough("add")


def test_the_sign_depends_on_the_argument_as_a_float():
    x = np.linspace(0.3, 8, 1001).astype(np.float32).astype(np.float64)
    beside = x * (1 + 2.0**-50)
    first, second = (wrong_by_most("exp", np.exp(x), [at], scaled=False) for at in (x, beside))
    np.testing.assert_array_equal(first, second)
