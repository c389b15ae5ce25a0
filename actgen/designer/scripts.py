"""JavaScript that was compiled just now, at addresses that the page alone knows: it is loaded, and needs no `eval`."""

from __future__ import annotations

import secrets
from collections import OrderedDict

_KEPT = 16


class Scripts:
    """The newest few texts, each under a random name; a browser sends no token when it loads a script."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()

    def put(self, text: str) -> str:
        """Keeps a text, and says its name; the same text keeps its name."""
        name = next((name for name, known in self._texts.items() if known == text), None)
        name = name or f"{secrets.token_urlsafe(24)}.js"
        self._texts[name] = text
        self._texts.move_to_end(name)
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return name

    def get(self, name: str) -> str | None:
        """The text of this name, if it is still there."""
        return self._texts.get(name)
