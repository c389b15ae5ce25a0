"""Parts of a page that scripts write: they stand between two comments, `<!-- name -->` and `<!-- /name -->`."""

from __future__ import annotations

from collections.abc import Sequence


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """A page with the part of this name written anew.

    Raises:
        ValueError: the page has no such part.
    """
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"there is no {start} … {end}")
    return "\n".join((f"{before}{start}", *lines, f"{end}{after}"))
