"""What a page says about accuracy: what build enforces, kept apart from what is a goal; no measured figures."""

from __future__ import annotations

from actgen.backends.base import Unit
from actgen.program.program import topological
from actgen.verify.judging import LIMITS

_GAMMA_FAMILY = frozenset(("gamma", "lgamma", "digamma", "polygamma"))

_HEAD = """\
The files compute in a wider format than they are given, and round once:

| input | computed in | goal for the value and each derivative | `actgen build` refuses the files beyond |
| --- | --- | --- | --- |"""

_ULP = """\
An ulp is the distance between neighbouring floats at the exact result. NaN gives NaN; at ±∞ the results are the
limits, where there are limits."""

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
    used = {node.op for node in topological(unit.program.roots())}
    parts = ["\n".join((_HEAD, *_rows())), _ULP, _CHECKED.format(spec_file)]
    if used & _GAMMA_FAMILY:
        parts.insert(2, _GAMMA)
    return "\n\n".join(parts)


def _rows() -> tuple[str, ...]:
    relative = f"{LIMITS['float64'] / 2**52:.0e}".replace("e-0", "e-")
    return (
        f"| float32 | float64 | 0.6 ulp | {LIMITS['float32']:g} ulp |",
        f"| bfloat16, float16 | float32; float64 where that loses digits | 0.51 ulp | {LIMITS['bfloat16']:g} ulp |",
        f"| float64 | float64 | none | {relative}, relative |",
    )
