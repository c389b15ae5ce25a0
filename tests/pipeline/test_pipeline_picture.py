"""The picture of the accuracy: whoever measured drew it, and nobody else's bytes make a folder stale."""

from pathlib import Path

import numpy as np
import pytest

from actgen.emit.manifest import read_manifest
from actgen.pipeline import Outcome, build
from actgen.pipeline.stages import Verified
from actgen.verify.profile import BINS, Profile

EDGES = np.linspace(-0x7F800000, 0x7F800001, BINS + 1).astype(np.int64)
PICTURE = "tilt_accuracy.svg"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "generated"


@pytest.fixture
def verifier(monkeypatch):
    """A verifier that measured the same error everywhere; None: no framework was there."""

    class Verifier:
        error: float | None = 0.5

        def __call__(self, unit, folder, targets, require, pictured, tell):
            none = np.zeros(BINS, dtype=bool)
            found = Profile("torch", "actgen", "y", None, "float32", EDGES, np.full(BINS, self.error), none)
            return Verified({"torch": "ok 2"}, "{}\n", (), profiles=() if self.error is None else (found,))

    found = Verifier()
    monkeypatch.setattr("actgen.pipeline.produce.verify_files", found)
    return found


def one(path, out, **options):
    (result,) = build([path], out, **options).specs
    return result


def page(out: Path) -> str:
    return (out / "tilt" / "README.md").read_text()


def test_a_verified_build_draws_it_and_other_bytes_are_not_stale(write, out, verifier):
    path = write()
    assert one(path, out).outcome is Outcome.BUILT
    picture = out / "tilt" / PICTURE
    manifest = read_manifest(out / "tilt")
    assert manifest is not None
    assert manifest.measured == (PICTURE,)
    assert PICTURE not in manifest.files
    assert f"]({PICTURE})" in page(out)
    picture.write_text("<svg/>")  # another machine's
    assert one(path, out, check=True).outcome is Outcome.CURRENT
    assert one(path, out).outcome is Outcome.CURRENT
    assert picture.read_text() == "<svg/>"


def test_check_sees_that_it_is_missing_and_a_build_draws_it_again(write, out, verifier):
    path = write()
    one(path, out)
    (out / "tilt" / PICTURE).unlink()
    found = one(path, out, check=True)
    assert [d.message.split("/")[-1] for d in found.diagnostics] == [f"{PICTURE} is missing"]
    assert one(path, out).outcome is Outcome.BUILT
    assert (out / "tilt" / PICTURE).is_file()


def test_where_no_framework_runs_it_stays_as_long_as_the_source_is_the_same(write, out, verifier):
    path = write()
    one(path, out)
    verifier.error = None
    assert one(path, out, verify=False).outcome is Outcome.CURRENT
    (out / "tilt" / "tilt.tex").write_text("edited")
    one(path, out)
    assert (out / "tilt" / PICTURE).is_file()
    assert PICTURE in page(out)
    path.write_text(path.read_text().replace("0.5", "0.25"))
    result = one(path, out)
    assert PICTURE in result.removed
    assert PICTURE not in page(out)
    assert not (out / "tilt" / PICTURE).exists()


def test_an_unverified_first_build_has_none(write, out):
    one(write(), out, verify=False)
    assert PICTURE not in page(out)
    manifest = read_manifest(out / "tilt")
    assert manifest is not None
    assert manifest.measured == ()
