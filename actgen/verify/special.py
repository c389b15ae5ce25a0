"""Local Taylor coefficients (f, f′, f″/2) of the error and gamma functions, over balls.

f″/2 of the gamma functions costs as much as the rest and is computed only where it is wanted (`curved`).
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx

from actgen.verify.balls import OutsideError, SingularError, UndecidedError, raised
from actgen.verify.elementary import Coefficients

_FAR = 2**9  # from here on the asymptotic series of erfc has more digits than are ever asked for
_CROWDED = -(arb(2) ** 80)  # below, only limits get between the poles, and there is none


def erf(u: arb, curved: bool) -> Coefficients:
    """Error function."""
    g = _bell(u)
    return u.erf(), g, -u * g


def erfc(u: arb, curved: bool) -> Coefficients:
    """1 - erf(u)."""
    g = _bell(u)
    return g / (2 * u) * _mills(u) if u > _FAR else u.erfc(), -g, u * g


def _mills(u: arb) -> arb:
    """u·√π·e^(u²)·erfc(u) for large u, where arb's own erfc has no relative accuracy (NIST DLMF 7.12.1).

    Σ (-1)ⁿ (2n-1)!!/(2u²)ⁿ alternates, so that the first term left out bounds the rest.
    """
    total = term = arb(1)
    ratio = -1 / (2 * u * u)
    n = 1
    while abs(term) > arb(2) ** -ctx.prec:
        term *= n * ratio
        total += term
        n += 2
    return total + arb(0, abs(term).upper())


def _bell(u: arb) -> arb:
    return 2 * (-u * u).exp() / arb.const_sqrt_pi()


def gamma(u: arb, curved: bool) -> Coefficients:
    """Euler's Γ."""
    _no_pole(u)
    g, p = u.gamma(), u.digamma()
    return g, g * p, g * (p * p + _trigamma(u)) / 2 if curved else None


def loggamma(u: arb, curved: bool) -> Coefficients:
    """Logarithm of |Γ(u)|."""
    _no_pole(u)
    value = u.lgamma() if u > 0 else abs(u.gamma()).log()
    return value, u.digamma(), _trigamma(u) / 2 if curved else None


def digamma(u: arb, curved: bool) -> Coefficients:
    """ψ, the derivative of log Γ."""
    _no_pole(u)
    return u.digamma(), _trigamma(u), _tetragamma(u) / 2 if curved else None


def _no_pole(u: arb) -> None:
    if u < _CROWDED:
        raise OutsideError
    if u > 0 or not u.contains_integer():
        return
    if u.is_exact():
        raise SingularError
    raise UndecidedError


def _trigamma(u: arb) -> arb:
    """ψ′; below 1/2 by reflection."""
    if u > 0.25:
        return arb(2).zeta(u)
    return raised(arb.pi() / u.sin_pi(), 2) - arb(2).zeta(1 - u)


def _tetragamma(u: arb) -> arb:
    """ψ″; below 1/2 by reflection."""
    if u > 0.25:
        return -2 * arb(3).zeta(u)
    s = u.sin_pi()
    return -2 * arb(3).zeta(1 - u) - 2 * arb.pi() ** 3 * u.cos_pi() / raised(s, 3)


SPECIAL: dict[str, Callable[[arb, bool], Coefficients]] = {f.__name__: f for f in (erf, erfc, gamma, loggamma, digamma)}
"""Name to coefficients."""
