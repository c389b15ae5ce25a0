"""Rules 1 and 2 of the numerics: rewrites that keep digits where the textbook form cancels or overflows.

Each rule in `actgen/program/rules/` is a small class with its name, its reason and a before/after pair, which its test
runs at high precision.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from actgen.program.rules.angles import OnePlusSine, OnePlusSineTimesCosine
from actgen.program.rules.exponentials import (
    ComplexExpMinusOne,
    ExpDifference,
    ExpMinusOne,
    HalfAngle,
    PowerMinusOne,
    PowerOfOnePlusExp,
    PowerOfOnePlusFraction,
    PowerOfOnePlusMultiple,
    PythagoreanHyperbolic,
)
from actgen.program.rules.gammas import (
    GammaQuotient,
    LogGammaDifference,
    LogGammaOnePlus,
    PolygammaDifference,
)
from actgen.program.rules.hyperbolic import LogOfTanh, SumOfOppositeExponentials, TanhOfOneExponential
from actgen.program.rules.logarithms import (
    AcoshOnePlus,
    LogCosh,
    LogNearOne,
    LogOfExpMinusOne,
    LogOfRatio,
    LogOfSigmoid,
    LogOfSoftplus,
    LogOfSumWithExp,
    LogOneMinusExp,
    LogOnePlus,
    LogOnePlusMultiple,
)
from actgen.program.rules.many_exponentials import LogOfExponentials, LogOfMeanOfExponentials
from actgen.program.rules.powers import SigmoidPowerDifference
from actgen.program.rules.roots import ConjugateRoot, CubeRootDifference, RootOfPower
from actgen.program.rules.rule import Rule
from actgen.program.rules.saturation import (
    AngleDifference,
    ArctanTail,
    Difference,
    ErfcReflection,
    ErfcTail,
    Logistic,
    SigmoidTail,
    TanhDifference,
    TanhTail,
)

RULES: tuple[Rule, ...] = (
    LogCosh(),
    LogOfRatio(),
    LogNearOne(),
    AcoshOnePlus(),
    LogOfSigmoid(),
    LogOfSoftplus(),
    LogOfTanh(),
    LogOnePlus(),
    LogOfExponentials(),
    LogOfMeanOfExponentials(),
    ErfcTail(),
    ErfcReflection(),
    TanhTail(),
    SigmoidTail(),
    HalfAngle(),
    OnePlusSine(),
    OnePlusSineTimesCosine(),
    ConjugateRoot(),
    ArctanTail(),
    PowerMinusOne(),
    PowerOfOnePlusExp(),
    PowerOfOnePlusFraction(),
    PowerOfOnePlusMultiple(),
    CubeRootDifference(),
    RootOfPower(),
    Difference(),
    AngleDifference(),
    TanhDifference(),
    ExpMinusOne(),
    SigmoidPowerDifference(),
    SumOfOppositeExponentials(),
    ExpDifference(),
    ComplexExpMinusOne(),
    LogOneMinusExp(),
    LogOfExpMinusOne(),
    LogOnePlusMultiple(),
    LogOfSumWithExp(),
    PythagoreanHyperbolic(),
    Logistic(),
    TanhOfOneExponential(),
    LogGammaDifference(),
    PolygammaDifference(),
    GammaQuotient(),
    LogGammaOnePlus(),
)
"""Every rule, in the order in which they are tried at a node."""


LOGISTIC_RULES: tuple[Rule, ...] = (LogOfRatio(), LogOfSigmoid(), LogOnePlus(), Logistic())
"""The rules that write a formula in sigmoid and softplus, and leave its sums alone."""

_SELECTING = (LogOfTanh, LogOnePlusMultiple, PowerOfOnePlusMultiple, SigmoidPowerDifference)
ANALYTIC_RULES: tuple[Rule, ...] = (
    SigmoidPowerDifference(analytic=True),
    *(r for r in RULES if not isinstance(r, _SELECTING)),
)
"""The rules that make no select where a quotient patch wants a power series."""

REFLECTED_RULES: tuple[Rule, ...] = tuple(r for r in RULES if not isinstance(r, ErfcReflection))
"""The rules for sums in which arguments have a known sign: there 2 - erfc(u) is meant."""


def stabilised(e: sp.Expr, rules: Sequence[Rule] = RULES) -> sp.Expr:
    """The expression rewritten bottom-up by every rule until none matches."""
    if e.is_Atom or e.is_number:
        return e
    args = tuple(stabilised(a, rules) if isinstance(a, sp.Expr) else a for a in e.args)
    rebuilt = e if args == e.args else e.func(*args)
    return _settle(rebuilt, rules)


def _settle(e: sp.Expr, rules: Sequence[Rule]) -> sp.Expr:
    for _ in range(20):
        found = next((f for rule in rules if (f := rule.apply(e)) is not None and f != e), None)
        if found is None:
            return e
        e = found
    return e
