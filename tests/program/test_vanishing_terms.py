"""Parameters at which a term of the formula vanishes: what is left keeps its digits."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_numpy
from actgen.program.program import arg, const, node
from actgen.program.vanishing_terms import wrong_there

_BOUNDED = "parameters: {a: {init: 0.1, bounds: [0, 1]}}\nexpression: "
_X = np.array([-350.0, -1e-8, -1e-30, 1e-30, 1e-8, 3.0])


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        ("a*x + (1 - a)*softplus(x)", _X),
        ("a*softplus(x) + (1 - a)*tanh(x)", np.logaddexp(0, _X)),
    ],
)
def test_the_other_term_is_all_there_is(formula: str, left: np.ndarray) -> None:
    program = unit(spec(_BOUNDED + formula)).program
    values, _ = evaluate_numpy(program, {"x": _X, "a": np.ones_like(_X)})
    assert values["y"] == pytest.approx(left, rel=1e-14, abs=0)


def test_a_form_that_has_no_number_there_is_wrong() -> None:
    x = arg("x")
    forms = [x, node("div", node("mul", x, const(0)), const(0)), node("mul", x, const(2))]
    assert wrong_there(forms, x, [{"x": np.array([1.0, 2.0, 0.0])}]) == [0, 3, 2]
    assert wrong_there([x, x], x, [{"x": np.array([1.0])}]) == [0, 0]
