"""Who may ask: this machine's user, from the page itself. Everybody else is refused before anything is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
"""Where the server listens: nowhere else."""

_NAMES = (HOST, "localhost")


@dataclass(frozen=True, slots=True)
class Access:
    """The address that is served, and the secret that opens it.

    Attributes:
        port: where the server listens.
        token: without it nothing is told or done.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The `Host` headers of requests that mean this server."""
        with_port = {f"{name}:{self.port}" for name in _NAMES}
        return frozenset(with_port | set(_NAMES) if self.port == 80 else with_port)

    @property
    def origins(self) -> frozenset[str]:
        """The `Origin` headers of the page."""
        return frozenset(f"http://{host}" for host in self.hosts)

    @property
    def url(self) -> str:
        """Where the page is, with the token. A fragment is never sent: it stands in no log and in no `Referer`."""
        return f"http://{HOST}:{self.port}/#token={self.token}"

    def opens(self, authorization: str) -> bool:
        """Whether a header has the token; how long that takes tells nothing about the token."""
        return secrets.compare_digest(authorization.encode(), f"Bearer {self.token}".encode())


class OwnHost:
    """Refuses requests for another host: a foreign name that was made to point at this machine (DNS rebinding)."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._hosts = app, access.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is meant for this server."""
        if scope["type"] == "http" and not self._hosts.issuperset(Headers(scope=scope).getlist("host") or [""]):
            await refusal(421, "host", "this server is not called that")(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class OwnPage:
    """Refuses what does not come from the page: requests without the token, or from another site."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what the page asks."""
        refused = self._refused(Headers(scope=scope), scope["method"]) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)

    def _refused(self, headers: Headers, method: str) -> ASGIApp | None:
        sites, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
        if not ({"same-origin"}.issuperset(sites) and self._access.origins.issuperset(origins)):
            return refusal(403, "origin", "only the designer's own page may ask")
        if not self._access.opens(_only(headers, "authorization")):
            return refusal(401, "token", "the token is missing or wrong; open the address that `actgen design` printed")
        if method not in ("GET", "HEAD") and _only(headers, "content-type").split(";")[0] != "application/json":
            return refusal(415, "type", "a request is application/json")
        return None


def _only(headers: Headers, name: str) -> str:
    """A header's value; none where it stands twice, as two readers might each take another one."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else ""


def refusal(status: int, error: str, message: str, **facts: object) -> JSONResponse:
    """The answer to what is not done.

    Args:
        status: HTTP's code.
        error: a word for programs.
        message: a sentence for people.
        facts: what else there is to know.
    """
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": error, "message": message, **facts}, status, headers)
