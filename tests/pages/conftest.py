"""Pages in a real browser: Debian's Chromium, driven by Playwright. Where either is missing the tests are NOT RUN."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pages_designer import designer, file, folder, page
from pages_driving import settled, shown_units

from actgen.docs.entry import entry
from actgen.docs.gallery_page import gallery_page
from actgen.docs.page_assets import asset_files
from actgen.pipeline.picture import last_pages
from actgen.pipeline.stages import render

__all__ = ["chromium", "designer", "file", "folder", "page", "site", "visit"]

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with some activations, their pages, the gallery and the assets."""
    out = tmp_path_factory.mktemp("site")
    entries = {}
    for name, unit in shown_units().items():
        rendered = render(unit)
        pages = last_pages(unit, rendered, verified=True, pictured=False, certificate=None)
        _write(out / name, {**rendered.files, **pages})
        entries[name] = entry(unit, rendered.targets)
    _write(out / "assets", asset_files())
    _write(out, {"index.html": gallery_page(entries)})
    return out


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser; pages of one test share nothing with those of another.

    It ends with its file: while Playwright runs, its event loop is the thread's, and no other test could have one.
    """
    if _CHROMIUM is None:
        pytest.skip("NOT RUN: chromium is not installed")
    api = pytest.importorskip("playwright.sync_api", reason="NOT RUN: playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and everything that it must not do."""

    page: Any
    trouble: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Any]:
    """Opens a page; after the test it has had no error but what was `expected`, and has asked for nothing elsewhere."""
    contexts: list[Any] = []
    visits: list[Visit] = []

    def opened(
        address: str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        expected: tuple[str, ...] = (),
        **more: Any,
    ) -> Any:
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
        contexts.append(context)
        found = Visit(context.new_page(), expected=expected)
        visits.append(found)
        found.page.on("console", lambda m: found.trouble.append(m.text) if m.type in ("error", "warning") else None)
        found.page.on("pageerror", lambda error: found.trouble.append(str(error)))
        found.page.on("requestfailed", lambda request: found.trouble.append(f"failed: {request.url}"))
        found.page.on("request", lambda request: found.addresses.append(request.url))
        found.page.set_default_timeout(20_000)
        found.page.goto(address)
        if more.get("java_script_enabled", True):
            settled(found.page)
        return found.page

    yield opened
    for context in contexts:
        context.close()
    for found in visits:
        assert [text for text in found.trouble if not any(words in text for words in found.expected)] == []
        local = ("file:", "data:", "blob:", "http://127.0.0.1:")
        assert [a for a in found.addresses if not a.startswith(local)] == []
