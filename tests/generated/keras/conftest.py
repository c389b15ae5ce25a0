"""Runs the checks of `checks/` once for each Keras backend, in a process of its own, and keeps the reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from generating import write_modules

CHECKS = Path(__file__).parent / "checks"
Report = dict[str, str | None]


@pytest.fixture(scope="session")
def report(shared_folder: Path) -> Callable[[str], Report]:
    """From a backend: each check's file and name with None, or with how it failed.

    Workers of pytest-xdist share the reports, so that each process runs once.
    """
    root = shared_folder / "keras"
    modules = root / "modules"
    modules.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "modules.lock"):
        if not (modules / "op_table.json").exists():
            write_modules(modules)

    def run(backend: str) -> Report:
        kept = root / f"{backend}.json"
        with FileLock(root / f"{backend}.lock"):
            if not kept.exists():
                kept.write_text(json.dumps(_run(backend, modules, root)), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))

    return run


def _run(backend: str, modules: Path, root: Path) -> Report:
    results = root / f"{backend}.xml"
    command = [sys.executable, "-m", "pytest", "-c", str(CHECKS / "pytest.ini"), f"--junitxml={results}"]
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "ACTGEN_MODULES": str(modules),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTEST_ADDOPTS": "",
    }
    done = subprocess.run(
        [*command, f"--basetemp={root / backend}", str(CHECKS)],
        env=environment,
        cwd=CHECKS,
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    if not results.exists():
        return {"": done.stdout + done.stderr}
    return {
        f"{case.attrib['classname'].rpartition('.')[2]}.{case.attrib['name']}": _failure(case)
        for case in ET.parse(results).iter("testcase")
    }


def _failure(case: ET.Element) -> str | None:
    """How a check failed, or None; a skipped check has failed."""
    found = [part for tag in ("failure", "error", "skipped") for part in case.iter(tag)]
    if not found:
        return None
    return "\n".join(part.text or part.attrib.get("message", "") for part in found) or "failed without a word"
