"""Points at which an exponent has the size at which e is lost to it: far out, or near 0."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import topological
from actgen.program.reaching import reaching
from actgen.program.sampling import samples

WANTED = np.array([708.0, 720.0, 745.0])


@pytest.mark.parametrize(
    ("formula", "near", "far"),
    [
        ("x*exp(-x**2)", False, True),
        ("Piecewise((exp(-log(x)**2/2), x > 0), (0, True))", True, True),
        ("Piecewise((exp(-1/x), x > 0), (0, True))", True, False),
    ],
)
def test_sizes_are_reached_on_the_side_where_they_are(formula: str, near: bool, far: bool) -> None:
    made = unit(spec(f"expression: {formula}"))
    exponent = next(n.args[0] for n in topological(made.program.roots()) if n.op == "exp")
    columns = reaching(exponent, WANTED, made.program, samples(made.derivation))
    (found,) = evaluate_nodes([exponent], columns)
    assert np.all((np.abs(found) > 600) & (np.abs(found) < 830))
    sizes = np.abs(columns["x"])
    assert (bool(np.any(sizes < 1)), bool(np.any(sizes > 1))) == (near, far)
