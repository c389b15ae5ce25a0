"""What all tests share: golden files, compared exactly and rewritten by `pytest --update-golden`; what was NOT RUN."""

import difflib
import gc
import os
import signal
from pathlib import Path

import pytest

gc.set_threshold(100_000, 20, 50)  # a worker comes to hold millions of expressions, and a full pass visits all


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what tests got over their golden files")


@pytest.fixture(autouse=True, scope="session")
def interrupts_arrive():
    """A shell starts what it sends to the background deaf to Ctrl-C, and every process that is started from there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder of this run, the same one for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(autouse=True, scope="session")
def kernel_cache(shared_folder):
    """Where compiled kernels are kept, and what was found in searches for them: as `make` says, else for this run."""
    folder = Path(os.environ.get("ACTGEN_CACHE") or shared_folder / "kernel-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTGEN_CACHE", str(folder))
        yield folder


@pytest.fixture(autouse=True, scope="module")
def settled_heap():
    """What a file leaves, caches above all, is not visited again by every later collection."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def golden(request):
    """`golden(path, text)` fails unless the file holds exactly this text, and shows the difference."""
    update = request.config.getoption("--update-golden")

    def compare(path, text):
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        if not path.is_file():
            pytest.fail(f"{path} is missing; write it with --update-golden and read it before committing")
        want = path.read_text(encoding="utf-8")
        if text != want:
            difference = difflib.unified_diff(want.splitlines(), text.splitlines(), "golden", "got", lineterm="")
            pytest.fail(f"{path} differs:\n" + "\n".join(difference))

    return compare


def pytest_terminal_summary(terminalreporter):
    """A test that this machine cannot run is no success: its name is said."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report for report in skipped if isinstance(report.longrepr, tuple) and "NOT RUN" in report.longrepr[2]]
    if missing:
        terminalreporter.section(f"NOT RUN: {len(missing)} tests")
        for report in missing:
            terminalreporter.write_line(f"{report.nodeid}: {report.longrepr[2].split('NOT RUN: ')[-1]}")
