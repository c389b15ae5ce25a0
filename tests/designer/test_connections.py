"""Half-open connections end by themselves, and answers do not."""

import asyncio
import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from actgen.designer import connections
from actgen.designer.connections import Patient

PATIENCE_S = 0.5
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"


async def slow(request: Request) -> PlainTextResponse:
    await asyncio.sleep(3 * PATIENCE_S)
    return PlainTextResponse("done")


async def refused(request: Request) -> PlainTextResponse:
    return PlainTextResponse("no", 400)


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE_S", PATIENCE_S)
    app = Starlette(routes=[Route("/", slow), Route("/refused", refused, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, http=Patient, ws="none", log_level="critical", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(20)


def until_closed(client, trickle=b""):
    """What came before the server closed the connection, on which a byte is sent now and then."""
    client.settimeout(PATIENCE_S / 5)
    end, found = time.monotonic() + 20, b""
    while time.monotonic() < end:
        try:
            if trickle:
                client.sendall(trickle)
            part = client.recv(4096)
        except TimeoutError:
            continue
        except ConnectionError:
            return found
        if not part:
            return found
        found += part
    raise AssertionError("the connection stays open")


@pytest.mark.parametrize(("sent", "trickle"), [(b"", b""), (HEAD, b""), (HEAD + b"X: ", b"a")])
def test_a_connection_without_a_whole_head_is_closed(port, sent, trickle):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(sent)
        assert until_closed(client, trickle) == b""


def test_a_body_that_trickles_on_after_its_refusal_is_closed(port):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        assert until_closed(client, b"a").startswith(b"HTTP/1.1 400")


def test_an_answer_takes_its_time_and_the_next_head_has_its_own(port):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(HEAD + b"\r\n")
        client.settimeout(20)
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        client.sendall(HEAD)
        assert until_closed(client) in (b"", b"done")  # what was left of the answer
