"""A first look at an activation is drawn from the truth, if not to the last digit."""

import numpy as np
import pytest
from spec_units import SPECS, spec

from actgen.program.draft import draft
from actgen.program.evaluate import evaluate_nodes
from actgen.spec.reader import read_path, read_text
from actgen.symbolic.derive import derive
from actgen.symbolic.sketch import sketch
from actgen.verify.oracle import Oracle

PLACES = (-7.3, -2.1, -0.55, -0.03, 0.017, 0.61, 1.9, 4.4)
UNSEEN = spec(
    """
inputs: [x, gate]
parameters: {alpha: 0.7, edge: {init: 1.2, bounds: [0.1, 3]}}
outputs:
  bent: Piecewise((x, x > edge), (alpha*tanh(x)*gate, x > -edge), (abs(x) - cbrt(gate), True))
  wavy: clip(x*gate, -1, 2) + log1p(x**2)*sin(alpha*gate)
""",
    "draft_unseen",
)


def activation_of(name):
    found, _ = read_text(UNSEEN, "unseen.yaml") if name == "unseen" else read_path(SPECS / f"{name}.yaml")
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["gelu", "mish", "selu_variation", "hardswish", "soft_exponential", "geglu", "unseen"])
def test_a_draft_computes_what_the_oracle_says_at_ordinary_places(name):
    activation = activation_of(name)
    sketched = sketch(activation)
    assert sketched is not None
    program, truth = draft(sketched), Oracle(activation)
    nominal = activation.nominal()
    rows = [{**{i.name: x + 0.3 * k for k, i in enumerate(activation.inputs)}, **nominal} for x in PLACES]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    roots = [*program.forward.values(), *program.partials.values()]
    wanted = [
        *([truth.value(o, row) for row in rows] for o in program.forward),
        *([truth.partial(o, v, row) for row in rows] for o, v in program.partials),
    ]
    for found, expected in zip(evaluate_nodes(roots, columns), wanted, strict=True):
        assert np.broadcast_to(found, len(rows)) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_a_sketch_has_the_breakpoints_of_the_derivation():
    activation = activation_of("hardswish")
    sketched, (derived, _) = sketch(activation), derive(activation)
    assert sketched is not None
    assert derived is not None
    places = [[(b.location, b.smoothness) for b in d.outputs[0].breakpoints] for d in (sketched, derived)]
    assert places[0] == places[1] != []


def test_more_pieces_than_there_may_be_have_no_sketch():
    terms = " + ".join(f"abs(x - {k}*z)" for k in range(1, 24))
    activation, _ = read_text(spec(f"inputs: [x, z]\nexpression: {terms}\n", "many"), "many.yaml")
    assert activation is not None
    assert sketch(activation) is None
