"""The designer's interface: without its processes, and as a program of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from actgen.designer.access import Access
from actgen.designer.application import application
from actgen.designer.document import Document
from actgen.designer.session import Session

START = "actgen: 1\nname: tilt\nparameters: {alpha: 0.5}\nexpression: Piecewise((x, x > 0), (alpha * x, True))\n"
PORT, TOKEN = 4711, "the-token"
HOME = f"http://127.0.0.1:{PORT}"


@dataclass
class Page:
    """What the page sends, with its token and its origin."""

    client: Any

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/{path}", headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.post(f"/api/{path}", json=body, headers=headers)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec's file that does not exist yet, in the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "tilt.yaml"


@pytest.fixture
def session(spec: Path) -> Session:
    """A session on the spec whose processes do not run."""
    return Session(Document(Path(spec.name), START), Path("generated"))


@pytest.fixture
def client(session: Session) -> TestClient:
    """Anybody who asks; the processes do not run."""
    return TestClient(application(session, Access(PORT, TOKEN)), HOME, follow_redirects=False)


@pytest.fixture
def page(client: TestClient) -> Page:
    """The page asks; the processes do not run."""
    client.headers.update({"authorization": f"Bearer {TOKEN}", "origin": HOME, "sec-fetch-site": "same-origin"})
    return Page(client)


@dataclass
class Running(Page):
    """A designer that runs as a program."""

    process: subprocess.Popen[str]
    url: str

    @property
    def children(self) -> list[int]:
        """The processes that it has started."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def interrupt(self) -> int:
        """Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running(folder: Path, *arguments: str, opens: bool = False, **environment: str) -> Iterator[Running]:
    """Runs `actgen design` in a folder, with a browser only if it `opens` one."""
    command = [sys.executable, "-m", "actgen", "design", *([] if opens else ["--no-browser"]), *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            url = process.stdout.readline().strip()
            assert url, process.communicate()[1]
            home, token = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/#token=([\w-]{40,})", url).groups()
            with httpx2.Client(base_url=home, headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
                yield Running(client, process, url)
        finally:
            process.kill()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Runs a designer in the test's folder."""
    return lambda *arguments, **environment: running(tmp_path, *arguments, **environment)


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
