"""High-precision values of the unseen specs, written by hand from their definitions.

Nothing here knows actgen: these functions confirm what the compiler makes of `tests/catalogue/unseen/*.yaml`, so they
must not share its expressions, its derivatives or its rewrites. Everything runs in mpmath at the precision that is set
when a function is called; `value` and `partial` raise that precision until the digits stand still.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

Number = Any  # an mpmath mpf; mpmath has no types
Reference = Callable[[Number, Mapping[str, Number]], Number]

_FIRST_DPS = 60
_LAST_DPS = 4000
_AGREEMENT = 30
_ZERO_DPS = 900  # fewer digits than these may hide a small result behind a large addend


def _sigmoid(v: Number) -> Number:
    return 1 / (1 + mp.exp(-v))


def _softplus(v: Number) -> Number:
    return mp.log1p(mp.exp(v))


def _gelu(v: Number) -> Number:
    return v * mp.erfc(-v / mp.sqrt(2)) / 2


def _elish(x: Number, _: Mapping[str, Number]) -> Number:
    return (x if x >= 0 else mp.exp(x) - 1) * _sigmoid(x)


def _soft_modulus_q(x: Number, _: Mapping[str, Number]) -> Number:
    size = abs(x)
    return size if size > 1 else 2 * size**2 - size**3


def _acon_c(x: Number, p: Mapping[str, Number]) -> Number:
    difference = (p["p1"] - p["p2"]) * x
    return difference * _sigmoid(p["beta"] * difference) + p["p2"] * x


def _soft_clipping(x: Number, p: Mapping[str, Number]) -> Number:
    return (_softplus(p["p"] * x) - _softplus(p["p"] * (x - 1))) / p["p"]


def _pade_unit(x: Number, p: Mapping[str, Number]) -> Number:
    top = sum(p[f"a{k}"] * x**k for k in range(6))
    bottom = 1 + abs(sum(p[f"b{k}"] * x**k for k in range(1, 5)))
    return top / bottom


def _cubic_bspline(x: Number, _: Mapping[str, Number]) -> Number:
    # the truncated-power form, not the pieces of the spec
    powers = ((1, -2), (-4, -1), (6, 0), (-4, 1), (1, 2))
    return sum(c * max(x - k, mp.mpf(0)) ** 3 for c, k in powers) / 6 if x < 2 else mp.mpf(0)


def _bose(x: Number, _: Mapping[str, Number]) -> Number:
    return x / mp.expm1(x) if x else mp.mpf(1)


def _box_cox(x: Number, p: Mapping[str, Number]) -> Number:
    size = mp.log1p(abs(x))
    return mp.sign(x) * (mp.expm1(p["lam"] * size) / p["lam"] if p["lam"] else size)


def _hinge(x: Number, p: Mapping[str, Number]) -> Number:
    return p["t"] + p["upper" if x > p["t"] else "lower"] * (x - p["t"])


def _x_log_x(x: Number, _: Mapping[str, Number]) -> Number:
    return x * mp.log(abs(x)) if x else mp.mpf(0)


def _gaussian_hazard(x: Number, _: Mapping[str, Number]) -> Number:
    return mp.npdf(x) / mp.ncdf(-x)


def _one_minus_cosine(x: Number, p: Mapping[str, Number]) -> Number:
    return 2 * (mp.sin(p["a"] * x / 2) / x) ** 2 if x else p["a"] ** 2 / 2


def _tanh_ratio(x: Number, _: Mapping[str, Number]) -> Number:
    return mp.tanh(x) / x if x else mp.mpf(1)


def _repu(x: Number, p: Mapping[str, Number]) -> Number:
    return x ** p["p"] if x > 0 else mp.mpf(0)


def _signed_root(x: Number, _: Mapping[str, Number]) -> Number:
    return x / (mp.sqrt(1 + abs(x)) + 1) + x / 1000


def _cube_root(x: Number, _: Mapping[str, Number]) -> Number:
    return mp.sign(x) * mp.cbrt(abs(x))


def _log_gamma_softplus(x: Number, _: Mapping[str, Number]) -> Number:
    s = _softplus(x)
    if s > mp.mpf("1e-40"):
        return mp.loggamma(1 + s)
    # the series at 1, whose next term is 120 digits further down: loggamma is slow where 1 + s needs hundreds of digits
    return s * (-mp.euler + s * (mp.zeta(2) / 2 - s * mp.zeta(3) / 3))


def _greek_salad(x: Number, p: Mapping[str, Number]) -> Number:
    steps = p["lambda"] * mp.tanh(p["S"] * x) + p["N"] * mp.atan(p["I"] * x) + p["zeta"] * mp.asinh(p["type"] * x)
    return steps + p["E"] * x * mp.exp(-p["gamma"] * x**2)


def _sqrt_gate(x: Number, p: Mapping[str, Number]) -> Number:
    shifted = x + p["c"]
    return (x - mp.sqrt(x**2 + 1)) * (shifted + mp.sqrt(shifted**2 + 1))


def _stair(x: Number, p: Mapping[str, Number]) -> Number:
    # odd by construction, unlike the spec, which writes out both sides
    size, s, m, t = abs(x), p["s"], p["m"], p["t"]
    if size <= 1:
        return m * x
    step = m + s * (size - 1) - s * (size - 1) ** 2 / 2 if size <= 2 else m + s / 2 + t * (size - 2)
    return mp.sign(x) * step


REFERENCES: dict[str, Reference] = {
    "acon_c": _acon_c,
    "arctan_gelu": lambda x, p: x * (mp.pi / 2 + mp.atan(x)) / mp.pi,
    "bent_identity": lambda x, p: x + (mp.sqrt(1 + x * x) - 1) / 2,
    "bose": _bose,
    "box_cox": _box_cox,
    "cubic_bspline": _cubic_bspline,
    "cube_root": _cube_root,
    "elish": _elish,
    "gaussian_hazard": _gaussian_hazard,
    "gompertz": lambda x, p: mp.exp(-1) * mp.expm1(-mp.expm1(-p["rate"] * x)),
    "greek_salad": _greek_salad,
    "growing_cosine": lambda x, p: x * mp.cos(p["omega"] * x + p["psi"]),
    "hard_mish": lambda x, p: x if x > 0 else mp.mpf(0) if x < -2 else x * (x + 2) / 2,
    "highway_gate": lambda carry, p: carry + (p["update"] - carry) * _sigmoid(p["gate"]),
    "hinge": _hinge,
    "isrlu": lambda x, p: x if x >= 0 else x / mp.sqrt(1 + p["alpha"] * x**2),
    "isru": lambda x, p: x / mp.sqrt(1 + p["alpha"] * x**2),
    "log_cosh": lambda x, p: mp.log(mp.cosh(x)),
    "log_cosh_gap": lambda x, p: mp.log(2) - mp.log1p(mp.exp(-2 * abs(x))),
    "log_gamma_softplus": _log_gamma_softplus,
    "logish": lambda x, p: x * mp.log1p(_sigmoid(x)),
    "one_minus_cosine": _one_minus_cosine,
    "pade_unit": _pade_unit,
    "pelu": lambda x, p: p["a"] / p["b"] * x if x >= 0 else p["a"] * mp.expm1(x / p["b"]),
    "phish": lambda x, p: x * mp.tanh(_gelu(x)),
    "polar_wave.quadrature": lambda x, p: mp.exp(-p["d"] * abs(x)) * mp.sin(p["k"] * x),
    "polar_wave.wave": lambda x, p: mp.exp(-p["d"] * abs(x)) * mp.cos(p["k"] * x),
    "repu": _repu,
    "seagull": lambda x, p: mp.log1p(x * x),
    "serf": lambda x, p: x * mp.erf(_softplus(x)),
    "shifted_softplus": lambda x, p: _softplus(x) - mp.log(2),
    "signed_root": _signed_root,
    "smish": lambda x, p: p["alpha"] * x * mp.tanh(mp.log1p(_sigmoid(p["beta"] * x))),
    "soft_bump": lambda x, p: _softplus(x + 1) - _softplus(x - 1),
    "soft_clipping": _soft_clipping,
    "soft_modulus_q": _soft_modulus_q,
    "sqrt_gate": _sqrt_gate,
    "stair": _stair,
    "tanh_ratio": _tanh_ratio,
    "tanhexp": lambda x, p: x * mp.tanh(mp.exp(x)),
    "x_log_x": _x_log_x,
}
"""Spec name (`name.output` where there are several) to the function of its first input.

