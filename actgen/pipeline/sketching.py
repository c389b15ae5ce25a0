"""A spec's unit for a first look, as soon as it can be had."""

from __future__ import annotations

from actgen.diagnostics import has_errors
from actgen.pipeline.stages import Compiled


def sketched(text: str, path: str) -> Compiled:
    """The unit of a text for a first look: nothing is proved, nothing is rearranged, nothing may be built from it.

    Args:
        text: the spec.
        path: the name that findings give it.
    """
    from actgen.pipeline.requiring import text_resolved

    activation, diagnostics = text_resolved(text, path)
    if activation is None or has_errors(diagnostics):
        return Compiled(None, tuple(diagnostics))

    from actgen.backends.base import Unit
    from actgen.program.draft import draft
    from actgen.symbolic.sketch import sketch

    derivation = sketch(activation)
    if derivation is None:
        return Compiled(None, tuple(diagnostics))
    unit = Unit(activation=activation, derivation=derivation, program=draft(derivation))
    return Compiled(unit, tuple(diagnostics))
