"""Generated files with the kernels' package at hand, as where both lie in one folder, and without it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from emitted_modules import imported
from spec_units import catalogue, spec, unit

from actgen.backends.base import KERNEL, Unit, backend
from actgen.resources import runtime_files

PACKAGE = "actgen_native"
SOFT_PAIR = spec(
    """
parameters: {alpha: 0.5, b: 1.0}
outputs:
  re: exp(-alpha * x**2) * cos(b * x)
  im: exp(-alpha * x**2) * sin(b * x)
""",
    "soft_pair",
)
"""Two outputs, and a kernel that is compiled in a second."""
RIPPLE = spec("parameters: {a: 1.0}\nexpression: x + sin(a * x)**2 / a\n", "ripple")
RIPPLE_ON_GPU = spec("parameters: {a: 1.0}\nexpression: x + sin(a * x)**2 / a\n", "ripple_on_gpu")
RIPPLE_PAIR = spec(
    """
parameters: {alpha: 0.5, b: 1.0}
outputs:
  re: exp(-alpha * x**2) * cos(b * x)
  im: alpha * b * x
""",
    "ripple_pair",
)
"""Of other names than any: the operations of one kernel can be defined once in a process."""
_OWN = {"soft_pair": SOFT_PAIR, "ripple": RIPPLE, "ripple_on_gpu": RIPPLE_ON_GPU, "ripple_pair": RIPPLE_PAIR}


def write_package(folder: Path) -> None:
    """Puts the kernels' package into a folder."""
    for name, text in runtime_files().items():
        (folder / PACKAGE / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / PACKAGE / name).write_text(text, encoding="utf-8")


def write_files(folder: Path, framework: str, names: tuple[str, ...], *, kernels: bool = True) -> None:
    """Puts activations, of the catalogue or of this module, into a folder, with their kernels' headers or without."""
    for name in names:
        for target in (framework, KERNEL) if kernels else (framework,):
            for file, text in backend(target).files(_unit(name)).items():
                (folder / file).write_text(text, encoding="utf-8")


@cache
def _unit(name: str) -> Unit:
    """One of this module, or of the catalogue, which may be called `<name>_on_gpu` to have operations of its own."""
    if name in _OWN:
        return unit(_OWN[name])
    found = catalogue(name.removesuffix("_on_gpu"))
    return replace(found, activation=replace(found.activation, name=name))


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The package of a folder can be imported meanwhile; other tests do not see it."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [n for n in sys.modules if n.split(".")[0] == PACKAGE]:
            del sys.modules[name]


@contextmanager
def both(folder: Path, framework: str, names: tuple[str, ...]) -> Iterator[dict[str, tuple[ModuleType, ModuleType]]]:
    """The modules of activations: with kernels, and alone."""
    fused, alone = folder / "fused", folder / "alone"
    for place in (fused, alone):
        place.mkdir()
        write_files(place, framework, names, kernels=place == fused)
    write_package(fused)
    with importable(fused):
        yield {
            name: (
                imported(fused, f"{name}_{framework}", f"fused_{name}_{framework}"),
                imported(alone, f"{name}_{framework}", f"alone_{name}_{framework}"),
            )
            for name in names
        }
