"""Rules for square and cube roots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import U, terms_with
from actgen.program.stable import Select
from actgen.symbolic.functions import Cbrt


class ConjugateRoot:
    """√A + B with A - B² simple; B is a polynomial or another root."""

    name = "conjugate-root"
    reason = "√(1 + u²) + u keeps no digit for large negative u, √(1 + u²) - 1 none near 0"
    before = sp.sqrt(1 + U**2) - 1
    after = U**2 / (sp.sqrt(1 + U**2) + 1)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·(√A + B) to c·(A - B²)/(√A - B) where B is negative and A - B² is shorter than A."""
        for term, c, root in _roots(e):
            for terms in self._partners(e, term, c):
                b = sp.Add(*(sp.cancel(t / c) for t in terms))
                difference = sp.expand(root.base - sp.expand(b**2))
                if not _shorter(difference, root.base):
                    continue
                joined = self._joined(root, b, sp.factor(difference))
                if joined is not None:
                    return sp.Add(*(t for t in e.args if t is not term and t not in terms)) + c * joined
        return None

    def _joined(self, root: sp.Expr, b: sp.Expr, difference: sp.Expr) -> sp.Expr | None:
        """The better form of √A + B, or None where that is the sum itself."""
        if b.is_number or _is_negative_root(b):
            return difference / (root - b) if b.is_negative or _is_negative_root(b) else None
        if not b.is_polynomial(*b.free_symbols):
            return None
        # |b|, which is -b where this is taken, for the derivatives: root - b is 0 for large positive b.
        return Select(-b, difference / (root + sp.Abs(b)), root + b)

    def _partners(self, e: sp.Expr, term: sp.Expr, c: sp.Expr) -> Iterator[list[sp.Expr]]:
        """The terms that may be c·B: all polynomial ones together, each alone, each other root."""
        ratios = {t: sp.cancel(t / c) for t in e.args if t is not term}
        polynomials = [t for t, b in ratios.items() if b.is_polynomial(*b.free_symbols)]
        if len(polynomials) > 1:
            yield polynomials
        yield from ([t] for t in polynomials)
        yield from ([t] for t, b in ratios.items() if _is_negative_root(b))


class CubeRootDifference:
    """c·cbrt(A) ± c·cbrt(B)."""

    name = "cube-root-difference"
    reason = "cbrt(u + 1) - cbrt(u) keeps no digit for large u, cbrt(u + 1) + cbrt(u - 1) none near 0"
    before = Cbrt(U + 1) - Cbrt(U)
    after = 1 / (Cbrt(U + 1) ** 2 + Cbrt(U + 1) * Cbrt(U) + Cbrt(U) ** 2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(A ± B)/(a² ∓ ab + b²) with the roots a and b, where A ± B is shorter than A."""
        for (first, c, a), (second, d, b) in combinations(list(terms_with(e, Cbrt)), 2):
            if c not in (d, -d):
                continue
            sign = -1 if c == d else 1
            plain_a, plain_b = _without_selects(a), _without_selects(b)
            difference = sp.expand(plain_a - sign * plain_b)
            if difference.is_number or difference.count_ops() < max(plain_a.count_ops(), plain_b.count_ops()):
                x, y = Cbrt(a), Cbrt(b)
                return e - first - second + c * difference / (x**2 + sign * x * y + y**2)
        return None


class RootOfPower:
    """cbrt(u^k)."""

    name = "root-of-power"
    reason = "u^k overflows or underflows long before its root does"
    before = Cbrt(U**2)
    after = Cbrt(U) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To cbrt(u)^k."""
        if isinstance(e, Cbrt) and isinstance(e.args[0], sp.Pow) and e.args[0].exp.is_Integer:
            return Cbrt(e.args[0].base) ** e.args[0].exp
        return None


def _shorter(e: sp.Expr, than: sp.Expr) -> bool:
    """Whether it is less text; -2uv, of one term, is also shorter than u² + v²."""
    return e.count_ops() < than.count_ops() or (not e.is_Add and than.is_Add and e.count_ops() == than.count_ops())


def _roots(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Pow]]:
    """(term, coefficient, root) of every c·√A in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.Pow) and factor.exp == sp.Rational(1, 2) and not factor.is_number:
                yield term, term / factor, factor


def _without_selects(e: sp.Expr) -> sp.Expr:
    """The one arm of a `ConjugateRoot` that is the sum: for algebra, in which both are equal."""
    return e.replace(Select, lambda test, positive, other: other)


def _is_negative_root(e: sp.Expr) -> bool:
    """Whether it is -k·√A."""
    coefficient, rest = e.as_coeff_Mul()
    return bool(coefficient.is_negative) and isinstance(rest, sp.Pow) and rest.exp == sp.Rational(1, 2)
