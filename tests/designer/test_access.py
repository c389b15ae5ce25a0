"""Who is refused, and what every answer carries."""

import asyncio

import pytest
from designers import HOME, TOKEN
from starlette.requests import Request

from actgen.designer import questions
from actgen.designer.access import Access
from actgen.designer.headers import HEADERS
from actgen.designer.questions import MAX_BODY, Text, UnfinishedError, read

READS = ["spec", "starts", "build/events"]
WRITES = [
    "check",
    "form",
    "edit",
    "rename",
    "draw",
    "mathematics",
    "compile",
    "sources",
    "analyse",
    "solve",
    "save",
    "build",
    "build/cancel",
]
BEARER = {"authorization": f"Bearer {TOKEN}"}


def refused(answer, status, error):
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["message"]


def ask(client, path, headers):
    return (
        client.get(f"/api/{path}", headers=headers)
        if path in READS
        else client.post(f"/api/{path}", json={}, headers=headers)
    )


@pytest.mark.parametrize("path", READS + WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Basic {TOKEN}"},
        {"cookie": f"token={TOKEN}"},
    ],
)
def test_without_the_token_nothing_is_told_or_done(client, spec, path, headers):
    refused(ask(client, path, headers), 401, "token")
    assert not spec.exists()


def test_the_token_in_an_address_opens_nothing(client):
    refused(client.get("/api/spec", params={"token": TOKEN}), 401, "token")


def test_a_token_of_other_characters_is_wrong_and_no_fault(client):
    refused(client.get("/api/spec", headers={"authorization": "Bearer ω".encode()}), 401, "token")


@pytest.mark.parametrize("path", ["/", "/health", "/assets/session.js", "/scripts/x.js", "/api/spec"])
@pytest.mark.parametrize(
    "host", ["evil.example:4711", "127.0.0.1", "127.0.0.1:4712", "127.0.0.1.evil.example:4711", "[::1]:4711", ""]
)
def test_another_host_is_refused_everywhere(client, path, host):
    refused(client.get(path, headers={**BEARER, "host": host}), 421, "host")


def test_both_names_of_this_machine_are_known(client):
    for host in ("127.0.0.1:4711", "localhost:4711"):
        assert client.get("/api/spec", headers={**BEARER, "host": host}).status_code == 200
    assert Access(80).hosts >= {"127.0.0.1", "localhost:80"}


