"""A designer that runs, and its page in a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from designers import Running, running
from pages_driving import settled

PLAIN = "actgen: 1\nname: tilt\ntitle: Tilt\nparameters:\n  alpha: 0.5\nexpression: x*sigmoid(x) + alpha*sin(x)\n"
OTHER = PLAIN.replace("sin(x)", "cos(2*x)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("designer-page")


@pytest.fixture(scope="module")
def designer(folder: Path) -> Iterator[Running]:
    with running(folder, "tilt.yaml") as found:
        yield found


@pytest.fixture
def file(folder: Path) -> Path:
    """The spec on disk, as each test finds it."""
    path = folder / "tilt.yaml"
    path.write_text(PLAIN)
    return path


@pytest.fixture
def page(designer: Running, file: Path, visit: Any) -> Any:
    # A conflict or a refused name is an answer like others, but browsers log its status; a stream that was read to
    # its end counts as aborted in Chromium.
    found = visit(designer.url, expected=("409 (Conflict)", "400 (Bad Request)", "/api/build/events"))
    found.locator("#shown").wait_for(timeout=60_000)
    settled(found)
    found.get_by_role("tab", name="Text", exact=True).click()
    return found
