"""Local Taylor coefficients (f, f′, f″/2) of the elementary functions, over balls.

Each function takes a ball and returns three coefficients. Where the function has a value but no finite derivative
(`sqrt` at 0), the coefficients after the value are None. Arguments on an edge arrive exactly (`settle` of the
evaluation has seen to that), so `u == 0` is a decision here, not a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flint import arb

from actgen.verify.balls import ONE, ZERO, OutsideError, SingularError, UndecidedError, raised

Coefficients: TypeAlias = tuple[arb, arb | None, arb | None]


def exp(u: arb) -> Coefficients:
    """e^u."""
    e = u.exp()
    return e, e, e / 2


def expm1(u: arb) -> Coefficients:
    """e^u - 1."""
    e = u.exp()
    return u.expm1(), e, e / 2


def log(u: arb) -> Coefficients:
    """Natural logarithm, u > 0."""
    _positive(u)
    r = 1 / u
    return u.log(), r, -r * r / 2


def log1p(u: arb) -> Coefficients:
    """log(1 + u), u > -1."""
    _positive(u + 1)
    r = 1 / (1 + u)
    return u.log1p(), r, -r * r / 2


def log2(u: arb) -> Coefficients:
    """Binary logarithm, u > 0."""
    _positive(u)
    r = 1 / (u * arb(2).log())
    return u.log_base(2), r, -r / u / 2


def _positive(u: arb) -> None:
    if u > 0:
        return
    if u.is_zero():
        raise SingularError
    if u < 0:
        raise OutsideError
    raise UndecidedError


def sqrt(u: arb) -> Coefficients:
    """Square root, u >= 0; no derivative at 0."""
    if u.is_zero():
        return ZERO, None, None
    _positive(u)
    s = u.sqrt()
    return s, 1 / (2 * s), -1 / (8 * s * u)


def cbrt(u: arb) -> Coefficients:
    """Real cube root; no derivative at 0."""
    if u.is_zero():
        return ZERO, None, None
    c = u.root(3) if u > 0 else -((-u).root(3))
    return c, c / (3 * u), -c / (9 * u * u)


def sin(u: arb) -> Coefficients:
    """Sine."""
    s, c = u.sin_cos()
    return s, c, -s / 2


def cos(u: arb) -> Coefficients:
    """Cosine."""
    s, c = u.sin_cos()
    return c, -s, -c / 2


def tan(u: arb) -> Coefficients:
    """Tangent."""
    t = u.tan()
    r = raised(u.sec(), 2)
    return t, r, t * r


def asin(u: arb) -> Coefficients:
    """Inverse sine, abs(u) <= 1; no derivative at ±1."""
    r = _circle(u)
    return (u.asin(), None, None) if r is None else (u.asin(), r, u * r**3 / 2)


def acos(u: arb) -> Coefficients:
    """Inverse cosine, abs(u) <= 1; no derivative at ±1."""
    r = _circle(u)
    return (u.acos(), None, None) if r is None else (u.acos(), -r, -u * r**3 / 2)


def _circle(u: arb) -> arb | None:
    """1/sqrt(1 - u²), or None at ±1."""
    rest = (1 - u) * (1 + u)
    if rest.is_zero():
        return None
    _positive(rest)
    return rest.rsqrt()


def atan(u: arb) -> Coefficients:
    """Inverse tangent."""
    r = 1 / (1 + u * u)
    return u.atan(), r, -u * r * r


def sinh(u: arb) -> Coefficients:
    """Hyperbolic sine."""
    s, c = u.sinh_cosh()
    return s, c, s / 2


def cosh(u: arb) -> Coefficients:
    """Hyperbolic cosine."""
    s, c = u.sinh_cosh()
    return c, s, c / 2


def tanh(u: arb) -> Coefficients:
    """Hyperbolic tangent."""
    t = u.tanh()
    r = raised(u.sech(), 2)
    return t, r, -t * r


def asinh(u: arb) -> Coefficients:
    """Inverse hyperbolic sine."""
    r = (1 + u * u).rsqrt()
    return u.asinh(), r, -u * r**3 / 2


def acosh(u: arb) -> Coefficients:
    """Inverse hyperbolic cosine, u >= 1; no derivative at 1."""
    above = u - 1
    if above.is_zero():
        return ZERO, None, None
    if above < 0:
        raise OutsideError
    _positive(above)
    r = (above * (u + 1)).rsqrt()
    return u.acosh(), r, -u * r**3 / 2


def atanh(u: arb) -> Coefficients:
    """Inverse hyperbolic tangent, abs(u) < 1."""
    rest = (1 - u) * (1 + u)
    _positive(rest)
    r = 1 / rest
    return u.atanh(), r, u * r * r


def sinc(u: arb) -> Coefficients:
    """sin(u)/u, 1 at 0."""
    if u.is_zero():
        return ONE, ZERO, arb(-1) / 6
    value = u.sinc()
    first = (u.cos() - value) / u
    return value, first, -(value + 2 * first / u) / 2


def sigmoid(u: arb) -> Coefficients:
    """1/(1 + e^-u)."""
    s, c = _halves(u)
    return s, s * c, s * c * (c - s) / 2


def softplus(u: arb) -> Coefficients:
    """log(1 + e^u)."""
    s, c = _halves(u)
    value = u + (-u).exp().log1p() if u > 0 else u.exp().log1p()
    return value, s, s * c / 2


def logsigmoid(u: arb) -> Coefficients:
    """-log(1 + e^-u)."""
    value, first, second = softplus(-u)
    assert first is not None and second is not None
    return -value, first, -second


def _halves(u: arb) -> tuple[arb, arb]:
    """sigmoid(u) and sigmoid(-u)."""
    e = (-u).exp() if u > 0 else u.exp()
    small, large = e / (1 + e), 1 / (1 + e)
    return (large, small) if u > 0 else (small, large)


ELEMENTARY: dict[str, Callable[[arb], Coefficients]] = {
    f.__name__: f
    for f in (
        exp, expm1, log, log1p, log2, sqrt, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh,
        asinh, acosh, atanh, sinc, sigmoid, softplus, logsigmoid,
    )
}  # fmt: skip
"""Name to coefficients."""
