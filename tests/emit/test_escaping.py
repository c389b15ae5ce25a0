import ast
import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgen.emit.escaping import cpp_comment, js_comment, js_string, markdown, python_comment, python_docstring, tex
from actgen.emit.header import origin

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]))
LINES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n"))


@given(LINES)
def test_a_docstring_reads_back_as_the_text(text):
    assert ast.literal_eval(f'"""{python_docstring(text)}"""') == text


def test_a_docstring_cannot_be_ended_from_inside():
    nasty = '"""\nimport os\nos.abort()\n"""'
    module = ast.parse(f'"""{python_docstring(nasty)}"""')
    assert [type(node) for node in module.body] == [ast.Expr]


@given(LINES)
def test_a_comment_stays_one_line(text):
    assert ast.parse(f"# {python_comment(text)}\n").body == []


def test_a_comment_declares_no_encoding():
    assert compile(f"# {python_comment('coding: klingon')}\nx = 1\n".encode(), "<made>", "exec")


@given(LINES)
def test_a_comment_of_cpp_is_not_continued_on_the_next_line(text):
    assert len(cpp_comment(text).splitlines()) <= 1
    assert "\\" not in cpp_comment(text)
    assert "??/" not in cpp_comment(text)


@given(TEXT)
def test_tex_has_no_bare_special_character(text):
    bare = tex(text)
    for command in (
        r"\textbackslash{}",
        r"\textasciicircum{}",
        r"\textasciitilde{}",
        r"\textless{}",
        r"\textgreater{}",
        r"\textbar{}",
    ):
        bare = bare.replace(command, "")
    for character in "{}$&#%_":
        bare = bare.replace(f"\\{character}", "")
    assert not set(bare) & set("\\{}$&#%_^~")


@given(TEXT)
def test_markdown_has_no_markup(text):
    shown = markdown(text).replace("<span>&#36;</span>", "&#36;")
    assert "<" not in shown
    assert ">" not in shown
    unescaped, position = [], 0
    while position < len(shown):
        if shown[position] == "\\":
            position += 1
        else:
            assert shown[position] not in "`*_[]()!~$|"
        unescaped.append(shown[position])
        position += 1
    assert html.unescape("".join(unescaped)) == html.unescape(html.escape(text, quote=False))


def test_the_origin_names_version_spec_and_hash():
    assert origin("relu.yaml", "ab" * 32).endswith(f"from relu.yaml sha256:{'ab' * 32}; do not edit")


HTML = [
    "</script>",
    "</SCRIPT",
    "<!-- x",
    "--> y",
    "*/ alert(1) /*",
    "**/",
    "a\u2028b",
    "a\u2029b",
    "a\r\nb",
    "<\0/script",
]


@pytest.mark.parametrize("text", HTML)
def test_text_in_javascript_neither_ends_its_comment_nor_the_script(text):
    comment = js_comment(text)
    assert not re.search(r"</|<!|-->|\*/|[\u2028\u2029\r\n\0]", comment)
    assert js_comment("x > 0 if a*b < c / d") == "x > 0 if a*b < c / d"


@pytest.mark.parametrize("text", [*HTML, 'a"b', "a\\b", "é∂"])
def test_a_string_in_javascript_is_the_text(text):
    assert json.loads(js_string(text)) == text
    assert re.fullmatch(r"[ -;=?-~]*", js_string(text))
