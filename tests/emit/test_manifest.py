import json

import pytest

from actgen.emit.manifest import MANIFEST, manifest, read_manifest, sha256


def test_text_is_sorted_and_reads_back(tmp_path):
    made = manifest("relu.yaml", "ab" * 32, {"b.py": "two\n", "a.py": "one\n"})
    (tmp_path / MANIFEST).write_text(made.text())
    assert read_manifest(tmp_path) == made
    assert list(json.loads(made.text())["files"]) == ["a.py", "b.py"]
    assert made.files["a.py"] == sha256(b"one\n")


def test_order_of_files_does_not_matter():
    one = manifest("relu.yaml", "ab" * 32, {"a": "1", "b": "2"})
    two = manifest("relu.yaml", "ab" * 32, {"b": "2", "a": "1"})
    assert one.text() == two.text()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"actgen": "0", "spec": {"file": "x", "sha256": "y"}, "files": {"../victim": "00"}}',
        '{"actgen": "0", "spec": {"file": "x", "sha256": "y"}, "files": {"/etc/victim": "00"}}',
        '{"actgen": "0", "spec": {"file": "x", "sha256": "y"}, "files": {"..": "00"}}',
        '{"actgen": "0", "spec": {"file": "x", "sha256": "y"}, "files": {"a\\\\b": "00"}}',
        '{"actgen": "0", "spec": {"file": "x", "sha256": "y"}, "files": ["a"]}',
        '{"actgen": "0", "spec": "x", "files": {}}',
    ],
)
def test_what_actgen_did_not_write_is_no_manifest(tmp_path, content):
    (tmp_path / MANIFEST).write_text(content)
    assert read_manifest(tmp_path) is None


def test_folders_in_names_are_refused():
    with pytest.raises(AssertionError, match="plain file name"):
        manifest("relu.yaml", "ab" * 32, {"a/b.py": ""})
