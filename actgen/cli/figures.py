"""Measured figures: a table for people, values for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from actgen.verify.kinds import WORDS

if TYPE_CHECKING:
    from actgen.verify.figures import Figure, Worst

_HEAD = ("framework", "format", "points", "worst value", "", "worst derivative", "")
_RIGHT = (2, 3, 5)


def table(figures: Sequence[Figure]) -> list[str]:
    """A line for each runner and format, below a heading; nothing where there are no figures."""
    if not figures:
        return []
    rows = [_HEAD, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _row(figure: Figure) -> tuple[str, ...]:
    who = figure.runner if figure.form == "actgen" else f"- {figure.name}"
    return (who, figure.dtype, str(figure.points), *_cells(figure.value), *_cells(figure.derivative))


def _cells(worst: Worst | None) -> tuple[str, str]:
    if worst is None:
        return "", ""
    counts = ", ".join(f"{WORDS[kind]} {count}" for kind, count in worst.wrong.items())
    place = f"{worst.of} at {worst.place}"
    return f"{worst.ulps:.4g} ulp", f"{place} ({counts}; else {worst.finite:.3g} ulp)" if counts else place


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        text.rjust(width) if column in _RIGHT else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]


def as_json(spec: str, figure: Figure) -> dict[str, object]:
    """One line of the table as a JSON object."""
    return {
        "spec": spec,
        "framework": figure.runner,
        "form": figure.form,
        **({"function": figure.name} if figure.name else {}),
        "dtype": figure.dtype,
        "points": figure.points,
        "value": _worst(figure.value),
        "derivatives": _worst(figure.derivative),
    }


def _worst(worst: Worst | None) -> Mapping[str, object] | None:
    if worst is None:
        return None
    where = {name: _plain(value) for name, value in worst.where.items()}
    found: dict[str, object] = {"of": worst.of, "worst_ulp": _plain(float(f"{worst.ulps:.4g}")), "where": where}
    if worst.wrong:
        found |= {"worst_finite_ulp": _plain(float(f"{worst.finite:.4g}")), "wrong_kinds": dict(worst.wrong)}
    return found


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
