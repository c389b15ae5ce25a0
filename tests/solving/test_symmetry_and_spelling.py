"""Requirements of symmetry, and the further spellings that requirements have."""

import mpmath as mp
import pytest
from solved_specs import DIGITS, faults, gaussian, is_near, one, outcome, required, several, spec

from actgen.solving.requirement import LimitAt, Moment, MomentIs, ValueAt
from actgen.solving.solution import NoSolution


def values(found):
    return {name: value.exact for name, value in found.items()}


def test_an_odd_function_has_no_offset():
    found = one(spec("a*tanh(x) + b", a="2", b="1"), "odd, f'(0) = 1")
    assert values(found) == {"a": "1", "b": "0"}


def test_a_sigmoid_is_odd_about_its_middle_with_a_scale_that_is_no_closed_form():
    found = one(spec("a*sigmoid(x) + b", a=1, b=0), "odd, slope_mean = 1")
    with mp.workdps(DIGITS + 5):
        a = 1 / gaussian(lambda z: mp.exp(-z) / (1 + mp.exp(-z)) ** 2)
        assert is_near(found["a"], a)
        assert is_near(found["b"], -a / 2)


def test_an_even_function_keeps_its_even_terms_alone():
    found = one(spec("a*x**2 + b*x + c*sin(x)", a="1", b="1", c="1"), "even, f(1) = 3")
    assert values(found) == {"a": "3", "b": "0", "c": "0"}


def test_pieces_are_mirror_images_up_to_their_ends():
    activation = spec("Piecewise((a*x + b, x > 1), (c*x, x > -1), (x - 1, True))", a="2", b="2", c="1")
    assert values(one(activation, "odd")) == {"a": "1", "b": "1", "c": "2"}


def test_what_is_never_even_is_refuted():
    found = outcome(spec("a*x + exp(x)", a="1"), "even")
    assert isinstance(found, NoSolution)
    assert found.proved is not None


def test_the_mean_of_the_slope_and_the_deviation():
    found = several(spec("a*x + b", a="1", b="0"), "std = 2, mean = 1")
    assert [values(v) for v in found] == [{"a": "-2", "b": "1"}, {"a": "2", "b": "1"}]
    assert values(one(spec("a*x**3 + x", a="1"), "E[f'] = 4")) == {"a": "1"}
    assert isinstance(outcome(spec("a*x", a="1"), "std = -1"), NoSolution)


def test_other_words_for_smoothness_and_limits():
    joined = spec("Piecewise((x, x > 0), (a*x + b*x**3 + c, True))", a="0.3", b="1", c="1")
    assert values(one(joined, "continuous", over=["c"])) == {"c": "0"}
    assert values(one(joined, "smooth at 0")) == {"a": "1", "b": "0", "c": "0"}
    ends = one(spec("a*sigmoid(x) + b", a="1", b="1"), "limit at -inf = -1, limit at +oo = 1")
    assert values(ends) == {"a": "2", "b": "-1"}


def test_derivatives_up_to_the_fourth():
    assert values(one(spec("a*sin(x)", a="1"), "f'''(0) = -2")) == {"a": "2"}
    assert values(one(spec("a*cos(x)", a="1"), "f''''(0) = 3")) == {"a": "3"}


def test_spellings_are_read_as_what_they_mean():
    activation = spec("a*x", a="1")
    found = required("E[f'] = 1, slope_mean = 1, std = 1, limit at -inf = 0, f(inf) = 0, f'''(a) = 0", activation)
    assert [r.moment for r in found if isinstance(r, MomentIs)] == [Moment.SLOPE_MEAN, Moment.SLOPE_MEAN, Moment.STD]
    assert [r.side for r in found if isinstance(r, LimitAt)] == [-1, 1]
    assert [r.order for r in found if isinstance(r, ValueAt)] == [3]


@pytest.mark.parametrize(
    ("text", "columns", "help"),
    [
        ("min = -1", (1, 4), "name the place too"),
        ("mean = 0, lipschitz = 1", (11, 20), "where it is steepest"),
        ("monotone", (1, 9), "claimed under `checks`"),
        ("limit at 3 = 1", (10, 11), "a value at a place is"),
        ("varience = 1", (1, 9), "did you mean `variance`?"),
        ("f'''''(0) = 1", (1, 10), "write `C1 at 0`"),
        ("=", (1, 2), "write `C1 at 0`"),
        ("∞ = 1", (1, 2), "write `C1 at 0`"),
    ],
)
def test_what_is_not_understood_says_what_to_write(text, columns, help):
    found = faults(text, spec("a*x", a="1"))
    assert (found[0].span.column, found[0].span.end_column) == columns
    assert help in found[0].help


@pytest.mark.parametrize(
    "text", ["f(10**10**10) = 1", "f(" * 60 + "1" + ")" * 60 + " = 1", "mean = 1e999", "f(1)\n=\x00 1"]
)
def test_hostile_texts_end_with_a_finding(text):
    assert faults(text, spec("a*x", a="1"))
