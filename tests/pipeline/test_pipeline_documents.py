"""`build --target pdf`: a document beside the files of the frameworks."""

import shutil

import pytest

from actgen.emit.manifest import read_manifest
from actgen.pipeline import Outcome, build
from actgen.pipeline.results import Stage
from actgen.pipeline.targets import Targets, sorted_out, target_names

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT RUN: pdflatex is not installed")
OWN = ("tilt.pdf", "tilt_plot.pdf")


def one(path, out, **options):
    (result,) = build([path], out, verify=False, **options).specs
    return result


def test_documents_are_told_from_backends():
    assert {"torch", "cuda-extension", "pdf"} <= set(target_names())
    assert sorted_out(None) == Targets(None, ())
    assert sorted_out(["pdf", "pdf"]) == Targets(None, ("pdf",))
    assert sorted_out(["torch", "pdf"]) == Targets(("torch",), ("pdf",))


@needs_latex
def test_a_sheet_lies_beside_all_frameworks_and_its_bytes_are_the_machines_own(write, tmp_path):
    path, out = write(), tmp_path / "generated"
    assert one(path, out, targets=["pdf"]).outcome is Outcome.BUILT
    folder = out / "tilt"
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.measured == OWN
    assert {"tilt_torch.py", "tilt_keras.py", "tilt_jax.py", "tilt_datasheet.tex"} <= set(manifest.files)
    assert all((folder / name).read_bytes().startswith(b"%PDF") for name in OWN)
    (folder / "tilt.pdf").write_bytes(b"another LaTeX's")
    assert one(path, out, targets=["pdf"], check=True).outcome is Outcome.CURRENT
    (folder / "tilt.pdf").unlink()
    assert [d.code for d in one(path, out, targets=["pdf"], check=True).diagnostics] == ["ACT801"]
    assert one(path, out).outcome is Outcome.BUILT
    assert not any((folder / name).exists() for name in (*OWN, "tilt_datasheet.tex")), "not asked for any more"


@needs_latex
def test_what_an_earlier_build_verified_is_not_verified_again(write, tmp_path):
    path, out = write(), tmp_path / "generated"
    stages = []

    def verified(*targets):
        stages.clear()
        (result,) = build([path], out, targets=targets, on_stage=stages.append).specs
        assert result.outcome is Outcome.BUILT, result.diagnostics
        assert result.verified is not None
        assert result.verified["javascript"].startswith("ok")
        return Stage.VERIFYING in stages

    assert verified("javascript")
    figures = (out / "tilt" / "measured.json").read_bytes()
    assert not verified("javascript", "pdf")
    assert (out / "tilt" / "tilt.pdf").is_file()
    assert (out / "tilt" / "measured.json").read_bytes() == figures
    assert not verified("javascript"), "the sheet goes, and what was verified stays"
    assert not (out / "tilt" / "tilt.pdf").exists()
    script = out / "tilt" / "tilt.js"
    script.write_bytes(script.read_bytes() + b"// edited")
    assert verified("javascript", "pdf")
    (result,) = build([path], out, targets=["javascript"], verify=False, on_stage=stages.append).specs
    assert result.verified is None
    assert verified("javascript", "pdf"), "what was not verified is"


def test_without_latex_it_says_what_to_install_and_leaves_what_stood(write, tmp_path, monkeypatch):
    path, out = write(), tmp_path / "generated"
    one(path, out, targets=["torch"])
    before = {p.name: p.read_bytes() for p in (out / "tilt").iterdir()}
    monkeypatch.setenv("PATH", str(tmp_path))
    result = one(path, out, targets=["torch", "pdf"])
    assert result.outcome is Outcome.FAILED
    (found,) = result.diagnostics
    assert found.code == "ACT841"
    assert found.help is not None
    assert all(word in found.help for word in ("Debian", "Fedora", "macOS", "Windows", "apt install", "dnf install"))
    assert {p.name: p.read_bytes() for p in (out / "tilt").iterdir()} == before


def test_a_latex_that_fails_is_a_finding_and_leaves_what_stood(write, tmp_path, monkeypatch):
    path, out = write(), tmp_path / "generated"
    one(path, out, targets=["torch"])
    before = {p.name: p.read_bytes() for p in (out / "tilt").iterdir()}
    fake = tmp_path / "bin" / "pdflatex"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho '! LaTeX Error: File `booktabs.sty'\"'\"' not found.'\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:/bin:/usr/bin")
    result = one(path, out, targets=["torch", "pdf"])
    assert result.outcome is Outcome.FAILED
    (found,) = result.diagnostics
    assert found.code == "ACT842"
    assert "booktabs.sty" in found.message
    assert {p.name: p.read_bytes() for p in (out / "tilt").iterdir()} == before
