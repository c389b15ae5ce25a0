"""The index of an output folder: a picture of every activation in it, and each one's formula and properties.

It is made from what the folders' manifests say (`entry.py`), so that no spec need be compiled to write it.
"""

from __future__ import annotations

from collections.abc import Mapping

from actgen.docs.markdown_math import display_math
from actgen.docs.text import markdown_line
from actgen.emit.templates import render

_COLUMNS = 5
_KINDS: Mapping[str, type] = {
    "title": str,
    "summary": str,
    "facts": str,
    "formulas": list,
    "picture": str,
    "sources": dict,
}


def gallery(entries: Mapping[str, Mapping[str, object]]) -> str:
    """The text of the index; its links are relative to the output folder.

    Args:
        entries: folder name to the entry in its manifest, in any order. A folder whose entry is not one shows with its
            name alone.
    """
    shown = [{"folder": name, **_checked(name, entries[name])} for name in sorted(entries)]
    shown = [{**entry, "formulas": list(map(display_math, entry["formulas"]))} for entry in shown]
    return render("docs/gallery.md.j2", {"entries": shown, "columns": min(_COLUMNS, len(shown))})


def is_entry(entry: Mapping[str, object]) -> bool:
    """Whether a manifest's entry is one that this version of actgen could have written."""
    return all(isinstance(entry.get(key), kind) for key, kind in _KINDS.items())


def _checked(folder: str, entry: Mapping[str, object]) -> Mapping[str, object]:
    if is_entry(entry):
        return entry
    return {key: kind() for key, kind in _KINDS.items()} | {"title": markdown_line(folder)}
