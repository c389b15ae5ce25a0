"""Polygamma below 0: balls and the numpy op, against mpmath."""

import flint
import mpmath
import numpy as np
import pytest

from actgen.program.evaluate import NUMPY_OPS
from actgen.program.polygamma import polygamma

POINTS = (-0.3, -2.25, -50.75, -1000.625, 0.4, 7.5)


def truth(order, a):
    """By the recurrence from a point above 0: mpmath's own psi loses its digits below."""
    with mpmath.workdps(60):
        a, steps = mpmath.mpf(a), max(0, 1 - int(a))
        below = sum((a + k) ** -(order + 1) for k in range(steps))
        return mpmath.psi(order, a + steps) - (-1) ** order * mpmath.factorial(order) * below


@pytest.mark.parametrize("order", [1, 2, 3, 12])
@pytest.mark.parametrize("a", POINTS)
def test_balls_hold_the_value_and_numpy_rounds_it(order, a):
    wanted = truth(order, a)
    with flint.ctx.workprec(300), mpmath.workdps(60):
        ball = polygamma(order, flint.arb(a))
        assert abs(mpmath.mpf(ball.str(40, radius=False)) - wanted) <= 1e-25 * abs(wanted)
    got = NUMPY_OPS["polygamma"](np.float64(order), np.array([a]))
    np.testing.assert_allclose(got, [float(wanted)], rtol=1e-15)


@pytest.mark.parametrize("pole", [-1.0, -3.0, -1e300])
def test_poles_have_no_value(pole):
    assert not polygamma(2, flint.arb(pole)).is_finite()


def test_far_below_there_are_digits():
    assert abs(polygamma(1, flint.arb(-1e12 - 0.5)) - flint.arb.pi() ** 2) < 2e-12
