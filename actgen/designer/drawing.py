"""Who draws: one process, and another one while that keeps a tab waiting for what another tab asked."""

from __future__ import annotations

import asyncio
from typing import Any

from actgen.designer.mathematics import Mathematician, Question

_PATIENCE_S = 1.0
"""How long a tab waits for another's question; nearly every drawing takes less."""


class Drawing:
    """Two mathematicians, of which the second starts when it is needed first.

    Args:
        limit_s: seconds that a question may take.
    """

    def __init__(self, limit_s: float) -> None:
        self._usual, self._spare = Mathematician(limit_s), Mathematician(limit_s)
        self._has_spare = False

    def start(self) -> None:
        """Starts the first."""
        self._usual.start()

    async def end(self) -> None:
        """Ends both."""
        await asyncio.gather(self._usual.end(), self._spare.end())

    async def ask(self, question: Question) -> dict[str, Any]:
        """The answer, as `Mathematician.ask` gives it."""
        if await self._usual.is_held_up(question.tab, 0.0 if self._has_spare else _PATIENCE_S):
            if not self._has_spare:
                self._has_spare = True
                self._spare.start()
            return await self._spare.ask(question)
        return await self._usual.ask(question)
