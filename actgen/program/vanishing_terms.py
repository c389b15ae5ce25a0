"""The values of a parameter at which a term of the formula vanishes, 1 of a in (1 - a)·f: there it is short and exact.

A form that multiplies out, f - a·f, has lost the digits of the other terms there. Forms that are equally good
elsewhere are told apart by this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node
from actgen.program.sampling import Holds, Samples, allows, far_out, nominal_rows
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation

Columns = Mapping[str, npt.NDArray[np.float64]]
_WRONG = 2.0**-40


def where_terms_vanish(value: sp.Expr, derivation: Derivation, points: Samples, holds: Holds) -> list[Columns]:
    """The nominal sample points, with one parameter at such a value; those of them that lie in the piece."""
    found = []
    nominal = nominal_rows(points, derivation)
    for name, place in _places(value, derivation):
        columns = {**nominal, name: np.full_like(nominal[name], place)}
        rows = holds(columns) & ~far_out(columns)
        if rows.any():
            found.append({n: column[rows] for n, column in columns.items()})
    return found


def _places(value: sp.Expr, derivation: Derivation) -> Iterator[tuple[str, float]]:
    parameters = {derivation.symbols[p.name]: p for p in derivation.activation.parameters}
    factors = {f for product in value.atoms(sp.Mul) for f in product.args if isinstance(f, sp.Add)}
    for factor in sorted(factors, key=sp.default_sort_key):
        if len(factor.free_symbols) == 1 and (symbol := next(iter(factor.free_symbols))) in parameters:
            slope = sp.diff(factor, symbol)
            place = factor.subs(symbol, 0) / -slope if slope.is_number else None
            if place is not None and allows(parameters[symbol], float(place)):
                yield symbol.name, float(place)


def wrong_there(forms: Sequence[Node], plain: Node, places: Sequence[Columns]) -> list[int]:
    """At how many of the points each form is wrong. Only where the forms differ is the truth asked for."""
    wrong = [0] * len(forms)
    for columns in places:
        values = np.array(evaluate_nodes(forms, columns))
        with np.errstate(all="ignore"):
            differ = np.any(~(np.abs(values - values[0]) <= _WRONG * np.abs(values[0])), axis=0)
        if not differ.any():
            continue
        (truth,) = truths([plain], {n: column[differ] for n, column in columns.items()})
        with np.errstate(all="ignore"):
            close = np.abs(values[:, differ] - truth) <= _WRONG * np.abs(truth)
            right = close | (values[:, differ] == truth) | np.isnan(truth)
        wrong = [count + int(np.sum(~row)) for count, row in zip(wrong, right, strict=True)]
    return wrong
