"""Child process: prints, as a JSON list, what a framework ships in its namespace of activations.

Usage: list_public.py torch|keras|jax.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from types import ModuleType

NAMESPACES = {"torch": "torch.nn.modules.activation", "keras": "keras.activations", "jax": "jax.nn"}


def public(module: ModuleType) -> list[str]:
    """The names that a module exports: `__all__`, or everything public that is no module."""
    exported = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return sorted(name for name in exported if not isinstance(getattr(module, name), ModuleType))


if __name__ == "__main__":
    print(json.dumps(public(import_module(NAMESPACES[sys.argv[1]]))))
