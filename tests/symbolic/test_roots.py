"""Roots of conditions."""

from __future__ import annotations

import pytest
import sympy as sp

from actgen.symbolic import roots
from actgen.symbolic.functions import Sigmoid
from actgen.symbolic.roots import real_roots

X = sp.Symbol("x", real=True)


def test_an_equation_of_a_high_degree_is_searched() -> None:
    odds = sp.exp((sp.log(X) - sp.log(1 - X) + sp.Rational(1, 2)) * sp.Rational(50, 33))
    (root,) = real_roots(sp.Rational(6, 5) * odds / (1 + odds) - sp.Rational(1, 10), X)
    assert odds.subs(X, root).evalf() == pytest.approx(1 / 11)


def test_what_a_formula_solves_is_exact() -> None:
    assert real_roots(X**2 - 2, X) == [-sp.sqrt(2), sp.sqrt(2)]
    assert real_roots(sp.exp(X) - 3, X) == [sp.log(3)]


def test_a_rational_exponent_costs_no_factoring_of_long_fractions() -> None:
    u = sp.Symbol("u", real=True)
    logit = (sp.log(u) - sp.log(1 - u)) * sp.Rational(10000, 6667)
    (root,) = real_roots(Sigmoid(logit) - sp.Rational(1, 12), u)
    assert abs(root - 1 / (1 + sp.Float(11, 40) ** sp.Rational(6667, 10000))) < sp.Float("1e-29")


def test_many_cases_that_meet_along_one_condition_search_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    search = roots._searched
    monkeypatch.setattr(roots, "_searched", lambda *given: searched.append(given) or search(*given))
    equation = X - sp.cos(X) + sp.Rational(1, 977)
    first = real_roots(equation, X)
    first.append(sp.Integer(1))
    assert len(real_roots(equation, X)) == len(first) - 1 == 1
    assert len(searched) == 1
