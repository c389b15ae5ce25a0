"""What `pip install .` gives: a package that works from anywhere, with its templates and its schema."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pip(*arguments):
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)],
        check=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    (found,) = folder.glob("actgen-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with actgen alone, not editable; what it depends on comes from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


def run(installed, cwd, *command):
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_wheel_holds_what_it_needs_and_no_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    folder = ROOT / "templates"
    assert {f"actgen/_templates/{p.relative_to(folder).as_posix()}" for p in folder.rglob("*.j2")} <= names
    assert {"actgen/py.typed", "actgen/spec/schema-v1.json"} <= names
    page = ROOT / "actgen" / "designer" / "page"
    assert {f"actgen/designer/page/{p.relative_to(page).as_posix()}" for p in page.rglob("*.*")} <= names
    for home in ("docs/assets", "backends/javascript_math"):
        scripts = {p.relative_to(ROOT).as_posix() for p in (ROOT / "actgen" / home).rglob("*.js")}
        assert len(scripts) > 5
        assert scripts <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"actgen"}


def test_it_builds_from_another_folder(installed, tmp_path):
    where = run(installed, tmp_path, sys.executable, "-c", "import actgen; print(actgen.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)
    new = run(installed, tmp_path, sys.executable, "-m", "actgen", "new", "my_ramp")
    assert (new.returncode, new.stderr) == (0, "")
    built = run(installed, tmp_path, installed / "bin" / "actgen", "build", "--no-verify", "my_ramp.yaml")
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "generated" / "my_ramp" / "my_ramp_torch.py").is_file()


def test_the_schema_comes_along(installed, tmp_path):
    done = run(installed, tmp_path, sys.executable, "-m", "actgen", "schema")
    assert done.stdout == (ROOT / "actgen" / "spec" / "schema-v1.json").read_text(encoding="utf-8")
