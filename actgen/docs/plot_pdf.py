"""The same pictures for paper: a vector PDF, drawn by matplotlib without a date, in letters that go with a serif."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.text import Text

from actgen.docs.plot import drawn, settings
from actgen.docs.sampling import Panel

_PRINT = {"font.family": ["STIXGeneral"], "mathtext.fontset": "stix", "pdf.fonttype": 42}
_LARGER = {1: 1.2, 2: 1.2, 3: 1.7}
"""A page is narrower than a screen: by how much text grows, by the number of columns."""
_FEW = 3


def pdf(panels: Sequence[Panel]) -> bytes:
    """The panels as a PDF of one page: two to a row, three where that leaves no gap or there are many."""
    count = len(panels)
    columns = min(count, 2) if count in (1, 2, 4) else 3
    style: dict[Any, Any] = {**settings(), **_PRINT}
    with mpl.rc_context(style):
        figure = drawn(panels, columns)
        for text in _to_enlarge(figure):
            text.set_fontsize(_LARGER[columns] * float(text.get_fontsize()))
        FigureCanvasPdf(figure)
        stream = io.BytesIO()
        nothing = {"CreationDate": None, "Creator": None, "Producer": None}
        figure.savefig(stream, format="pdf", transparent=True, metadata=nothing)
    return stream.getvalue()


def _to_enlarge(figure: Figure) -> list[Text]:
    """All text but that of legends which would be wider than their axes then."""
    legends = [legend for axes in figure.axes if (legend := axes.get_legend()) is not None]
    kept = {id(text) for legend in legends if len(legend.get_texts()) > _FEW for text in legend.get_texts()}
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and id(text) not in kept]
