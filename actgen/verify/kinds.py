"""The wrong kinds of results, as `ulp.Errors` counts them, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "nan": "NaN",
    "infinite": "infinite",
    "finite": "not NaN",
    "zeroed": "zeroed",
    "sign": "wrong sign",
}
"""`finite` is a number where the exact result is none, or beyond the format."""

EDGE = "at the edge"
"""Wrong, but where no training goes: listed apart from these kinds."""
