"""Properties in a word, by which the gallery filters: the one table of them, and which an activation has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actgen.activation import Smoothness
from actgen.backends.base import Unit

TAGS: Mapping[str, str] = MappingProxyType(
    {
        "smooth": "every derivative is continuous, at the nominal parameters",
        "learnable": "has a parameter that is learned",
        "gate": "takes two inputs or more",
        "several outputs": "gives two outputs or more",
    }
)
"""Name to meaning, in the order of the gallery."""


def tag_names(unit: Unit) -> tuple[str, ...]:
    """The tags of an activation, in the order of `TAGS`."""
    activation = unit.activation
    levels = [level for output in unit.derivation.outputs for level in output.smoothness.values()]
    found = {
        "smooth": all(level is Smoothness.CINF for level in levels),
        "learnable": any(p.learnable for p in activation.parameters),
        "gate": len(activation.inputs) > 1,
        "several outputs": len(activation.outputs) > 1,
    }
    return tuple(name for name in TAGS if found[name])
