"""An expectation that has no closed form, as an expression: what the equations of moments are made of."""

from __future__ import annotations

import sympy as sp

from actgen.analysis.gaussian import density


class Average(sp.Function):
    """∫ g(x) φ(x) dx over [low, high] with φ the normal density; arguments are x (bound), g, low and high.

    The derivative with respect to a parameter is that of g, averaged, and what the ends contribute (Leibniz).
    """

    is_real = True
    nargs = 4

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """The parameters in it; not the variable of the integral."""
        x, value, low, high = self.args
        return (value.free_symbols - {x}) | low.free_symbols | high.free_symbols

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        x, value, low, high = self.args
        inside = sp.diff(value, s)
        found = sp.S.Zero if inside == 0 else Average(x, inside, low, high)
        for end, side in ((high, 1), (low, -1)):
            if end.has(s):
                found += side * value.subs(x, end) * density(end) * sp.diff(end, s)
        return found
