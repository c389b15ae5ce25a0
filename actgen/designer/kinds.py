"""The kinds of questions about a spec's text, and their answers where nothing but findings is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BLANK: Mapping[str, Mapping[str, Any]] = {
    "draw": {"javascript": None, "data": None, "head": None},
    "mathematics": {"activation": None},
    "compile": {"program": None, "javascript": None, "data": None},
    "sources": {"sources": {}},
    "analyse": {"report": None, "analysis": None},
    "solve": {"report": None, "outcome": None},
}
"""Kind to the rest of an answer of which nothing but the findings is known."""
