"""Constant formulas: the nearest float64, by ball arithmetic, and what a constant part of an expression may not be.

Nothing large is ever computed exactly: rationals are carried only up to `MAX_EXACT_BITS`, all else is a ball.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from flint import arb, ctx, fmpq

from actgen.formula import Call, Constant, Formula, Number
from actgen.spec.limits import MAX_EXACT_BITS

_PRECISIONS = (96, 192, 768, 3072)
_DECIMAL_DIGITS = 25


class NotConstantError(Exception):
    """The formula holds a name or pieces, so it has no value of its own."""


def rational_result(function: str, values: Sequence[Fraction | None]) -> Fraction | None:
    """An operation on rationals, exactly; None if it is no rational operation or its result too long to carry.

    Args:
        function: an operator or a function.
        values: its operands; None for one that is not rational.
    """
    known = [value for value in values if value is not None]
    result = _rational(function, known) if len(known) == len(values) else None
    return None if result is None or size(result) > MAX_EXACT_BITS else result


def size(value: Fraction) -> int:
    """Bits of numerator and denominator."""
    return value.numerator.bit_length() + value.denominator.bit_length()


def _rational(operation: str, values: list[Fraction]) -> Fraction | None:
    match operation, values:
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b]:
            return a / b if b else None
        case "neg", [a]:
            return -a
        case "pow", [a, b] if b.denominator == 1 and (a or b >= 0) and abs(b) * size(a) <= MAX_EXACT_BITS:
            return Fraction(a ** int(b))
        case _:
            return None


def ball(formula: Formula) -> arb:
    """The formula's value as a ball at flint's current precision; not finite where it is not real.

    Raises:
        NotConstantError: if the formula holds a name or pieces.
    """
    match formula:
        case Number(value=value):
            return arb(fmpq(value.numerator, value.denominator))
        case Constant(name="pi"):
            return arb.pi()
        case Constant():
            return arb.const_e()
        case Call(function=function, args=args):
            return apply(function, [ball(arg) for arg in args])
        case _:
            raise NotConstantError


def apply(function: str, values: list[arb]) -> arb:
    """One operator or function on balls."""
    return _BALLS[function](*values)


def _power(base: arb, exponent: arb) -> arb:
    if exponent.is_exact() and exponent.is_integer() and abs(float(exponent)) <= 2**31:
        return arb(1) / base ** int(-float(exponent)) if exponent < 0 else base ** int(float(exponent))
    if base.is_exact() and base == 0:
        return arb(0) if exponent > 0 else arb.nan()
    return base**exponent


def _cbrt(value: arb) -> arb:
    if value >= 0:
        return value.root(3)
    if value <= 0:
        return -((-value).root(3))
    magnitude = value.abs_upper().root(3)
    return magnitude.union(-magnitude)


def _clip(value: arb, low: arb, high: arb) -> arb:
    return value.max(low).min(high)


def _fold(join: Callable[[arb, arb], arb]) -> Callable[..., arb]:
    def folded(first: arb, *rest: arb) -> arb:
        for value in rest:
            first = join(first, value)
        return first

    return folded


def _softplus(value: arb) -> arb:
    return value.exp().log1p() if value < 0 else value + (-value).exp().log1p()


_BALLS: dict[str, Callable[..., arb]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": _power,
    "neg": lambda a: -a,
    "exp": arb.exp,
    "expm1": arb.expm1,
    "log": arb.log,
    "log1p": arb.log1p,
    "log2": lambda a: a.log() / arb(2).log(),
    "sqrt": arb.sqrt,
    "cbrt": _cbrt,
    "Abs": lambda a: abs(a),
    "sign": arb.sgn,
    "Max": _fold(arb.max),
    "Min": _fold(arb.min),
    "clip": _clip,
    "sin": arb.sin,
    "cos": arb.cos,
    "tan": arb.tan,
    "asin": arb.asin,
    "acos": arb.acos,
    "atan": arb.atan,
    "atan2": arb.atan2,
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "tanh": arb.tanh,
    "asinh": arb.asinh,
    "acosh": arb.acosh,
    "atanh": arb.atanh,
    "sinc": arb.sinc,
    "erf": arb.erf,
    "erfc": arb.erfc,
    "gamma": arb.gamma,
    "loggamma": lambda a: abs(a.gamma()).log() if not a > 0 else a.lgamma(),
    "digamma": arb.digamma,
    "sigmoid": lambda a: 1 / (1 + (-a).exp()),
    "softplus": _softplus,
    "logsigmoid": lambda a: -_softplus(-a),
    "relu": lambda a: a.max(arb(0)),
    "logaddexp": lambda a, b: a + _softplus(b - a),
}
"""Operators and functions on balls, by canonical name; tests hold it to `actgen.formula`'s tables."""


def nearest_float(formula: Formula) -> float | None:
    """The float64 nearest to a constant formula; None where it has no finite real value.

    Raises:
        NotConstantError: if the formula holds a name or pieces.
        OverflowError: if its value is past float64.
    """
    rational = exact_value(formula)
    if rational is not None:
        return _checked(float(rational), rational == 0)
    value = _decided(formula)
    return None if value is None else _checked(_to_float(value), value.contains(0))


def decimal_digits(formula: Formula) -> Decimal | None:
    """A constant formula to 25 significant digits; None where it has no finite real value.

    Raises:
        NotConstantError: if the formula holds a name or pieces.
    """
    context = Context(prec=_DECIMAL_DIGITS)
    rational = exact_value(formula)
    if rational is None:
        value = _decided(formula)
        if value is None:
            return None
        mantissa, exponent = value.mid().man_exp()
        rational = Fraction(0) if value.contains(0) else Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    digits = context.divide(Decimal(rational.numerator), Decimal(rational.denominator))
    return digits.quantize(Decimal((0, (1,), digits.adjusted() - _DECIMAL_DIGITS + 1)), context=context)


def exact_value(formula: Formula) -> Fraction | None:
    """The value of a formula of rational operations on numbers; None of any other, or where it is too long to carry."""
    match formula:
        case Number(value=value):
            return value
        case Call(function=function, args=args):
            return rational_result(function, [exact_value(arg) for arg in args])
        case _:
            return None


def _decided(formula: Formula) -> arb | None:
    """The ball at the first precision that settles the nearest float64; at the last one, whatever it is."""
    before = ctx.prec
    try:
        value = arb.nan()
        for precision in _PRECISIONS:
            ctx.prec = precision
            value = ball(formula)
            if value.is_finite() and _to_float(value.lower()) == _to_float(value.upper()) and not value.contains(0):
                return value
        return value if value.is_finite() else None
    finally:
        ctx.prec = before


def _to_float(value: arb) -> float:
    """The nearest float64 of a ball's midpoint."""
    middle = value.mid()
    if not middle.is_finite() or abs(middle) > arb(2) ** 1100:
        return math.copysign(math.inf, 1 if middle > 0 else -1)
    if abs(middle) < arb(2) ** -1200:
        return 0.0
    mantissa, exponent = middle.man_exp()
    try:
        return float(Fraction(int(mantissa)) * Fraction(2) ** int(exponent))
    except OverflowError:
        return math.copysign(math.inf, 1 if middle > 0 else -1)


def _checked(value: float, may_be_zero: bool) -> float:
    if math.isinf(value) or (value == 0.0 and not may_be_zero):
        raise OverflowError
    return value + 0.0
