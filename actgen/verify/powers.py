"""IEEE pow over jets: integer exponents everywhere, others for a base that is not negative."""

from __future__ import annotations

from flint import arb, fmpz

from actgen.verify.balls import NAN, ONE, ZERO, OutsideError, SingularError, UndecidedError, raised
from actgen.verify.elementary import Coefficients, exp, log
from actgen.verify.evaluation import Evaluation
from actgen.verify.graph import Vertex
from actgen.verify.jets import Jet, is_flat


def integer_power(run: Evaluation, base: Vertex, n: int) -> Jet:
    """base**n for a literal integer n; 0**0 is 1."""
    u = run.jet(base)
    value = u[0]
    if not (value > 0 or value < 0) and n < 2:
        if run.sign_of(base) == 0:
            value = ZERO
        elif n < 0:
            raise UndecidedError
    if n < 0 and value.is_zero():
        raise SingularError
    return run.algebra.lift(_coefficients(value, n), u)


def _coefficients(u: arb, n: int) -> Coefficients:
    first = n * _to_the(u, n - 1) if n not in (0, 1) else arb(n)
    second = n * (n - 1) * _to_the(u, n - 2) / 2 if n not in (0, 1, 2) else arb(n * (n - 1)) / 2
    return _to_the(u, n), first, second


def _to_the(u: arb, n: int) -> arb:
    return raised(u, n) if n >= 0 else 1 / raised(u, -n)


def power(run: Evaluation, base: Vertex, exponent: Vertex) -> Jet:
    """base**exponent for any exponent."""
    u, v = run.jet(base), run.jet(exponent)
    try:
        sign = 1 if u[0] > 0 else -1 if u[0] < 0 else 0 if run.is_edge(base, 0) else run.sign_of(base)
    except UndecidedError:
        if run.final:
            return _of_nearly_zero(run, u, v)
        raise
    if sign == 0:
        return _of_zero(run, base, exponent)
    if not (u[0] > 0 or u[0] < 0):
        raise UndecidedError
    if sign > 0:
        return _of_positive(run, u, v)
    return _of_negative(run, exponent, u, v)


def _of_nearly_zero(run: Evaluation, u: Jet, v: Jet) -> Jet:
    """A base that the last precision does not tell from 0, as 1 - sigmoid(x): what u**v, v > 0, is bounded by.

    Raises:
        UndecidedError: if nothing bounds it; for v < 1 the slope in the base is not bounded.
    """
    top, y = abs(u[0]).upper(), v[0]
    moves, bends = (any(c is not None for c in jet[1]) for jet in (u, v))
    if not (y > 1 or (y > 0 and not moves)) or not top < 1 or run.algebra.order > 1:
        raise UndecidedError
    value = ZERO.union(top**y)
    _, entries = run.algebra.lift((value, ZERO.union(y * top ** (y - 1)) if moves else ZERO, ZERO), u)
    if not bends:
        return value, entries
    _, bent = run.algebra.lift((value, ZERO.union(top**y * top.log()), ZERO), v)
    return run.algebra.add((ZERO, entries), (value, bent))


def _of_positive(run: Evaluation, u: Jet, v: Jet) -> Jet:
    if any(c is not None for c in v[1]):
        logarithm = run.algebra.mul(v, run.algebra.lift(log(u[0]), u))
        value, entries = run.algebra.lift(exp(logarithm[0]), logarithm)
        return value, entries
    value, y = u[0] ** v[0], v[0]
    first = y * value / u[0]
    return run.algebra.lift((value, first, (y - 1) * first / u[0] / 2), u)


def _of_zero(run: Evaluation, base: Vertex, exponent: Vertex) -> Jet:
    """0**v: 0 for v > 0, 1 for v = 0, a pole below."""
    u, y = run.jet(base), run.jet(exponent)
    order = run.sign_of(exponent)
    if order < 0:
        raise SingularError
    if order == 0:
        run.rough |= exponent.mask
        value, slope, curve = ONE, ZERO, ZERO
    else:
        above = run.sign_of(exponent, 1)
        if above < 0 and not is_flat(u, run.algebra.zero):
            run.rough |= base.mask
        value, slope = ZERO, NAN if above < 0 else ONE if above == 0 else ZERO
        curve = _curve(run, exponent)
    _, entries = run.algebra.lift((value, slope, curve), u)
    if order == 0:
        moved = (NAN if d is not None else c for c, d in zip(entries, y[1], strict=True))
        return value, tuple(moved)
    zero = run.algebra.zero
    return value, tuple(zero if c is None and d is not None else c for c, d in zip(entries, y[1], strict=True))


def _curve(run: Evaluation, exponent: Vertex) -> arb:
    """Half the second derivative of u**v at 0, for v > 0."""
    if run.sign_of(exponent, 1) == 0:
        return ZERO
    order = run.sign_of(exponent, 2)
    return NAN if order < 0 else ONE if order == 0 else ZERO


def _of_negative(run: Evaluation, exponent: Vertex, u: Jet, v: Jet) -> Jet:
    """A negative base takes integer exponents only, and none beside them."""
    n = _integer(run, exponent, v[0])
    magnitude = (arb(n) * (-u[0]).log()).exp() if abs(n) > 64 else abs(u[0] ** n)
    value = -magnitude if n % 2 else magnitude
    first = n * value / u[0]
    _, entries = run.algebra.lift((value, first, (n - 1) * first / u[0] / 2), u)
    if any(d is not None for d in v[1]):
        run.rough |= exponent.mask
        entries = tuple(NAN if d is not None else c for c, d in zip(entries, v[1], strict=True))
    return value, entries


def _integer(run: Evaluation, exponent: Vertex, value: arb) -> fmpz:
    if not value.contains_integer():
        raise OutsideError
    whole = value.unique_fmpz()
    if whole is None:
        raise UndecidedError
    if value.is_exact() or run.sign_of(exponent, int(whole)) == 0:
        return whole
    raise OutsideError if run.final else UndecidedError
