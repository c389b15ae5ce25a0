"""What an index says about one activation: a value that its folder's manifest carries as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from actgen.analysis.analyse import analyse
from actgen.analysis.report import Analysis
from actgen.backends.base import Unit
from actgen.docs.markdown_math import inline_math
from actgen.docs.page_data import has_page, page_data
from actgen.docs.properties import smoothness_summary
from actgen.docs.tags import tags
from actgen.docs.text import markdown_line, one_line
from actgen.docs.usage import sources
from actgen.symbolic.typesetting import Typesetter


class Card(TypedDict):
    """One activation in the gallery, as JSON.

    Attributes:
        title, summary: plain text.
        tags: names from `actgen.docs.tags`.
        shown: the input that a picture runs along.
        still: the values of the other inputs in it.
    """

    title: str
    summary: str
    tags: list[str]
    shown: str
    still: dict[str, float]


class Entry(TypedDict):
    """One activation in an index, as JSON.

    Attributes:
        title, summary, facts: Markdown, each in one line.
        formulas: LaTeX, one equation for each output.
        picture: file name of the thumbnail.
        sources: framework to file name.
        card: what the gallery shows; None where there is no page for it to lead to.
    """

    title: str
    summary: str
    facts: str
    formulas: list[str]
    picture: str
    sources: dict[str, str]
    card: Card | None


def entry(unit: Unit, targets: Sequence[str] | None = None, analysis: Analysis | None = None) -> Entry:
    """What an index says about the activation.

    Args:
        unit: what to describe.
        targets: the backends that printed a file; None for all.
        analysis: what is proved of it; made if it is not given.
    """
    activation = unit.activation
    typeset = Typesetter(unit.derivation)
    return Entry(
        title=markdown_line(activation.title),
        summary=markdown_line(activation.summary) if activation.summary else "",
        facts=" · ".join(_facts(unit, typeset)),
        formulas=[str(equation) for equation in typeset.formulas()],
        picture=f"{activation.name}_thumbnail.svg",
        sources=sources(activation, targets),
        card=_card(unit, analysis or analyse(unit.derivation)) if has_page(targets) else None,
    )


def _card(unit: Unit, analysis: Analysis) -> Card:
    activation, data = unit.activation, page_data(unit)
    return Card(
        title=one_line(activation.title),
        summary=one_line(activation.summary) if activation.summary else "",
        tags=list(tags(analysis, activation)),
        shown=data["shown"],
        still={i["name"]: i["nominal"] for i in data["inputs"] if i["name"] != data["shown"]},
    )


def _facts(unit: Unit, typeset: Typesetter) -> Iterator[str]:
    activation = unit.activation
    yield f"smoothness {' and '.join(dict.fromkeys(smoothness_summary(o) for o in unit.derivation.outputs))}"
    if len(activation.inputs) > 1:
        yield f"{len(activation.inputs)} inputs"
    if len(activation.outputs) > 1:
        yield f"{len(activation.outputs)} outputs"
    for verb, learnable in (("learns", True), ("fixed", False)):
        names = [inline_math(typeset.name(p.name)) for p in activation.parameters if p.learnable is learnable]
        if names:
            yield f"{verb} {', '.join(names)}"
