"""The pictures: matplotlib draws them as SVG, the same bytes on every run, legible on light and on dark pages.

Glyphs are paths, so no font is needed to look at them. Colours are chosen for a light page and re-declared in a style
sheet for readers who prefer a dark one; both sets are safe for colour-blind readers and readable on either ground.
"""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from actgen.docs.sampling import Panel
from actgen.docs.shaping import thinned, vertical_range, without_poles

_LIGHT_DARK = {
    "#0072b2": "#58a6ff",
    "#d55e00": "#ff9248",
    "#008f68": "#3fd6a4",
    "#b3478f": "#f08cc8",
    "#a87600": "#e8c547",
    "#5a67c7": "#b1a7ff",
    "#6e7781": "#9da7b3",
    "#8c959f": "#6e7681",
}
_SERIES = ("#0072b2", "#d55e00", "#008f68", "#b3478f", "#a87600", "#5a67c7")
_DASHES = ((0, ()), (0, (6, 2)), (0, (1.2, 1.6)), (0, (6, 1.6, 1.2, 1.6)), (0, (3, 1.6)), (0, (9, 2, 3, 2)))
_SLICE_SERIES = ("#0072b2", "#5a67c7", "#b3478f", "#d55e00", "#a87600")
TEXT, AXIS = "#6e7781", "#8c959f"

_OTHERS = ("grid", "mathtext", "svg", "xtick", "ytick")
_FAMILIES = frozenset(("axes", "figure", "font", "legend", "lines", "patch", "path", "savefig", "text", *_OTHERS))

_WIDTH, _HEIGHT, _LEGEND = 4.9, 3.35, 0.3
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.52, 0.14, 0.52, 0.46
_RC = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.5,
    "mathtext.fontset": "dejavusans",
    "path.simplify": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "actgen",
    "axes.unicode_minus": True,
}


def svg(panels: Sequence[Panel], title: str) -> str:
    """The panels, two to a row, as a whole SVG file.

    Args:
        panels: what to draw, in reading order.
        title: what the picture shows, for readers who cannot see it.
    """
    with mpl.rc_context(settings()):
        return finished(drawn(panels, min(2, len(panels))), title)


def drawn(panels: Sequence[Panel], columns: int) -> Figure:
    """The panels in rows, under one legend if their curves are slices."""
    rows = math.ceil(len(panels) / columns)
    sliced = next((panel for panel in panels if panel.sliced), None)
    height = rows * _HEIGHT + (_LEGEND if sliced else 0.0)
    figure = Figure(figsize=(columns * _WIDTH, height))
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        box = _box(column * _WIDTH, (rows - 1 - row) * _HEIGHT, columns * _WIDTH, height)
        _draw(figure.add_axes(box), panel)
    if sliced:
        lines = figure.axes[panels.index(sliced)].get_lines()[: len(sliced.curves)]
        place = (_LEFT / (columns * _WIDTH), 1 - 0.1 / height)
        legend(figure, loc="upper left", bbox_to_anchor=place, ncols=len(lines), handles=lines)
    return figure


def thumbnail(panel: Panel, title: str) -> str:
    """One panel's curves without words, for an index page."""
    with mpl.rc_context(settings()):
        figure = Figure(figsize=(2.4, 1.5))
        axes = figure.add_axes((0.02, 0.03, 0.96, 0.94))
        _lines(axes, panel)
        _frame(axes, panel)
        axes.grid(visible=False)
        axes.tick_params(labelbottom=False, labelleft=False, length=0)
        return finished(figure, title)


def settings() -> dict[Any, Any]:
    """The defaults of matplotlib, whatever the user's configuration says, and then ours."""
    theirs = {key: value for key, value in mpl.rcParamsDefault.items() if key.split(".")[0] in _FAMILIES}
    return {**theirs, **_RC}


