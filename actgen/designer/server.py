"""Binds to this machine alone, and serves until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from actgen.designer.access import HOST, Access
from actgen.designer.application import application
from actgen.designer.connections import Patient
from actgen.designer.session import Session

_PATIENCE_S = 5  # for answers that are under way at the end


def serve(session: Session, port: int, ready: Callable[[str], None]) -> None:
    """Serves the session.

    Args:
        session: what is designed.
        port: where to listen on 127.0.0.1; 0 for any that is free.
        ready: called with the page's address, token included, once it answers.

    Raises:
        OSError: if the port is taken.
        KeyboardInterrupt: Ctrl-C; everything has ended by then.
    """
    with socket.create_server((HOST, port)) as listening:
        access = Access(listening.getsockname()[1])
        config = uvicorn.Config(
            application(session, access),
            loop="asyncio",
            http=Patient,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="error",  # what is wrong with a request is told to who sent it: nobody may fill the terminal
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_PATIENCE_S,
        )
        _Server(config, session, lambda: ready(access.url)).run([listening])


class _Server(uvicorn.Server):
    """Says when it answers; at the end it ends what answers wait for first."""

    def __init__(self, config: uvicorn.Config, session: Session, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._session, self._ready = session, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._session.end()
        await super().shutdown(sockets)
