"""Where a new spec can begin: small whole specs, named after its file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from actgen.emit.templates import render
from actgen.pipeline.thumbnail import curve
from actgen.spec.reader import read_text

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
    return [{**asdict(start), "text": _text(start, usual), "curve": curve(_text(start, NAME))} for start in STARTS]


def _text(start: Start, name: str) -> str:
    title = name.replace("_", " ").capitalize()
    return render(f"new/starts/{start.id}.yaml.j2", {"name": name, "title": title})
