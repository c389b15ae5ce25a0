"""Saturating functions written as their limit and what is left of it, so that limits cancel exactly.

For large u softplus(u) is u + softplus(-u), sigmoid(u) is 1 - sigmoid(-u), tanh(u) is 1 - 2·sigmoid(-2u), erf(u) is
1 - erfc(u): once the polynomial parts of a sum have cancelled by algebra, only what decays is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import sympy as sp

from actgen.program.passes.rational import without_whole_part
from actgen.program.passes.stabilise import LOGISTIC_RULES, REFLECTED_RULES, stabilised
from actgen.program.rules.exponentials import PowerOfOnePlusExp
from actgen.program.stable import Erfc, Select
from actgen.symbolic.functions import LogAddExp, RealPow, Sigmoid, Softplus

_MAX_ARGUMENTS = 2
_MAX_OPERATIONS = 200

_REFLECTIONS: dict[type[sp.Function], Callable[[sp.Expr], sp.Expr]] = {
    Softplus: lambda u: u + Softplus(-u),
    Sigmoid: lambda u: 1 - Sigmoid(-u),
    sp.tanh: lambda u: 1 - 2 * Sigmoid(-2 * u),
    sp.erf: lambda u: 1 - Erfc(u),
}
"""F(u) for positive u."""
_ODD = (sp.tanh, sp.erf)
_COMPLEMENTS = (sp.erfc, Erfc)
"""erfc(u) is 2 - erfc(-u) for negative u."""
_DISTRIBUTE = {"log": False, "power_base": False, "power_exp": False}


def logistic(e: sp.Expr) -> sp.Expr:
    """The expression in sigmoid and softplus, otherwise as it is."""
    return stabilised(e, LOGISTIC_RULES).replace(LogAddExp, lambda a, b: b + Softplus(sp.expand(a - b)))


def reflected(e: sp.Expr, positive: Collection[sp.Expr] = ()) -> sp.Expr | None:
    """One form for each combination of signs of the arguments of saturating functions; None if there are too many.

    Powers of what is `positive` take part, as exponentials: log(1 + v^p) is softplus(p·log(v)).
    """
    logarithms = {sp.Dummy("l", real=True): base for base in sorted(positive, key=sp.default_sort_key)}
    for symbol, base in logarithms.items():
        e = _exponential(e, base, symbol)
    if logarithms:
        e = stabilised(logistic(e), (PowerOfOnePlusExp(),))
    for function in (*_REFLECTIONS, *_COMPLEMENTS):
        e = e.replace(function, lambda u, f=function: f(sp.expand(u)))
    arguments = _arguments(e)
    if not 0 < len(arguments) <= _MAX_ARGUMENTS or e.count_ops() > _MAX_OPERATIONS:
        return None
    found = _selected(e, arguments)
    for symbol, base in logarithms.items():
        found = _powers_again(found, base, symbol)
    return found


def _exponential(e: sp.Expr, base: sp.Expr, logarithm: sp.Symbol) -> sp.Expr:
    def swap(b: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        return sp.exp(exponent * logarithm) if b == base else RealPow(b, exponent)

    return e.replace(RealPow, without_whole_part).replace(RealPow, swap).replace(sp.log(base), logarithm)


def _powers_again(e: sp.Expr, base: sp.Expr, logarithm: sp.Symbol) -> sp.Expr:
    def swap(u: sp.Expr) -> sp.Expr:
        held = [t for t in sp.Add.make_args(sp.expand(u)) if t.has(logarithm)]
        exponent = sp.Add(*(t / logarithm for t in held))
        if not held or exponent.has(logarithm):
            return sp.exp(u)
        return RealPow(base, exponent) * sp.exp(sp.expand(u) - sp.Add(*held))

    return e.replace(sp.exp, swap).xreplace({logarithm: sp.log(base)})


def _arguments(e: sp.Expr) -> list[sp.Expr]:
    found: list[sp.Expr] = []
    for atom in sorted(e.atoms(*_REFLECTIONS, *_COMPLEMENTS), key=sp.default_sort_key):
        u = _positive(atom.args[0])
        if u not in found and u.free_symbols:
            found.append(u)
    return found


def _positive(u: sp.Expr) -> sp.Expr:
    return -u if u.could_extract_minus_sign() else u


def _selected(e: sp.Expr, arguments: Sequence[sp.Expr]) -> sp.Expr:
    if not arguments:
        return stabilised(sp.expand(e, **_DISTRIBUTE), REFLECTED_RULES)
    u, *others = arguments
    return Select(u, _selected(_for_positive(e, u), others), _selected(_for_positive(e, -u), others))


def _for_positive(e: sp.Expr, u: sp.Expr) -> sp.Expr:
    """The expression where `u` is known to be positive."""
    for function, reflection in _REFLECTIONS.items():
        e = e.replace(function, lambda a, f=function, r=reflection: _once(f, r, a, u))
    for function in _COMPLEMENTS:
        e = e.replace(function, lambda a: 2 - Erfc(u) if a == -u else Erfc(a))
    return e


def _once(function: type[sp.Function], reflection: Callable[[sp.Expr], sp.Expr], a: sp.Expr, u: sp.Expr) -> sp.Expr:
    if a == u:
        return reflection(u)
    return -reflection(u) if a == -u and function in _ODD else function(a)
