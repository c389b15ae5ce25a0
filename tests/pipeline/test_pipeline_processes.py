import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actgen.emit.compare import intact
from actgen.emit.manifest import MANIFEST, read_manifest

CHILD = Path(__file__).with_name("building_child.py")


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def start():
    """Starts a building program; whatever still runs after the test is ended."""
    children = []

    def start_child(mode, jobs, out, *specs, **environment):
        child = subprocess.Popen(
            [sys.executable, str(CHILD), mode, str(jobs), str(out), *map(str, specs)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start_child
    for child in children:
        child.kill()
        child.communicate()


def finish(*children):
    """Waits for programs that should end well."""
    for child in children:
        _, err = child.communicate(timeout=300)
        assert (child.returncode, err) == (0, "")


def workers_of(child, folder, count):
    """The processes that verify, as soon as there are so many."""
    deadline = time.monotonic() + 120
    while len(found := list(folder.glob("verifying-*"))) < count:
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return [int(path.name.split("-")[1]) for path in found]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupt_leaves_what_stood_before(start, write, tmp_path, jobs):
    out = tmp_path / "generated"
    specs = [write("ramp"), write("tilt")]
    finish(start("fine", 1, out, *specs))
    before = tree(out)
    for spec in specs:
        spec.write_text(spec.read_text().replace("0.5", "0.25"))
    child = start("slow", jobs, out, *specs)
    workers = workers_of(child, tmp_path, jobs)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err.strip() == "interrupted; no file is left half made"
    assert tree(out) == before
    assert not any(is_alive(pid) for pid in workers)
    assert not list((out / ".actgen").glob("stage-*"))


def test_a_killed_build_takes_its_workers_along(start, write, tmp_path):
    child = start("slow", 2, tmp_path / "generated", write("ramp"), write("tilt"))
    workers = workers_of(child, tmp_path, 2)
    child.kill()
    child.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while any(is_alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_is_ended_from_outside_does_not_hang_the_build(start, write, tmp_path):
    child = start("die", 2, tmp_path / "generated", write("ramp"), write("tilt"))
    _, err = child.communicate(timeout=120)
    assert child.returncode == 2
    assert "a worker process was ended" in err
    assert not (tmp_path / "generated").exists()


def test_two_builds_at_once_end_in_one_whole_result(start, write, tmp_path):
    out = tmp_path / "generated"
    one, two = write("tilt"), tmp_path / "two" / "tilt.yaml"
    two.parent.mkdir()
    two.write_text(one.read_text().replace("0.5", "0.25"))
    builds = [start("fine", 1, out, spec) for spec in (one, two, one, two)]
    finish(*builds)
    manifest = read_manifest(out / "tilt")
    assert manifest is not None
    assert intact(out / "tilt", manifest)
    assert {p.name for p in (out / "tilt").iterdir()} == {*manifest.files, MANIFEST, "measured.json"}
    assert not list((out / ".actgen").glob("stage-*"))


def test_builds_at_once_of_different_specs_end_in_an_index_of_all(start, write, tmp_path):
    out = tmp_path / "generated"
    names = ("bend", "ramp", "slope", "tilt")
    finish(*[start("fine", 1, out, write(name)) for name in names])
    listed = [line for line in (out / "README.md").read_text().splitlines() if line.startswith("## ")]
    assert listed == [f"## [{name}]({name}/README.md)" for name in names]


def test_the_result_is_the_same_for_any_jobs_and_hash_seed(start, write, tmp_path):
    specs = [write("tilt"), Path(__file__).parents[2] / "specs" / "selu_variation.yaml"]
    builds = [
        start("real", jobs, tmp_path / f"out-{seed}", *specs, PYTHONHASHSEED=seed)
        for jobs, seed in ((1, "1"), (2, "2"))
    ]
    finish(*builds)
    one, two = (tree(tmp_path / f"out-{seed}") for seed in ("1", "2"))
    assert sorted(one) == sorted(two)
    different = [name for name in one if one[name] != two[name]]
    assert different == []


def test_a_current_build_imports_no_sympy(start, write, tmp_path):
    spec, out = write(), tmp_path / "generated"
    finish(start("fine", 1, out, spec))
    code = """
import sys
from actgen.cli import run
code = run(sys.argv[1:])
heavy = [name for name in ("sympy", "numpy", "matplotlib", "jinja2", "pydantic") if name in sys.modules]
sys.exit(f"imported {heavy}" if heavy else code)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "build", str(spec), "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("up to date")
