"""The index of an output folder: it says what is there, and never touches what actgen did not write."""

import shutil

import pytest

from actgen.emit.manifest import MANIFEST
from actgen.pipeline import Outcome, build
from actgen.pipeline.stages import Rendered


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def committed(folder):
    return {name: content for name, content in tree(folder).items() if not name.startswith(".actgen/")}


def names(out):
    """The activations that the index lists, in its order."""
    page = (out / "README.md").read_text()
    return [line.split("](")[1].split("/")[0] for line in page.splitlines() if line.startswith("## ")]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "generated"


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """Files that cost nothing to print; the index needs the manifests alone."""

    def render(unit, targets, verified, tell):
        name = unit.activation.name
        entry = {"title": name, "summary": "", "facts": "", "formulas": [], "picture": f"{name}.svg", "sources": {}}
        return Rendered({f"{name}_torch.py": unit.activation.source.text}, ("torch",), (), entry)

    monkeypatch.setattr("actgen.pipeline.produce.render", render)


def make(paths, out, **options):
    return build(paths, out, verify=False, **options)


def test_one_activation_has_no_index(write, out):
    assert make([write()], out).index is None
    assert {p.name for p in out.iterdir()} == {".actgen", "tilt"}
    assert make([write()], out, check=True).index is None


def test_it_is_the_same_for_any_order_of_builds(write, tmp_path):
    a, b, c = (write(name) for name in ("ramp", "tilt", "bend"))
    ways = [[[a, b, c]], [[c, b, a]], [[b], [a], [c]], [[c, a], [b], [a]], [[b, a], [a], [c, b]]]
    trees = []
    for number, way in enumerate(ways):
        for paths in way:
            make(paths, tmp_path / str(number))
        assert names(tmp_path / str(number)) == ["bend", "ramp", "tilt"]
        trees.append(committed(tmp_path / str(number)))
    assert all(one == trees[0] for one in trees)


def test_the_outcome_says_whether_it_changed(write, out):
    a, b = write("ramp"), write("tilt")
    assert make([a, b], out).index.outcome is Outcome.BUILT
    before = tree(out)
    assert make([a, b], out).index.outcome is Outcome.CURRENT
    assert make([a], out).index.outcome is Outcome.CURRENT
    assert tree(out) == before


def test_a_folder_that_has_gone_leaves_the_index(write, out):
    paths = [write(name) for name in ("ramp", "tilt", "bend")]
    make(paths, out)
    shutil.rmtree(out / "bend")
    assert make(paths[:2], out).index.outcome is Outcome.BUILT
    assert names(out) == ["ramp", "tilt"]
    shutil.rmtree(out / "tilt")
    make(paths[:1], out)
    assert names(out) == ["ramp"]


@pytest.mark.parametrize("damage", ["edited", "lost", "manifest", "no manifest", "conflict"])
def test_damage_is_found_and_mended(write, out, damage):
    paths = [write("ramp"), write("tilt")]
    make(paths, out)
    whole = committed(out)
    victim = out / ("README.md" if damage in ("edited", "lost") else MANIFEST)
    text = victim.read_text()
    if damage in ("lost", "no manifest"):
        victim.unlink()
    else:
        victim.write_text({"edited": f"{text}more", "manifest": f"{text} ", "conflict": f"<<<<<<<\n{text}"}[damage])
    checked = make(paths, out, check=True)
    assert not checked.ok
    assert [r.outcome for r in checked.specs] == [Outcome.CURRENT] * 2
    assert checked.index.outcome is Outcome.STALE
    assert [d.code for d in checked.diagnostics] == ["ACT801" if damage in ("lost", "no manifest") else "ACT802"]
    assert make(paths[:1], out).index.outcome is Outcome.BUILT
    assert committed(out) == whole


def test_check_and_diff_foresee_what_a_build_would_list(write, out, tmp_path):
    ramp, tilt, bend = (write(name) for name in ("ramp", "tilt", "bend"))
    make([ramp, tilt], out)
    before = tree(tmp_path)
    index = make([bend], out, diff=True).index
    assert index.outcome is Outcome.STALE
    assert "+## [bend](bend/README.md)\n" in index.diff
    assert tree(tmp_path) == before
    make([bend], out)
    assert make([bend], out, check=True).ok
    assert make([ramp, tilt, bend], out, diff=True).index.diff == ""


def test_check_of_nothing_built_misses_the_index_too(write, out):
    checked = make([write("ramp"), write("tilt")], out, check=True)
    assert {d.code for d in checked.diagnostics} == {"ACT801"}
    assert checked.index.outcome is Outcome.STALE
    assert not out.exists()


@pytest.mark.parametrize("name", ["README.md", MANIFEST])
@pytest.mark.parametrize("when", ["before", "between"])
def test_what_somebody_else_wrote_is_left_alone(write, out, name, when):
    a, b = write("ramp"), write("tilt")
    out.mkdir()
    if when == "between":
        make([a], out)
    (out / name).write_text('{"name": "mine"}')
    assert make([a, b], out).index is None
    assert make([a, b], out, check=True).ok
    assert (out / name).read_text() == '{"name": "mine"}'
    assert {p.name for p in out.iterdir()} == {".actgen", "ramp", "tilt", name}


def test_folders_of_others_are_not_listed(write, out):
    (out / "notes").mkdir(parents=True)
    (out / "notes" / MANIFEST).write_text('{"name": "a web page"}')
    (out / "inner").mkdir()
    (out / "inner" / MANIFEST).write_text('{"actgen": "0.1.0", "files": {}}')
    make([write("ramp"), write("tilt")], out)
    assert names(out) == ["ramp", "tilt"]


def test_a_bad_spec_among_good_ones_is_not_listed(write, out):
    done = make([write("ramp"), write("broken", "actgen: 2\n"), write("tilt")], out)
    assert (done.ok, done.index.outcome) == (False, Outcome.BUILT)
    assert names(out) == ["ramp", "tilt"]


def test_an_interrupt_between_two_folders_leaves_an_index_of_what_is_there(write, out):
    paths = [write(name) for name in ("ramp", "tilt", "bend")]
    seen = []

    def interrupt(result):
        seen.append(result)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(paths, out, on_result=interrupt)
    assert names(out) == ["ramp", "tilt"]
    assert make(paths[:2], out, check=True).ok
