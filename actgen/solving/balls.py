"""Expressions of several symbols in balls: what the rules and searches evaluate rigorously."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.solving.average import Average
from actgen.solving.ranges import real_value
from actgen.solving.spread import ordered, spread

Values = Mapping[sp.Symbol, flint.arb]
BITS = 130


def enclosure(expression: sp.Expr, values: Values, bits: int = BITS) -> flint.arb:
    """The range of an expression where its symbols lie in balls; not finite where nothing is known.

    Args:
        expression: it may hold averages.
        values: a ball for each symbol.
        bits: about how many bits after the point of an average are worth work.

    Raises:
        UndecidedError: if it holds a function that has no operation.
    """
    plain, averages = _apart(expression)
    if not plain.free_symbols:
        return number_ball(plain)
    by_name = {symbol.name: ball for symbol, ball in values.items()}
    for symbol, average in averages:
        ends = [None if end.is_infinite else enclosure(end, values, bits) for end in average.args[2:]]
        by_name[symbol.name] = spread(average, by_name, ends, bits)
    nodes, places = ordered(plain)
    found: list[Any] = []
    for current, operands in zip(nodes, places, strict=True):
        match current.op:
            case "arg":
                found.append(by_name[current.name])
            case "const":
                found.append(number_ball(current.exact))
            case op:
                found.append(real_value(op, tuple(found[i] for i in operands)))
    return found[-1]


@lru_cache(maxsize=1024)
def _apart(expression: sp.Expr) -> tuple[sp.Expr, tuple[tuple[sp.Symbol, Average], ...]]:
    """The expression with a symbol for each average."""
    averages = sorted(expression.atoms(Average), key=sp.default_sort_key)
    named = {a: sp.Symbol(f"average {i}", real=True) for i, a in enumerate(averages)}
    return expression.xreplace(named), tuple((symbol, average) for average, symbol in named.items())
