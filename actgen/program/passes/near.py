"""A patch: another formula for some roots where a condition holds, joined to the closed form by a select."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from actgen.program.build import div, horner, mul, power, where
from actgen.program.passes.geometric import geometric
from actgen.program.program import Node, arg, rewrite
from actgen.program.translate import Translator

_OPPOSITE = {"near": "far", "far": "near"}
_PLAIN = 3
"""Coefficients of which the powers of a parameter stay as they are: a**2 + u**2 has a value at a = 0."""
BAD = 2e-13
"""A relative error in float64 from which on a closed form wants a patch."""


@dataclass(frozen=True, slots=True)
class Near:
    """A patch: where it holds, the roots there (None: not patched), and where the closed form is safe."""

    condition: Node
    roots: tuple[Node | None, ...]
    safe: Mapping[str, Node]


def joined(roots: Sequence[Node], near: Near, hints: dict[Node, str], hint: str = "near") -> list[Node]:
    """Selects between patch and closed form; the closed form sees safe arguments where the patch holds."""
    hints[near.condition] = hint
    replacements: dict[Node, Node] = {}
    for name, safe in near.safe.items():
        replacements[arg(name)] = where(near.condition, safe, arg(name))
        hints[replacements[arg(name)]] = f"{name}_{_OPPOSITE[hint]}"
    new = rewrite(roots, lambda n: replacements.get(n, n))
    return [
        old if poly is None else where(near.condition, poly, new[old])
        for old, poly in zip(roots, near.roots, strict=True)
    ]


def held(roots: Sequence[Node], condition: Node, centre: Mapping[str, Node]) -> list[Node]:
    """The roots with arguments held at a point of the patch wherever the patch does not hold.

    A polynomial far from where it belongs overflows, and its derivatives would then turn those of the select into NaN.
    """
    replacements = {arg(name): where(condition, arg(name), value) for name, value in centre.items()}
    new = rewrite(roots, lambda n: replacements.get(n, n))
    return [new[root] for root in roots]


def polynomial(coefficients: Sequence[sp.Expr], offset: Node, called: str) -> Node:
    """Σ cₖ·offsetᵏ by Horner's rule; coefficients may hold parameters, `called` names those that do not.

    Powers of a parameter in the coefficients go into the variable: high ones overflow long before the sum does.
    """
    if all(c.is_number for c in coefficients):
        return horner(tuple(coefficients), offset, called)
    found = geometric(coefficients) if len(coefficients) > _PLAIN else None
    if found is not None:
        top, bottom = (Translator()(part) for part in sp.fraction(found.ratio))
        rest = horner(found.numbers, div(mul(top, offset), bottom), called)
        return mul(Translator()(found.scale), mul(power(offset, found.order), rest))
    dummy = sp.Dummy("d ", real=True)  # nodes know names alone: one that no input or parameter can have
    written = sp.Integer(0)
    for c in reversed(coefficients):
        written = c + dummy * written
    lowered = Translator()(written)
    return rewrite([lowered], lambda n: offset if n is arg(dummy.name) else n)[lowered]
