"""The cache of compiled libraries: found again, made once, and never in the way."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from actgen.native.runtime.cache import Cache, key_of, user_cache


def builder(made, content=b"library"):
    """A build that counts itself in the file `made`."""

    def build(path):
        with made.open("ab") as file:
            file.write(b".")
        path.write_bytes(content)

    return build


def content(path):
    return path.read_bytes()


def test_a_library_is_made_once(tmp_path):
    cache, made = Cache(tmp_path / "cache"), tmp_path / "made"
    assert cache.library("k", builder(made), content) == b"library"
    assert cache.library("k", builder(made, b"other"), content) == b"library"
    assert made.read_bytes() == b"."
    assert cache.library("other", builder(made, b"other"), content) == b"other"


def test_a_text_is_made_once_and_again_if_it_is_damaged(tmp_path):
    cache, made = Cache(tmp_path / "cache"), []

    def make():
        made.append(1)
        return "first\nsecond"

    assert [cache.text("k", make) for _ in range(2)] == ["first\nsecond"] * 2
    assert len(made) == 1
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert cache.text("k", make) == "first\nsecond"
    assert len(made) == 2


def test_a_text_that_cannot_be_kept_is_made_each_time(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = Cache(tmp_path / "file" / "cache")
    assert [cache.text("k", lambda: "text") for _ in range(2)] == ["text"] * 2


def test_the_folder_is_the_users_alone(tmp_path):
    Cache(tmp_path / "a" / "b").library("k", builder(tmp_path / "made"), content)
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_damaged_library_is_made_again(tmp_path):
    cache, made = Cache(tmp_path / "cache"), tmp_path / "made"
    cache.library("k", builder(made), content)
    (file,) = (tmp_path / "cache").glob("*.so")
    file.write_bytes(b"libr")
    assert cache.library("k", builder(made), content) == b"library"
    assert made.read_bytes() == b".."


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path, mode):
    folder, made = tmp_path / "cache", tmp_path / "made"
    folder.mkdir()
    folder.chmod(mode)
    assert Cache(folder).library("k", builder(made), content) == b"library"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("broken", ["copyfile", "replace"])
def test_a_full_disk_is_not_in_the_way(tmp_path, monkeypatch, broken):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile" if broken == "copyfile" else "pathlib.Path.replace", full)
    folder = tmp_path / "cache"
    assert Cache(folder).library("k", builder(tmp_path / "made"), content) == b"library"
    assert [p.name for p in folder.iterdir()] == ["k.lock"]


def test_a_folder_that_cannot_be_is_not_in_the_way(tmp_path):
    (tmp_path / "file").write_text("")
    assert Cache(tmp_path / "file" / "cache").library("k", builder(tmp_path / "made"), content) == b"library"


def test_a_build_that_fails_leaves_nothing(tmp_path):
    def fails(_):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        Cache(tmp_path / "cache").library("k", fails, content)
    assert list((tmp_path / "cache").glob("*.so")) == []


def _one_of_ten(folder: Path, barrier, results) -> None:
    barrier.wait()
    results.put(Cache(folder / "cache").library("k", builder(folder / "made"), content))


def test_ten_processes_at_once_make_one(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(10), context.Queue()
    processes = [context.Process(target=_one_of_ten, args=(tmp_path, barrier, results)) for _ in range(10)]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == [b"library"] * 10
    for process in processes:
        process.join()
    assert (tmp_path / "made").read_bytes() == b"."
    assert len(list((tmp_path / "cache").glob("*.so"))) == 1


def test_where_the_users_cache_is(tmp_path):
    assert user_cache({"ACTGEN_CACHE": str(tmp_path)}).folder == tmp_path
    assert user_cache({"XDG_CACHE_HOME": str(tmp_path)}).folder == tmp_path / "actgen"
    assert user_cache({"HOME": os.environ.get("HOME", "")}).folder == Path.home() / ".cache" / "actgen"


def test_a_key_keeps_its_parts_apart():
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of("ab", "c") == key_of("ab", "c")
