"""First-order forward differentiation over balls: numbers that carry their slopes, and what the functions do to them.

This is the yardstick of the unseen specs and knows nothing of actgen. Each operation is the textbook's, with the
textbook's derivative; a ball holds the exact result, so digits lost on the way show as a wide ball and not as a wrong
number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq


class UndecidedError(ArithmeticError):
    """A ball is too wide to say which side of an edge it lies on; more bits may help."""


class SingularError(ArithmeticError):
    """The formula divides by an exact zero, or stands on the edge of a function's domain."""


class KinkError(ArithmeticError):
    """Both arguments of a choice are exactly equal, so that the slope is one-sided."""


class NoValueError(ArithmeticError):
    """The formula has no real value here."""


@dataclass(frozen=True, slots=True)
class Dual:
    """A value and its slope along each variable; an absent slope is an exact zero."""

    value: arb
    slopes: tuple[arb | None, ...]

    @property
    def constant(self) -> bool:
        return all(s is None for s in self.slopes)

    def mapped(self, value: arb, factor: arb) -> Dual:
        return Dual(value, tuple(None if s is None else s * factor for s in self.slopes))


def number(exact: Fraction, width: int) -> Dual:
    """A rational constant among `width` variables."""
    return Dual(arb(fmpq(exact.numerator, exact.denominator)), (None,) * width)


def sign_of(v: arb) -> int:
    """-1, 0 or 1.

    Raises:
        UndecidedError: if the ball straddles 0.
    """
    if v > 0:
        return 1
    if v < 0:
        return -1
    if v.is_zero():
        return 0
    raise UndecidedError


def _sum(a: arb | None, b: arb | None) -> arb | None:
    return b if a is None else a if b is None else a + b


def add(a: Dual, b: Dual) -> Dual:
    return Dual(a.value + b.value, tuple(map(_sum, a.slopes, b.slopes)))


def neg(a: Dual) -> Dual:
    return a.mapped(-a.value, arb(-1))


def sub(a: Dual, b: Dual) -> Dual:
    return add(a, neg(b))


def mul(a: Dual, b: Dual) -> Dual:
    left, right = a.mapped(a.value, b.value), b.mapped(b.value, a.value)
    return Dual(a.value * b.value, tuple(map(_sum, left.slopes, right.slopes)))


def div(a: Dual, b: Dual) -> Dual:
    if sign_of(b.value) == 0:
        raise SingularError
    inverse = 1 / b.value
    return mul(a, b.mapped(inverse, -inverse * inverse))


def _power(base: arb, exponent: int) -> arb:
    if exponent < 0:
        if sign_of(base) == 0:
            raise SingularError
        return 1 / _power(base, -exponent)
    total = arb(1)
    while exponent:
        if exponent & 1:
            total *= base
        base, exponent = base * base, exponent >> 1
    return total


def pow_(a: Dual, b: Dual) -> Dual:
    """a^b as IEEE pow has it: a negative base takes whole exponents only."""
    if a.constant and sign_of(a.value) == 0 and sign_of(b.value) > 0:
        return a
    whole = b.value.unique_fmpz() if b.value.is_exact() else None
    if whole is not None and abs(int(whole)) <= 4096 and (b.constant or sign_of(a.value) < 0):
        exponent = int(whole)
        if not b.constant:
            raise NoValueError  # the slope along the exponent has none
        return a.mapped(_power(a.value, exponent), exponent * _power(a.value, exponent - 1) if exponent else arb(0))
    side = sign_of(a.value)
    if side < 0:
        raise NoValueError
    if side == 0:
        raise SingularError
    return exp(mul(b, log(a)))


_HUGE = 1 << 50  # from here on arb's own exponential gives up
_BEYOND = 1 << 17  # bits of an exponent that nobody can write down


