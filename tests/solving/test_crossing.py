"""Zeros between changes of sign: as narrow as the function is enclosed."""

from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actgen.analysis.quantity import exact_ball
from actgen.analysis.undecided import UndecidedError
from actgen.solving.crossing import crossings

REACHED = {0: 1e-31, 1e-30: 1e-23, 1e-20: 1e-15, 1e-15: 1e-12}
"""By the radius of what is known of the function: that of the zero, at most."""


def blurred(radius):
    """The cube less 2, enclosed with a radius."""
    return lambda place: exact_ball(place) ** 3 - 2 + flint.arb(0, radius)


@given(st.sampled_from(sorted(REACHED)), st.fractions(-9, 0), st.fractions(2, 9))
@settings(deadline=None)
def test_the_zero_lies_inside_however_blurred(radius, low, high):
    with flint.ctx.workprec(256):
        (ball,) = crossings(blurred(radius), low, high)
        assert ball.contains(flint.arb(2).root(3))
    assert float(ball.rad()) <= REACHED[radius]


@pytest.mark.parametrize("radius", [1e-3, 100])
def test_a_zero_in_the_fog_is_not_claimed(radius):
    assert crossings(blurred(radius), Fraction(-1), Fraction(3)) == ()


@pytest.mark.parametrize(
    "function", [lambda a: 1 / exact_ball(a), lambda a: exact_ball(Fraction(1, 9) + (a > 0) - (a < 0))]
)
def test_a_pole_or_a_jump_is_no_zero(function):
    with flint.ctx.workprec(256):
        assert crossings(lambda a: function(a) if a else flint.arb.nan(), Fraction(-12), Fraction(12)) == ()


def test_where_it_is_not_decided_is_left_out():
    def holed(place):
        if abs(place) < 1:
            raise UndecidedError("a hole")
        return exact_ball(place)

    assert crossings(holed, Fraction(-3), Fraction(3)) == ()
