import json

import pytest

from actgen.emit.manifest import MANIFEST, SpecVersion, manifest, read_manifest, sha256

RELU = SpecVersion("relu.yaml", "ab" * 32)


def test_text_is_sorted_and_reads_back(tmp_path):
    made = manifest({"b.py": "two\n", "a.py": "one\n"}, RELU, {"title": "ReLU"})
    (tmp_path / MANIFEST).write_text(made.text())
    assert read_manifest(tmp_path) == made
    assert list(json.loads(made.text())["files"]) == ["a.py", "b.py"]
    assert made.files["a.py"] == sha256(b"one\n")


def test_a_folder_of_folders_has_no_spec(tmp_path):
    made = manifest({"README.md": "all\n"})
    (tmp_path / MANIFEST).write_text(made.text())
    assert list(json.loads(made.text())) == ["actgen", "files"]
    assert read_manifest(tmp_path) == made


def test_order_of_files_does_not_matter():
    one = manifest({"a": "1", "b": "2"}, RELU)
    two = manifest({"b": "2", "a": "1"}, RELU)
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
        '{"actgen": "0", "spec": null, "entry": 1, "files": {}}',
        '{"name": "a web page", "icons": []}',
    ],
)
def test_what_actgen_did_not_write_is_no_manifest(tmp_path, content):
    (tmp_path / MANIFEST).write_text(content)
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("name", ["../a.py", "/a.py", "a/../../b.py", "a//b.py", "a/./b.py", "a\\b.py", ""])
def test_names_that_lead_out_of_the_folder_are_refused(name):
    with pytest.raises(AssertionError, match="not a path within a folder"):
        manifest({name: ""})
