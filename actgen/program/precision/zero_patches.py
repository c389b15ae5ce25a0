"""Beside a zero that stands still a polynomial takes over, as far as float32 needs it.

The addends of GELU's slope cancel at -0.75: a float beside it has few digits of the slope left. The program has a
patch there already, for float64 and a radius of 1.5e-5. A kernel in float32 needs one that reaches further and has
more terms.
The offset from the float nearest to the zero is exact, and the constant term is what the slope is at that float.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from actgen.formats import Array
from actgen.program.build import add, both, sub, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision.levels import lean
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.program import Node, Program, arg, const, node, polynomial, topological
from actgen.program.truth import truths

_GRID = np.geomspace(2.0**-7, 2.0**7, 1 << 12)
_MOST = 4  # zeros of one result
_HALVINGS = 64
_RADII = [2.0 ** (-k / 2) for k in range(28, -3, -1)]
_MOST_TERMS = 18
_CLOSE = 2.0**-27
_GOOD = 2.5  # ulp, of outputs; partials may be twice as bad
_AROUND = 400  # points on either side of a radius


def with_zero_patches(program: Program) -> Program:
    """The program with polynomials beside those fixed zeros at which it is not right in float32."""
    hints = dict(program.hints)
    new: dict[Node, Node] = {}
    for limit, roots in ((_GOOD, program.forward.values()), (2 * _GOOD, program.partials.values())):
        for root in roots:
            new[root] = _patched(root, program, limit, hints)
    return program.with_roots(new, hints)


def in_float64() -> Node:
    """A condition that compilers know to be true in float64 and false in float32."""
    return node("ne", node("add", const(1), const(2.0**-40)), const(1))


def _patched(root: Node, program: Program, limit: float, hints: dict[Node, str]) -> Node:
    names = {n.name for n in topological([root]) if n.op == "arg"}
    if len(names) != 1 or not names <= {*program.inputs}:
        return root
    (name,) = names
    found = _of_float64(root)
    for place in _zeros(root, name):
        patch = _patch(root, name, place, limit)
        if patch is not None:
            near = both(patch.near, node("not", in_float64()))
            hints[near], hints[patch.offset] = "near_zero", "offset"
            found = where(near, patch.polynomial, found)
    return found if found is not _of_float64(root) else root


def _of_float64(root: Node) -> Node:
    """The root, whose own patches are for float64."""
    if not _is_patched(root):
        return root
    condition, series, plain = root.args
    return where(both(condition, in_float64()), series, _of_float64(plain))


@dataclass(frozen=True, slots=True)
class _Patch:
    offset: Node
    near: Node
    polynomial: Node


def _patch(root: Node, name: str, place: float, limit: float) -> _Patch | None:
    """The smallest patch outside of which the root is right in float32; None if it is everywhere, or nowhere."""
    plain = _without_patches(root)
    if _error(plain, name, place, 2.0**-22, _RADII[0]) <= limit:
        return None
    for radius in _RADII:
        if _error(plain, name, place, radius, 16 * radius) <= limit:
            return _fitted(root, name, place, radius)
    return None


def _without_patches(root: Node) -> Node:
    """The root as it is computed outside of the patches that it has."""
    return _without_patches(root.args[2]) if _is_patched(root) else root


def _is_patched(root: Node) -> bool:
    return root.op == "where" and root.args[1].op == "poly"


def _error(root: Node, name: str, place: float, low: float, high: float) -> float:
    """The largest in float32, in ulp, from one distance of a place to another."""
    distance = np.geomspace(low, high, _AROUND)
    x = np.unique(np.float32(place + np.concatenate([-distance, distance]))).astype(np.float64)
    (value,) = evaluate_mixed((root,), {name: x}, lean((root,)))
    return float(errors_in_ulp(value, evaluate_nodes([root], {name: x})[0]).max())


def _fitted(root: Node, name: str, place: float, radius: float) -> _Patch | None:
    """A polynomial with as many terms as it needs."""
    offsets = radius * np.cos(np.pi * (2 * np.arange(32) + 1) / 64)
    exact = truths([root], {name: np.concatenate([[place], place + offsets])})[0]
    constant, values = exact[0], exact[1:]
    slopes = (values - constant) / (place + offsets - place)
    for terms in range(3, _MOST_TERMS + 1):
        rest = np.polynomial.Polynomial.fit(offsets, slopes, terms - 2).convert().coef
        if np.max(np.abs(np.polynomial.polynomial.polyval(offsets, rest) / slopes - 1)) < _CLOSE:
            offset = add(arg(name), const(-place)) if place < 0 else sub(arg(name), const(place))
            # As floats, in which alone it is computed: the last digits of a fit are another processor's others.
            coefficients = [float(np.float32(c)) for c in (constant, *rest)]
            series = polynomial(offset, coefficients, "near_zero")
            return _Patch(offset, node("lt", node("abs", offset), const(radius)), series)
    return None


def _zeros(root: Node, name: str) -> Iterator[float]:
    """The float32 nearest to where the root changes its sign, for the first few places."""

    def signs(x: Array) -> Array:
        return np.sign(evaluate_nodes([root], {name: x})[0])

    x = np.concatenate([-_GRID[::-1], _GRID])
    found = signs(x)
    for index in np.flatnonzero(found[:-1] * found[1:] < 0)[:_MOST]:
        low, high = x[index], x[index + 1]
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if signs(np.array([middle]))[0] == found[index] else (low, middle)
        yield float(np.float32(high))
