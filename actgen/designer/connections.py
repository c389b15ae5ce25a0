"""Connections on which no whole request comes are closed: uvicorn alone would wait for ever, and keep each one open."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from actgen.designer.questions import PATIENCE_S


class Patient(H11Protocol):
    """One connection. From its beginning, or the first byte after an answer, a request's head has `PATIENCE_S`.

    A body has its own limit (`questions.read`); what still comes of one that was refused counts as the next head.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begins to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Waits on, unless a head is complete."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._stop()
        elif not self._is_answering:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no longer."""
        self._stop()
        super().connection_lost(exc)

    @property
    def _is_answering(self) -> bool:
        cycle: object = self.cycle  # None before the first request, whatever its annotation says
        return cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE_S, self._give_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self._is_answering:
            self.transport.close()
