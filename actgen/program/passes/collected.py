"""Terms that share a power or an exponential, over it: E·a - E·b as E·(a - b).

Where E overflows the terms are ∞ - ∞, though the sum is as large as the larger of them, as in the slope in p of
(u**p - 1)/p.
"""

from __future__ import annotations

import sympy as sp

from actgen.symbolic.functions import RealPow

_LONGEST = 60  # operations of what is multiplied out


def collected(e: sp.Expr) -> sp.Expr | None:
    """The sum with each shared factor once; None where no two terms share one."""
    names = {p: sp.Dummy("e", real=True) for p in _outermost(e)}
    if not names or e.count_ops() > _LONGEST:
        return None
    plain = sp.expand(e.xreplace(names))
    terms = sp.Add.make_args(plain)
    shared = [d for d in names.values() if sum(t.has(d) for t in terms) > 1]
    if not shared or any(not plain.is_polynomial(d) or sp.degree(plain, d) != 1 for d in shared):
        return None
    parts = sp.collect(plain, shared, evaluate=False)
    found = sp.Add(*(power * sp.factor_terms(c) for power, c in parts.items()))
    return found.xreplace({d: p for p, d in names.items()})


def _outermost(e: sp.Expr) -> list[sp.Expr]:
    """The powers and exponentials that no other holds."""
    powers = _powers(e)
    inner = {q for p in powers for a in p.args for q in _powers(a)}
    return sorted(powers - inner, key=sp.default_sort_key)


def _powers(e: sp.Expr) -> set[sp.Expr]:
    """Exponentials, and powers whose exponent is no number."""
    return {p for p in e.atoms(RealPow, sp.Pow, sp.exp) if p.as_base_exp()[1].free_symbols or isinstance(p, RealPow)}
