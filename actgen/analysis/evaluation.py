"""Runs a SymPy expression of one variable in balls, real ones and complex ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import methodcaller
from typing import Any

import flint
import sympy as sp

from actgen.analysis.assuming import assumptions_about
from actgen.analysis.undecided import UndecidedError
from actgen.program.balls import ARB_OPS
from actgen.program.program import Node, evaluation_order
from actgen.program.translate import Translator
from actgen.symbolic.functions import LogAddExp, RealPow

_NOWHERE = flint.acb(math.nan)
_PI = 3.14159


def _whole(a: flint.acb) -> int:
    whole = a.unique_fmpz()
    assert whole is not None
    return int(whole)


def _powi(a: flint.acb, b: flint.acb, analytic: bool) -> flint.acb:
    exponent = _whole(b)
    power = _raised(a, abs(exponent))
    return power if exponent >= 0 else 1 / power


def _raised(a: flint.acb, count: int) -> flint.acb:
    total = flint.acb(1)
    while count:
        if count & 1:
            total *= a
        a, count = a * a, count >> 1
    return total


def _pow(a: flint.acb, b: flint.acb, analytic: bool) -> flint.acb:
    if b.imag.is_zero() and b.real.is_exact() and b.real.unique_fmpz() is not None:
        return _powi(a, b, analytic)
    found = a.pow(b, analytic=analytic)
    if analytic or found.is_finite() or not (b.imag.is_zero() and b.real > 0):
        return found
    largest = flint.arb(0, (abs(a).upper() ** b.real).upper())  # around 0, where the logarithm has no value
    return flint.acb(largest, largest)


def _cbrt(a: flint.acb, analytic: bool) -> flint.acb:
    third = flint.acb(1) / 3
    if a.real > 0:
        return a.pow(third)
    return -((-a).pow(third)) if a.real < 0 else _on_the_line("cbrt", (a,), analytic)


def _softplus(a: flint.acb, analytic: bool) -> flint.acb:
    """log(1 + e^a), with the branch that is real on the line: no other within |Im a| < π."""
    if not (a.imag < _PI and a.imag > -_PI):
        return _NOWHERE
    return a + (-a).exp().log1p() if a.real > 0 else a.exp().log1p()


def _logaddexp(a: flint.acb, b: flint.acb, analytic: bool) -> flint.acb:
    return b + _softplus(a - b, analytic)


def _on_the_line(op: str, args: tuple[flint.acb, ...], analytic: bool) -> flint.acb:
    """A function that is evaluated for real balls only."""
    if analytic or not all(a.imag.is_zero() for a in args):
        return _NOWHERE
    return flint.acb(ARB_OPS[op](*(a.real for a in args)))


def _with_cut(name: str) -> Callable[..., flint.acb]:
    return lambda a, analytic: getattr(a, name)(analytic=analytic)


def _inverse(name: str, reaches: Callable[[flint.acb], flint.acb]) -> Callable[..., flint.acb]:
    """A function whose branch cuts lie where the square root of `reaches` has its own, or its logarithm."""

    def run(a: flint.acb, analytic: bool) -> flint.acb:
        if analytic and not reaches(a).log(analytic=True).is_finite():
            return _NOWHERE
        return getattr(a, name)()

    return run


def _entire(name: str) -> Callable[..., flint.acb]:
    call = methodcaller(name)
    return lambda a, analytic: call(a)


def _asinh(a: flint.acb, analytic: bool) -> flint.acb:
    """log(a + √(1 + a²)) for Re a > 0: FLINT's own is a thousand times wider for wide boxes."""
    square = 1 + a * a
    if analytic and not square.log(analytic=True).is_finite():
        return _NOWHERE
    if a.real > 0:
        return (a + square.sqrt()).log()
    return -_asinh(-a, analytic) if a.real < 0 else a.asinh()


def _polygamma(n: flint.acb, a: flint.acb, analytic: bool) -> flint.acb:
    order = _whole(n)
    return (1 if order % 2 else -1) * flint.acb(math.factorial(order)) * flint.acb(order + 1).zeta(a)


