"""The same pictures for paper: a vector PDF, drawn by matplotlib without a date, in letters that go with a serif."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.text import Text

from actgen.docs.plot import drawn, settings
from actgen.docs.sampling import Panel

_PRINT = {"font.family": ["STIXGeneral"], "mathtext.fontset": "stix", "pdf.fonttype": 42}
_MANY, _VERY_MANY, _LARGER = 4, 12, 1.25


def pdf(panels: Sequence[Panel]) -> bytes:
    """The panels as a PDF of one page: two to a row, more where there are many."""
    columns = 2 if len(panels) <= _MANY else 3 if len(panels) <= _VERY_MANY else 4
    with mpl.rc_context({**settings(), **_PRINT}):
        figure = drawn(panels, min(columns, len(panels)))
        for text in figure.findobj(Text):
            text.set_fontsize(_LARGER * text.get_fontsize())  # a page is narrower than a screen
        FigureCanvasPdf(figure)
        stream = io.BytesIO()
        nothing = {"CreationDate": None, "Creator": None, "Producer": None}
        figure.savefig(stream, format="pdf", transparent=True, metadata=nothing)
    return stream.getvalue()
