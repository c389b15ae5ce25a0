"""What the oracle says at kinks, breakpoints, removable singularities, poles, edges and infinities."""

from __future__ import annotations

import math

import pytest

from actgen.formula import Compare, Constant, Formula, Logic
from actgen.verify.balls import rounded
from actgen.verify.function import Function
from tests.verify.test_oracle import TRUE, A, X, call, negative, number, pieces

INF, NAN = math.inf, math.nan
ZERO, ONE, TWO = number("0"), number("1"), number("2")


def at(formula: Formula, *point: float) -> list[float]:
    """Value, ∂/∂x and, with a second coordinate, ∂/∂a."""
    names = ("x", "a")[: len(point)]
    balls = Function(formula, names, 1).results(point, (None, *range(len(point))))
    assert all(ball is not None for ball in balls)
    return [rounded(ball)[0] for ball in balls if ball is not None]


def same(found: list[float], expected: list[float]) -> None:
    assert found == pytest.approx(expected, rel=1e-15, abs=0, nan_ok=True)


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        (call("Abs", X), 0.0, [0, 0]),
        (call("relu", X), 0.0, [0, 0]),
        (call("sign", X), 0.0, [0, 0]),
        (call("Max", X, ZERO), 0.0, [0, 0]),
        (call("Max", ZERO, X), 0.0, [0, 0]),
        (call("Max", X, call("mul", TWO, X)), 0.0, [0, 1]),
        (call("Min", call("mul", TWO, X), X), 0.0, [0, 2]),
        (call("clip", X, number("-1"), ONE), -1.0, [-1, 0]),
        (call("clip", X, number("-1"), ONE), 1.0, [1, 0]),
        (call("sub", call("relu", X), call("relu", negative(X))), 0.0, [0, 1]),
        (call("mul", X, call("Abs", X)), 0.0, [0, 0]),
        (call("pow", call("Abs", X), TWO), 0.0, [0, 0]),
        (call("mul", X, call("sign", X)), 0.0, [0, 0]),
    ],
)
def test_kinks(formula: Formula, point: float, expected: list[float]) -> None:
    same(at(formula, point), expected)


