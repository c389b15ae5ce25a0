"""Specs that are not in the catalogue, compiled and held in float64 against their own text in ball arithmetic.

Criterion: the value and every partial within 1e-12 relative, at the parameters' nominal values and at others within
bounds, from 1e-300 to 709.5 on both sides and beside every breakpoint. A change that rounding the arguments alone can
make is excused.
"""

from __future__ import annotations

import itertools

import pytest
from compiling import UNSEEN, compiled
from measuring import Point, misses
from textbook import Textbook

_ENOUGH = 5  # misses that a failure shows

FURTHER: dict[str, list[Point]] = {
    "acon_c": [{"p1": 0.5, "p2": 0.5, "beta": 0.0}],
    "aranda_ordaz": [{"lam": 1e-10}, {"lam": 1.0}],
    "asinh_unit": [{"a": 0.0}, {"a": 1e-9}],
    "bell_gate": [{"k": 2.0, "w": -300.0}],
    "bounded_growth": [{"a": 1.2, "b": 0.3}],
    "box_cox": [{"lam": 0.0}, {"lam": 1e-12}],
    "csch_unit": [{"a": 1e-9}],
    "divided_exponential": [{"a": 1.0}, {"a": 1.0 + 2.0**-30}],
    "exp_minus_line": [{"a": 0.0}, {"a": 1e-9}],
    "exp_over": [{"a": 0.0}, {"a": 1e-9}],
    "log_over": [{"a": 0.0}, {"a": 1e-9}],
    "log_exp_bend": [{"a": 1e-9}, {"a": -1e-9}, {"a": -1.0}],
    "logistic_growth": [{"a": 1.2, "b": 0.3}, {"a": -0.25, "b": -1.5}],
    "nested_pieces": [{"a": -0.5}],
    "one_minus_cosine": [{"a": 1e-9}],
    "q_exponential": [{"q": 0.9999999}],
    "richards": [{"nu": 1e-8}],
    "signed_power": [{"p": 1.0}, {"p": 2.0}],
    "sinh_over_cosh": [{"a": 1.2, "b": 0.3}],
    "sinh_over": [{"a": 0.0}, {"a": 1e-9}],
    "student_bell": [{"nu": 1e6}],
    "swish_bell": [{"k": 2.0, "w": -300.0}],
    "tanhsoft_three": [{"alpha": 0.125}],
    "tanh_over": [{"a": 0.0}, {"a": -1e-4}],
    "tilted_sech": [{"a": 1.2, "b": 0.3}],
    "tilted_softplus": [{"a": 1.2, "b": 0.3}],
    "tukey_lambda": [{"lam": 0.0}, {"lam": 1e-8}],
    "versine_power": [{"w": 1e-9}],
    "yeo_johnson": [{"lam": 0.0}, {"lam": 2.0}, {"lam": 2.000000001}],
}
"""Parameters to try beside the nominal ones: removable points, and their neighbourhoods."""

KNOWN_MISSES: dict[str, str] = {
    "generalised_bell": "x/s is 0 for the least subnormal x, and the slope in p is then 0·log(0)",
    "smooth_box": "the tail's series is cut for the radii that were measured, and a larger one needs more terms",
    "student_bell": "the slope in nu cancels for large nu: log1p(t) - t/(1 + t), t = x²/nu",
}
"""What misses the criterion, with the worst place and what is thought to be the reason.

A test that finds one of these right fails: take it off the list.
"""


@pytest.mark.parametrize("name", sorted(path.stem for path in UNSEEN.glob("*.yaml")))
def test_value_and_partials(name: str) -> None:
    path = UNSEEN / f"{name}.yaml"
    unit = compiled(path)
    every = misses(unit.activation, unit.program, Textbook(path), FURTHER.get(name, []))
    found = list(map(str, itertools.islice(every, _ENOUGH)))
    said = "\n".join(found) or "it is no longer a miss: take it off the list"
    assert bool(found) is (name in KNOWN_MISSES), said


def test_the_lists_name_specs() -> None:
    assert {path.stem for path in UNSEEN.glob("*.yaml")} >= KNOWN_MISSES.keys() | FURTHER.keys()
