"""Where a new spec can begin: small whole specs, named after its file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from actgen.emit.templates import render
from actgen.spec.reader import read_text
from actgen.verify.oracle import Oracle

_REACH, _POINTS = 4.0, 65
NAME = "my_activation"
"""What an activation is called whose file has no name for one."""


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning.

    Attributes:
        id: of its template.
        title: what it is called.
        formula: what it computes, in short.
        words: for whom.
    """

    id: str
    title: str
    formula: str
    words: str


STARTS = (
    Start("formula", "One formula", "x · sigmoid(x)", "Smooth, without parameters, like SiLU"),
    Start("pieces", "Two pieces", "x  or  α · x", "A kink at 0 and a learned slope, like PReLU"),
    Start("saturating", "Saturating", "λ·x  or  λ·α·(eˣ − 1)", "Levels off on the left, like SELU"),
    Start("channels", "Learned per channel", "x · sigmoid(β · x)", "A bounded parameter for each channel, like Swish"),
    Start("gate", "Gate", "swish(gate) · value", "Two inputs, one opens the other, like SwiGLU"),
)


def starts(name: str) -> list[dict[str, Any]]:
    """Every beginning, with its curve and the spec's text for an activation of this name, where it is a name."""
    found, _ = read_text(_text(STARTS[0], name), "start.yaml")
    usual = name if found is not None and found.name == name else NAME
    return [{**asdict(start), "text": _text(start, usual), "curve": _curve(start)} for start in STARTS]


@cache
def _curve(start: Start) -> list[tuple[float, float]]:
    """Points (x, f(x)) at the nominal parameters; beside 1 for a second input."""
    activation, _ = read_text(_text(start, NAME), "start.yaml")
    assert activation is not None
    x = np.linspace(-_REACH, _REACH, _POINTS)
    columns = {i.name: np.ones_like(x) for i in activation.inputs[1:]}
    columns |= {p.name: np.full_like(x, p.nominal.value) for p in activation.parameters}
    columns[activation.inputs[0].name] = x
    values = Oracle(activation).values(activation.outputs[0].name, None, columns)
    return list(zip(x.tolist(), values.hi.tolist(), strict=True))


def _text(start: Start, name: str) -> str:
    title = name.replace("_", " ").capitalize()
    return render(f"new/starts/{start.id}.yaml.j2", {"name": name, "title": title})
