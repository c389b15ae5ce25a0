"""Power means: no power vanishes or overflows before the mean does, and the slope in the power keeps its digits."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.homogeneous import homogeneous
from actgen.program.program import Program
from actgen.program.truth import truths
from actgen.symbolic.functions import Softplus

u, v, p = sp.symbols("u v p", real=True)


@pytest.fixture(scope="module")
def mean() -> Program:
    text = "inputs: [u, v]\nparameters: {p: {init: 2, bounds: [1, 8]}}\n"
    return unit(spec(f"{text}expression: ((softplus(u)**p + softplus(v)**p)/2)**(1/p)\n")).program


def test_the_whole_range(mean: Program) -> None:
    sizes = [-1e5, -800.0, -700.0, -100.0, -1.0, 0.0, 1e-8, 3.0, 30.0, 700.0, 440320.0, 452608.0, 1e100]
    grid = [column.ravel() for column in np.meshgrid(sizes, sizes, [1.0, 2.0, 7.9])]
    columns = dict(zip(("u", "v", "p"), grid, strict=True))
    for root in mean.roots():
        (found,), (exact,) = evaluate_nodes([root], columns), truths([root], columns)
        assert np.isfinite(found).all()
        close = np.abs(found - exact) <= 1e-11 * np.abs(exact) + 1e-307
        assert (close | np.isnan(exact)).all()
        ordinary = np.abs(columns["u"]) + np.abs(columns["v"]) < 1e7
        for slope in adjoints(root, columns).values():
            assert np.isfinite(slope[ordinary]).all()


def test_the_slope_in_the_power_where_both_are_nearly_equal(mean: Program) -> None:
    columns = {
        "u": np.array([1e-8, -1e-163, 0.3, -50.0, -700.0, 5.0]),
        "v": np.array([1e-9, 6e-135, 0.3000001, -50.0001, -700.001, 5.1]),
        "p": np.full(6, 2.0),
    }
    text = ((Softplus(u) ** p + Softplus(v) ** p) / 2) ** (1 / p)
    slope = mean.partials["y", "p"]
    (found,) = evaluate_nodes([slope], columns)
    with_mp = sp.lambdify((u, v, p), sp.diff(text, p).rewrite((Softplus,), sp.exp), "mpmath")
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(700):
        for k, value in enumerate(found):
            exact = with_mp(*(mpmath.mpf(float(columns[n][k])) for n in ("u", "v", "p")))
            assert abs(value / exact - 1) < 2e-9 if exact > 1e-306 else value < 1e-306


def test_other_powers_have_no_such_form() -> None:
    for e in (Softplus(u) ** p, (Softplus(u) ** 2 + Softplus(v) ** 2) ** p, u**p + v**p):
        assert not list(homogeneous(e))