@pytest.mark.parametrize(("point", "slope"), [(-5.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (7.0, 0.0)])
def test_an_infinite_slope_at_a_flat_argument_is_0(point: float, slope: float) -> None:
    clipped = call("clip", X, number("-1"), ONE)
    same(at(call("asin", clipped), point), [math.asin(min(max(point, -1.0), 1.0)), slope])


@pytest.mark.parametrize(("point", "slope"), [(-5.0, 0.0), (0.0, 0.0), (4.0, 0.25)])
def test_so_is_that_of_a_power_of_0_below_1(point: float, slope: float) -> None:
    same(at(call("pow", call("relu", X), number("0.5")), point), [math.sqrt(max(point, 0.0)), slope])
    assert math.isnan(at(call("pow", call("pow", X, TWO), number("0.25")), 0.0)[1])


def test_an_infinite_slope_at_an_argument_that_is_only_level_has_its_limits() -> None:
    root = call("sqrt", call("pow", X, TWO))
    assert math.isnan(at(root, 0.0)[1])


def test_what_comes_near_an_edge_without_end_is_not_on_it() -> None:
    p = call("sigmoid", X)
    near_one = call("mul", call("sub", ONE, p), call("log", call("sub", ONE, p)))
    balls = Function(near_one, ("x",), 1).results((1e5,), (None, 0))
    assert all(ball is None or not rounded(ball)[0] < -1e-300 for ball in balls)
    assert not any(ball is not None and math.isnan(rounded(ball)[0]) for ball in balls)


def test_a_base_that_no_precision_tells_from_0_is_bounded() -> None:
    base = call("sub", ONE, call("sigmoid", X))
    same(at(call("pow", base, A), 1e7, 2.0), [0, 0, 0])
    value, slope = Function(call("pow", base, number("0.001")), ("x",), 1).results((1e7,), (None, 0))
    assert value is None or rounded(value)[0] == 0
    assert slope is None


def test_breakpoints_take_the_piece_that_holds() -> None:
    leaky = pieces((X, Compare(">", X, ZERO)), (call("mul", number("0.1"), X), TRUE))
    same(at(leaky, 0.0), [0, 0.1])
    closed = pieces((X, Compare(">=", X, ZERO)), (call("mul", number("0.1"), X), TRUE))
    same(at(closed, 0.0), [0, 1])
    jump = pieces((ONE, Compare(">", X, ZERO)), (ZERO, TRUE))
    same(at(jump, 0.0), [0, 0])


def test_an_infinite_slope_at_a_breakpoint_is_that_of_the_piece_that_holds() -> None:
    power = pieces((call("pow", X, number("1.5")), Compare(">", X, ZERO)), (call("sqrt", negative(X)), TRUE))
    same(at(power, 0.0), [0, -math.inf])
    flat = pieces((call("pow", X, number("1.5")), Compare(">=", X, ZERO)), (call("sqrt", negative(X)), TRUE))
    same(at(flat, 0.0), [0, 0])
    pole = pieces((call("log", X), Compare(">=", X, ZERO)), (X, TRUE))
    same(at(pole, 0.0), [-math.inf, math.inf])


def test_decimal_breakpoints_are_exact() -> None:
    step = pieces((ONE, Compare(">", X, number("0.1"))), (ZERO, TRUE))
    assert at(step, 0.1)[0] == 1  # the float 0.1 lies above one tenth
    scaled = pieces((ONE, Compare("==", call("mul", number("0.1"), X), number("0.3"))), (ZERO, TRUE))
    assert at(scaled, 3.0)[0] == 1


def test_irrational_equality_is_decided_by_precision() -> None:
    root = pieces((ONE, Compare(">=", call("pow", call("sqrt", X), TWO), TWO)), (ZERO, TRUE))
    assert at(root, 2.0)[0] == 1


def test_learned_breakpoint() -> None:
    formula = pieces((X, Compare(">", X, A)), (A, TRUE))
    same(at(formula, 0.5, 0.5), [0.5, 0, 1])


def test_removable_in_the_input() -> None:
    formula = call("div", X, call("sub", call("exp", X), ONE))
    same(at(formula, 0.0), [1, -0.5])
    same(at(formula, 1e-300), [1, -0.5])
    branch = pieces((ONE, Compare("==", X, ZERO)), (call("div", call("sin", X), X), TRUE))
    same(at(branch, 0.0), [1, 0])


def test_removable_in_a_parameter() -> None:
    snake = call("add", X, call("div", call("pow", call("sin", call("mul", A, X)), TWO), A))
    same(at(snake, 1.5, 0.0), [1.5, 1, 2.25])
    same(at(snake, 0.0, 0.0), [0, 1, 0])
    same(at(snake, 1.5, 5e-324), [1.5, 1, 2.25])


@pytest.mark.parametrize("a", [0.0, 1e-40, -1e-40])
def test_soft_exponential(a: float) -> None:
    inside = call("sub", ONE, call("mul", A, call("add", X, A)))
    formula = pieces(
        (negative(call("div", call("log", inside), A)), Compare("<", A, ZERO)),
        (X, Compare("==", A, ZERO)),
        (call("add", call("div", call("sub", call("exp", call("mul", A, X)), ONE), A), A), TRUE),
    )
    same(at(formula, 3.0, a), [3, 1, 5.5])
    same(at(formula, -2.0, a), [-2, 1, 3])


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        (call("div", ONE, X), 0.0, [NAN, -INF]),
        (call("div", ONE, call("pow", X, TWO)), 0.0, [INF, NAN]),
        (call("log", X), 0.0, [-INF, INF]),
        (call("log", X), -1.0, [NAN, NAN]),
        (call("sqrt", X), 0.0, [0, INF]),
        (call("sqrt", X), -1.0, [NAN, NAN]),
        (call("cbrt", X), 0.0, [0, INF]),
        (call("mul", X, call("log", X)), 0.0, [0, -INF]),
        (call("exp", negative(call("div", ONE, call("pow", X, TWO)))), 0.0, [0, 0]),
        (call("mul", X, call("sin", call("div", ONE, X))), 0.0, [0, NAN]),
        (call("atanh", X), 1.0, [INF, INF]),
        (call("asin", X), 1.0, [math.pi / 2, INF]),
        (call("gamma", X), -1.0, [NAN, INF]),
        (call("loggamma", X), 0.0, [INF, NAN]),
    ],
)
def test_poles_and_edges(formula: Formula, point: float, expected: list[float]) -> None:
    same(at(formula, point), expected)


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        (call("mul", X, call("sigmoid", X)), INF, [INF, 1]),
        (call("mul", X, call("sigmoid", X)), -INF, [0, 0]),
        (call("tanh", X), -INF, [-1, 0]),
        (call("sin", X), INF, [NAN, NAN]),
        (call("sin", call("mul", Constant("pi"), X)), INF, [NAN, NAN]),
        (call("add", call("mul", TWO, X), call("sin", X)), INF, [INF, NAN]),
        (call("log", X), INF, [INF, 0]),
        (call("log", call("log", X)), INF, [INF, 0]),
        (call("div", call("sin", X), X), INF, [0, 0]),
        (call("exp", negative(call("exp", negative(X)))), -INF, [0, 0]),
        (call("gamma", X), -INF, [NAN, NAN]),
        (call("div", X, call("add", ONE, call("Abs", X))), -INF, [-1, 0]),
        (call("tanh", call("mul", number("1e-30"), X)), INF, [1, 0]),
    ],
)
def test_infinity(formula: Formula, point: float, expected: list[float]) -> None:
    same(at(formula, point), expected)


