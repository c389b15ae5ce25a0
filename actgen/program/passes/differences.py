"""Sums of several tanh or sigmoids in which terms cancel: multiplied out, slopes in sech², differences as products."""

from __future__ import annotations

import sympy as sp

from actgen.program.passes.reflect import logistic
from actgen.program.passes.stabilise import RULES, stabilised
from actgen.program.rules.differences import SignedDifference, SlopeDifference
from actgen.program.rules.saturation import Difference, TanhDifference
from actgen.program.stable import Sech
from actgen.symbolic.functions import Sigmoid

_MAX_ARGUMENTS = 4
_MAX_OPERATIONS = 200
_SIGNED_RULES = (
    SlopeDifference(),
    SignedDifference(),
    *(r for r in RULES if not isinstance(r, (Difference, TanhDifference))),
)


def signed_differences(e: sp.Expr) -> sp.Expr | None:
    """The expression with every such difference as a product; None if there is none."""
    if not e.has(sp.tanh, Sigmoid, sp.exp) or e.count_ops() > _MAX_OPERATIONS:
        return None
    spelled = logistic(e).replace(lambda p: p.is_Pow and isinstance(p.base, sp.tanh) and p.exp == 2, _by_sech)
    arguments = {f.args[0] for f in spelled.atoms(sp.tanh, Sech, Sigmoid)}
    if not 1 < len({*arguments, *(-u for u in arguments)}) / 2 <= _MAX_ARGUMENTS:
        return None
    terms = [sp.expand_mul(term, deep=False) for term in sp.Add.make_args(spelled)]
    return stabilised(sp.Add(*terms), _SIGNED_RULES)


def _by_sech(square: sp.Expr) -> sp.Expr:
    return 1 - Sech(square.base.args[0]) ** 2
