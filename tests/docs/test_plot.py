import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser
from spec_units import SPECS, catalogue, hostile, spec, unit

from actgen.docs import plot
from actgen.docs.pages import files
from actgen.docs.sampling import Curve, Panel, panels
from actgen.docs.shaping import thinned, vertical_range
from actgen.symbolic.latex_names import safe_latex

DRAW = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from spec_units import catalogue
from actgen.docs.pages import files
for name, text in sorted(files(catalogue("soft_exponential")).items()):
    sys.stdout.write(name + text)
"""


def test_the_same_bytes_whatever_the_process_and_the_user_s_settings(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\ngrid.color: red\nsvg.fonttype: none\nfont.size: 30\n")
    script = DRAW.format(tests=str(SPECS.parent / "tests"))
    texts = []
    for seed, settings in (("1", None), ("2", str(tmp_path))):
        environment = {**os.environ, "PYTHONHASHSEED": seed} | ({"MATPLOTLIBRC": settings} if settings else {})
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, check=True, timeout=120
        )
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    assert b"<svg" in texts[0]


@pytest.mark.parametrize("name", ["selu_variation", "swiglu", "complex_soft_exponential", "log1mexp"])
def test_well_formed_with_a_title_and_dark_colours(name: str) -> None:
    text = plot.svg(panels(catalogue(name)), "title & <more>")
    root = ElementTree.fromstring(text)
    assert [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")] == ["title & <more>"]
    assert "prefers-color-scheme: dark" in text
    assert "<text" not in text
    assert "dc:date" not in text
    assert len(text) < 150_000


def test_hostile_text_stays_text() -> None:
    pages = files(hostile())
    assert set(pages) == {"README.md", "hostile.tex", "hostile.svg", "hostile_thumbnail.svg"}
    for name in ("hostile.svg", "hostile_thumbnail.svg"):
        root = ElementTree.fromstring(pages[name])
        assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_panels_of_one_input() -> None:
    first, second = panels(catalogue("selu_variation"))
    assert [c.label for c in first.curves] == ["$f$", "$f'$"]
    assert [c.label for c in second.curves] == [
        rf"$\partial f/\partial \{name}$" for name in ("lambda", "alpha", "beta", "gamma", "omega")
    ]
    assert [(m.x, m.label) for m in first.marks] == [(0.0, "$C^0$")]
    assert (first.curves[0].x[0], first.curves[0].x[-1]) == (-8.0, 8.0)


def test_panels_of_a_gate_are_slices_along_its_curved_input() -> None:
    found = panels(catalogue("glu"))
    assert len(found) == 3
    assert {p.horizontal for p in found} == {"$b$"}
    assert [c.label for c in found[0].curves] == [f"$a = {k}$" for k in (-2, -1, 0, 1, 2)]
    assert not found[1].sliced
    assert found[1].title.endswith("the same at each of these")


def test_jumps_are_not_joined() -> None:
    [panel, *_] = panels(
        unit(spec("expression: Piecewise((x, x > 1), (x - 2, True))\nchecks: {smoothness: {x: discontinuous}}\n"))
    )
    curve = panel.curves[0]
    at = int(np.flatnonzero(np.isnan(curve.y))[0])
    assert abs(curve.x[at] - 1) < 1e-5
    assert (curve.y[at - 1], curve.y[at + 1]) == pytest.approx((-1, 1), abs=1e-5)
    assert panel.marks[0].label == "jump"
    kink = panels(catalogue("relu"))[0]
    assert not np.isnan(kink.curves[0].y).any()
    assert np.isnan(kink.curves[1].y).any()


def curve(function) -> Curve:
    x = np.linspace(-6, 6, 721)
    with np.errstate(all="ignore"):
        return Curve("", x, function(x))


def test_a_pole_does_not_flatten_the_rest() -> None:
    low, high = vertical_range([curve(lambda x: 1 / (x - 0.001))])
    assert -30 < low < -1
    assert 1 < high < 30
    text = plot.svg([Panel("", "$x$", (curve(lambda x: 1 / (x - 0.001)),), ())], "pole")
    assert ElementTree.fromstring(text) is not None


def test_growth_is_shown_whole_and_constants_have_room() -> None:
    low, high = vertical_range([curve(np.tanh)])
    assert low < -1 < 1 < high
    low, high = vertical_range([curve(np.zeros_like)])
    assert low < 0 < high
    assert vertical_range([curve(lambda x: np.full_like(x, np.nan))]) == (-1.0, 1.0)


def test_thinning_stays_within_its_tolerance_and_keeps_breaks() -> None:
    one = curve(lambda x: np.where(np.abs(x - 1) < 0.01, np.nan, np.sin(x)))
    keep = thinned(one.x, one.y, 1e-3, 1e-9)
    assert len(keep) < len(one.x) / 2
    assert set(np.flatnonzero(np.isnan(one.y))) <= set(keep)
    straight = np.interp(one.x, one.x[keep], one.y[keep])
    away = np.abs(straight - one.y)
    assert np.nanmax(away) <= 1e-3 + 1e-12


@pytest.mark.parametrize(
    "latex",
    [
        r"\hat{\alpha}_{\mathrm{max},1}^{+}",
        r"\mathcal{L}",
        r"\mathbf{w}'",
        r"\varepsilon_\star",
        r"\vec{x}",
        r"\ell^\ast",
    ]
    + [
        rf"\{accent}{{x}}"
        for accent in ("acute", "bar", "breve", "check", "ddot", "dot", "grave", "hat", "tilde", "widehat")
    ]
    + [rf"\{font}{{x}}" for font in ("mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathcal")]
    + [
        rf"\{letter}"
        for letter in ("varpi", "varrho", "varsigma", "varphi", "vartheta", "upsilon", "Upsilon", "xi", "infty")
    ],
)
def test_every_safe_name_can_be_drawn(latex: str) -> None:
    safe = safe_latex(latex)
    assert safe is not None
    assert MathTextParser("path").parse(f"${safe}$").width > 0
