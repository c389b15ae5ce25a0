"""Choices that an outer choice has settled are gone, and no value with them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.branches import without_settled_choices
from actgen.program.program import Node, Program, arg, const, node, topological

X, A = arg("x"), arg("a")
POS = node("lt", const(0), X)
GRID = np.array([-np.inf, -3.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, np.inf, np.nan])
COLUMNS = {"x": np.repeat(GRID, GRID.size), "a": np.tile(GRID, GRID.size)}


def program(*roots: Node, hints: dict[Node, str] | None = None) -> Program:
    forward = {f"y{place}": root for place, root in enumerate(roots)}
    return Program(inputs=("x",), parameters=("a",), forward=forward, partials={}, hints=hints or {})


def settled(root: Node) -> Node:
    return without_settled_choices(program(root)).forward["y0"]


def choice(condition: Node, one: Node, other: Node) -> Node:
    return node("where", condition, one, other)


def test_a_guard_goes() -> None:
    guarded = choice(POS, const(0), X)
    assert settled(choice(POS, X, node("expm1", guarded))) is choice(POS, X, node("expm1", X))


def test_a_guard_by_a_composed_condition_goes() -> None:
    near = node("lt", node("abs", X), A)
    guard = choice(node("and", near, node("not", POS)), X, const(-1))
    root = choice(POS, X, choice(near, node("exp", guard), guard))
    assert settled(root) is choice(POS, X, choice(near, node("exp", X), const(-1)))


def test_what_is_open_stays() -> None:
    other = choice(node("lt", X, A), const(0), X)
    root = choice(POS, X, node("exp", other))
    assert settled(root) is root
    assert settled(node("exp", other)) is node("exp", other)


def test_names_go_over_to_what_takes_a_place() -> None:
    inner = node("exp", choice(POS, const(0), X))
    found = without_settled_choices(program(choice(POS, X, inner), hints={inner: "bend"}))
    assert found.hints[node("exp", X)] == "bend"


conditions = st.recursive(
    st.sampled_from([POS, node("lt", X, A), node("eq", X, const(0)), node("le", A, const(1)), node("isnan", A)]),
    lambda below: st.one_of(
        st.builds(lambda c: node("not", c), below),
        st.builds(lambda op, a, b: node(op, a, b), st.sampled_from(["and", "or"]), below, below),
    ),
    max_leaves=3,
)
values = st.recursive(
    st.sampled_from([X, A, const(0), const(2)]),
    lambda below: st.one_of(
        st.builds(choice, conditions, below, below),
        st.builds(lambda op, a, b: node(op, a, b), st.sampled_from(["add", "mul"]), below, below),
    ),
    max_leaves=14,
)


@given(values)
def test_every_value_stays(root: Node) -> None:
    new = settled(root)
    before, after = evaluate_nodes([root, new], COLUMNS)
    assert np.array_equal(before, after, equal_nan=True)
    assert len(list(topological([new]))) <= 2 * len(list(topological([root])))
