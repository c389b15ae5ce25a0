"""The table of parameters on a page: a column for everything that at least one of them has something to say about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actgen.activation import (
    Bounds,
    ConstantInit,
    ExponentialInit,
    Init,
    NormalInit,
    Parameter,
    Required,
    Shape,
    UniformInit,
    Via,
)
from actgen.backends.base import Unit
from actgen.docs.markup import MARKDOWN, Markup, interval
from actgen.docs.text import nominal_text
from actgen.symbolic.typesetting import Typesetter

_NOTHING = "none"
_USUAL: Mapping[str, str] = {"shape": "one value", "bounds": _NOTHING, "penalty": _NOTHING, "meaning": ""}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells; every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def parameter_table(unit: Unit, into: Markup = MARKDOWN) -> Table:
    """Every parameter, in argument order."""
    typeset = Typesetter(unit.derivation)
    cells = [_cells(p, typeset, into) for p in unit.activation.parameters]
    idle = {name for name, usual in _USUAL.items() if all(row[name] == usual for row in cells)}
    if all(row["nominal"] == row["initial value"] for row in cells):
        idle.add("nominal")
    header = tuple(name for name in (cells[0] if cells else {}) if name not in idle)
    return Table(header, tuple(tuple(row[name] for name in header) for row in cells))


def _cells(parameter: Parameter, typeset: Typesetter, into: Markup) -> dict[str, str]:
    return {
        "symbol": into.math(typeset.name(parameter.name)),
        "argument": into.code(parameter.code_name),
        "initial value": _initial(parameter.init, into) + _source(parameter.required, into),
        "nominal": into.code(nominal_text(parameter)),
        "learnable": "yes" if parameter.learnable else "no",
        "shape": "one per channel" if parameter.shape is Shape.CHANNEL else _USUAL["shape"],
        "bounds": _bounds(parameter.bounds, parameter.via, into),
        "penalty": _regularizer(parameter, into),
        "meaning": into.text(parameter.description) if parameter.description else "",
    }


def _initial(init: Init, into: Markup) -> str:
    match init:
        case ConstantInit(value=value):
            return into.code(value.text)
        case UniformInit(low=low, high=high):
            return f"uniform in [{into.code(low.text)}, {into.code(high.text)}]"
        case NormalInit(mean=mean, std=std):
            return f"normal, mean {into.code(mean.text)}, standard deviation {into.code(std.text)}"
        case ExponentialInit(rate=rate):
            return f"exponential, rate {into.code(rate.text)}"


def _source(required: Required | None, into: Markup) -> str:
    return "" if required is None else f", solved from {into.code(' '.join(required.text.split()))}"


def _bounds(bounds: Bounds | None, via: Via | None, into: Markup) -> str:
    if bounds is None or via is None:
        return _NOTHING
    closed = via is Via.PROJECT
    shown = interval(bounds.low, bounds.high, into, closed=closed)
    return f"{shown} by {'projection' if closed else via.value}"


def _regularizer(parameter: Parameter, into: Markup) -> str:
    found = parameter.regularizer
    if found is None:
        return _NOTHING
    terms = " + ".join(f"{c:g} · {name}" for c, name in ((found.l1, "L1"), (found.l2, "L2")) if c)
    return into.words(terms) or _NOTHING
