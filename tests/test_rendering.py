import json

import pytest

from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.rendering import render, visible

SPEC = "specs/selu.yaml"
SOURCE = "actgen: 1\nname: selu\nparameters:\n\n  alpha: {init: 1.67, bound: [0, 4]}\n"
UNKNOWN = Diagnostic("ACT101", "unknown key `bound`", Span(SPEC, 5, 23, 5, 28), "did you mean `bounds`?")
NOTE = Diagnostic("ACT608", "right, but coarse", severity=Severity.NOTE)
WARNING = Diagnostic("ACT409", "never reached", Span(SPEC, 2, 1, 2, 5), severity=Severity.WARNING)
NOWHERE = Diagnostic("ACT801", "generated/selu/README.md is missing", help="run `actgen build`")


def full(diagnostic, source=SOURCE, **options):
    return render([diagnostic], "full", sources={SPEC: source}, **options)


def test_full_quotes_the_line_and_points_at_the_place():
    assert full(UNKNOWN) == (
        "error[ACT101] unknown key `bound`\n"
        "  --> specs/selu.yaml:5:23\n"
        "   |\n"
        " 5 |   alpha: {init: 1.67, bound: [0, 4]}\n"
        "   |                       ^^^^^ did you mean `bounds`?\n"
        "\n"
    )


def test_full_reads_the_file_itself(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: a\r\nclass: b\r\n")
    text = render([Diagnostic("ACT205", "no class name", Span(str(path), 2, 8, 2, 9))])
    assert " 2 | class: b\n   |        ^\n" in text


def test_full_without_a_place_or_a_file():
    assert render([NOWHERE]) == "error[ACT801] generated/selu/README.md is missing\n  = help: run `actgen build`\n\n"
    lost = Diagnostic("ACT001", "cannot be read", Span("/nowhere/at/all.yaml", 1, 1, 1, 1), "check the name")
    assert render([lost]).splitlines()[1:] == ["  --> /nowhere/at/all.yaml:1:1", "   = help: check the name", ""]


def test_help_of_several_lines_hangs_under_the_first():
    shown = full(Diagnostic("ACT311", "no ^", Span(SPEC, 2, 7, 2, 11), "write **\nas in x**2")).splitlines()
    assert shown[4].endswith("^^^^ write **")
    assert shown[5].index("as in") == shown[4].index("write")


def test_a_place_over_several_lines_is_marked_to_the_end_of_the_first():
    assert "   | ^^^^^^^^^^\n" in full(Diagnostic("ACT004", "broken", Span(SPEC, 2, 1, 5, 3)))


def test_a_place_past_the_end_of_the_line_still_has_a_caret():
    assert " 2 | name: selu\n   |           ^\n" in full(Diagnostic("ACT102", "missing", Span(SPEC, 2, 11, 2, 11)))


def test_wide_characters_keep_the_caret_in_place():
    shown = full(Diagnostic("ACT329", "strange", Span(SPEC, 1, 10, 1, 11)), "名前名前: x = ÷").splitlines()
    assert shown[4].index("^") - shown[3].index("名") == 9 + 4


def test_a_long_line_is_cut_around_the_place():
    source = "x: " + "1 + " * 5000 + "?" + " + 1" * 5000
    shown = full(Diagnostic("ACT329", "strange", Span(SPEC, 1, 20004, 1, 20005)), source).splitlines()
    assert len(shown[3]) < 140
    assert shown[3][shown[4].index("^")] == "?"


def test_control_characters_never_reach_the_terminal():
    nasty = Diagnostic("ACT101", "unknown key `\x1b[31m`", Span("a\x1b.yaml", 1, 1, 1, 4), "not \u202ethis\x07")
    for output_format in ("full", "concise"):
        text = render([nasty], output_format, sources={"a\x1b.yaml": "\x1b]0;gotcha\x07: 1"})
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert visible("a\tb\x7f") == "a b\u2421"


def test_colours_are_only_where_asked_for():
    assert "\x1b[" not in full(UNKNOWN)
    coloured = full(UNKNOWN, colour=True)
    assert "\x1b[1;31merror[ACT101]\x1b[0m" in coloured
    assert "\x1b[1;33mwarning[ACT409]\x1b[0m" in full(WARNING, colour=True)
    assert "\x1b[1;34mnote[ACT608]\x1b[0m" in full(NOTE, colour=True)


def test_concise_is_one_line_each():
    assert render([UNKNOWN, WARNING, NOWHERE], "concise") == (
        "specs/selu.yaml:5:23: error[ACT101] unknown key `bound` (did you mean `bounds`?)\n"
        "specs/selu.yaml:2:1: warning[ACT409] never reached\n"
        "error[ACT801] generated/selu/README.md is missing (run `actgen build`)\n"
    )


def test_json_is_a_list_even_when_empty():
    assert json.loads(render([], "json")) == []
    found = json.loads(render([UNKNOWN, NOWHERE], "json"))
    assert found[0] == {
        "code": "ACT101",
        "severity": "error",
        "message": "unknown key `bound`",
        "help": "did you mean `bounds`?",
        "path": SPEC,
        "line": 5,
        "column": 23,
        "end_line": 5,
        "end_column": 28,
    }
    assert found[1]["path"] is None


def test_github_escapes_what_its_commands_use():
    odd = Diagnostic("ACT101", "50% of\nit", Span("a,b:c.yaml", 5, 23, 5, 28), "do", severity=Severity.WARNING)
    assert render([odd], "github") == (
        "::warning title=actgen ACT101,file=a%2Cb%3Ac.yaml,line=5,col=23,endLine=5,endColumn=28::50%25 of%0Ait%0Ado\n"
    )


def test_a_note_is_a_notice_on_github():
    assert render([NOTE], "github") == "::notice title=actgen ACT608::right, but coarse\n"


@pytest.mark.parametrize("output_format", ["full", "concise", "github"])
def test_nothing_found_is_nothing_said(output_format):
    assert render([], output_format) == ""


def test_there_is_no_other_format():
    with pytest.raises(KeyError):
        render([], "xml")