The second argument maps every parameter, and every further input, to its value.
"""


def value(name: str, x: Number, others: Mapping[str, Number]) -> Number:
    """The value at `x` to at least 30 digits, relative."""
    return _settled(lambda: REFERENCES[name](mp.mpf(x), _exact(others)))


def partial(name: str, variable: str, x: Number, others: Mapping[str, Number]) -> Number:
    """The derivative with respect to the first input (`variable` not in `others`) or another argument, to 30 digits.

    It is a central difference at high precision: at a kink, ask a little to one side.
    """

    def slope() -> Number:
        fixed = _exact(others)
        if variable in others:
            return _difference(lambda t: REFERENCES[name](mp.mpf(x), {**fixed, variable: t}), fixed[variable])
        return _difference(lambda t: REFERENCES[name](t, fixed), mp.mpf(x))

    return _settled(slope)


def _exact(others: Mapping[str, Number]) -> dict[str, Number]:
    return {name: mp.mpf(number) for name, number in others.items()}


def _difference(function: Callable[[Number], Number], at: Number) -> Number:
    """A central difference whose truncation and rounding errors both lie far below a third of the digits."""
    digits = mp.dps
    with mp.workdps(2 * digits):
        step = mp.mpf(10) ** (-digits // 2) * min(mp.mpf(1), abs(at) or mp.mpf(1))
        return (function(at + step) - function(at - step)) / (2 * step)


def _agree(result: Number, before: Number | None) -> bool:
    return before is not None and abs(result - before) <= abs(result) * mp.mpf(10) ** -_AGREEMENT


def _settled(compute: Callable[[], Number]) -> Number:
    """The result once two precisions agree, relatively, or both vanish."""
    digits, before = _FIRST_DPS, None
    while digits <= _LAST_DPS:
        with mp.workdps(digits):
            result = compute()
            if _agree(result, before) and (result != 0 or digits >= _ZERO_DPS):
                return result
        before, digits = result, 2 * digits
    raise ArithmeticError("no precision up to the limit settles the value")
