"""Names for parts of a formula that are too wide for a line and cannot be broken, such as a long numerator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

_MOST = 64
_FEWEST_FACTORS = 4


@dataclass(slots=True)
class Folding:
    """Names parts of expressions until every term fits.

    Attributes:
        width: about how wide an expression will be.
        definitions: what was named, each after those that it uses.
    """

    width: Callable[[Any], float]
    definitions: list[tuple[sp.Dummy, Any]] = field(default_factory=list)
    _names: dict[Any, sp.Dummy] = field(default_factory=dict)

    def folded(self, expression: Any, room: float) -> Any:
        """The expression with names for parts of those terms that are wider than the room.

        A sum is broken between its terms, so that its own width does not matter. Where a term has no part to name, it
        stays as it is.
        """
        for _ in range(_MOST):
            step = next(filter(None, (self._step(term, room) for term in sp.Add.make_args(expression))), None)
            if step is None:
                break
            expression = expression.xreplace(step) if expression not in step else step[expression]
        return expression

    def _step(self, term: Any, room: float) -> dict[Any, Any] | None:
        """What to put for what, so that one wide term becomes narrower."""
        if term.is_Atom or self.width(term) <= room:
            return None
        for part in sorted(_sums_within(term), key=lambda e: (-self.width(e), sp.default_sort_key(e))):
            return {part: self._name(part, room)}
        return self._halved(term, room)

    def _halved(self, term: Any, room: float) -> dict[Any, Any] | None:
        """The longest product within the term, with a name for the second half of its factors."""
        products = [e for e in sp.preorder_traversal(term) if e.is_Mul and len(e.args) >= _FEWEST_FACTORS]
        if not products:
            return None
        longest = max(products, key=lambda e: (self.width(e), sp.default_sort_key(e)))
        factors = longest.args
        half = sp.Mul(*factors[len(factors) // 2 :])
        return {longest: sp.Mul(*factors[: len(factors) // 2], self._name(half, room))}

    def _name(self, part: Any, room: float) -> sp.Dummy:
        if part not in self._names:
            value = self.folded(part, room)
            self._names[part] = sp.Dummy(f"u{len(self._names)}", real=True)
            self.definitions.append((self._names[part], value))
        return self._names[part]


def _sums_within(term: Any) -> Iterator[Any]:
    """The sums of three terms and more inside a term, outermost only."""
    if term.is_Add and len(term.args) > 2:
        yield term
        return
    for argument in term.args:
        yield from _sums_within(argument)


def fold(
    definitions: Sequence[tuple[Any, Any]],
    expressions: Sequence[tuple[Any, float]],
    width: Callable[[Any], float],
    room: float,
) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """Definitions and expressions whose terms fit.

    Args:
        definitions: names and what they stand for, each after those that it uses.
        expressions: each with the room for one term of it.
        width: about how wide an expression will be.
        room: that for a term of a definition.
    """
    folding = Folding(width)
    for name, value in definitions:
        folded = folding.folded(value, room)
        folding.definitions.append((name, folded))
    return folding.definitions, [folding.folded(e, most) for e, most in expressions]
