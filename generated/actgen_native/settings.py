"""What a user chooses: whether fused kernels run at all, and what they compute float32 in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

Precision = Literal["fast", "exact"]


def is_enabled(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether kernels are wanted: not if `ACTGEN_NATIVE` is 0."""
    return environment.get("ACTGEN_NATIVE", "1") != "0"


def precision() -> Precision:
    """What `set_precision` was told last, else what `ACTGEN_PRECISION` said when this was imported, else "fast"."""
    return _chosen[-1]


def set_precision(chosen: Precision) -> None:
    """How float32 is computed from now on, in this process.

    Args:
        chosen: "fast", within 4 ulp, slopes within 8; or "exact", through float64, within 0.55 ulp.

    Raises:
        ValueError: for another word.
    """
    _chosen[:] = [_checked(chosen)]


def _checked(word: str) -> Precision:
    if word == "fast" or word == "exact":
        return word
    raise ValueError(f'a precision is "fast" or "exact", not {word!r}')


_chosen: list[Precision] = [_checked(os.environ.get("ACTGEN_PRECISION") or "fast")]
