import os
import signal
import stat

import pytest

from actgen.emit.compare import Stale, Staleness, intact, stale_files, unified_diff
from actgen.emit.install import install, write_staged
from actgen.emit.manifest import MANIFEST, SpecVersion, manifest, read_manifest

RELU = SpecVersion("relu.yaml", "00" * 32)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "out" / "relu"


def put(tmp_path, folder, files):
    stage = tmp_path / f"stage-{len(list(tmp_path.iterdir()))}"
    write_staged(stage, files)
    return install(stage, folder, files, manifest(files, RELU))


def stale(folder, files):
    return stale_files(folder, files, manifest(files, RELU))


def test_everything_is_written_the_first_time(tmp_path, folder):
    done = put(tmp_path, folder, {"a.py": "1\n", "README.md": "é\n"})
    assert done.written == ("README.md", "a.py", MANIFEST)
    assert (folder / "README.md").read_bytes() == "é\n".encode()
    assert stale(folder, {"a.py": "1\n", "README.md": "é\n"}) == ()


def test_only_what_changed_is_touched(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n", "b.py": "2\n"})
    os.utime(folder / "a.py", (1, 1))
    done = put(tmp_path, folder, {"a.py": "1\n", "b.py": "3\n"})
    assert done.written == ("b.py", MANIFEST)
    assert (folder / "a.py").stat().st_mtime == 1


def test_an_equal_build_touches_nothing(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n"})
    assert put(tmp_path, folder, {"a.py": "1\n"}).written == ()


def test_only_files_of_the_old_manifest_are_removed(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n", "old.py": "2\n"})
    (folder / "mine.py").write_text("the user's own")
    done = put(tmp_path, folder, {"a.py": "1\n"})
    assert done.removed == ("old.py",)
    assert sorted(p.name for p in folder.iterdir()) == ["a.py", MANIFEST, "mine.py"]


def test_without_a_manifest_nothing_is_removed(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n", "old.py": "2\n"})
    (folder / MANIFEST).write_text("{}")
    assert put(tmp_path, folder, {"a.py": "1\n"}).removed == ()
    assert (folder / "old.py").exists()


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n"})
    outside = tmp_path / "outside.py"
    outside.write_text("1\n")
    (folder / "a.py").unlink()
    (folder / "a.py").symlink_to(outside)
    put(tmp_path, folder, {"a.py": "2\n"})
    assert outside.read_text() == "1\n"
    assert not (folder / "a.py").is_symlink()


def test_files_are_readable_by_others_as_the_umask_says(tmp_path, folder):
    old = os.umask(0o022)
    try:
        put(tmp_path, folder, {"a.py": "1\n"})
    finally:
        os.umask(old)
    assert stat.S_IMODE((folder / "a.py").stat().st_mode) == 0o644


def test_an_interrupt_waits_until_the_folder_is_whole(tmp_path, folder, monkeypatch):
    put(tmp_path, folder, {f"{n}.py": "old\n" for n in range(5)})
    seen = []
    replace = type(folder).replace

    def interrupted(self, target):
        if not seen:
            signal.raise_signal(signal.SIGINT)
        seen.append(target)
        return replace(self, target)

    monkeypatch.setattr(type(folder), "replace", interrupted)
    new = {f"{n}.py": "new\n" for n in range(5)}
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, folder, new)
    assert stale(folder, new) == ()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_staleness_names_every_difference(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n", "b.py": "2\n", "old.py": "3\n"})
    (folder / "b.py").unlink()
    assert stale(folder, {"a.py": "9\n", "b.py": "2\n"}) == (
        Stale("a.py", Staleness.CHANGED),
        Stale("b.py", Staleness.MISSING),
        Stale(MANIFEST, Staleness.CHANGED),
        Stale("old.py", Staleness.EXTRA),
    )


def test_line_ends_count(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n"})
    (folder / "a.py").write_bytes(b"1\r\n")
    assert stale(folder, {"a.py": "1\n"}) == (Stale("a.py", Staleness.CHANGED),)


def test_intact_sees_an_edit_and_a_loss(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n"})
    found = read_manifest(folder)
    assert found is not None
    assert intact(folder, found)
    (folder / "a.py").write_text("2\n")
    assert not intact(folder, found)
    (folder / "a.py").unlink()
    assert not intact(folder, found)


def test_diff_shows_changes_additions_and_removals(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n2", "old.py": "3\n"})
    new = {"a.py": "1\n4\n", "new.py": "5\n"}
    text = unified_diff(folder, new, manifest(new, RELU))
    a, old, new_file = (folder / name for name in ("a.py", "old.py", "new.py"))
    assert f"--- {a}\n+++ {a}\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+4\n" in text
    assert f"--- {old}\n+++ /dev/null\n@@ -1 +0,0 @@\n-3\n" in text
    assert f"--- /dev/null\n+++ {new_file}\n@@ -0,0 +1 @@\n+5\n" in text


def test_diff_of_a_current_folder_is_empty(tmp_path, folder):
    put(tmp_path, folder, {"a.py": "1\n"})
    assert unified_diff(folder, {"a.py": "1\n"}, manifest({"a.py": "1\n"}, RELU)) == ""
