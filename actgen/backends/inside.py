"""How the emitted files say which formats they compute in float32; all others are computed in float64."""

from __future__ import annotations

from collections.abc import Sequence

_ALL = ("bfloat16", "float16")
BELOW_FLOAT64 = ("float32", *_ALL)
"""What is computed in float32 where that was asked for."""


def sentence(in_float32: Sequence[str]) -> str:
    """For a docstring of the public function."""
    if in_float32 == BELOW_FLOAT64:
        return "float64 is computed in float64 inside, everything else in float32, where ranges and digits are fewer."
    if not in_float32:
        return "Everything is computed in float64 inside, then rounded once."
    if len(in_float32) == len(_ALL):
        return "float32 is computed in float64 inside, 16-bit types in float32, then rounded once."
    (narrow,) = in_float32
    (other,) = set(_ALL) - {narrow}
    return f"float32 and {other} are computed in float64 inside, {narrow} in float32, then rounded once."


def working_context(in_float32: Sequence[str], subject: str, spelling: str) -> dict[str, str]:
    """What templates need for the function that chooses the working dtype.

    Args:
        in_float32: the formats that are computed in float32.
        subject: the expression for a dtype.
        spelling: how a format is written, as in `torch.{}`.

    Returns:
        `working_docs`, a sentence, and `narrow`, a condition that holds for these formats, empty if there are none;
        `is_float64`, a condition, if these are all others, else empty.
    """
    if in_float32 == BELOW_FLOAT64:
        is_float64 = f"{subject} == {spelling.format('float64')}"
        return {"working_docs": "float64 for float64; else float32.", "narrow": "", "is_float64": is_float64}
    spelled = [spelling.format(name) for name in in_float32]
    if len(spelled) == len(_ALL):
        whose, narrow = "16 bits and ", f"{subject} in ({', '.join(spelled)})"
    else:
        whose, narrow = "".join(f"{n} and " for n in in_float32), "".join(f"{subject} == {s}" for s in spelled)
    docs = f"float32 for {whose}where the device lacks float64; else float64."
    return {
        "working_docs": docs if narrow else "float64, where the device has it; else float32.",
        "narrow": narrow,
        "is_float64": "",
    }