def _exp(v: arb) -> arb:
    """e^v, however large or small.

    Raises:
        UndecidedError: where even its exponent is beyond reach.
    """
    if abs(v) < _HUGE:
        return v.exp()
    if not v.is_finite():
        raise UndecidedError
    mantissa, exponent = v.mid().man_exp()
    bits = abs(int(mantissa)).bit_length() + int(exponent)
    if bits > _BEYOND:
        if v < 0:
            tiny = arb((1, -1 << _BEYOND))
            return arb(tiny, tiny)
        raise UndecidedError
    before = ctx.prec
    ctx.prec = before + bits
    try:
        halvings = (v / arb(2).log()).mid().floor().unique_fmpz()
        rest = v - halvings * arb(2).log()
    finally:
        ctx.prec = before
    return rest.exp() * arb((1, halvings))


def _cosh(v: arb) -> arb:
    return v.cosh() if abs(v) < _HUGE else (_exp(v) + _exp(-v)) / 2


def _sinh(v: arb) -> arb:
    return v.sinh() if abs(v) < _HUGE else (_exp(v) - _exp(-v)) / 2


def _tanh(v: arb) -> arb:
    return v.tanh() if abs(v) < _HUGE else v.sgn() * (1 - 2 * _exp(-2 * abs(v)))


def exp(a: Dual) -> Dual:
    e = _exp(a.value)
    return a.mapped(e, e)


def expm1(a: Dual) -> Dual:
    e = _exp(a.value)
    return a.mapped(a.value.expm1() if abs(a.value) < 1 else e - 1, e)


def _above(v: arb, edge: int) -> arb:
    """`v`, which must lie above `edge`."""
    side = sign_of(v - edge)
    if side < 0:
        raise NoValueError
    if side == 0:
        raise SingularError
    return v


def log(a: Dual) -> Dual:
    v = _above(a.value, 0)
    return a.mapped(v.log(), 1 / v)


def log1p(a: Dual) -> Dual:
    v = _above(a.value, -1)
    return a.mapped(v.log1p(), 1 / (1 + v))


def log2(a: Dual) -> Dual:
    return log(a).mapped(log(a).value / arb(2).log(), 1 / arb(2).log())


def sqrt(a: Dual) -> Dual:
    if a.constant and sign_of(a.value) == 0:
        return a
    root = _above(a.value, 0).sqrt()
    return a.mapped(root, 1 / (2 * root))


def cbrt(a: Dual) -> Dual:
    side = sign_of(a.value)
    if side == 0:
        raise SingularError
    root = side * (side * a.value).root(3)
    return a.mapped(root, 1 / (3 * root * root))


def _inside(v: arb) -> arb:
    _above(v, -1)
    _above(-v, -1)
    return v


def _flat_edge(a: Dual) -> bool:
    """Whether a constant stands on the edge of [-1, 1], where only the slope has no value."""
    return a.constant and sign_of(1 - a.value * a.value) == 0


def asin(a: Dual) -> Dual:
    if _flat_edge(a):
        return Dual(a.value * arb.pi() / 2, a.slopes)
    v = _inside(a.value)
    return a.mapped(v.asin(), 1 / (1 - v * v).sqrt())


def acos(a: Dual) -> Dual:
    if _flat_edge(a):
        return Dual((1 - a.value) * arb.pi() / 2, a.slopes)
    v = _inside(a.value)
    return a.mapped(v.acos(), -1 / (1 - v * v).sqrt())


def acosh(a: Dual) -> Dual:
    v = _above(a.value, 1)
    return a.mapped(v.acosh(), 1 / (v * v - 1).sqrt())


def atanh(a: Dual) -> Dual:
    v = _inside(a.value)
    return a.mapped(v.atanh(), 1 / (1 - v * v))


def sigmoid(a: Dual) -> Dual:
    s, other = 1 / (1 + _exp(-a.value)), 1 / (1 + _exp(a.value))
    return a.mapped(s, s * other)


def softplus(a: Dual) -> Dual:
    v = a.value
    value = v + _exp(-v).log1p() if v > 0 else _exp(v).log1p()
    return a.mapped(value, 1 / (1 + _exp(-v)))


