"""What is answered where a request fails: each exception of this package, and of Starlette, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from actgen.designer.access import refusal
from actgen.designer.builds import BuildingError
from actgen.designer.document import UnreadableError
from actgen.designer.mathematics import BusyError, MathematicsError, SupersededError
from actgen.designer.questions import MAX_BODY, PATIENCE_S, BadRequestError, TooLargeError, UnfinishedError

_WORDS = {404: "absent", 405: "method"}


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = refusal(error.status_code, _WORDS.get(error.status_code, "request"), error.detail)
    answer.headers.update(error.headers or {})
    return answer


def _as(status: int, word: str, message: str = "{}") -> Callable[[Request, Exception], Response]:
    return lambda request, error: refusal(status, word, message.format(error))


HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    HTTPException: _http,
    BadRequestError: _as(400, "request"),
    UnfinishedError: _as(408, "late", f"a request is sent whole within {PATIENCE_S:g} s"),
    SupersededError: _as(409, "superseded", "a newer question took the place of this one"),
    BuildingError: _as(409, "building", "a build is at work; cancel it first"),
    TooLargeError: _as(413, "size", f"a request has at most {MAX_BODY:,} bytes"),
    UnreadableError: _as(422, "unreadable"),
    MathematicsError: _as(500, "bug", "this is a bug in actgen: {}; please report it with the spec"),
    OSError: _as(500, "disk"),
    BusyError: _as(503, "busy", "too much is asked at once, or the designer is ending"),
}
"""Whatever else is raised is a bug of the server: status 500, and a traceback in the terminal."""
