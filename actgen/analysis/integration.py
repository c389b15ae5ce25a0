"""`acb.integral` whose integrand may raise: an interruption, or what is not decided, arrives as what it is.

FLINT goes on with the exception set, and ends with a `SystemError` that has it somewhere behind it.
"""

from __future__ import annotations

from collections.abc import Callable

import flint


def integral(
    integrand: Callable[[flint.acb, bool], flint.acb], low: flint.arb, high: flint.arb, bits: int, evaluations: int
) -> flint.acb:
    """An enclosure of the integral.

    Args:
        integrand: from a box, and whether it has to be analytic on it, to an enclosure of the values.
        low: where it begins.
        high: where it ends.
        bits: about how many bits are worth work, after the point and of the number itself.
        evaluations: how often the integrand is asked at most.

    Raises:
        BaseException: what the integrand raised.
    """
    raised: list[BaseException] = []

    def guarded(z: flint.acb, analytic: bool) -> flint.acb:
        try:
            if not raised:
                return integrand(z, analytic)
        except BaseException as error:
            raised.append(error)
        return flint.acb("nan")

    tolerance = flint.arb(2) ** -bits
    found = flint.acb.integral(guarded, low, high, abs_tol=tolerance, rel_tol=tolerance, eval_limit=evaluations)
    if raised:
        raise raised[0]
    return found
