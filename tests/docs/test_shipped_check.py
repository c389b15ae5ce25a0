"""The check that lies beside the generated files, run as its first lines say."""

import subprocess
import sys
from pathlib import Path

import pytest
from spec_units import catalogue

from actgen.backends.base import backend
from actgen.selfcheck.module import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    one = catalogue("softsign")
    for name, text in {**backend("torch").files(one), **files(one, ["torch"])}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("old", "new", "code"), [("", "", 0), ("ROWS = (", "ROWS = (((0.5,), ((1.0, 1.0),)),", 1)])
def test_running_the_module_runs_its_tests(folder: Path, old: str, new: str, code: int) -> None:
    module = folder / "test_softsign.py"
    module.write_text(module.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = subprocess.run([sys.executable, module.name], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout
    assert ("2 failed" if code else "2 passed") in done.stdout
