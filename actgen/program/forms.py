"""Chooses, for each root of a piece, the candidate form that measures best."""

from __future__ import annotations

import numpy as np

from actgen.program.program import Node
from actgen.program.sampling import Samples
from actgen.program.translate import Translator
from actgen.symbolic.derivation import Derivation, ExactPiece


def best_forms(
    piece: ExactPiece,
    derivation: Derivation,
    points: Samples,
    mask: np.ndarray,
    translate: Translator,
) -> list[Node]:
    """Value and partials of the piece."""
    return [translate(piece.value), *(translate(p) for p in piece.partials.values())]
