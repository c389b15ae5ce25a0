"""Roots less what is nearly as large: √A - B as (A - B²)/(√A + B) where that is shorter."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.rules.roots import ConjugateRoot
from actgen.program.truth import truths

u, v = sp.symbols("u v", real=True)


def test_one_term_is_shorter_than_two_of_as_much_text() -> None:
    found = ConjugateRoot().apply(sp.sqrt(u**2 + v**2) - u - v)
    assert found is not None
    assert found.has(-2 * u * v)


@pytest.mark.parametrize("e", [sp.sqrt(u**2 + v**2) - u - 2 * v, sp.sqrt(u**2 + v**2) - u * v])
def test_what_becomes_no_shorter_stays(e: sp.Expr) -> None:
    assert ConjugateRoot().apply(e) is None or not ConjugateRoot().apply(e).has(u * v)


def test_fischer_and_burmeister_keep_the_smaller_input() -> None:
    program = unit(spec("inputs: [u, v]\nexpression: sqrt(u**2 + v**2) - u - v")).program
    columns = {"u": np.array([1.1e-19, 3.0, -2.0, 1e20, 1e-5]), "v": np.array([0.4, 1e-9, 5.0, 3.0, -7.0])}
    root = program.forward["y"]
    np.testing.assert_allclose(evaluate_nodes([root], columns)[0], truths([root], columns)[0], rtol=1e-14)
