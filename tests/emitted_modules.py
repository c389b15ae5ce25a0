"""Imports emitted files by path, for the tests that run them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def imported(folder: Path, name: str, known_as: str = "") -> ModuleType:
    """The module `<name>.py` of a folder, freshly imported; `known_as` another name where one of its own is in use."""
    spec = importlib.util.spec_from_file_location(known_as or name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
