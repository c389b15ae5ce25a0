"""The designer as a program: a real server, a real worker, a hostile spec, Ctrl-C."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from designers import START, is_alive, running

_CROSSING = "x, exp(x) - 2, sin(x), x**3, x*atan(x) - 1, cos(3*x)*x, log1p(x**2) - x/3"
HOSTILE = f"actgen: 1\nname: crossing\nexpression: Max({_CROSSING})\n"  # 21 equations that no formula solves
LIMIT = "6"


@pytest.fixture(scope="module")
def designer(tmp_path_factory):
    with running(tmp_path_factory.mktemp("designer"), "tilt.yaml", "--time-limit", LIMIT) as found:
        yield found


def test_the_page_is_there_and_its_files_too(designer):
    home = designer.url.split("#")[0]
    page = httpx2.get(home)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert httpx2.get(f"{home}assets/designer.js").status_code == 200
    assert httpx2.get(f"{home}api/spec").status_code == 401
    assert httpx2.get(home, headers={"host": "evil.example"}).status_code == 421


def test_it_listens_on_this_machine_alone(designer):
    port = designer.client.base_url.port
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", port))


def test_text_becomes_mathematics_a_program_and_sources(designer):
    text = designer.get("spec").json()["text"]
    found = designer.post("mathematics", {"text": text}).json()
    assert (found["diagnostics"], found["activation"]["name"]) == ([], "tilt")
    compiled = designer.post("compile", {"text": text}).json()
    assert "dy/dalpha = " in compiled["program"]
    if compiled["javascript"] is None:
        assert compiled["script"] is None
    else:
        script = httpx2.get(designer.url.split("/#")[0] + compiled["script"])
        assert (script.text, script.headers["content-type"]) == (
            compiled["javascript"],
            "text/javascript; charset=utf-8",
        )
    sources = designer.post("sources", {"text": text, "targets": ["torch"]}).json()["sources"]
    assert "import torch" in sources["torch"]["files"]["tilt_torch.py"]
    assert "smoothness" in designer.post("analyse", {"text": text}).json()["report"]


def test_a_hostile_spec_is_stopped_and_nobody_else_waits(designer):
    with ThreadPoolExecutor() as pool:
        hostile = pool.submit(designer.post, "mathematics", {"text": HOSTILE, "tab": "1"})
        while not hostile.done():
            for path, body in (("check", {"text": START}), ("sources", {"text": START, "targets": ["torch"]})):
                assert designer.post(path, {**body, "tab": "2"} if path == "sources" else body).status_code == 200
            answered = not hostile.done()
            if answered:
                break
        assert answered, "the hostile spec was done before others were"
        [found] = hostile.result().json()["diagnostics"]
    assert found["code"] == "ACT901"
    assert f"took over {LIMIT} s" in found["message"]
    assert designer.post("mathematics", {"text": START}).json()["activation"]["name"] == "tilt"


def test_a_worker_that_is_killed_is_replaced(designer):
    assert designer.post("mathematics", {"text": START}).status_code == 200
    before = designer.children
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert designer.post("mathematics", {"text": START}).json()["activation"]["name"] == "tilt"
    assert designer.post("sources", {"text": START, "targets": ["torch"]}).json()["diagnostics"] == []
    assert not {*before} & {*designer.children}


def test_what_is_no_request_leaves_nothing_in_the_terminal(run):
    with run() as designer:
        with socket.create_connection(("127.0.0.1", designer.client.base_url.port)) as other:
            other.sendall(b"NO HTTP\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 400"
        assert designer.interrupt() == 130
        assert designer.process.stderr.read().strip() == "interrupted; no file is left half made"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_nothing_is_left(run, number):
    with run() as designer:
        with ThreadPoolExecutor() as pool:
            hostile = pool.submit(designer.client.post, "/api/mathematics", json={"text": HOSTILE})
            assert designer.post("check", {"text": START}).status_code == 200
            children = designer.children
            assert len(children) == 3
            designer.process.send_signal(number)
            code = designer.process.wait(60)
            assert hostile.exception() or hostile.result().status_code == 503
        assert code == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
        deadline = time.monotonic() + 60
        while any(is_alive(pid) for pid in children):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        if number is signal.SIGINT:
            assert designer.process.stderr.read().strip() == "interrupted; no file is left half made"


def test_a_port_that_is_taken_is_trouble_and_no_bug(designer, actgen):
    done = actgen("design", "--no-browser", "--port", designer.client.base_url.port)
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert "bug" not in done.stderr


def test_a_browser_is_opened_with_the_address(run, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(
        f"#!/bin/sh\nprintf %s \"$1\" > '{tmp_path}/opened.part' && mv '{tmp_path}/opened.part' '{tmp_path}/opened'\n"
    )
    browser.chmod(0o755)
    with run(opens=True, BROWSER=str(browser)) as designer:
        deadline = time.monotonic() + 60
        while not (tmp_path / "opened").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert (tmp_path / "opened").read_text() == designer.url
