"""What JavaScript's `Math` lacks: small functions, a family in each `.js` file, that printed files carry along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from actgen.resources import javascript_files

_NAME = re.compile(r"^(?:function|const) (_\w+)", re.MULTILINE)
_WORD = re.compile(r"(?<![\w.])_\w+")


@cache
def declarations() -> Mapping[str, str]:
    """The name of each function and each table to its source with its comment, in the order of the files."""
    blocks = (block for text in javascript_files().values() for block in re.split(r"\n\n(?=\S)", text.strip()))
    return {_name(block): block for block in blocks}


def needed(source: str) -> tuple[str, ...]:
    """The declarations that printed JavaScript needs, those that these need included, tables first."""
    known = declarations()
    found: set[str] = set()
    pending = _used(source)
    while pending:
        found |= pending
        pending = {name for block in pending for name in _used(known[block])} - found
    chosen = [name for name in known if name in found]
    return tuple(known[name] for name in sorted(chosen, key=lambda name: not name.isupper()))


def _name(block: str) -> str:
    match = _NAME.search(block)
    assert match is not None, f"no declaration: {block[:60]}"
    return match[1]


def _used(source: str) -> set[str]:
    return _among(_WORD.findall(source))


def _among(words: Iterable[str]) -> set[str]:
    return {word for word in words if word in declarations()}
