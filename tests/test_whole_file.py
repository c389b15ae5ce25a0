"""A file is replaced whole or not at all."""

from pathlib import Path

import pytest

from actgen.whole_file import replace_text


def test_the_text_is_there_byte_for_byte_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    for text in ("old\r\n", "ω\n"):
        replace_text(path, text)
        assert path.read_bytes() == text.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("old")
    path.chmod(0o640)
    replace_text(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    replace_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_text(path, "\ud800")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_text(tmp_path / "folder", "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["figures.json", "folder"]
