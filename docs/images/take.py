"""Takes the pictures of this folder: `python docs/images/take.py`, from the project's root, with Chromium installed.

The designer is started on a copy of a spec, opened in a browser without a window, light and dark, and ended again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPEC = "selu_variation.yaml"
SIZE = {"width": 1560, "height": 960}
THEMES = ("light", "dark")


def main() -> int:
    """Takes every picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shutil.copy(ROOT / "specs" / SPEC, folder)
        _designer(browser, Path(folder))
        for theme in THEMES:
            address = (ROOT / "generated" / "index.html").as_uri()
            _take(browser, f"{address}#compare=elu,gelu,mish,snake", theme, "gallery", "#compared canvas")
        browser.close()
    return 0


def _designer(browser: Browser, folder: Path) -> None:
    command = [sys.executable, "-m", "actgen", "design", SPEC, "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            process.stdout.readline()
            address = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=\S+", address), address
            for theme in THEMES:
                _take(browser, address, theme, "designer", "#shown:not([hidden]) canvas")
        finally:
            process.terminate()


def _take(browser: Browser, address: str, theme: str, name: str, shown: str) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme=theme)
    page = context.new_page()
    page.goto(address)
    page.locator(shown).first.wait_for(timeout=60_000)
    page.wait_for_timeout(800)
    page.screenshot(path=HERE / f"{name}-{theme}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
