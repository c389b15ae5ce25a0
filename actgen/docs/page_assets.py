"""The style sheets and scripts that pages share, and in which order a page runs them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ASSETS = "assets"
"""The folder, beside those of the activations, of what all pages share."""

_FOLDER = Path(__file__).parent / "assets"
_SUFFIXES = (".css", ".js", ".txt")

PAGE_SCRIPTS = (
    "uplot.js",
    "katex.js",
    "highlight.js",
    "numbers.js",
    "address.js",
    "mathematics.js",
    "sources.js",
    "curves.js",
    "regions.js",
    "distribution.js",
    "chart.js",
    "navigation.js",
    "controls.js",
    "marks.js",
    "toolbar.js",
    "readout.js",
    "flow.js",
    "explorer.js",
    "page.js",
)
"""What an activation's page runs."""

GALLERY_SCRIPTS = (
    "uplot.js",
    "numbers.js",
    "address.js",
    "curves.js",
    "chart.js",
    "navigation.js",
    "compare.js",
    "gallery.js",
)
"""What the gallery runs."""


@cache
def asset_files() -> dict[str, str]:
    """The project's own and the libraries with their licences; name to text, sorted."""
    paths = sorted((p for p in _FOLDER.rglob("*") if p.suffix in _SUFFIXES), key=lambda p: p.name)
    return {path.name: path.read_bytes().decode() for path in paths}
