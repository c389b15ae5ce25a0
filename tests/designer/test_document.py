"""Reading, checking and saving the one file."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from designers import START

from actgen.designer.document import Document
from actgen.rendering import render
from actgen.spec.reader import read_text

BAD = "actgen: 1\nname: tilt\nexpression: alpa * x\n"


def test_a_file_that_is_not_there_begins_as_a_new_one(page, spec):
    assert page.get("spec").json() == {"text": START, "path": "tilt.yaml", "exists": False, "revision": None}
    assert not spec.exists()


def test_what_is_saved_is_what_is_read(page, spec):
    saved = page.post("save", {"text": BAD, "revision": None}).json()
    assert spec.read_bytes() == BAD.encode()
    assert saved == page.get("spec").json()
    assert saved["exists"]
    again = page.post("save", {"text": START, "revision": saved["revision"]})
    assert (again.status_code, spec.read_text()) == (200, START)


def test_findings_are_those_of_the_command_line(page):
    [found] = page.post("check", {"text": BAD}).json()["diagnostics"]
    _, diagnostics = read_text(BAD, "tilt.yaml")
    assert found["rendered"] == render(diagnostics, sources={"tilt.yaml": BAD})
    assert "--> tilt.yaml:3:13" in found["rendered"]
    place = [found[key] for key in ("line", "column", "end_line", "end_column")]
    assert (found["code"], found["severity"], place) == ("ACT302", "error", [3, 13, 3, 17])
    assert page.post("check", {"text": START}).json() == {"diagnostics": []}


def test_findings_quote_the_text_that_was_sent_and_not_the_file(page, spec):
    spec.write_text("something: else\n" * 5)
    [found] = page.post("check", {"text": BAD}).json()["diagnostics"]
    assert "expression: alpa * x" in found["rendered"]


def test_a_file_that_has_changed_is_not_overwritten_unawares(page, spec):
    revision = page.post("save", {"text": START, "revision": None}).json()["revision"]
    spec.write_text("# somebody else\n")
    refused = page.post("save", {"text": BAD, "revision": revision})
    assert (refused.status_code, spec.read_text()) == (409, "# somebody else\n")
    said = refused.json()
    assert said["error"] == "conflict"
    assert said["disk"] == {k: v for k, v in page.get("spec").json().items() if k != "path"}
    assert said["sent"] == {"text": BAD, "revision": revision}
    assert page.post("save", {"text": BAD, "revision": revision, "overwrite": True}).status_code == 200
    assert spec.read_text() == BAD


@pytest.mark.parametrize("there", [True, False])
def test_a_file_that_has_come_or_gone_has_changed(page, spec, there):
    revision = page.post("save", {"text": START, "revision": None}).json()["revision"]
    if not there:
        spec.unlink()
    assert page.post("save", {"text": BAD, "revision": None if there else revision}).status_code == 409
    assert spec.exists() == there


def test_of_saves_at_once_one_wins_and_the_others_are_told(page, spec):
    texts = [f"# {number}\n" * 1000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: page.post("save", {"text": text, "revision": None}), texts))
    [won] = [text for text, answer in zip(texts, answers, strict=True) if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert spec.read_text() == won
    assert list(spec.parent.iterdir()) == [spec]


def test_a_file_keeps_its_line_ends_its_mode_and_its_link(tmp_path):
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"a: 1\r\nb: 2\r\n")
    real.chmod(0o640)
    link.symlink_to(real)
    document = Document(link, "")
    document.save("a: 1\nb: 3\n", document.read().revision)
    assert real.read_bytes() == b"a: 1\r\nb: 3\r\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * (2**20 + 1)])
def test_what_is_no_text_is_neither_shown_nor_lost(page, spec, content):
    spec.write_bytes(content)
    for answer in (page.get("spec"), page.post("save", {"text": BAD, "revision": None})):
        assert (answer.status_code, answer.json()["error"]) == (422, "unreadable")
    assert spec.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_trouble_and_no_bug(page, spec):
    spec.mkdir()
    assert page.get("spec").status_code == 422
    spec.rmdir()
    document = Document(spec.parent / "gone" / "tilt.yaml", "")
    with pytest.raises(OSError, match="gone"):
        document.save("a", None)


def test_only_the_spec_on_disk_is_built(page, spec):
    refused = page.post("build", {"revision": "0" * 64})
    assert (refused.status_code, refused.json()["error"], refused.json()["disk"]["exists"]) == (409, "conflict", False)
    assert page.get("build/events").text == ""
    assert page.post("build/cancel", {}).json() == {"cancelled": False}