def _box(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    """A panel's axes in fractions of the figure, from inches."""
    inner_width, inner_height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return (left + _LEFT) / width, (bottom + _BOTTOM) / height, inner_width / width, inner_height / height


def _draw(axes: Axes, panel: Panel) -> None:
    _lines(axes, panel)
    if any(mark.label for mark in panel.marks):
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + 0.09 * (high - low))
    _frame(axes, panel)
    _breakpoints(axes, panel)
    axes.set_xlabel(panel.horizontal, color=TEXT, labelpad=2)
    labelled = any(curve.label for curve in panel.curves)
    if panel.title:
        axes.set_title(panel.title, loc="left", color=TEXT, fontsize=11, pad=7)
    elif labelled:
        legend(axes, loc="lower left", bbox_to_anchor=(0.0, 1.005), ncols=min(len(panel.curves), 5))


def legend(owner: Axes | Figure, **options: Any) -> None:
    """A legend in the style of every picture."""
    owner.legend(
        **options,
        frameon=False,
        borderaxespad=0.1,
        borderpad=0.1,
        handlelength=1.7,
        handletextpad=0.4,
        columnspacing=1.0,
        labelspacing=0.25,
        labelcolor=TEXT,
    )


def _lines(axes: Axes, panel: Panel) -> None:
    low, high = vertical_range(panel.curves)
    step = (high - low) * 1e-4
    colours = _SLICE_SERIES if panel.sliced else _SERIES if not panel.title else (TEXT,)
    for index, curve in enumerate(panel.curves):
        y = without_poles(curve.y, low, high)
        keep = thinned(curve.x, np.round(y / step) * step, (high - low) / 4000, float(np.ptp(curve.x)) / 4000)
        axes.plot(
            curve.x[keep],
            (np.round(y / step) * step)[keep],
            label=curve.label,
            color=colours[index % len(colours)],
            linestyle=(0, ()) if panel.sliced else _DASHES[index % len(_DASHES)],
            linewidth=2.0,
            solid_capstyle="round",
            solid_joinstyle="round",
            dash_capstyle="butt",
            zorder=10 - 0.1 * index,
        )
    axes.set_ylim(low, high)
    axes.set_xlim(float(panel.curves[0].x[0]), float(panel.curves[0].x[-1]))


def _frame(axes: Axes, panel: Panel) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.patch.set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    axes.tick_params(length=0, colors=TEXT, pad=4, labelsize=9.5)
    axes.grid(visible=True, color=AXIS, alpha=0.3, linewidth=0.7)
    axes.set_axisbelow(True)
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    if low < 0 < high:
        axes.axhline(0, color=AXIS, linewidth=0.9, zorder=1)
    if left < 0 < right:
        axes.axvline(0, color=AXIS, linewidth=0.9, zorder=1)


def _breakpoints(axes: Axes, panel: Panel) -> None:
    left, right = axes.get_xlim()
    height, last = 0, -math.inf
    for mark in panel.marks:
        axes.axvline(mark.x, color=TEXT, linewidth=1.0, linestyle=(0, (2, 2)), zorder=2)
        height = (height + 1) % 3 if (mark.x - last) < 0.12 * (right - left) else 0
        last = mark.x
        beside = 4 if mark.x < right - 0.15 * (right - left) else -4
        axes.annotate(
            mark.label,
            (mark.x, 0.99 - 0.075 * height),
            (beside, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="left" if beside > 0 else "right",
            va="top",
            fontsize=9,
            color=TEXT,
            zorder=12,
        )


def finished(figure: Figure, title: str) -> str:
    """The figure's SVG: without date, with a title, short numbers, and colours for dark pages."""
    FigureCanvasSVG(figure)
    stream = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(stream, format="svg", transparent=True, metadata=nothing)
    text = stream.getvalue()
    text = re.sub(r'(?<= d=")[^"]*|(?<=translate\()[^)]*|(?<= [xy]=")[^"]*', _short_numbers, text)
    head = f"<title>{html.escape(' '.join(title.split()))}</title>\n <style>{_dark_rules()}</style>\n <defs>"
    text = text.replace("<defs>", head, 1)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _short_numbers(match: re.Match[str]) -> str:
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), match[0])


def _dark_rules() -> str:
    rules = "".join(
        f'[style*="{kind}: {light}"]{{{kind}:{dark}!important}}'
        for light, dark in _LIGHT_DARK.items()
        for kind in ("stroke", "fill")
    )
    return f"@media (prefers-color-scheme: dark){{{rules}}}"
