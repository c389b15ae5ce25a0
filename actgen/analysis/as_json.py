"""An Analysis as JSON. docs/ANALYSIS.md describes the keys; `version` counts changes of their meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from actgen.analysis.quantity import Quantity
from actgen.analysis.report import Analysis


def as_json(analysis: Analysis) -> dict[str, Any]:
    """Dictionaries, lists, texts, numbers and None; keys of a quantity that say nothing are left out."""
    return {"version": analysis.version, "name": analysis.name, **_plain(analysis)}


def json_text(analyses: Sequence[Analysis]) -> str:
    """A list of analyses as JSON text."""
    return json.dumps([as_json(a) for a in analyses], indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        return {k: v for k, v in _fields(value).items() if v not in (None, [], "")}
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def _fields(value: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
