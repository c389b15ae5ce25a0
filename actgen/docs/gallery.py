"""The index of a catalogue: every activation with its thumbnail, formula and properties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actgen.backends.base import Unit
from actgen.docs.equations import equations
from actgen.docs.properties import smoothness_summary
from actgen.docs.text import inline_math, markdown_line
from actgen.emit.templates import render
from actgen.symbolic.typesetting import Typesetter


@dataclass(frozen=True, slots=True)
class Entry:
    """One activation in the index; all but `name` is Markdown."""

    name: str
    title: str
    alt: str
    summary: str
    formulas: tuple[str, ...]
    facts: str


def gallery(units: Iterable[Unit]) -> str:
    """The text of the output folder's `README.md`, sorted by name; links are relative to that folder.

    Args:
        units: the whole catalogue, in any order.
    """
    entries = sorted((_entry(unit) for unit in units), key=lambda entry: entry.name)
    return render("docs/gallery.md.j2", {"entries": entries})


def _entry(unit: Unit) -> Entry:
    activation = unit.activation
    title = markdown_line(activation.title)
    return Entry(
        name=activation.name,
        title=title,
        alt=f"{title}: the function and its derivative",
        summary=markdown_line(activation.summary) if activation.summary else "",
        formulas=equations(unit.derivation).formulas,
        facts=" · ".join(_facts(unit)),
    )


def _facts(unit: Unit) -> list[str]:
    activation = unit.activation
    typeset = Typesetter(unit.derivation)
    facts = [f"smoothness {' and '.join(dict.fromkeys(smoothness_summary(o) for o in unit.derivation.outputs))}"]
    if len(activation.inputs) > 1:
        facts.append(f"{len(activation.inputs)} inputs")
    if len(activation.outputs) > 1:
        facts.append(f"{len(activation.outputs)} outputs")
    learned = [inline_math(typeset.name(p.name)) for p in activation.parameters if p.learnable]
    fixed = [inline_math(typeset.name(p.name)) for p in activation.parameters if not p.learnable]
    facts += [f"learns {', '.join(learned)}"] if learned else []
    facts += [f"fixed {', '.join(fixed)}"] if fixed else []
    return facts
