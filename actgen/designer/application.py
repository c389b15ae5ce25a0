"""The HTTP interface of the designer; `docs/DESIGNER.md` describes every field.

    GET  /api/spec          {text, path, exists, revision}
    GET  /api/starts        {starts}: where a new spec can begin
    POST /api/check         {text}: {diagnostics}, of reading alone, in milliseconds
    POST /api/form          {text}: {form}, null where the text is no YAML
    POST /api/edit          {text, edits: [{path, value, insert?}]}: {text}
    POST /api/rename        {text, path, name}: {text}, with another name for what is declared there
    POST /api/draw          {text, tab?}: {diagnostics, javascript, script, data}, for a picture at once
    POST /api/mathematics   {text, tab?}: {diagnostics, activation}: parameters, formulas, partials, breakpoints
    POST /api/compile       {text, tab?}: {diagnostics, program, javascript, script}; `script` is its address
    POST /api/sources       {text, tab?, targets?}: {diagnostics, sources: {target: {files, missing}}}
    POST /api/analyse       {text, tab?}: {diagnostics, report, analysis}: as text and as JSON
    POST /api/solve         {text, tab?, requirement, over?}: {diagnostics, report, outcome}: as text and as JSON
    POST /api/save          {text, revision, overwrite?}: as /api/spec; 409 with `disk` and `sent`
    POST /api/build         {revision, verify?, targets?}: 202 {}; 409 if the file is another one, or a build is at work
    GET  /api/build/events  a stream of events, one JSON object a line: see `builds.py`
    POST /api/build/cancel  {}: {cancelled}

Every request to `/api` carries `Authorization: Bearer TOKEN`, every POST a JSON object as `application/json`. A
refusal is `{error, message}` with a status of 400 or more: see `refusals.py`. A finding is `{code, severity, message,
help, path, line, column, end_line, end_column, rendered}`. Without a token there are `GET /` (the page, in which
nothing is secret), `/assets/…`, `/scripts/NAME` (JavaScript), `/built/KEY/…` (the output folder), both under names
that cannot be guessed, and `/health`.
"""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from actgen.designer import refusals
from actgen.designer.access import Access, OwnHost, OwnPage
from actgen.designer.headers import SafeHeaders
from actgen.designer.routes import Routes
from actgen.designer.session import Session
from actgen.resources import designer_page

for _type, _suffix in (("text/javascript", ".js"), ("text/css", ".css"), ("font/woff2", ".woff2")):
    mimetypes.add_type(_type, _suffix)  # a system may think otherwise, and browsers are told not to guess

_SHARED: list[str | tuple[str, str]] = [("actgen.docs", "assets"), ("actgen.docs", "assets/vendor")]
"""What the designer's page has in common with those of a build."""


def application(session: Session, access: Access) -> ASGIApp:
    """The designer as an ASGI application; its processes run from startup to shutdown."""
    routes = Routes(session)
    api = [
        Route("/spec", routes.spec),
        Route("/starts", routes.starts),
        Route("/check", routes.check, methods=["POST"]),
        Route("/form", routes.form, methods=["POST"]),
        Route("/edit", routes.edit, methods=["POST"]),
        Route("/rename", routes.rename, methods=["POST"]),
        Route("/draw", routes.draw, methods=["POST"]),
        Route("/mathematics", routes.mathematics, methods=["POST"]),
        Route("/compile", routes.compile, methods=["POST"]),
        Route("/sources", routes.sources, methods=["POST"]),
        Route("/analyse", routes.analyse, methods=["POST"]),
        Route("/solve", routes.solve, methods=["POST"]),
        Route("/save", routes.save, methods=["POST"]),
        Route("/build", routes.build, methods=["POST"]),
        Route("/build/events", routes.build_events),
        Route("/build/cancel", routes.cancel_build, methods=["POST"]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        session.start()
        try:
            yield
        finally:
            await session.end()

    app = Starlette(
        routes=[
            Route("/", routes.page),
            Route("/health", routes.health),
            Route("/scripts/{name}", routes.script),
            Mount("/assets", StaticFiles(directory=designer_page(), packages=_SHARED)),
            Mount(session.built.address, session.built),
            Mount("/api", Router(api, redirect_slashes=False), middleware=[Middleware(OwnPage, access)]),
        ],
        exception_handlers=refusals.HANDLERS,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return SafeHeaders(OwnHost(app, access))
