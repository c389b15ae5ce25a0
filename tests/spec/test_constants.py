import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
from spec_reading import expression

from actgen.formula import FUNCTIONS, OPERATORS, Call, Number
from actgen.spec import constants
from actgen.spec.constants import NotConstantError, decimal_digits, nearest_float, rational_result
from actgen.spec.expression import Scope

ORACLE = {
    "exp": mpmath.exp,
    "log1p": lambda v: mpmath.log(1 + v),
    "expm1": lambda v: mpmath.exp(v) - 1,
    "log2": lambda v: mpmath.log(v, 2),
    "sqrt": mpmath.sqrt,
    "cbrt": lambda v: mpmath.sign(v) * mpmath.cbrt(abs(v)),
    "sign": mpmath.sign,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "sinc": mpmath.sinc,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "gamma": mpmath.gamma,
    "digamma": mpmath.digamma,
    "sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)),
    "softplus": lambda v: mpmath.log(1 + mpmath.exp(v)),
    "logsigmoid": lambda v: -mpmath.log(1 + mpmath.exp(-v)),
    "relu": lambda v: max(v, mpmath.mpf(0)),
    "log": mpmath.log,
    "loggamma": lambda v: mpmath.log(abs(mpmath.gamma(v))),
    "Abs": abs,
    "Max": max,
    "Min": min,
    "clip": lambda v, lo, hi: min(max(v, lo), hi),
    "atan2": mpmath.atan2,
    "logaddexp": lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
}


def constant(text):
    tree, findings = expression(text, Scope(constant=True))
    assert findings == ()
    return tree


def test_the_table_covers_every_operator_and_function():
    assert set(constants._BALLS) == set(OPERATORS) | set(FUNCTIONS)
    assert set(ORACLE) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("points", [("5/7", "1/3", "2"), ("-3/11", "-2", "-1/5"), ("7/4", "7/5", "3/2")], ids=str)
def test_functions_against_mpmath(name, points):
    points = [Fraction(point) for point in points[: FUNCTIONS[name].min_args]]
    formula = Call(name, tuple(Number(point) for point in points))
    with mpmath.workdps(60):
        try:
            want = ORACLE[name](*(mpmath.mpf(p.numerator) / p.denominator for p in points))
        except (ValueError, ZeroDivisionError):
            want = mpmath.nan
        real = not isinstance(want, mpmath.mpc) and mpmath.isfinite(want)
    assert nearest_float(formula) == (float(want) if real else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("1/3", 1 / 3),
        ("1 + 1/9007199254740992", 1.0),
        ("1 + 3/9007199254740992", 1.0000000000000004),
        ("sqrt(2)**2 - 2", 0.0),
        ("sin(pi)", 0.0),
        ("cos(pi)", -1.0),
        ("10**60/10**58", 100.0),
        ("0**0", 1.0),
        ("0*pi", 0.0),
        ("sqrt(1/4)", 0.5),
        ("sin(1e300)", -0.985750425160377),
        ("1e308*1.7", 1.7e308),
        ("5e-324", 5e-324),
        ("(-2)**3", -8.0),
        ("2**0.5", math.sqrt(2)),
        ("-0", 0.0),
    ],
)
def test_nearest_float(text, value):
    found = nearest_float(constant(text))
    assert found == value
    assert math.copysign(1, found) == math.copysign(1, value)


@pytest.mark.parametrize(
    "text", ["1/0", "log(0)", "sqrt(-1)", "(-8)**(1/3)", "gamma(-1)", "tan(pi/2)", "0**-1", "asin(2)"]
)
def test_no_real_value(text):
    assert nearest_float(constant(text)) is None


@pytest.mark.parametrize("text", ["9**9**9", "exp(1e9)", "exp(-1e9)", "1e308*10", "1e-320/1e10", "10**400", "erfc(40)"])
def test_past_float64(text):
    with pytest.raises(OverflowError):
        nearest_float(constant(text))


def test_pieces_are_no_constant():
    with pytest.raises(NotConstantError):
        nearest_float(constant("Piecewise((1, True))"))


def test_rationals_are_carried_only_while_they_are_short():
    assert rational_result("pow", [Fraction(3, 2), Fraction(-2)]) == Fraction(4, 9)
    assert rational_result("pow", [Fraction(10000001, 10**7), Fraction(10**9)]) is None
    assert rational_result("div", [Fraction(1), Fraction(0)]) is None
    assert rational_result("add", [Fraction(1), None]) is None
    assert rational_result("exp", [Fraction(0)]) is None


def test_digits():
    assert decimal_digits(constant("pi")) == Decimal("3.141592653589793238462643")
    assert decimal_digits(constant("sqrt(2)**2 - 2")) == 0
    assert decimal_digits(constant("1/0")) is None
    assert str(decimal_digits(constant("1/4"))) == "0.2500000000000000000000000"