def test_gates_at_infinity_need_every_path_to_agree() -> None:
    gate = call("mul", X, call("sigmoid", A))
    balls = Function(gate, ("x", "a"), 2).results((INF, -INF), (None,))
    assert balls[0] is not None and balls[0].is_nan()
    balls = Function(gate, ("x", "a"), 2).results((INF, INF), (None,))
    assert balls[0] is not None and rounded(balls[0])[0] == INF


def test_nan_reaches_what_depends_on_it_and_nothing_else() -> None:
    formula = pieces((ONE, Compare(">", X, ZERO)), (ZERO, TRUE))
    same(at(formula, NAN), [NAN, NAN])
    same(at(call("exp", X), 0.0, NAN), [1, 1, 0])


@pytest.mark.parametrize(
    ("x", "a", "expected"),
    [
        (0.0, 2.0, [0, 0, 0]),
        (0.0, 0.5, [0, INF, 0]),
        (0.0, 0.0, [1, 0, 0]),
        (-2.0, 3.0, [-8, 12, NAN]),
        (-2.0, 2.5, [NAN, NAN, NAN]),
        (4.0, 0.5, [2, 0.25, 2 * math.log(4)]),
    ],
)
def test_powers(x: float, a: float, expected: list[float]) -> None:
    same(at(call("pow", X, A), x, a), expected)


def test_conditions_combine() -> None:
    inside = Logic("and", (Compare("<=", number("-1"), X), Compare("<", X, ONE)))
    formula = pieces((ONE, Logic("not", (inside,))), (ZERO, TRUE))
    assert [at(formula, x)[0] for x in (-1.5, -1.0, 0.0, 1.0)] == [1, 0, 0, 1]


def test_subnormal_and_overflowing_results() -> None:
    assert at(call("exp", X), -745.0)[0] == 5e-324
    assert at(call("exp", X), -746.0)[0] == 0
    assert at(call("exp", X), 709.8)[0] == INF
    assert at(call("mul", X, X), 1e200)[0] == INF


def test_a_tie_that_no_precision_breaks_is_a_tie() -> None:
    nearly = call("mul", call("mul", X, A), call("erfc", negative(X)))  # 2·1.5·x, less something beyond all precision
    assert at(nearly, 4503599627370497.0 * 2.0**40, 1.5)[0] == 3 * 4503599627370497.0 * 2.0**40


def test_a_point_that_is_left_in_two_directions_has_the_limit_that_both_have() -> None:
    """x/√(x² + a²) has no value at the origin; x·a over the same length has one, along either axis: 0."""
    length = call("sqrt", call("add", call("mul", X, X), call("mul", A, A)))
    same(at(call("div", X, length), 0.0, 0.0), [NAN, NAN, 0])
    same(at(call("div", call("mul", X, A), length), 0.0, 0.0)[:1], [0])
