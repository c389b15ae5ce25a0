"""Domains with gaps, poles without end, ends of domains, and places where functions jump."""

import mpmath as mp
import pytest
from analysed import encloses, exact, formula, gaussian, shape_of, written

JUMPS = "checks:\n  smoothness: {x: discontinuous}\n"


def domain(shape):
    return [(exact(s.low), s.low_closed, exact(s.high), s.high_closed) for s in shape.domain.items]


@pytest.mark.parametrize(
    ("text", "spans", "period"),
    [
        ("sqrt(sin(x))", [("0", True, "pi", True)], "2 * pi"),
        ("log(cos(x))", [("-pi / 2", False, "pi / 2", False)], "2 * pi"),
        ("tan(x/4)", [("-2 * pi", False, "2 * pi", False)], "4 * pi"),
    ],
)
def test_a_periodic_function_with_gaps_or_poles_is_not_said_to_be_defined_everywhere(text, spans, period):
    shape = shape_of(text)
    assert domain(shape) == spans and exact(shape.domain.period) == period
    assert (shape.monotone.answer, shape.convexity.answer) == ("neither", "neither")


def test_the_range_of_a_periodic_function_counts_the_ends_of_its_domain():
    shape = shape_of("log(cos(x))")
    assert (exact(shape.range.low), exact(shape.range.high)) == ("-∞", "0")


def test_poles_of_gamma_are_not_part_of_the_domain():
    assert "poles of gamma" in formula("gamma(x)").reason
    body = "expression: Piecewise((gamma(x), x > -5/2), (x, True))\n" + JUMPS
    assert [s[0] for s in domain(written(body).outputs[0].shape)] == ["-∞", "-2", "-1", "0"]


def test_an_end_of_the_domain_is_an_extremum_if_it_is_attained():
    extrema = shape_of("sqrt(4 - x**2)").extrema.items
    assert [(e.kind, exact(e.place), exact(e.value), e.is_global) for e in extrema] == [
        ("minimum", "-2", "0", True),
        ("maximum", "0", "2", True),
        ("minimum", "2", "0", True),
    ]


def test_the_lipschitz_constant_across_a_gap_is_not_infinite_where_the_slope_is_bounded():
    lipschitz = shape_of("sqrt((x**2 - 1)**3)*exp(-x**2)").lipschitz
    assert lipschitz.midpoint is None and "gaps" in lipschitz.reason


def test_a_fixed_point_at_a_jump_has_no_slope():
    body = "expression: Piecewise((tanh(x) - 1, x < 0), (tanh(x) + 1, x > 0), (0, True))\n" + JUMPS
    (middle,) = [p for p in written(body).outputs[0].shape.fixed_points.items if exact(p.place) == "0"]
    assert middle.stability is None and "jumps" in middle.slope.reason


def test_an_exact_zero_is_shown_as_such():
    (zero,) = shape_of("x*sigmoid(x)").zeros.items
    assert (zero.exact, zero.midpoint, zero.error) == ("0", "0", "0")


def test_breakpoints_without_an_exact_form_may_come_from_several_conditions():
    shape = shape_of("Max(x, exp(x) - 2, x**3)")
    assert (exact(shape.range.low), shape.range.low_attained) == ("-2", False)


def test_a_function_that_is_flat_at_a_singular_place_has_a_finite_slope_moment():
    signal = formula("exp(-1/x**2)").signal
    reference = gaussian(lambda z: (2 / z**3 * mp.exp(-1 / z**2)) ** 2 if z else mp.mpf(0), (0,))
    assert encloses(signal.slope_moment, reference)


@pytest.mark.parametrize(
    ("text", "parity"),
    [
        ("Max(cos(x), 0)", "even"),
        ("Max(sin(x), 0)", "neither"),
        ("sin(x)*abs(sin(x))", "odd"),
        ("1/cos(x)", "even"),
    ],
)
def test_the_parity_of_periodic_functions_in_pieces(text, parity):
    assert shape_of(text).parity.answer == parity


def test_a_corner_without_an_exact_place_is_an_extremum():
    shape = shape_of("Max(-x, exp(x) - 2)")
    with mp.workdps(30):
        place = mp.findroot(lambda x: mp.exp(x) - 2 + x, 0.4)
        (minimum,) = shape.extrema.items
        assert minimum.is_global and encloses(minimum.place, place) and encloses(minimum.value, -place)
    assert shape.range.low_attained is True
    assert shape_of("Max(x, exp(x) - 2, x**3)").monotone.answer == "increasing"


def test_a_jump_too_small_for_the_enclosures_is_not_taken_for_none():
    body = "expression: Piecewise((x, exp(x) - 2*x - 2 > 0), (x + 1/10**60, True))\n" + JUMPS
    shape = written(body).outputs[0].shape
    assert shape.convexity.answer is None and shape.lipschitz.midpoint is None
