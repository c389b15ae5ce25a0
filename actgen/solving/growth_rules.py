"""The rules of `growth.py`, operation by operation: from what is known of the operands to what is known of the result.

Bounds with infinite parts say nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from actgen.solving.growth_facts import UNKNOWN, Bound, Facts, constant, outward, ranged

_NOTHING: Bound = (0.0, 0.0, 0.0)
_LEAST = 1e-300  # for what is lost below the range of floats
_LOG2 = 0.6931471806


def _plus(a: Bound, b: Bound) -> Bound:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _larger(a: Bound, b: Bound) -> Bound:
    return max(a[0], b[0]), max(a[1], b[1]), max(a[2], b[2])


def _summed(a: Bound, b: Bound) -> Bound:
    """The size of a sum: (e^a + e^b)·e^(max c·z + max d·z²)."""
    if math.inf in (*a, *b):
        return UNKNOWN
    top = max(a[0], b[0])
    return top + math.log(math.exp(a[0] - top) + math.exp(b[0] - top)), max(a[1], b[1]), max(a[2], b[2])


def _add(args: list[Facts]) -> Facts:
    u, v = args
    low, high = outward(u.low + v.low, u.high + v.high)
    return Facts(low, high, _summed(u.size, v.size), _plus(u.above, v.above), _plus(u.below, v.below))


def _neg(args: list[Facts]) -> Facts:
    (u,) = args
    return Facts(-u.high, -u.low, u.size, u.below, u.above)


def _product(a: float, b: float) -> float:
    if a == 0 or b == 0:
        return 0.0  # also of what is without bound but finite
    return a * b or math.copysign(_LEAST, a) * math.copysign(1, b)


def _mul(args: list[Facts]) -> Facts:
    u, v = args
    ends = [_product(a, b) for a in (u.low, u.high) for b in (v.low, v.high)]
    low, high = outward(min(ends), max(ends))
    fixed, other = (u, v) if math.isfinite(u.low) and math.isfinite(u.high) else (v, u)
    above, below = _scaled(fixed, other), _scaled(fixed, _neg([other]))
    return Facts(low, high, _plus(u.size, v.size), above, below)


def _scaled(factor: Facts, u: Facts) -> Bound:
    """A bound above t·u for a factor t of finite range: each part at its worst, since z is positive."""
    if not (math.isfinite(factor.low) and math.isfinite(factor.high)):
        return UNKNOWN
    worst = [u.above] * (factor.high > 0) + [u.below] * (factor.low < 0)
    if any(math.inf in line for line in worst):
        return UNKNOWN
    p, q, r = (max((t * line[i] for t, line in _turns(factor, u)), default=0.0) for i in range(3))
    return p, q, r


def _turns(factor: Facts, u: Facts) -> list[tuple[float, Bound]]:
    """Factors that are not negative, with the bound above what they multiply; the ends of the range suffice."""
    found = [(t, u.above) for t in (max(factor.low, 0.0), factor.high) if factor.high > 0]
    return found + [(-t, u.below) for t in (factor.low, min(factor.high, 0.0)) if factor.low < 0]


def _div(args: list[Facts]) -> Facts:
    u, v = args
    if v.low <= 0 <= v.high:
        return ranged(-math.inf, math.inf)
    ends = (1 / v.high if math.isfinite(v.high) else 0.0, 1 / v.low if math.isfinite(v.low) else 0.0)
    return _mul([u, ranged(*outward(min(ends), max(ends)))])


def _powi(args: list[Facts]) -> Facts:
    u, n = args[0], round((args[1].low + args[1].high) / 2)
    if n < 0:
        return _div([ranged(1.0, 1.0), _powi([u, ranged(-n, -n)])])
    ends = [_raised(u.low, n), _raised(u.high, n)] + ([0.0] if u.low <= 0 <= u.high else [])
    low, high = outward(min(ends), max(ends))
    a, c, d = u.size if n else _NOTHING
    return Facts(low, high, (n * a, n * c, n * d), _square(u) if n == 2 else UNKNOWN, UNKNOWN)


def _square(u: Facts) -> Bound:
    """With |u| <= p + qz, none of the two negative; what grows faster is left out."""
    p, q, r = (max(a, b, 0.0) for a, b in zip(u.above, u.below, strict=True))
    return UNKNOWN if r > 0 or math.inf in (p, q) else (p * p, 2 * p * q, q * q)


def _raised(u: float, n: int) -> float:
    try:
        return u**n or (_LEAST if u and n else 0.0)
    except OverflowError:
        return math.inf if u > 0 or n % 2 == 0 else -math.inf


def _exp(args: list[Facts]) -> Facts:
    (u,) = args
    return Facts(*outward(_safe_exp(u.low), _safe_exp(u.high)), u.above, UNKNOWN, _NOTHING)


def _safe_exp(u: float) -> float:
    return math.inf if u > 709 else max(math.exp(u), _LEAST)


def _expm1(args: list[Facts]) -> Facts:
    return _add([_exp(args), ranged(-1.0, -1.0)])


def _cosh(args: list[Facts]) -> Facts:
    return replace(_hyperbolic(args), low=1.0)


def _hypot(args: list[Facts]) -> Facts:
    """√(u² + v²) lies between the larger of the two sizes and their sum."""
    u, v = (_abs([a]) for a in args)
    above = _plus(_larger(u.above, _NOTHING), _larger(v.above, _NOTHING))
    return Facts(max(u.low, v.low), outward(0.0, u.high + v.high)[1], _summed(u.size, v.size), above, _NOTHING)


def _hyperbolic(args: list[Facts]) -> Facts:
    (u,) = args
    size = _larger(_larger(u.above, u.below), (-math.inf, 0.0, 0.0))
    return Facts(-math.inf, math.inf, size, UNKNOWN, UNKNOWN)


def _softplus(args: list[Facts]) -> Facts:
    (u,) = args
    high = max(u.high, 0.0) + math.exp(-abs(u.high)) if math.isfinite(u.high) else u.high
    above = _plus(_larger(u.above, _NOTHING), constant(_LOG2))
    return Facts(0.0, outward(0, high)[1], _summed(u.size, constant(math.log(_LOG2))), above, _NOTHING)


def _logarithm(shift: float) -> Callable[[list[Facts]], Facts]:
    def rule(args: list[Facts]) -> Facts:
        (u,) = args
        low, high = u.low + shift, u.high + shift
        if not low > 0:
            return ranged(-math.inf, math.inf)
        ends = outward(math.log(low) - 1e-12, math.log(high) + 1e-12 if math.isfinite(high) else high)
        size = _summed(u.size, constant(math.log(abs(math.log(low)) + 1)))
        return Facts(*ends, size, UNKNOWN, UNKNOWN)

    return rule


def _root(degree: int) -> Callable[[list[Facts]], Facts]:
    def rule(args: list[Facts]) -> Facts:
        a, c, d = (part / degree for part in args[0].size)
        ends = [u ** (1 / degree) if u >= 0 else -math.inf for u in (args[0].low, args[0].high)]
        return Facts(*outward(*ends), (a, c, d), UNKNOWN, UNKNOWN)

    return rule


def _monotone(function: Callable[[float], float]) -> Callable[[list[Facts]], Facts]:
    def rule(args: list[Facts]) -> Facts:
        ends = [function(u) or (_LEAST if u else 0.0) for u in (args[0].low, args[0].high)]
        return ranged(*outward(min(ends), max(ends)))

    return rule


def _wave(args: list[Facts]) -> Facts:
    return ranged(-1.0, 1.0)


def _sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u)) if u > 0 else math.exp(u) / (1 + math.exp(u))


def _abs(args: list[Facts]) -> Facts:
    (u,) = args
    low = 0.0 if u.low <= 0 <= u.high else min(abs(u.low), abs(u.high))
    return Facts(low, max(abs(u.low), abs(u.high)), u.size, _larger(u.above, u.below), _NOTHING)


def _pow(args: list[Facts]) -> Facts:
    u, e = args
    if not u.low > 0 or not (math.isfinite(e.low) and math.isfinite(e.high)):
        return ranged(-math.inf, math.inf)
    grown, shrunk = max(e.high, 0.0), max(-e.low, 0.0)
    a, c, d = (_product(grown, max(part, 0.0)) for part in u.size)
    return Facts(0.0, math.inf, (a + shrunk * max(-math.log(u.low), 0.0), c, d), UNKNOWN, _NOTHING)


RULES: Mapping[str, Callable[[list[Facts]], Facts]] = {
    "add": _add,
    "sub": lambda args: _add([args[0], _neg(args[1:])]),
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "powi": _powi,
    "pow": _pow,
    "exp": _exp,
    "expm1": _expm1,
    "cosh": _cosh,
    "hypot": _hypot,
    "sinh": _hyperbolic,
    "softplus": _softplus,
    "logsigmoid": lambda args: _neg([_softplus([_neg(args)])]),
    "log": _logarithm(0.0),
    "log1p": _logarithm(1.0),
    "sqrt": _root(2),
    "cbrt": _root(3),
    "sigmoid": _monotone(_sigmoid),
    "tanh": _monotone(math.tanh),
    "erf": _monotone(math.erf),
    "erfc": _monotone(math.erfc),
    "atan": _monotone(math.atan),
    "sech": _wave,
    "sin": _wave,
    "cos": _wave,
    "sign": _wave,
    "abs": _abs,
    "asinh": lambda args: Facts(-math.inf, math.inf, args[0].size, UNKNOWN, UNKNOWN),
}
"""By operation; what is not here is not known beyond the start."""
