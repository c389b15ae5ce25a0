from pathlib import Path

import pytest

from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.emit.manifest import MANIFEST, read_manifest
from actgen.pipeline import Outcome, build
from actgen.pipeline.stages import Verified

GOOD = Verified({"torch": "ok 2.13.0", "jax": "NOT RUN"}, '{"figures": 1}\n', ())
WRONG = Verified({"torch": "FAILED"}, "{}\n", (Diagnostic("ACT602", "a wrong derivative"),))


def tree(folder):
    """Every file below a folder and its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "generated"


@pytest.fixture
def verifier(monkeypatch):
    """A verifier that says what the test wants, and counts how often it is asked."""

    class Verifier:
        answer = GOOD
        asked = 0

        def __call__(self, unit, folder, targets, require, pictured, tell):
            assert pictured
            assert (folder / f"{unit.activation.name}_torch.py").is_file()
            self.asked += 1
            return self.answer

    found = Verifier()
    monkeypatch.setattr("actgen.pipeline.produce.verify_files", found)
    return found


def one(path, out, **options):
    (result,) = build([path], out, **options).specs
    return result


def test_a_build_leaves_a_whole_folder_and_no_scraps(write, out, verifier):
    result = one(write(), out)
    assert (result.outcome, result.name, result.folder) == (Outcome.BUILT, "tilt", out / "tilt")
    expected = {"README.md", "tilt.tex", "tilt.svg", "tilt_torch.py", "tilt_keras.py", "tilt_jax.py", "test_tilt.py"}
    there = {p.name for p in (out / "tilt").iterdir()}
    assert expected <= there
    manifest = read_manifest(out / "tilt")
    assert manifest is not None
    assert there == {*manifest.files, MANIFEST, "measured.json"}
    assert set(result.written) == there - {"measured.json"}
    assert result.verified == GOOD.statuses
    assert {p.name for p in (out / ".actgen").iterdir()} == {".gitignore", "lock", "built-tilt.json", "index"}


def test_headers_name_the_spec_and_no_path_of_this_machine(write, out, tmp_path):
    one(write(), out, verify=False)
    assert all(str(tmp_path).encode() not in content for content in tree(out / "tilt").values())
    assert b"from tilt.yaml sha256:" in (out / "tilt" / "tilt_torch.py").read_bytes().splitlines()[0]


def test_a_second_build_does_nothing(write, out, verifier, monkeypatch):
    path = write()
    one(path, out)
    before = tree(out)
    monkeypatch.setattr("actgen.pipeline.produce.compile_spec", None)
    result = one(path, out)
    assert (result.outcome, result.verified) == (Outcome.CURRENT, GOOD.statuses)
    assert (verifier.asked, tree(out)) == (1, before)


def test_an_unverified_folder_is_never_taken_as_verified(write, out, verifier):
    path = write()
    assert one(path, out, verify=False).verified is None
    assert verifier.asked == 0
    result = one(path, out)
    assert (result.outcome, set(result.written)) == (
        Outcome.BUILT,
        {"README.md", "tilt.html", "certificate.json", MANIFEST},
    )
    assert verifier.asked == 1


def test_a_verified_folder_needs_no_unverified_build(write, out, verifier):
    path = write()
    one(path, out)
    result = one(path, out, verify=False)
    assert (result.outcome, result.verified) == (Outcome.CURRENT, GOOD.statuses)


def test_verified_and_unverified_builds_differ_in_what_the_page_says(write, out, verifier, tmp_path):
    path = write()
    one(path, out)
    one(path, tmp_path / "other", verify=False)
    (out / "tilt" / "measured.json").unlink()
    one_tree, other = tree(out / "tilt"), tree(tmp_path / "other" / "tilt")
    assert one_tree.keys() == other.keys()
    pages = {"README.md", "tilt.html"}
    assert {name for name in other if one_tree[name] != other[name]} == {*pages, "certificate.json", MANIFEST}


def test_a_framework_that_did_not_run_is_run_when_it_is_required(write, out, verifier):
    path = write()
    one(path, out)
    one(path, out, require=["torch"])
    assert verifier.asked == 1
    one(path, out, require=["jax"])
    assert verifier.asked == 2


def test_other_framework_versions_are_verified_again(write, out, verifier, monkeypatch):
    path = write()
    one(path, out)
    monkeypatch.setattr("actgen.pipeline.freshness.framework_versions", lambda: {"torch": "99"})
    one(path, out)
    assert verifier.asked == 2


def test_another_actgen_builds_again(write, out, verifier, monkeypatch):
    path = write()
    one(path, out)
    monkeypatch.setattr("actgen.pipeline.freshness.fingerprint", lambda: "another")
    assert one(path, out).outcome is Outcome.BUILT


@pytest.mark.parametrize("damage", ["edited", "lost", "manifest", "record"])
def test_damage_is_mended(write, out, verifier, damage):
    path = write()
    one(path, out)
    whole = tree(out / "tilt")
    victim = out / "tilt" / (MANIFEST if damage == "manifest" else "tilt_jax.py")
    if damage == "lost":
        victim.unlink()
    elif damage == "record":
        (out / ".actgen" / "built-tilt.json").write_text("{")
    else:
        victim.write_text(victim.read_text() + " ")
    assert one(path, out).outcome is Outcome.BUILT
    assert tree(out / "tilt") == whole


def test_a_bad_spec_leaves_what_stood_before(write, out, verifier):
    one(write(), out)
    before = tree(out)
    result = one(write(text="actgen: 1\nname: tilt\nexpression: alpa * x\n"), out)
    assert (result.outcome, result.ok) == (Outcome.FAILED, False)
    assert [d.code for d in result.diagnostics] == ["ACT302"]
    assert tree(out) == before


def test_a_failed_verification_leaves_what_stood_before(write, out, verifier):
    path = write()
    one(path, out)
    before = tree(out)
    verifier.answer = WRONG
    path.write_text(path.read_text().replace("0.5", "0.25"))
    result = one(path, out)
    assert (result.outcome, result.diagnostics) == (Outcome.FAILED, WRONG.diagnostics)
    assert tree(out) == before


def test_a_failed_first_build_leaves_nothing(write, out, verifier):
    verifier.answer = WRONG
    assert one(write(), out).outcome is Outcome.FAILED
    assert not out.exists()


def test_old_figures_do_not_outlive_their_files(write, out, verifier):
    path = write()
    one(path, out)
    assert (out / "tilt" / "measured.json").read_text() == '{"figures": 1}\n'
    path.write_text(path.read_text().replace("0.5", "0.25"))
    one(path, out, verify=False)
    assert not (out / "tilt" / "measured.json").exists()


def test_a_target_alone_takes_the_others_files_away(write, out, verifier):
    path = write()
    one(path, out)
    (out / "tilt" / "notes.txt").write_text("the user's own")
    result = one(path, out, targets=["torch"])
    assert {"tilt_keras.py", "tilt_jax.py"} <= set(result.removed)
    assert (out / "tilt" / "tilt_torch.py").exists()
    assert (out / "tilt" / "notes.txt").exists()
    assert "test_jax" not in (out / "tilt" / "test_tilt.py").read_text()
    assert one(path, out, targets=["torch"]).outcome is Outcome.CURRENT


def test_every_spec_has_its_result_in_order_and_a_bad_one_stops_no_other(write, out, verifier):
    paths = [write("ramp"), write("broken", "actgen: 2\n"), write("tilt")]
    told = []
    results = build(paths, out, on_result=told.append).specs
    assert [(r.spec, r.outcome) for r in results] == [
        (paths[0], Outcome.BUILT),
        (paths[1], Outcome.FAILED),
        (paths[2], Outcome.BUILT),
    ]
    assert sorted(told, key=lambda r: r.spec) == sorted(results, key=lambda r: r.spec)


def test_two_specs_of_one_name_are_refused_even_when_both_are_current(write, out, verifier, tmp_path):
    path = write()
    twin = tmp_path / "twin" / "tilt.yaml"
    twin.parent.mkdir()
    twin.write_bytes(path.read_bytes())
    one(path, out)
    before = tree(out)
    results = build([path, twin], out).specs
    assert "ACT207" in [d.code for r in results for d in r.diagnostics]
    assert Outcome.BUILT not in [r.outcome for r in results]
    assert tree(out) == before


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.NOTE])
def test_warnings_and_notes_are_repeated_when_nothing_is_built(severity, write, out, verifier):
    warned = Diagnostic("ACT609", "undecided", Span("tilt.yaml", 1, 2, 3, 4), "look", severity)
    verifier.answer = Verified({"torch": "ok"}, "{}", (warned,))
    path = write()
    first = one(path, out)
    assert one(path, out).diagnostics == first.diagnostics == (warned,)


def test_check_says_what_is_stale_and_writes_nothing(write, out, tmp_path):
    path = write()
    one(path, out, verify=False)
    assert one(path, out, verify=False, check=True).outcome is Outcome.CURRENT
    (out / "tilt" / "tilt.tex").unlink()
    (out / "tilt" / "README.md").write_text("edited")
    before = tree(tmp_path)
    result = one(path, out, verify=False, check=True)
    assert result.outcome is Outcome.STALE
    assert [(d.code, Path(d.message.split()[0]).name) for d in result.diagnostics] == [
        ("ACT802", "README.md"),
        ("ACT801", "tilt.tex"),
    ]
    assert tree(tmp_path) == before


def test_the_page_of_an_unverified_build_says_so_until_one_verifies(write, out, verifier):
    path = write()
    one(path, out, verify=False)
    page = out / "tilt" / "README.md"
    assert "**Not verified.**" in page.read_text()
    found = one(path, out, check=True)
    stale = [d.message.split()[0] for d in found.diagnostics if "json" not in d.message]
    assert stale == [page.as_posix(), (out / "tilt" / "tilt.html").as_posix()]
    assert set(one(path, out).written) == {"README.md", "tilt.html", "certificate.json", "manifest.json"}
    assert "Not verified" not in page.read_text()
    assert "Not verified" not in (out / "tilt" / "tilt.html").read_text()
    assert one(path, out, check=True).outcome is Outcome.CURRENT


def test_check_finds_what_is_left_over(write, out):
    path = write()
    one(path, out, verify=False)
    result = one(path, out, check=True, targets=["torch"])
    assert [d.message.split("/")[-1] for d in result.diagnostics if d.code == "ACT803"] == [
        "tilt.html is left over from an earlier build",
        "tilt.js is left over from an earlier build",
        "tilt_jax.py is left over from an earlier build",
        "tilt_keras.py is left over from an earlier build",
    ]


def test_check_of_a_folder_that_was_never_built(write, out):
    result = one(write(), out, check=True)
    assert {d.code for d in result.diagnostics} == {"ACT801"}
    assert not out.exists()


def test_check_trusts_no_record(write, out, verifier, monkeypatch):
    path = write()
    one(path, out)
    monkeypatch.setattr("actgen.pipeline.produce.compile_spec", lambda *given: pytest.fail("rendered"))
    with pytest.raises(pytest.fail.Exception, match="rendered"):
        one(path, out, check=True)


def test_diff_shows_and_writes_nothing(write, out, tmp_path):
    path = write()
    one(path, out, verify=False)
    path.write_text(path.read_text().replace("0.5", "0.25"))
    before = tree(tmp_path)
    result = one(path, out, diff=True)
    assert result.outcome is Outcome.STALE
    assert f"--- {(out / 'tilt' / 'tilt_torch.py').as_posix()}\n" in result.diff
    assert "0.25" in result.diff
    assert tree(tmp_path) == before