_ACB_OPS: dict[str, Callable[..., flint.acb]] = {
    "add": lambda a, b, analytic: a + b,
    "sub": lambda a, b, analytic: a - b,
    "mul": lambda a, b, analytic: a * b,
    "div": lambda a, b, analytic: a / b,
    "neg": lambda a, analytic: -a,
    "powi": _powi,
    "pow": _pow,
    "cbrt": _cbrt,
    "sqrt": _with_cut("sqrt"),
    "log": _with_cut("log"),
    "log1p": lambda a, analytic: _NOWHERE if analytic and not (1 + a).log(analytic=True).is_finite() else a.log1p(),
    "log2": lambda a, analytic: a.log(analytic=analytic) / flint.acb(2).log(),
    "asin": _inverse("asin", lambda a: 1 - a * a),
    "acos": _inverse("acos", lambda a: 1 - a * a),
    "atanh": _inverse("atanh", lambda a: 1 - a * a),
    "atan": _inverse("atan", lambda a: 1 + a * a),
    "asinh": _asinh,
    "acosh": _inverse("acosh", lambda a: a - 1),
    "lgamma": lambda a, analytic: _NOWHERE if analytic and not a.real > 0 else a.lgamma(),
    "polygamma": _polygamma,
    "hypot": lambda a, b, analytic: (a * a + b * b).sqrt(analytic=analytic),
    "sigmoid": lambda a, analytic: 1 / (1 + (-a).exp()),
    "softplus": _softplus,
    "logsigmoid": lambda a, analytic: -_softplus(-a, analytic),
    "logaddexp": _logaddexp,
    **{
        name: _entire(name)
        for name in ("exp", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sech", "erf", "erfc", "gamma")
    },
    "digamma": _entire("digamma"),
    "sinpi": _entire("sin_pi"),
    "cospi": _entire("cos_pi"),
}


@dataclass(frozen=True, slots=True)
class Tape:
    """The expression op by op; a ball that is not finite means that nothing is known there."""

    nodes: tuple[Node, ...]
    operands: tuple[tuple[int, ...], ...]

    def real(self, x: flint.arb) -> flint.arb:
        """The expression's range over a real ball, enclosed."""
        values: list[Any] = []
        for current, places in zip(self.nodes, self.operands, strict=True):
            match current.op:
                case "arg":
                    values.append(x)
                case "const":
                    values.append(number_ball(current.exact))
                case op:
                    values.append(ARB_OPS[op](*(values[i] for i in places)))
        return values[-1]

    def complex(self, z: flint.acb, analytic: bool) -> flint.acb:
        """The range over a complex box; not finite where `analytic` is asked for and was not seen to hold."""
        values: list[Any] = []
        for current, places in zip(self.nodes, self.operands, strict=True):
            match current.op:
                case "arg":
                    values.append(z)
                case "const":
                    values.append(flint.acb(number_ball(current.exact)))
                case op:
                    values.append(complex_value(op, tuple(values[i] for i in places), analytic))
        return values[-1]


def complex_value(op: str, args: tuple[flint.acb, ...], analytic: bool) -> flint.acb:
    """One operation over complex boxes; not finite where `analytic` is asked for and was not seen to hold."""
    run = _ACB_OPS.get(op)
    return _on_the_line(op, args, analytic) if run is None else run(*args, analytic=analytic)


@lru_cache(maxsize=512)
def tape(expression: sp.Expr) -> Tape:
    """The tape of an expression with at most one symbol.

    Raises:
        UndecidedError: if a derivative holds a function that has no operation (of `gamma` at a number, of a kink).
    """
    assert len(expression.free_symbols) <= 1
    try:
        root = Translator()(expression)
    except TypeError as error:
        raise UndecidedError(str(error)) from error
    nodes = evaluation_order((root,))
    number = {id(current): i for i, current in enumerate(nodes)}
    return Tape(nodes, tuple(tuple(number[id(a)] for a in current.args) for current in nodes))


def number_ball(exact: sp.Expr) -> flint.arb:
    """An exact SymPy number in the precision in use, enclosed; not finite where it is not real.

    Its parts are computed one by one: what SymPy's own digits claim is not relied on. Parameters have
    their nominal values, where they are assumed about.
    """
    assumed = assumptions_about(exact)
    return _number(exact if assumed is None else assumed.fixed(exact), flint.ctx.prec)


@lru_cache(maxsize=8192)
def _number(e: sp.Expr, precision: int) -> flint.arb:
    match e:
        case sp.Rational() if e.is_finite:
            return flint.arb(flint.fmpq(int(e.p), int(e.q)))
        case _ if e in _CONSTANTS:
            return _CONSTANTS[e]()
        case sp.Add():
            return reduce(lambda a, b: a + b, map(number_ball, e.args))
        case sp.Mul():
            return reduce(lambda a, b: a * b, map(number_ball, e.args))
        case sp.Pow() | RealPow():
            base, exponent = e.args
            return _number_power(number_ball(base), exponent)
        case LogAddExp() | sp.atan2():
            return ARB_OPS["logaddexp" if isinstance(e, LogAddExp) else "atan2"](*map(number_ball, e.args))
        case sp.zeta():  # what SymPy makes of polygamma at some numbers
            return number_ball(e.args[0]).zeta(*map(number_ball, e.args[1:]))
        case sp.polygamma():
            return tape(sp.polygamma(e.args[0], _Z)).real(number_ball(e.args[1]))
        case sp.Function() if len(e.args) == 1:
            return tape(e.func(_Z)).real(number_ball(e.args[0]))
    return flint.arb.nan()


def _number_power(base: flint.arb, exponent: sp.Expr) -> flint.arb:
    if exponent == sp.Rational(1, 2):
        return base.sqrt()
    if exponent.is_Integer:
        return ARB_OPS["powi"](base, flint.arb(int(exponent)))
    return base ** number_ball(exponent)


_Z = sp.Symbol("z", real=True)
_CONSTANTS = {
    sp.pi: flint.arb.pi,
    sp.E: lambda: flint.arb(1).exp(),
    sp.EulerGamma: flint.arb.const_euler,
    sp.Catalan: flint.arb.const_catalan,
    sp.S.Infinity: flint.arb.pos_inf,
    sp.S.NegativeInfinity: flint.arb.neg_inf,
}
