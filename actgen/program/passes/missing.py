"""NaN in, NaN out: a select where it would not arrive by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.program.build import where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, arg, const, node, rewrite

Array = npt.NDArray[Any]
Setting = tuple[dict[str, Array], type[np.floating[Any]]]
"""Columns of arguments, and the precision they are evaluated in."""


def propagating(root: Node, inputs: Sequence[str], settings: Sequence[Setting]) -> Node:
    """NaN where any of the inputs is NaN; nothing is added for inputs whose NaN arrives by itself."""
    lost: Node | None = None
    absorbing = rewrite([root], _absorbing)[root]
    for name in inputs:
        if not all(_arrives(r, name, *setting) for r in {root, absorbing} for setting in settings):
            bad = node("isnan", arg(name))
            lost = bad if lost is None else node("or", lost, bad)
    filled = _filled(root, inputs[0])
    return filled if lost is None else where(lost, const(math.nan), filled)


def _absorbing(current: Node) -> Node:
    """A power whose exponent is not a number may be NaN**0, which is 1."""
    if current.op != "pow" or current.args[1].op == "const":
        return current
    return where(node("isnan", current.args[0]), const(1), current)


def _arrives(root: Node, name: str, columns: dict[str, Array], dtype: type[np.floating[Any]]) -> bool:
    missing = {**columns, name: np.full_like(columns[name], math.nan)}
    return bool(np.all(np.isnan(evaluate_nodes([root], missing, dtype)[0])))


def _filled(root: Node, name: str) -> Node:
    """A select between constants, and a root that is a constant, get the shape and dtype of an input."""

    def fill(current: Node) -> Node:
        if current.op == "where" and all(a.op == "const" for a in current.args[1:]):
            condition, a, b = current.args
            return node("where", condition, node("fill", a, arg(name)), b)
        return current

    filled = rewrite([root], fill)[root]
    return node("fill", filled, arg(name)) if filled.op == "const" else filled
