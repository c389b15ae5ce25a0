"""Closed forms of zeros: each that is offered holds, and those that a reader would find are found."""

import flint
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actgen.analysis.evaluation import number_ball
from actgen.solving.inverting import inverse_in, inverted

A = sp.Symbol("a", real=True)
HALF = sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("equation", "zeros"),
    [
        ((1 + A) ** sp.Rational(-3, 2) - HALF, {2 ** sp.Rational(2, 3) - 1}),
        (sp.exp(2 * A**2) - sp.exp(A**2) - 1, {s * sp.sqrt(sp.log((1 + sp.sqrt(5)) / 2)) for s in (-1, 1)}),
        (HALF + sp.exp(-2 * A**2) / 2 - sp.exp(-(A**2)) - HALF / 3, None),
        (A / sp.sqrt(1 + 2 * A) - 1, {1 + sp.sqrt(2)}),
        (sp.exp(-sp.sqrt(A)) - HALF / 2, {4 * sp.log(2) ** 2}),
        (sp.sqrt(A**2 + 1) - 2, {-sp.sqrt(3), sp.sqrt(3)}),
        (A * sp.exp(A) - 1, set()),
        (sp.exp(A) + 1, set()),
        (sp.sin(A) - HALF, set()),
        (sp.S.One, set()),
    ],
)
def test_what_undoing_finds(equation, zeros):
    found = list(inverted(equation, A))
    assert all(number_ball(equation.subs(A, zero)).contains(0) for zero in found)
    if zeros is not None:
        assert len(found) == len(zeros)
        assert all(any(number_ball(zero - other).contains(0) for other in found) for zero in zeros)
    else:
        assert len(found) == 2


@given(st.integers(1, 5), st.integers(-4, 4), st.integers(1, 6), st.integers(1, 4))
@settings(deadline=None)
def test_a_planted_zero_is_found_again(scale, shift, power, inner):
    assume(shift != -scale)
    planted = sp.log(sp.Rational(power + 1, inner))
    equation = (scale * sp.exp(A) + shift) * (sp.exp(A) - sp.exp(planted))
    with flint.ctx.workprec(128):
        ball = number_ball(planted)
        found = inverse_in(sp.expand(equation), A, ball)
        assert found is not None
        assert number_ball(found - planted).contains(0)


def test_one_outside_the_ball_is_not_taken():
    assert inverse_in(sp.exp(A) - 3, A, flint.arb(2)) is None
