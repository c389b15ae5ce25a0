"""Names for what long formulas repeat, so that a reader sees `u1` instead of the same two lines four times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from actgen.symbolic.derivation import Derivation, ExactPiece, OutputMath
from actgen.symbolic.folding import fold

_LONG = 26
_WORTH = 5
_LETTERS = ("u", "v", "w", "s", "q", "z", "abbr")


@dataclass(frozen=True, slots=True)
class Abbreviated:
    """A derivation for display: its long expressions use the names of `definitions`, short ones stand as they were.

    Each definition may use those before it. Those that the values need come first, then those of the partials.
    """

    derivation: Derivation
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...]

    def used_by(self, expressions: Iterable[sp.Basic]) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
        """The definitions that these expressions need, directly or through others."""
        return tuple(_needed(self.definitions, expressions))


@dataclass(frozen=True, slots=True)
class Narrow:
    """That what is too wide to be broken gets a name too.

    Attributes:
        width: about how wide an expression will be.
        line, piece: the room for one term where it has the line, and beside the condition of a piece.
    """

    width: Callable[[Any], float]
    line: float
    piece: float

    def room(self, output: OutputMath) -> float:
        """That for one term of an output's formulas."""
        return self.line if len(output.pieces) == 1 else self.piece


def abbreviated(derivation: Derivation, narrow: Narrow | None = None) -> Abbreviated:
    """The derivation with the repeated parts of its long expressions named; unchanged where nothing is long.

    Args:
        derivation: what to abbreviate.
        narrow: what else is named, if anything.
    """
    rooms = _rooms(derivation, narrow)
    long = [e for o in derivation.outputs for e in expressions(o) if e.count_ops() > _LONG or e in rooms]
    if not long:
        return Abbreviated(derivation, ())
    unique = list(dict.fromkeys(long))
    parts, reduced = sp.cse(unique, symbols=sp.numbered_symbols("cse", cls=sp.Dummy, real=True))
    definitions, shortened = _worthwhile(parts, list(reduced))
    if narrow is not None:
        most = [(new, rooms.get(old, narrow.piece)) for old, new in zip(unique, shortened, strict=True)]
        definitions, shortened = fold(definitions, most, narrow.width, narrow.line)
    values = {piece.value for output in derivation.outputs for piece in output.pieces}
    definitions = _values_first(definitions, [new for old, new in zip(unique, shortened, strict=True) if old in values])
    names = _names(derivation, len(definitions))
    renamed = {old: new for (old, _), new in zip(definitions, names, strict=True)}
    table = {old: new.xreplace(renamed) for old, new in zip(unique, shortened, strict=True)}
    outputs = tuple(_output(output, table) for output in derivation.outputs)
    named = tuple((renamed[old], value.xreplace(renamed)) for old, value in definitions)
    symbols = {**derivation.symbols, **{name.name: name for name in names}}
    return Abbreviated(replace(derivation, outputs=outputs, symbols=symbols), named)


def _rooms(derivation: Derivation, narrow: Narrow | None) -> dict[sp.Expr, float]:
    """The room for one term of each expression that has a term too wide for it."""
    if narrow is None:
        return {}
    found: dict[sp.Expr, float] = {}
    for output in derivation.outputs:
        room = narrow.room(output)
        for expression in expressions(output):
            if any(narrow.width(term) > room for term in sp.Add.make_args(expression)):
                found[expression] = min(room, found.get(expression, room))
    return found


def expressions(output: OutputMath) -> list[sp.Expr]:
    """Every value and partial of an output's pieces."""
    return [e for piece in output.pieces for e in (piece.value, *piece.partials.values())]


def _worthwhile(parts: Sequence[tuple[Any, Any]], reduced: Sequence[Any]) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """The definitions that are long and used more than once; all others are put back."""
    put_back: dict[Any, Any] = {}
    kept: list[tuple[Any, Any]] = []
    for name, value in parts:
        whole = value.xreplace(put_back)
        if whole.count_ops() < _WORTH or whole.is_number:
            put_back[name] = whole
        else:
            kept.append((name, whole))
    results = [e.xreplace(put_back) for e in reduced]
    while once := _used_once(kept, results):
        name, value = next(item for item in kept if item[0] == once)
        kept = [(n, v.xreplace({name: value})) for n, v in kept if n != name]
        results = [e.xreplace({name: value}) for e in results]
    return kept, results


def _needed(definitions: Sequence[tuple[Any, Any]], expressions: Iterable[Any]) -> list[tuple[Any, Any]]:
    """The definitions that these expressions use, directly or through others, in their order."""
    needed: set[Any] = set().union(*(e.free_symbols for e in expressions))
    for name, value in reversed(definitions):
        if name in needed:
            needed |= value.free_symbols
    return [(name, value) for name, value in definitions if name in needed]


def _values_first(definitions: Sequence[tuple[Any, Any]], values: Iterable[Any]) -> list[tuple[Any, Any]]:
    first = _needed(definitions, values)
    return [*first, *(item for item in definitions if item not in first)]


def _used_once(kept: Sequence[tuple[Any, Any]], results: Sequence[Any]) -> Any | None:
    uses: Counter[Any] = Counter()
    for expression in [*(value for _, value in kept), *results]:
        uses.update(node for node in sp.preorder_traversal(expression) if node.is_Symbol)
    return next((name for name, _ in kept if uses[name] < 2), None)


def _names(derivation: Derivation, count: int) -> list[sp.Symbol]:
    taken = {*derivation.symbols, *(o.name for o in derivation.outputs)}
    letter = next(c for c in _LETTERS if not any(re.fullmatch(rf"{c}_?\d*", name) for name in taken))
    return [sp.Symbol(letter if count == 1 else f"{letter}{i + 1}", real=True) for i in range(count)]


def _output(output: OutputMath, table: Mapping[Any, Any]) -> OutputMath:
    pieces = tuple(
        ExactPiece(
            piece.condition,
            table.get(piece.value, piece.value),
            {name: table.get(partial, partial) for name, partial in piece.partials.items()},
        )
        for piece in output.pieces
    )
    return replace(output, pieces=pieces)
