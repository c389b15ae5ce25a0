"""What the page may send: each request's body, checked before anybody looks at it."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect, Request

from actgen.backends.base import every_name, target_names
from actgen.spec.limits import MAX_BYTES

MAX_BODY = 2 * MAX_BYTES + 4096
"""Bytes of a body: a spec as large as it may be, each character of it behind a backslash, and what is around it."""

PATIENCE_S = 30.0
"""Seconds in which a body comes; the browser is on the same machine."""

_Model = TypeVar("_Model", bound=BaseModel)
_Line = Annotated[str, Field(max_length=20_000)]
_Lines = Annotated[list[_Line], Field(max_length=64)]
_Flat = Annotated[dict[_Line, _Line | _Lines], Field(max_length=64)]
_Value = _Line | _Flat | _Lines | Annotated[list[_Flat], Field(max_length=64)]
"""What an edit may write: a line of text, or a list or mapping of such, no deeper than a spec needs."""
_Targets = Annotated[list[str], Field(max_length=8)]


class BadRequestError(Exception):
    """A body that is no request; the message says why."""


class TooLargeError(Exception):
    """A body of over `MAX_BODY` bytes."""


class UnfinishedError(Exception):
    """A body whose end does not come: the browser has gone, or keeps it back."""


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Nothing(_Body):
    """A request that says all by its address."""


class Text(_Body):
    """A spec; `tab` tells those who ask apart."""

    text: str
    tab: Annotated[str, Field(max_length=64)] = ""


class Sources(Text):
    """A spec, and whose sources are wanted; without targets, those of every framework."""

    targets: _Targets = []

    def unknown(self) -> list[str]:
        """Targets that do not exist."""
        return [name for name in self.targets if name not in every_name()]


class Solve(Text):
    """A spec, and what its parameters are to bring about; `over` names those to solve for."""

    requirement: Annotated[str, Field(min_length=1, max_length=2_000)]
    over: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=64)] | None = None


class Edit(_Body):
    """Another value for a place in the spec; null takes it away, `insert` puts it before the entry of a list."""

    path: Annotated[list[str | int], Field(min_length=1, max_length=8)]
    value: _Value | None
    insert: bool = False


class Edits(_Body):
    """A spec, and what to change in it, one after the other."""

    text: str
    edits: Annotated[list[Edit], Field(max_length=64)]


class Rename(_Body):
    """A spec, and another name for what it declares at a path."""

    text: str
    path: Annotated[list[str | int], Field(min_length=2, max_length=2)]
    name: Annotated[str, Field(max_length=200)]


class Save(_Body):
    """A spec to write in the place of the file that has this revision."""

    text: str
    revision: str | None
    overwrite: bool = False


class Build(_Body):
    """The spec to build is the one on disk, if it has this revision; without targets, for every framework."""

    revision: str
    verify: bool = True
    targets: _Targets = []

    def unknown(self) -> list[str]:
        """Targets that do not exist."""
        return [name for name in self.targets if name not in target_names()]


async def read(request: Request, model: type[_Model]) -> _Model:
    """The request's body.

    Raises:
        TooLargeError: it is larger than anything that the page sends.
        UnfinishedError: it does not end.
        BadRequestError: it is not JSON, not Unicode, or not what `model` says.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise TooLargeError
    except (ClientDisconnect, TimeoutError) as error:
        raise UnfinishedError from error
    try:
        return model.model_validate_json(bytes(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise BadRequestError(f"{where}: {first['msg']}") from error
