"""Certificates in a folder: kept, made again, NOT RUN without a compiler, and what all of float32 showed."""

import json

import pytest

from actgen.cli import run
from actgen.emit.compare import intact
from actgen.emit.manifest import read_manifest
from actgen.pipeline import certifying
from actgen.pipeline.certifying import CERTIFICATE, certify, measured_section
from actgen.pipeline.stages import Verified
from actgen.verify.exhaustive.state import State
from actgen.verify.report import Level
from tests.verify.test_certificate import cell


@pytest.fixture
def out(tmp_path):
    return tmp_path / "generated"


@pytest.fixture
def build(out, monkeypatch):
    verified = Verified({"torch": "ok"}, None, ())
    monkeypatch.setattr("actgen.pipeline.produce.verify_files", lambda *given, **options: verified)

    def built(spec, *options):
        code = run(["build", "--target", "torch", "--out", str(out), *options, str(spec)])
        return code, json.loads((out / spec.stem / CERTIFICATE).read_bytes())

    return built


def test_a_certificate_is_measured_once_for_one_kernel(write, build, monkeypatch):
    spec = write()
    assert build(spec, "--no-verify")[1]["measured"]["status"] == "NOT RUN"
    code, found = build(spec)
    assert (code, found["measured"]["status"], found["exhaustive"]["status"]) == (0, "PASSED", "NOT RUN")
    monkeypatch.setattr(certifying, "measured_section", None)
    spec.write_text(f"{spec.read_text()}# a comment\n")
    code, later = build(spec)
    assert (code, later["measured"]) == (0, found["measured"])
    assert later["sha256"]["kernel"] != found["sha256"]["kernel"]
    assert later["sha256"]["code"] == found["sha256"]["code"]


def test_check_compares_hashes_and_measures_nothing(write, build, out, monkeypatch):
    spec = write()
    build(spec)
    monkeypatch.setattr(certifying, "measured_section", None)
    monkeypatch.setattr("actgen.verify.kernels.certificate.METHOD", 99)
    assert run(["build", "--check", "--target", "torch", "--out", str(out), str(spec)]) == 1
    monkeypatch.undo()
    assert run(["build", "--check", "--target", "torch", "--out", str(out), str(spec)]) == 0
    path = out / "tilt" / CERTIFICATE
    path.write_text(path.read_text().replace('"PASSED"', '"PERFECT"'))
    assert run(["build", "--check", "--target", "torch", "--out", str(out), str(spec)]) == 1


def test_without_a_compiler_it_is_not_run_and_says_so(write, build, monkeypatch, capsys):
    monkeypatch.setattr(certifying, "measured_section", measured_section)
    monkeypatch.setattr(certifying, "find_compiler", lambda: None)
    code, found = build(write())
    assert code == 0
    assert found["measured"] == {"status": "NOT RUN", "reason": "there was no C++ compiler"}
    assert "ACT831" in capsys.readouterr().out


def test_without_a_compiler_what_still_holds_is_kept(write, build, monkeypatch, capsys):
    spec = write()
    build(spec)
    monkeypatch.setattr(certifying, "measured_section", measured_section)
    monkeypatch.setattr(certifying, "find_compiler", lambda: None)
    spec.write_text(f"{spec.read_text()}# a comment\n")
    code, found = build(spec)
    assert (code, found["measured"]["status"]) == (0, "PASSED")
    assert "ACT831" not in capsys.readouterr().out


@pytest.mark.parametrize(("level", "status", "code"), [(Level.GOOD, "PASSED", 0), (Level.WRONG, "FAILED", 1)])
def test_what_all_floats_showed_is_written_and_kept(write, build, out, monkeypatch, level, status, code):
    spec = write()
    build(spec)
    found = State("key", 256, 1.5, (cell(points=1 << 32, level=level),))
    monkeypatch.setattr("actgen.verify.kernels.exhaustive.gone_through", lambda subject, whole: found)
    gone = certify(spec, out)
    assert gone.seconds == 1.5
    assert bool(gone.diagnostics) == (level is Level.WRONG)
    described = read_manifest(out / "tilt")
    assert described is not None
    assert intact(out / "tilt", described)
    before = (out / "tilt" / CERTIFICATE).read_bytes()
    again, content = build(spec)
    assert content["exhaustive"]["status"] == status
    assert (out / "tilt" / CERTIFICATE).read_bytes() == before
    assert again == 0  # known to be current
    spec.write_text(f"{spec.read_text()}# a comment\n")
    assert run(["build", "--target", "torch", "--out", str(out), str(spec)]) == code


def test_all_floats_of_a_kernel_that_is_not_the_folders_are_not_gone_through(write, build, out):
    spec = write()
    build(spec)
    (out / "tilt" / "tilt_kernel.h").write_text("// other\n")
    assert [d.code for d in certify(spec, out).diagnostics] == ["ACT802"]
