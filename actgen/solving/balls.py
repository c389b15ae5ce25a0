"""Expressions of several symbols in balls: what the rules and searches evaluate rigorously."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.undecided import UndecidedError
from actgen.program.balls import ARB_OPS
from actgen.program.program import Node, evaluation_order
from actgen.program.translate import Translator

Values = Mapping[sp.Symbol, flint.arb]


def enclosure(expression: sp.Expr, values: Values) -> flint.arb:
    """The range of an expression where its symbols lie in balls; not finite where nothing is known.

    Raises:
        UndecidedError: if it holds a function that has no operation.
    """
    if not expression.free_symbols:
        return number_ball(expression)
    by_name = {symbol.name: ball for symbol, ball in values.items()}
    nodes, places = _ordered(expression)
    found: list[Any] = []
    for current, operands in zip(nodes, places, strict=True):
        match current.op:
            case "arg":
                found.append(by_name[current.name])
            case "const":
                found.append(number_ball(current.exact))
            case op:
                found.append(ARB_OPS[op](*(found[i] for i in operands)))
    return found[-1]


@lru_cache(maxsize=512)
def _ordered(expression: sp.Expr) -> tuple[tuple[Node, ...], tuple[tuple[int, ...], ...]]:
    try:
        root = Translator()(expression)
    except TypeError as error:
        raise UndecidedError(str(error)) from error
    nodes = evaluation_order((root,))
    number = {id(current): i for i, current in enumerate(nodes)}
    return tuple(nodes), tuple(tuple(number[id(a)] for a in current.args) for current in nodes)
