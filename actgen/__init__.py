"""actgen: the compiler for neural-network activation functions.

`load` reads a spec, `analyse` proves what it is as a function, `solve` finds parameters by requirement, `build`
writes its source, docs and tests. Importing this package imports nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.analysis.report import Analysis
    from actgen.api import analyse, build, load, solve
    from actgen.diagnostics import Diagnostic, SpecError
    from actgen.pipeline import BuildResult

__version__ = "0.1.0"
__all__ = [
    "Activation",
    "Analysis",
    "BuildResult",
    "Diagnostic",
    "SpecError",
    "__version__",
    "analyse",
    "build",
    "load",
    "solve",
]

_HOMES = {
    "Activation": "actgen.activation",
    "Analysis": "actgen.analysis.report",
    "BuildResult": "actgen.pipeline",
    "Diagnostic": "actgen.diagnostics",
    "SpecError": "actgen.diagnostics",
    "analyse": "actgen.api",
    "build": "actgen.api",
    "load": "actgen.api",
    "solve": "actgen.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
