"""Where expressions in the parameters have a real value."""

from __future__ import annotations

import sympy as sp

from actgen.analysis.assuming import assumptions_about
from actgen.analysis.monomials import sign
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.functions import LogAddExp, Magnitude, RealPow, Sigmoid, Softplus

EVERYWHERE = (
    *(sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.atan, sp.asinh, sp.erf, sp.erfc),
    *(Sigmoid, Softplus, LogAddExp),
)
"""Functions that are analytic at every real number."""
_CONTINUOUS = (sp.Abs, Magnitude, sp.Max, sp.Min)


def assume_defined(value: sp.Expr, variable: sp.Symbol | None = None) -> None:
    """Writes down what makes all parts of an expression real that hold parameters and not the variable.

    Raises:
        UndecidedError: if there is no rule for a part.
    """
    if assumptions_about(value) is None:
        return
    for part in sp.preorder_traversal(value):
        if part.free_symbols and not (variable is not None and part.has(variable)):
            _assume(part)


def _assume(part: sp.Basic) -> None:
    match part:
        case sp.Pow(args=(_, exponent)) if exponent.is_Integer and exponent > 0:
            return
        case sp.Pow(args=(base, exponent)) | RealPow(args=(base, exponent)):
            if sign(base) < 0 and not exponent.is_Integer:
                raise UndecidedError("a root of what is negative")
        case sp.log(args=(argument,)):
            if sign(argument) < 0:
                raise UndecidedError("a logarithm of what is negative")
        case sp.Function() if not isinstance(part, (*EVERYWHERE, *_CONTINUOUS)):
            raise UndecidedError("a function of the parameters without a rule")
