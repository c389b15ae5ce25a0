"""What each address does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

import actgen
from actgen.designer import editing, findings, form, questions, renaming
from actgen.designer.access import refusal
from actgen.designer.document import ConflictError, Snapshot
from actgen.designer.drawing import Drawing
from actgen.designer.layout import page
from actgen.designer.mathematics import Mathematician, Question
from actgen.designer.session import Session
from actgen.designer.starts import starts
from actgen.spec.limits import MAX_BYTES


class Routes:
    """The addresses of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def page(self, request: Request) -> Response:
        """The page itself."""
        return HTMLResponse(page())

    async def health(self, request: Request) -> Response:
        """That the server runs."""
        return JSONResponse({"status": "ok", "actgen": actgen.__version__})

    async def script(self, request: Request) -> Response:
        """JavaScript that `compile` made."""
        text = self._session.scripts.get(request.path_params["name"])
        if text is None:
            raise HTTPException(404)
        return Response(text, media_type="text/javascript")

    async def spec(self, request: Request) -> Response:
        """The file as it is on disk."""
        return self._file(await run_in_threadpool(self._session.document.read))

    async def starts(self, request: Request) -> Response:
        """Where a new spec can begin."""
        return JSONResponse({"starts": await run_in_threadpool(starts, self._session.document.path.stem)})

    async def check(self, request: Request) -> Response:
        """What reading finds."""
        asked = await questions.read(request, questions.Text)
        shown = self._session.document.shown
        return JSONResponse(await run_in_threadpool(findings.checked, asked.text, shown))

    async def form(self, request: Request) -> Response:
        """The spec as a form."""
        asked = await questions.read(request, questions.Text)
        return JSONResponse({"form": await run_in_threadpool(form.form, asked.text)})

    async def edit(self, request: Request) -> Response:
        """The spec's text with other values at some of its places."""
        asked = await questions.read(request, questions.Edits)
        return JSONResponse({"text": await run_in_threadpool(_edited, asked)})

    async def rename(self, request: Request) -> Response:
        """The spec's text with another name for something that it declares."""
        asked = await questions.read(request, questions.Rename)
        return JSONResponse({"text": await run_in_threadpool(_renamed, asked)})

    async def draw(self, request: Request) -> Response:
        """What a browser can draw at once."""
        asked = await questions.read(request, questions.Text)
        return self._with_script(await self._ask(self._session.first, "draw", asked))

    async def mathematics(self, request: Request) -> Response:
        """What deriving finds."""
        asked = await questions.read(request, questions.Text)
        return JSONResponse(await self._ask(self._session.second, "mathematics", asked))

    async def compile(self, request: Request) -> Response:
        """The program, and what a browser can run."""
        asked = await questions.read(request, questions.Text)
        return self._with_script(await self._ask(self._session.second, "compile", asked))

    async def sources(self, request: Request) -> Response:
        """What a build would write for the targets."""
        asked = await questions.read(request, questions.Sources)
        _refuse_unknown(asked)
        return JSONResponse(await self._ask(self._session.third, "sources", asked, targets=asked.targets))

    async def analyse(self, request: Request) -> Response:
        """What is known about the activation."""
        asked = await questions.read(request, questions.Text)
        return JSONResponse(await self._ask(self._session.third, "analyse", asked))

    async def solve(self, request: Request) -> Response:
        """Parameter values for which a requirement holds."""
        asked = await questions.read(request, questions.Solve)
        more = {"requirement": asked.requirement, "over": asked.over}
        return JSONResponse(await self._ask(self._session.third, "solve", asked, **more))

    async def save(self, request: Request) -> Response:
        """Writes the spec."""
        sent = await questions.read(request, questions.Save)
        if len(sent.text.encode()) > MAX_BYTES:
            raise questions.TooLargeError
        document = self._session.document
        try:
            saved = await run_in_threadpool(document.save, sent.text, sent.revision, overwrite=sent.overwrite)
        except ConflictError as error:
            facts = {"disk": error.disk.facts(), "sent": {"text": sent.text, "revision": sent.revision}}
            return refusal(409, "conflict", f"{document.shown} has changed on disk", **facts)
        return self._file(saved)

    async def build(self, request: Request) -> Response:
        """Starts a build of the file on disk."""
        asked = await questions.read(request, questions.Build)
        _refuse_unknown(asked)
        document = self._session.document
        disk = await run_in_threadpool(document.read)
        if disk.revision != asked.revision:
            return refusal(409, "conflict", f"{document.shown} has changed on disk", disk=disk.facts())
        await self._session.builds.start(asked.revision, asked.targets, verify=asked.verify)
        return JSONResponse({}, 202)

    async def build_events(self, request: Request) -> Response:
        """The events of the build, as they come."""
        return StreamingResponse(self._lines(), media_type="application/x-ndjson")

    async def cancel_build(self, request: Request) -> Response:
        """Ends the build."""
        await questions.read(request, questions.Nothing)
        return JSONResponse({"cancelled": await self._session.builds.cancel()})

    async def _ask(self, who: Drawing | Mathematician, kind: str, asked: questions.Text, **more: Any) -> dict[str, Any]:
        return await who.ask(Question(kind, asked.text, self._session.document.shown, asked.tab, more))

    def _with_script(self, answer: dict[str, Any]) -> Response:
        text = answer["javascript"]
        address = None if text is None else f"/scripts/{self._session.scripts.put(text)}"
        return JSONResponse({**answer, "script": address})

    def _file(self, snapshot: Snapshot) -> Response:
        return JSONResponse({**snapshot.facts(), "path": self._session.document.shown})

    async def _lines(self) -> AsyncIterator[str]:
        async for event in self._session.builds.events():
            yield json.dumps(event) + "\n"


def _edited(asked: questions.Edits) -> str:
    """Raises `BadRequestError` for an edit that cannot be made."""
    text = asked.text
    for edit in asked.edits:
        try:
            text = editing.edited(text, editing.Edit(tuple(edit.path), edit.value, edit.insert))
        except editing.EditError as error:
            raise questions.BadRequestError(str(error)) from error
    return text


def _renamed(asked: questions.Rename) -> str:
    """Raises `BadRequestError` for a name that cannot be given."""
    try:
        return renaming.renamed(asked.text, tuple(asked.path), asked.name)
    except editing.EditError as error:
        raise questions.BadRequestError(str(error)) from error


def _refuse_unknown(asked: questions.Sources | questions.Build) -> None:
    """Raises `BadRequestError` for targets that do not exist."""
    if unknown := asked.unknown():
        raise questions.BadRequestError(f"targets: there is no {', '.join(unknown)}")
