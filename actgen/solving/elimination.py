"""Polynomial systems, one unknown after the other: factors, linear unknowns, and powers.

The coefficients are rationals and symbols of enclosed numbers. A step divides only by what balls prove not to be 0, or
has a branch for that; what the steps do not decide is left to the search in a box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from actgen.solving.average import Average
from actgen.solving.constants import Constants

MAX_BRANCHES = 64
_OPERATIONS = 600
_DEGREE = 12

Assignment = Mapping[sp.Symbol, sp.Expr]


@dataclass(slots=True)
class Eliminated:
    """What was found: assignments (unknowns without a value are free), and systems that are left over.

    Attributes:
        solutions: every one satisfies all the equations, up to reality and bounds.
        open: assignments made so far, with the equations that remain.
    """

    solutions: list[Assignment] = field(default_factory=list)
    open: list[tuple[Assignment, tuple[sp.Expr, ...]]] = field(default_factory=list)


def eliminate(equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol], constants: Constants) -> Eliminated:
    """All real solutions, as far as the rules go.

    Args:
        equations: what is to vanish, in the unknowns and the symbols of `constants`.
        unknowns: where there is a choice, those that come first stay free.
        constants: the numbers that the symbols stand for; more are added.
    """
    return _Elimination(unknowns, constants).run(equations)


class _Elimination:
    def __init__(self, unknowns: Sequence[sp.Symbol], constants: Constants) -> None:
        self.unknowns, self.constants = tuple(unknowns), constants
        self.result = Eliminated()
        self.branches = 0

    def run(self, equations: Sequence[sp.Expr]) -> Eliminated:
        self._branch({}, tuple(equations))
        return self.result

    def _branch(self, assigned: Assignment, equations: tuple[sp.Expr, ...]) -> None:
        self.branches += 1
        cleaned = None if self.branches > MAX_BRANCHES else self._cleaned(equations)
        if cleaned is None:
            self.result.open.append((assigned, equations))
            return
        left: list[sp.Expr] = []
        for equation in cleaned:
            if equation.free_symbols & set(self.unknowns):
                left.append(equation)
                continue
            vanishes = self.constants.vanishes(equation)
            if vanishes is None:
                self.result.open.append((assigned, cleaned))
                return
            if not vanishes:
                return  # 0 = 1
        if not left:
            self.result.solutions.append(assigned)
        elif not (
            self._factored(assigned, left)
            or self._linear(assigned, left)
            or self._power(assigned, left)
            or self._explicit(assigned, left)
        ):
            self.result.open.append((assigned, tuple(left)))

    def _cleaned(self, equations: Sequence[sp.Expr]) -> tuple[sp.Expr, ...] | None:
        """Polynomials with a symbol for each coefficient that is no rational; None if one is none, or too long.

        An expression that is no polynomial stays as it is.
        """
        found: list[sp.Expr] = []
        for equation in equations:
            if sp.count_ops(equation) > _OPERATIONS:
                return None
            if not equation.free_symbols & set(self.unknowns):
                found.append(self.constants.of(equation))
                continue
            top = equation if equation.is_polynomial(*self.unknowns) else sp.fraction(sp.together(equation))[0]
            if not top.is_polynomial(*self.unknowns):
                found.append(self._without_quotients(equation))
                continue
            found.append(self._tidied(top))
        return tuple(dict.fromkeys(e for e in found if e != 0))

    def _without_quotients(self, equation: sp.Expr) -> sp.Expr:
        """The numerator, where averages are divided by: the solver holds what it finds against the equations made."""
        below = sp.fraction(sp.together(equation))
        return below[0] if below[1].has(Average) else equation

    def _tidied(self, top: sp.Expr) -> sp.Expr:
        polynomial = sp.Poly(top, *self.unknowns)
        terms = [
            self.constants.of(c) * sp.prod(u**k for u, k in zip(self.unknowns, powers, strict=True))
            for powers, c in polynomial.terms()
        ]
        return sp.Add(*terms)

    def _polynomials(self, equations: Sequence[sp.Expr]) -> list[sp.Expr]:
        return [e for e in equations if e.is_polynomial(*self.unknowns)]

    def _factored(self, assigned: Assignment, equations: Sequence[sp.Expr]) -> bool:
        """A branch for each factor of an equation."""
        for equation in self._polynomials(equations):
            factors = [(f, k) for f, k in sp.factor_list(equation)[1] if f.free_symbols & set(self.unknowns)]
            if len(factors) > 1 or factors[0][1] > 1:
                others = tuple(e for e in equations if e is not equation)
                for factor, _ in factors:
                    self._branch(assigned, (factor, *others))
                return True
        return False

    def _linear(self, assigned: Assignment, equations: Sequence[sp.Expr]) -> bool:
        """An unknown that an equation is linear in, with a coefficient that is not 0, is put into the others."""
        for equation in sorted(self._polynomials(equations), key=lambda e: (sp.count_ops(e), sp.default_sort_key(e))):
            for unknown in reversed(self.unknowns):
                if not equation.has(unknown) or sp.degree(equation, unknown) != 1:
                    continue
                slope = sp.diff(equation, unknown)
                rest = equation.subs(unknown, 0)
                others = tuple(e for e in equations if e is not equation)
                if slope.has(*self.unknowns):
                    self._branch(assigned, (slope, rest, *others))
                elif self.constants.vanishes(slope) is not False:
                    continue
                self._assign(assigned, unknown, -rest / slope, others)
                return True
        return False

    def _explicit(self, assigned: Assignment, equations: Sequence[sp.Expr]) -> bool:
        """An unknown that an equation is linear in, whatever else is in it."""
        for equation in sorted(equations, key=lambda e: (sp.count_ops(e), sp.default_sort_key(e))):
            for unknown in reversed(self.unknowns):
                slope = sp.expand(sp.diff(equation, unknown)) if equation.has(unknown) else sp.S.Zero
                if slope == 0 or slope.has(unknown):
                    continue
                rest = equation.subs(unknown, 0)
                if rest.xreplace(dict.fromkeys(rest.atoms(Average), sp.S.One)).has(sp.nan, sp.zoo, sp.oo):
                    continue
                others = tuple(e for e in equations if e is not equation)
                if slope.has(*self.unknowns):
                    self._branch(assigned, (slope, rest, *others))
                elif self.constants.vanishes(slope) is not False:
                    continue
                self._assign(assigned, unknown, -rest / slope, others)
                return True
        return False

    def _assign(self, assigned: Assignment, unknown: sp.Symbol, value: sp.Expr, others: Sequence[sp.Expr]) -> None:
        known = {u: v.subs(unknown, value) for u, v in assigned.items()}
        self._branch({**known, unknown: value}, tuple(e.subs(unknown, value) for e in others))

    def _power(self, assigned: Assignment, equations: Sequence[sp.Expr]) -> bool:
        """An equation a·u² + b·u + c = 0, or a·u^n + c = 0."""
        for equation in self._polynomials(equations):
            mine = equation.free_symbols & set(self.unknowns)
            if len(mine) != 1:
                continue
            (unknown,) = mine
            roots = self._roots(sp.Poly(equation, unknown))
            if roots is None:
                continue
            others = tuple(e for e in equations if e is not equation)
            for root in roots:
                self._assign(assigned, unknown, root, others)
            return True
        return False

    def _roots(self, polynomial: sp.Poly) -> list[sp.Expr] | None:
        """The real roots in closed form; None if there is none or a sign is not known."""
        terms = {powers[0]: c for powers, c in polynomial.terms()}
        degree = polynomial.degree()
        leading = terms[degree]
        if self.constants.vanishes(leading) is not False or degree > _DEGREE:
            return None
        if set(terms) <= {0, degree}:
            return self._radicals(-terms.get(0, sp.S.Zero) / leading, degree)
        if degree != 2:
            return None
        middle, last = terms.get(1, sp.S.Zero), terms.get(0, sp.S.Zero)
        inside = middle**2 - 4 * leading * last
        found = self._radicals(inside, 2)
        return None if found is None else [(-middle + r) / (2 * leading) for r in found]

    def _radicals(self, value: sp.Expr, degree: int) -> list[sp.Expr] | None:
        vanishes = self.constants.vanishes(value)
        if vanishes is None:
            return None
        if vanishes:
            return [sp.S.Zero]
        positive = bool(self.constants.ball(value) > 0)
        root = sp.Pow(value if positive else -value, sp.Rational(1, degree))
        if degree % 2:
            return [root if positive else -root]
        return [-root, root] if positive else []
