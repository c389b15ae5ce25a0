"""A formula's comma inside `{ }` or `[ ]`: YAML cuts the value there; found by its open parenthesis, and mended.

`{a: Max(x, 0)}` is to YAML the keys `a` (`Max(x`) and `0)` (nothing). The value is put together again, so that the
rest of the file is read as it was meant and only this one fault is reported.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice, takewhile
from typing import TypeGuard

from actgen.spec.findings import Findings
from actgen.spec.tree import Entry, Scalar, Tree

_MESSAGE = "the comma ends this value, because it stands inside `{ }` or `[ ]`"
_MOST_PARTS = 200
_SHORT = 40


def mend_items(items: list[Tree], findings: Findings) -> list[Tree]:
    """The entries of a `[ ]` with every value that a comma cut put together again, each with a finding."""
    mended: list[Tree] = []
    rest = deque(items)
    while rest:
        item = rest.popleft()
        joined = _joined(item, islice(rest, _MOST_PARTS))
        if joined is not None:
            item = _taken(joined, rest, findings)
        mended.append(item)
    return mended


def mend_entries(entries: list[Entry], findings: Findings) -> list[Entry]:
    """The same for the entries of a `{ }`, where the cut-off parts have become keys without a value."""
    mended: list[Entry] = []
    rest = deque(entries)
    while rest:
        entry = rest.popleft()
        parts = takewhile(lambda later: isinstance(later.value, Scalar) and later.value.is_null, rest)
        following = [later.key for later in islice(parts, _MOST_PARTS)]
        joined = _joined(entry.value, following)
        if joined is not None:
            entry = Entry(entry.key, _taken(joined, rest, findings))
        elif following and _is_decimal_comma(entry.value, following[0]):
            rest.popleft()
            entry = Entry(entry.key, _with_point(entry.value, following[0], findings))
        mended.append(entry)
    return mended


def _taken(joined: tuple[Scalar, int], rest: deque[Tree] | deque[Entry], findings: Findings) -> Scalar:
    whole, used = joined
    for _ in range(used):
        rest.popleft()
    _report(whole, findings)
    return whole


def _joined(first: Tree, following: Iterable[Tree]) -> tuple[Scalar, int] | None:
    """The scalar up to its closing parenthesis, and how many of the following scalars that took."""
    if not isinstance(first, Scalar) or first.style != "plain" or _open(first.text) <= 0:
        return None
    text = first.text
    for used, part in enumerate(following, 1):
        if not isinstance(part, Scalar) or part.style != "plain":
            return None
        text = f"{text}, {part.text}"
        if _open(text) == 0:
            return replace(first, text=text, end=part.end), used
    return None


def _is_decimal_comma(value: Tree, following: Scalar) -> TypeGuard[Scalar]:
    """`{a: 1,5}`: a number, and a key of digits without a value."""
    if not isinstance(value, Scalar) or value.style != "plain" or following.style != "plain":
        return False
    return bool(re.fullmatch(r"[-+]?[0-9]+", value.text) and re.fullmatch(r"[0-9]+", following.text))


def _with_point(value: Scalar, following: Scalar, findings: Findings) -> Scalar:
    whole = replace(value, text=f"{value.text}.{following.text}", end=following.end)
    comma = value.source.text.index(",", value.end)
    help = f"decimals have a point: `{whole.text}`" if len(whole.text) < _SHORT else "decimals have a point"
    findings.error("ACT012", _MESSAGE, value.source.span(comma, comma + 1), help)
    return whole


def _open(text: str) -> int:
    return text.count("(") - text.count(")")


def _report(whole: Scalar, findings: Findings) -> None:
    comma = whole.text.index(",")
    help = "put the value in quotes, or write one key a line without brackets"
    findings.error("ACT012", _MESSAGE, whole.part(comma, comma + 1), help)
