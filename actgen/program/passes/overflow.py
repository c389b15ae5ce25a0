"""Quotients of which a summand overflows before they do: (e^u - r)/q is taken as e^(u/2)/q·e^(u/2) - r/q for large u.

`(expm1(x) - x) / x**2` is inf from 709.8 on, where the truth is 1e302. The split form cancels for small u; so there is
a select, and only where the quotient was seen to go wrong, against exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actgen.program.build import ONE, ZERO, add, div, neg, where
from actgen.program.passes.underflow import Factor, lost_results
from actgen.program.program import Node, Program, const, node, rewrite, topological
from actgen.program.reaching import reaching
from actgen.program.sampling import Samples
from actgen.program.truth import truths

_LARGE = 128  # expm1(u) is e^u from 38 on
_OVERFLOWING = np.linspace(709.0, 760.0, 24)


def without_early_infinities(program: Program, points: Samples) -> Program:
    """The program, with quotients of sums taken apart where a result would otherwise be lost."""
    new = {root: _mended(root, program, points) for root in dict.fromkeys(program.roots())}
    return program.with_roots(new)


def _mended(root: Node, program: Program, points: Samples) -> Node:
    for quotient in [n for n in topological([root]) if n.op == "div"]:
        for u in _exponents(quotient.args[0]):
            columns = reaching(u, _OVERFLOWING, program, points)
            if not any(column.size for column in columns.values()):
                continue
            (exact,) = truths([root], columns)
            lost = lost_results(root, exact, columns, flushes=False)
            apart = taken_apart(quotient, u) if lost else None
            if apart is None:
                continue
            candidate = rewrite([root], lambda n, old=quotient, new=apart: new if n is old else n)[root]
            if lost_results(candidate, exact, columns, flushes=False) < lost:
                root = candidate
    return root


def _exponents(numerator: Node) -> Iterator[Node]:
    """The arguments of exponentials in the summands of a numerator."""
    inside = {f for _, term in _terms(numerator) for f in topological([term]) if f.op in ("exp", "expm1")}
    yield from dict.fromkeys(f.args[0] for f in topological([numerator]) if f in inside)


def taken_apart(quotient: Node, u: Node) -> Node | None:
    """The quotient with its e^u divided in halves, apart from the other summands, for large u; None if it has none."""
    top, bottom = quotient.args
    large = node("lt", const(_LARGE), u)
    high = where(large, u, const(_LARGE))
    factor = Factor(high, {node("exp", high): ONE})
    exponentials = {node("expm1", u), node("exp", u)}
    plain = rewrite([top], lambda n: node("exp", high) if n in exponentials else n)[top]
    held, others = [], []
    for sign, term in _terms(plain):
        (held if term in factor.held(term) else others).append(term if sign > 0 else neg(term))
    if not held or (not others and node("expm1", u) not in topological([top])):
        return None
    apart = factor.split(div(_total(held), bottom))
    if others:
        apart = add(apart, div(_total(others), bottom))
    low = where(large, const(_LARGE), u)
    closed = rewrite([quotient], lambda n: node(n.op, low) if n in exponentials else n)[quotient]
    return where(large, apart, closed)


def _terms(total: Node, sign: int = 1) -> Iterator[tuple[int, Node]]:
    """The summands, with their signs."""
    if total.op == "neg":
        yield from _terms(total.args[0], -sign)
    elif total.op in ("add", "sub"):
        yield from _terms(total.args[0], sign)
        yield from _terms(total.args[1], sign if total.op == "add" else -sign)
    else:
        yield sign, total


def _total(terms: list[Node]) -> Node:
    total = ZERO
    for term in terms:
        total = add(total, term)
    return total