@pytest.mark.parametrize("path", READS + WRITES)
@pytest.mark.parametrize(
    "foreign",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:4712"},
        {"origin": "https://127.0.0.1:4711"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_another_site_is_refused_even_with_the_token(client, spec, path, foreign):
    refused(ask(client, path, {**BEARER, **foreign}), 403, "origin")
    assert not spec.exists()


def test_another_site_may_not_even_ask_whether_it_may(client):
    asks = {
        "origin": "http://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    answer = client.options("/api/save", headers=asks)
    assert answer.status_code == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("path", WRITES)
def test_what_changes_something_is_no_get(page, path):
    refused(page.get(path), 405, "method")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp"]
)
def test_what_a_form_could_send_is_refused(page, spec, kind):
    body = b'{"text": "a", "revision": null}'
    refused(page.client.post("/api/save", content=body, headers={"content-type": kind}), 415, "type")
    assert not spec.exists()


def test_a_body_may_not_be_endless(page, spec):
    refused(
        page.client.post("/api/check", content=b" " * (MAX_BODY + 1), headers={"content-type": "application/json"}),
        413,
        "size",
    )
    refused(page.post("save", {"text": "#" * (2**20 + 1), "revision": None}), 413, "size")
    assert not spec.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"text": 1}',
        b'{"text": "a", "more": 1}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"text": "", "tab": "' + b"t" * 65 + b'"}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_request_is_refused(page, body):
    refused(page.client.post("/api/check", content=body, headers={"content-type": "application/json"}), 400, "request")


@pytest.mark.parametrize("path", ["sources", "build"])
def test_a_target_that_does_not_exist_is_refused(page, path):
    more = {"text": "a"} if path == "sources" else {"revision": "a"}
    refused(page.post(path, {**more, "targets": ["../torch"]}), 400, "request")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../application.py",
        "/assets/%2e%2e/application.py",
        "/assets/..%2fapplication.py",
        "/assets//etc/passwd",
        "/assets/",
        "/assets/%00",
        "/scripts/..%2f..%2fserver.py",
        "/built/",
        "/built/key/tilt/tilt.html",
        "/api/../spec",
    ],
)
def test_nothing_else_is_served(page, path):
    assert page.client.get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    "path", ["/", "/health", "/assets/session.js", "/assets/none.js", "/scripts/x.js", "/api/spec", "/nothing"]
)
def test_every_answer_has_the_headers_and_none_of_cors(client, path):
    for host in ("127.0.0.1:4711", "evil.example"):
        answer = client.get(path, headers={"host": host, "origin": HOME})
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert not any(name.startswith("access-control") for name in answer.headers)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_a_fault_of_the_server_has_the_headers_too(client, monkeypatch):
    monkeypatch.setattr("actgen.designer.routes.page", lambda: 1 / 0)
    client._transport.raise_server_exceptions = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_page_holds_no_secret_and_loads_only_what_is_here(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert TOKEN not in answer.text
    assert "set-cookie" not in answer.headers
    assert client.get("/assets/session.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/health").json()["status"] == "ok"


def test_a_token_is_never_the_same_and_never_printed():
    one, two = Access(1), Access(1)
    assert one.token != two.token
    assert len(one.token) >= 40
    assert one.token not in repr(one)


@pytest.mark.parametrize(
    ("name", "good", "other", "status", "error"),
    [
        ("origin", HOME, "http://evil.example", 403, "origin"),
        ("sec-fetch-site", "same-origin", "cross-site", 403, "origin"),
        ("authorization", BEARER["authorization"], "Bearer x", 401, "token"),
        ("content-type", "application/json", "text/plain", 415, "type"),
    ],
)
def test_a_header_that_stands_twice_hides_no_wrong_value(client, spec, name, good, other, status, error):
    usual = {**BEARER, "content-type": "application/json"}
    rest = [(key, value) for key, value in usual.items() if key != name]
    body = b'{"text": "a", "revision": null}'
    for values in ((good, other), (other, good)):
        headers = [*rest, *((name, value) for value in values)]
        refused(client.post("/api/save", content=body, headers=headers), status, error)
    assert not spec.exists()


@pytest.mark.parametrize("ends", [True, False])
def test_a_body_whose_end_does_not_come_is_not_waited_for(monkeypatch, ends):
    monkeypatch.setattr(questions, "PATIENCE_S", 0.01)
    begun = iter([{"type": "http.request", "body": b'{"text', "more_body": True}])

    async def receive():
        if (message := next(begun, None)) is not None:
            return message
        return {"type": "http.disconnect"} if ends else await asyncio.Event().wait()

    with pytest.raises(UnfinishedError):
        asyncio.run(read(Request({"type": "http", "method": "POST", "headers": []}, receive), Text))


def test_what_is_no_file_in_the_output_folder_is_absent(page, session, spec):
    folder = spec.parent / "generated"
    folder.mkdir()
    (spec.parent / "other.txt").write_text("secret")
    (folder / "own.html").write_text("built")
    (folder / "circle").symlink_to("circle")
    (folder / "out.txt").symlink_to("../other.txt")
    (folder / "up").symlink_to("..")
    assert page.client.get(f"{session.built.address}/own.html").text == "built"
    for path in ("circle", "circle/own.html", "out.txt", "up/other.txt", "%2e%2e/other.txt", "own.html%00", "a" * 300):
        assert page.client.get(f"{session.built.address}/{path}").status_code == 404, path


@pytest.mark.parametrize("path", [*READS, *WRITES])
def test_an_address_with_a_slash_more_is_none(client, page, path):
    refused(page.get(f"{path}/"), 404, "absent")
    refused(page.post(f"{path}/", {}), 404, "absent")
    client.headers.pop("authorization")
    refused(page.get(f"{path}/"), 401, "token")
