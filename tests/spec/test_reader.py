import hashlib
from pathlib import Path

from spec_reading import HEADER, read

from actgen.diagnostics import Severity
from actgen.spec.limits import MAX_FAULTS
from actgen.spec.reader import check_unique, read_path, read_text

GOOD = HEADER + "expression: exp(x)\n"


def test_read_path(tmp_path):
    path = tmp_path / "folder" / "a b.yaml"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    activation, diagnostics = read_path(path)
    assert diagnostics == ()
    assert activation.source.path == str(path)
    assert activation.source.file_name == "a b.yaml"
    assert activation.source.text == GOOD
    assert activation.source.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


def test_a_file_name_that_is_not_utf8_can_be_written():
    activation, _ = read_text(GOOD, "folder/a\udcff.yaml")
    assert activation.source.file_name == "a?.yaml"


def test_what_cannot_be_read_is_a_finding(tmp_path):
    for path in (tmp_path / "missing.yaml", tmp_path, tmp_path / ("a" * 300), Path("nul\0.yaml")):
        activation, diagnostics = read_path(path)
        assert activation is None
        assert [d.code for d in diagnostics] == ["ACT001"]
        assert diagnostics[0].span.path == str(path)


def test_a_large_file_is_not_read_whole(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (2**20 + 100))
    assert [d.code for d in read_path(path)[1]] == ["ACT003"]


def test_text_and_bytes_are_the_same():
    assert read_text(GOOD, "a.yaml") == read_text(GOOD.encode(), "a.yaml")


def test_warnings_do_not_stop_a_spec():
    body = "parameters: {a: {init: 1, nominal: 9, bounds: [0, 4]}}\nexpression: a*x\n"
    activation, diagnostics = read_text(HEADER + body, "a.yaml")
    assert activation is not None
    assert [(d.code, d.severity) for d in diagnostics] == [("ACT410", Severity.WARNING)]


def test_findings_come_in_the_order_of_the_file():
    body = "expression: alhpa +\nparameters:\n  beta: {init: 1, bund: [0, 2]}\nclass: bad\n"
    lines = [d.span.line for d in read_text(HEADER + body, "a.yaml")[1]]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_crowd_of_faults_ends_the_reading():
    body = "parameters:\n" + "".join(f"  p{i}: q{i}\n" for i in range(MAX_FAULTS + 50)) + "expression: exp(x)\n"
    activation, diagnostics = read_text(HEADER + body, "a.yaml")
    assert activation is None
    assert [d.code for d in diagnostics[:-1]] == ["ACT327"] * (MAX_FAULTS + 1)
    assert diagnostics[-1].code == "ACT016"


def test_names_and_classes_are_unique_in_a_build():
    first = read("expression: exp(x)\n")
    same_name = read("class: Other\nexpression: exp(x)\n")
    same_class = read("class: Example\nexpression: exp(x)\n", header="actgen: 1\nname: other\n")
    assert check_unique([first, read("expression: x\n", header="actgen: 1\nname: third\n")]) == ()
    assert [(d.code, "name" in d.message) for d in check_unique([first, same_name])] == [("ACT207", True)]
    assert [(d.code, "class" in d.message) for d in check_unique([first, same_class])] == [("ACT207", True)]
