"""The picture of the accuracy: errors in ulps over the whole of float32, of the formula, the built-in and our file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from actgen.docs.plot import AXIS, TEXT, finished, legend, settings
from actgen.docs.text import one_line
from actgen.formats import ordinals
from actgen.verify.profile import Profile
from actgen.verify.standards import LIMITS

_FORMS = ("textbook", "built-in", "actgen")
_COLOURS = {"textbook": "#d55e00", "built-in": "#b3478f", "actgen": "#0072b2"}
_WIDTHS = {"textbook": 3.0, "built-in": 1.5, "actgen": 2.0}
_WORDS = {"textbook": "the formula word for word", "actgen": "actgen"}
_TITLES = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras", "javascript": "JavaScript"}
_LEAST, _MOST = 0.04, 3e8
_BAND = 0.80  # above it, in parts of the height, stands what has no distance
_TICKS = (1e-30, 1e-15, 1.0, 1e15, 1e30)
_LINES = ((0.5, "½ ulp"), (LIMITS["float32"], f"{LIMITS['float32']:g} ulp"))
_PANEL, _HEAD, _FOOT, _WIDTH = 2.75, 0.3, 0.28, 9.8
_LEFT, _SPAN = 0.09, 0.9


def svg(profiles: Sequence[Profile], title: str, variable: str, statuses: Mapping[str, str]) -> str:
    """A panel for each output's value and for its derivative by the first input, as a whole SVG file.

    Args:
        profiles: of one framework or of several, of which the first is shown.
        title: the activation's.
        variable: the first input.
        statuses: framework to what its page says of it.
    """
    runner = profiles[0].runner
    shown = [p for p in profiles if p.runner == runner and p.wrt in (None, variable)]
    targets = list(dict.fromkeys((p.output, p.wrt) for p in shown))
    height = _PANEL * len(targets) + _HEAD + _FOOT
    with mpl.rc_context(settings()):
        figure = Figure(figsize=(_WIDTH, height))
        for row, target in enumerate(targets):
            bottom = _FOOT + _PANEL * (len(targets) - 1 - row)
            axes = figure.add_axes((_LEFT, (bottom + 0.3) / height, _SPAN, (_PANEL - 0.68) / height))
            _draw(axes, [p for p in shown if (p.output, p.wrt) == target])
            axes.set_title(_what(*target), loc="left", color=TEXT, fontsize=11, pad=6)
        figure.axes[-1].set_xlabel(f"{variable}, every float32 in its order", color=TEXT, labelpad=3)
        framework = runner.partition("[")[0]
        version = statuses.get(framework, "").removeprefix("ok").strip()
        heading = f"{_TITLES.get(framework, framework)} {version.partition('+')[0]}, float32: error in ulps"
        figure.text(_LEFT, 1 - 0.19 / height, heading, color=TEXT, fontsize=11.5, ha="left", va="center")
        handles = {str(line.get_label()): line for line in figure.axes[0].get_lines() if line.get_gid()}
        place = (0.995, 1 - 0.43 / height)  # beside the first panel's title: below the heading names may be long
        legend(figure, loc="upper right", bbox_to_anchor=place, ncols=3, handles=list(handles.values()))
        words = f"{one_line(title)}: the error over all of float32, in ulps"
        return finished(figure, words)


def _what(output: str, wrt: str | None) -> str:
    return f"value {output}" if wrt is None else f"derivative ∂{output}/∂{wrt}"


def _draw(axes: Axes, profiles: Sequence[Profile]) -> None:
    last = float(ordinals(np.array([math.inf]))[0])
    chosen = {form: next((p for p in profiles if p.form == form), None) for form in _FORMS}
    present = [(form, p) for form, p in chosen.items() if p is not None]
    top = math.log(_MOST / _LEAST) / _BAND
    axes.set_yscale("log")
    axes.set_ylim(_LEAST, _LEAST * math.exp(top))
    axes.set_xlim(-last, last)
    _frame(axes)
    axes.axhspan(_MOST, _LEAST * math.exp(top), color=AXIS, alpha=0.12, linewidth=0, zorder=0)
    for row, (form, profile) in enumerate(present):
        _curve(axes, profile, form, row)
        _wrong(axes, profile, form, _BAND + (1 - _BAND) * (len(present) - row - 0.5) / len(present), len(present))


def _curve(axes: Axes, profile: Profile, form: str, row: int) -> None:
    middle = (profile.edges[1:] + profile.edges[:-1]) / 2
    y = np.clip(np.where(profile.worst == 0, _LEAST, profile.worst), _LEAST, _MOST)
    [line] = axes.plot(
        middle,
        10 ** np.round(np.log10(y), 3),
        color=_COLOURS[form],
        linewidth=_WIDTHS[form],
        label=_WORDS.get(form, profile.name),
        solid_joinstyle="round",
        zorder=5 + row,
    )
    line.set_gid(f"curve-{form}")


def _wrong(axes: Axes, profile: Profile, form: str, height: float, rows: int) -> None:
    """A bar for each run of bins with a result of a wrong kind, wide enough to be seen."""
    least = 0.0035 * float(profile.edges[-1] - profile.edges[0])
    spans = []
    for start, end in _runs(profile.wrong):
        low, high = float(profile.edges[start]), float(profile.edges[end])
        wider = max(0.0, least - (high - low)) / 2
        spans.append((low - wider, high - low + 2 * wider))
    thick = 0.62 * (1 - _BAND) / rows
    axes.broken_barh(
        spans,
        (height - thick / 2, thick),
        color=_COLOURS[form],
        linewidth=0,
        transform=axes.get_xaxis_transform(),
        zorder=6,
    )


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in steps.reshape(-1, 2)]


def _frame(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.patch.set_visible(False)
    values = [*(-t for t in reversed(_TICKS)), 0.0, *_TICKS]
    axes.xaxis.set_major_locator(FixedLocator(ordinals(np.array(values)).tolist()))
    axes.set_xticklabels([_power(v) for v in values])
    axes.yaxis.set_major_locator(FixedLocator([0.1, 1, 100, 1e4, 1e6]))
    axes.set_yticklabels(["0.1", "1", "100", "$10^4$", "$10^6$"])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(length=0, colors=TEXT, pad=4, labelsize=9.5)
    axes.grid(visible=True, color=AXIS, alpha=0.3, linewidth=0.7)
    axes.set_axisbelow(True)
    for height, label in _LINES:
        axes.axhline(height, color=TEXT, linewidth=1.0, linestyle=(0, (4, 2)), zorder=3)
        axes.annotate(
            label,
            (0.0, height),
            (4, 2),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=8.5,
            color=TEXT,
            zorder=12,
        )
    axes.annotate(
        "NaN, ±∞, 0 or\nwrong sign",
        (0.0, (1 + _BAND) / 2),
        (-5, 0),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=7.5,
        color=TEXT,
        annotation_clip=False,
    )


def _power(value: float) -> str:
    if value == 0:
        return "0"
    exponent = round(math.log10(abs(value)))
    sign = "-" if value < 0 else ""
    return f"${sign}10^{{{exponent}}}$" if exponent else f"${sign}1$"
