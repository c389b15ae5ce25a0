"""The pictures: time, and fraction of the copy's bandwidth, against size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from actgen.docs.plot import AXIS, TEXT, finished, settings
from performance.results import DEVICES, Part, Parts, Row, ordered
from performance.subjects import SUBJECTS, Subject

# The colours of `actgen.docs.plot`, which a style sheet changes on dark pages; dashes where a compiler is at work.
_SOLID, _DASHED = "solid", (0, (3.2, 1.4))
_LOOKS = {
    "naive": ("#d55e00", _SOLID, "s"),
    "native": ("#b3478f", _SOLID, "^"),
    "compile(naive)": ("#d55e00", _DASHED, "s"),
    "actgen": ("#0072b2", _SOLID, "o"),
    "compile(actgen)": ("#0072b2", _DASHED, "o"),
}
_COLUMNS, _WIDTH, _PANEL = 2, 10.0, 3.05
_HEAD, _FOOT, _LEFT, _LABELS, _GAP = 0.36, 0.32, 0.72, 1.22, 0.62
_APART = 0.068  # labels, in parts of a panel's height


@dataclass(frozen=True, slots=True)
class _Picture:
    """What stands on the vertical axis."""

    key: str
    title: str
    axis: str
    is_log: bool


_PICTURES = {
    "time": _Picture("both_ms", "time of a call with all gradients, in ms", "ms", True),
    "bandwidth": _Picture(
        "both_bw", "bandwidth of a call with all gradients, against that of a copy", "of the copy's bandwidth", False
    ),
}


def plots(parts: Parts) -> dict[str, tuple[str, str]]:
    """By file name, each picture's description and its SVG."""
    found = {}
    for device, part in parts.items():
        for name, picture in _PICTURES.items():
            words = f"{DEVICES[device]}, float32: {picture.title}"
            with mpl.rc_context(settings()):
                figure = drawn(part, picture, words)
                if figure is not None:
                    found[f"{device}_{name}.svg"] = (words, finished(figure, words))
    return found


def drawn(part: Part, picture: _Picture, words: str) -> Figure | None:
    """A panel for each subject; None without times."""
    rows = part.of(framework="torch", dtype="float32")
    subjects = [s for s in SUBJECTS if s.name in ordered(rows, "subject")]
    if not subjects:
        return None
    lines = -(-len(subjects) // _COLUMNS)
    height = _HEAD + _PANEL * lines + _FOOT
    figure = Figure(figsize=(_WIDTH, height))
    figure.text(0.012, 1 - 0.22 / height, words, color=TEXT, fontsize=12, ha="left", va="center")
    for index, subject in enumerate(subjects):
        line, column = divmod(index, _COLUMNS)
        left = column * _WIDTH / _COLUMNS + _LEFT
        bottom = _FOOT + (lines - 1 - line) * _PANEL + 0.22
        box = (left, bottom, _WIDTH / _COLUMNS - _LEFT - _LABELS, _PANEL - _GAP)
        axes = figure.add_axes((box[0] / _WIDTH, box[1] / height, box[2] / _WIDTH, box[3] / height))
        _panel(axes, subject, [row for row in rows if row["subject"] == subject.name], picture)
        if line == lines - 1 or index + _COLUMNS >= len(subjects):
            axes.set_xlabel("elements", color=TEXT, labelpad=2, fontsize=9.5)
    return figure


def _panel(axes: Axes, subject: Subject, rows: Sequence[Row], picture: _Picture) -> None:
    axes.set_xscale("log")
    if picture.is_log:
        axes.set_yscale("log")
    ends: dict[str, float] = {}
    for candidate in (c for c in _LOOKS if c in ordered(rows, "candidate")):
        colour, dashes, marker = _LOOKS[candidate]
        points = [(row["elements"], row[picture.key]) for row in rows if row["candidate"] == candidate]
        xs, ys = zip(*sorted(points), strict=True)
        axes.plot(xs, ys, color=colour, linestyle=dashes, marker=marker, markersize=4, linewidth=1.7)
        ends[candidate] = ys[-1]
    _frame(axes, picture)
    axes.set_title(subject.title, loc="left", color=TEXT, fontsize=11, pad=5)
    _name_lines(axes, ends, max(row["elements"] for row in rows))


def _frame(axes: Axes, picture: _Picture) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.patch.set_visible(False)
    axes.tick_params(which="both", length=0, colors=TEXT, pad=4, labelsize=9)
    axes.grid(visible=True, which="major", color=AXIS, alpha=0.3, linewidth=0.7)
    axes.set_ylabel(picture.axis, color=TEXT, labelpad=3, fontsize=9.5)
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    if picture.is_log:
        axes.yaxis.set_major_locator(LogLocator(numticks=12))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        return
    axes.set_ylim(0, max(1.12, axes.get_ylim()[1]))
    axes.axhline(1, color=TEXT, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    axes.text(0.01, 1.01, "copy", transform=axes.get_yaxis_transform(), color=TEXT, fontsize=8.5, va="bottom")


def _name_lines(axes: Axes, ends: dict[str, float], last: float) -> None:
    """Writes each candidate's name right of its line's end, in its colour, and none over another."""
    names = sorted(ends, key=lambda name: ends[name])
    height = _heights(axes)
    for name, at in zip(names, apart([height(ends[name]) for name in names], _APART), strict=True):
        colour = _LOOKS[name][0]
        axes.annotate(
            name,
            xy=(last, ends[name]),
            xytext=(1.045, at),
            textcoords="axes fraction",
            color=colour,
            fontsize=9,
            va="center",
            ha="left",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 3},
        )


def _heights(axes: Axes) -> Callable[[float], float]:
    """From a value to parts of the panel's height."""
    into = axes.transData + axes.transAxes.inverted()
    left = axes.get_xlim()[0]
    return lambda value: float(into.transform((left, value))[1])


def apart(heights: Sequence[float], least: float) -> list[float]:
    """Ascending numbers, moved so that neighbours are no nearer than `least`, each group of them about its mean."""
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _low(groups[-1], least) - _high(groups[-2], least) < least:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_low(group, least) + least * index for group in groups for index in range(len(group))]


def _low(group: Sequence[float], least: float) -> float:
    return sum(group) / len(group) - least * (len(group) - 1) / 2


def _high(group: Sequence[float], least: float) -> float:
    return sum(group) / len(group) + least * (len(group) - 1) / 2
