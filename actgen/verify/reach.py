"""How far out the arguments of a formula can go before its own powers leave the range of float64."""

from __future__ import annotations

from collections.abc import Mapping

from actgen.activation import Activation
from actgen.formula import Branches, Call, Formula, Name, Number

_RANGE = 1000.0  # binary exponent; constants may take the rest of the 1023
_SHORT_RANGE = 125.0  # the same of float32
_FLOAT32 = 128.0  # every float32 is within reach, whatever the formula

_ROOTS = {"sqrt": 0.5, "cbrt": 1 / 3}
_KEEPING = {"neg", "Abs", "relu", "softplus", "Max", "Min", "clip", "add", "sub", "logaddexp", "logsigmoid"}


def reach(activation: Activation, *, narrow: bool = False) -> float:
    """The largest |x| at which a derivative's powers are numbers: 2^500 where the formula has none, at least 2^128.

    A derivative holds products of two of the formula's own powers (the quotient rule squares a denominator), so that
    x³ on the way gives 2^(1000/6). If `narrow`, for float32: 2^62 where there are none, 2^(125/6) for x³.
    """
    inputs = {i.name for i in activation.inputs}
    peak = 1.0
    for output in activation.outputs:
        peak = max(peak, _Degrees(inputs, activation.nominal()).of(activation.resolved(output)))
    if narrow:
        return 2.0 ** (_SHORT_RANGE / (2 * peak))
    return 2.0 ** max(_RANGE / (2 * peak), _FLOAT32)


class _Degrees:
    """Degrees of growth in the inputs; the highest on the way is kept."""

    def __init__(self, inputs: set[str], nominal: Mapping[str, float]) -> None:
        self._inputs = inputs
        self._nominal = nominal

    def of(self, formula: Formula) -> float:
        """The highest degree of any part."""
        return self._both(formula)[1]

    def _both(self, formula: Formula) -> tuple[float, float]:
        """The degree, and the highest on the way."""
        match formula:
            case Name(name=name):
                degree = 1.0 if name in self._inputs else 0.0
                return degree, degree
            case Branches(pieces=pieces):
                parts = [self._both(piece.value) for piece in pieces]
            case Call(args=args):
                parts = [self._both(part) for part in args]
            case _:
                return 0.0, 0.0
        degree = max(p[0] for p in parts) if isinstance(formula, Branches) else self._joined(formula, parts)
        return degree, max(degree, *(p[1] for p in parts))

    def _joined(self, call: Call, parts: list[tuple[float, float]]) -> float:
        degrees = [p[0] for p in parts]
        match call.function:
            case "mul":
                return sum(degrees)
            case "div":
                return max(degrees[0] - degrees[1], 0.0)
            case "pow":
                return max(degrees[0] * self._exponent(call.args[1]), 0.0)
        if call.function in _ROOTS:
            return degrees[0] * _ROOTS[call.function]
        return max(degrees) if call.function in _KEEPING else 0.0

    def _exponent(self, formula: Formula) -> float:
        match formula:
            case Number(value=value):
                return float(value)
            case Name(name=name):
                return self._nominal.get(name, 1.0)
            case Call(function="neg", args=(inner,)):
                return -self._exponent(inner)
            case Call(function="div", args=(a, b)) if self._exponent(b):
                return self._exponent(a) / self._exponent(b)
            case Call(function="mul", args=(a, b)):
                return self._exponent(a) * self._exponent(b)
            case Call(function="add", args=(a, b)):
                return self._exponent(a) + self._exponent(b)
            case Call(function="sub", args=(a, b)):
                return self._exponent(a) - self._exponent(b)
        return 1.0
