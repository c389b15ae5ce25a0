"""What a page says about accuracy: what build enforces, kept apart from what is a goal; no measured figures."""

from __future__ import annotations

from actgen.backends.base import Unit
from actgen.program.program import topological
from actgen.verify.standards import LIMITS

_GAMMA_FAMILY = frozenset(("gamma", "lgamma", "digamma", "polygamma"))

_WIDE = "The files compute in a wider format than they are given, and round once:"
_HEAD = ("input", "computed in", "goal for the value and each derivative", "`actgen build` refuses the files beyond")

_ULP = """\
An ulp is the distance between neighbouring floats at the exact result. NaN gives NaN; at ±∞ the results are the
limits, where there are limits."""

Cells = tuple[str, str, str, str]
"""The input's format, the format computed in, the goal, the limit: without markup."""

_NARROW_ROWS: tuple[Cells, ...] = (
    ("float32", "float64", "0.6 ulp", f"{LIMITS['float32']:g} ulp"),
    ("bfloat16, float16", "float32; float64 where that loses digits", "0.51 ulp", f"{LIMITS['bfloat16']:g} ulp"),
)
_FLOAT64_ROW: Cells = (
    "float64",
    "float64",
    "none",
    f"{LIMITS['float64'] / 2**52:.0e}, relative".replace("e-0", "e-"),
)
_FLOAT32_ROWS: tuple[Cells, ...] = (
    ("float32, bfloat16, float16", "float32", "none", "NaN, an infinity, a zero or a sign that is wrong"),
)
_IN_FLOAT32 = """\
These files were built with `--composite float32`, for devices where float64 is slow or missing: what they lose in
float32 is measured and not held to a limit. Without the option float32 is computed in float64, and held to {:g} ulp."""

_GAMMA = """\
This activation uses the gamma family, whose functions in the frameworks are less accurate than that: here the goals do
not hold, and build refuses only what is off by more than 1e-5."""

_CHECKED = """\
Build compares with the exact value, the spec's formula in ball arithmetic, differentiated by another route: at every
16-bit float, and at samples of the wider formats, dense around breakpoints, zeros and the ends. It does so in each
framework that is installed; another one reads NOT RUN. The errors found depend on the machine and on the framework's
version, so none are printed here: `actgen verify path/to/{}` measures them on yours, and prints them."""


def accuracy_note(unit: Unit, spec_file: str) -> str:
    """The section's text, in Markdown."""
    narrow = unit.composite == "float32"
    opening = _IN_FLOAT32.format(LIMITS["float32"]) if narrow else _WIDE
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (_HEAD, ("---",) * len(_HEAD), *accuracy_rows(unit)))
    parts = [opening, table, _ULP, _CHECKED.format(spec_file)]
    if not has_goals(unit) and not narrow:
        parts.insert(3, _GAMMA)
    return "\n\n".join(parts)


def accuracy_rows(unit: Unit) -> tuple[Cells, ...]:
    """What is promised for each format."""
    return (*(_FLOAT32_ROWS if unit.composite == "float32" else _NARROW_ROWS), _FLOAT64_ROW)


def has_goals(unit: Unit) -> bool:
    """Whether the goals of the table hold: not of the gamma family, nor of files that compute in float32."""
    used = {node.op for node in topological(unit.program.roots())}
    return unit.composite != "float32" and not used & _GAMMA_FAMILY
