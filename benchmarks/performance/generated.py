"""The generated modules."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "generated"


def module(name: str, framework: str) -> ModuleType:
    """The file of an activation for a framework, imported. That a kernel cannot be made is an error then.

    Raises:
        FileNotFoundError: there is none.
    """
    warnings.filterwarnings("error", message=".*unfused", category=RuntimeWarning)
    path = GENERATED / name / f"{name}_{framework}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = found
    spec.loader.exec_module(found)
    return found


def composite(name: str) -> ModuleType:
    """The file of an activation for PyTorch, as where no kernel can run: it computes with PyTorch's own operations."""
    known = sys.modules.pop(f"{name}_torch", None)
    found = module(name, "torch")
    found._fused = None
    if known is not None:
        sys.modules[f"{name}_torch"] = known
    return found