def logsigmoid(a: Dual) -> Dual:
    return neg(softplus(neg(a)))


def logaddexp(a: Dual, b: Dual) -> Dual:
    return add(b, softplus(sub(a, b)))


def sinc(a: Dual) -> Dual:
    if sign_of(a.value) == 0:
        return a.mapped(arb(1), arb(0))
    return div(sin(a), a)


def atan2(a: Dual, b: Dual) -> Dual:
    y, x = a.value, b.value
    square = x * x + y * y
    if sign_of(square) == 0 or (sign_of(y) == 0 and sign_of(x) < 0):
        raise SingularError
    slopes = add(a.mapped(y, x / square), b.mapped(x, -y / square)).slopes
    return Dual(arb.atan2(y, x), slopes)


def abs_(a: Dual) -> Dual:
    side = sign_of(a.value)
    if side == 0 and not a.constant:
        raise KinkError
    return a.mapped(side * a.value, arb(side))


def sign(a: Dual) -> Dual:
    side = sign_of(a.value)
    if side == 0 and not a.constant:
        raise KinkError
    return Dual(arb(side), (None,) * len(a.slopes))


def max_(a: Dual, b: Dual) -> Dual:
    side = sign_of(a.value - b.value)
    if side == 0 and not sub(a, b).constant:
        raise KinkError
    return a if side >= 0 else b


def min_(a: Dual, b: Dual) -> Dual:
    return neg(max_(neg(a), neg(b)))


def relu(a: Dual) -> Dual:
    return max_(a, number(Fraction(0), len(a.slopes)))


def clip(a: Dual, low: Dual, high: Dual) -> Dual:
    return min_(max_(a, low), high)


def _gamma(a: Dual) -> Dual:
    g = a.value.gamma()
    return a.mapped(g, g * a.value.digamma())


def _digamma(a: Dual) -> Dual:
    return a.mapped(a.value.digamma(), arb(2).zeta(a.value))


def _smooth(value: Callable[[arb], arb], slope: Callable[[arb], arb]) -> Callable[[Dual], Dual]:
    return lambda a: a.mapped(value(a.value), slope(a.value))


def _bell(v: arb) -> arb:
    return 2 / arb.pi().sqrt() * _exp(-v * v)


sin = _smooth(lambda v: v.sin(), lambda v: v.cos())

FUNCTIONS: dict[str, Callable[..., Dual]] = {
    "exp": exp,
    "log": log,
    "ln": log,
    "log1p": log1p,
    "expm1": expm1,
    "log2": log2,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "Abs": abs_,
    "abs": abs_,
    "sign": sign,
    "clip": clip,
    "sin": sin,
    "cos": _smooth(lambda v: v.cos(), lambda v: -v.sin()),
    "tan": _smooth(lambda v: v.tan(), lambda v: 1 / v.cos() ** 2),
    "asin": asin,
    "acos": acos,
    "atan": _smooth(lambda v: v.atan(), lambda v: 1 / (1 + v * v)),
    "atan2": atan2,
    "sinh": _smooth(_sinh, _cosh),
    "cosh": _smooth(_cosh, _sinh),
    "tanh": _smooth(_tanh, lambda v: 1 / _cosh(v) ** 2),
    "asinh": _smooth(lambda v: v.asinh(), lambda v: 1 / (1 + v * v).sqrt()),
    "acosh": acosh,
    "atanh": atanh,
    "sinc": sinc,
    "erf": _smooth(lambda v: v.erf(), _bell),
    "erfc": _smooth(lambda v: v.erfc(), lambda v: -_bell(v)),
    "gamma": _gamma,
    "loggamma": _smooth(lambda v: v.lgamma(), lambda v: v.digamma()),
    "lgamma": _smooth(lambda v: v.lgamma(), lambda v: v.digamma()),
    "digamma": _digamma,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "logsigmoid": logsigmoid,
    "relu": relu,
    "logaddexp": logaddexp,
}
"""Every function of one arity that a spec may call; Max and Min take any number."""
