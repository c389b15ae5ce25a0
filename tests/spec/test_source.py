import pytest
from spec_reading import HEADER, read

from actgen.formula import Name, walk
from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_BYTES, MAX_WORDS
from actgen.spec.reader import read_text
from actgen.spec.source import decode, read_tree
from actgen.spec.tree import Scalar, data


def texts(content):
    """The data of a good source, scalars as text."""
    findings = Findings()
    decoded = decode(content, "example.yaml", findings)
    tree = read_tree(decoded.source, findings)
    assert findings.found == []

    def plain(part):
        if isinstance(part, Scalar):
            return part.text
        return {k: plain(v) for k, v in part.items()} if isinstance(part, dict) else [plain(v) for v in part]

    return plain(data(tree))


def test_scalars_stay_text():
    assert texts("a: 1e-3\non: no\nb: 010\nc: [yes, ~, 1_0, 0x1F, 2001-01-01]\nd: .inf\ne: '1'") == {
        "a": "1e-3",
        "on": "no",
        "b": "010",
        "c": ["yes", "~", "1_0", "0x1F", "2001-01-01"],
        "d": ".inf",
        "e": "1",
    }


def test_anchors_and_aliases_are_allowed_within_reason():
    assert texts("a: &p [1, 2]\nb: *p\nc: &q {d: *p}") == {"a": ["1", "2"], "b": ["1", "2"], "c": {"d": ["1", "2"]}}


def test_byte_order_mark_and_foreign_line_ends():
    assert texts(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - 2\r\n") == {"a": "1", "b": ["2"]}


TABS = {
    "after a colon": "title:\tA\nchecks:\n  domain:\t{x:\t[-1,\t1]}\n",
    "before a block or a quote": "title:\t'A'\t\nsummary:\t>-\n  B\n",
    "after a dash": "tags:\n  -\ta\n",
    "at the end of a line": "title: A\t\nsummary: B \t# c\n",
    "on a blank line": "title: A\n\t\n\t# c\n",
    "inside a formula": "let:\n  t: x\t+ 1\n",
    "before a line that goes on": "let:\n  t: x\n    \t+ 1\t\n    + 2\n",
}


@pytest.mark.parametrize("place", TABS)
def test_tabs_stand_where_yaml_lets_them(place):
    used = "t" if "let" in TABS[place] else "x"
    read(f"{TABS[place]}expression:\t{used}\t# y\n")


@pytest.mark.parametrize("text", ["tags:\n\t- a\n", "tags:\n  -\t- a\n", "checks:\n  -\tx: 1\n", "a: >-\n\tb\n"])
def test_tabs_do_not_indent(text):
    _, diagnostics = read_text(f"{HEADER}{text}expression: x\n", "a.yaml")
    assert [(d.code, "a tab cannot indent" in d.message) for d in diagnostics] == [("ACT004", True)]


STYLES = {
    "plain": "expression: alpha*x + zeta",
    "plain on two lines": "expression: alpha*x\n  + zeta",
    "single quoted": "expression: 'alpha*x + zeta'",
    "double quoted": 'expression: "alpha*x + \\\n    zeta"',
    "escaped": 'expression: "\\x61lpha*x \\u002b zeta"',
    "literal": "expression: |\n  alpha*x\n    + zeta\n",
    "folded": "expression: >-\n\n  alpha*x\n\n  + zeta\n",
    "indented": "expression: >2\n    alpha*x\n  + zeta\n",
    "anchored": "expression: &e alpha*x + zeta",
    "in a flow list": "expression: [{otherwise: 'alpha*x + zeta'}]",
    "on the next line": "expression:\n  alpha*x + zeta",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_fault_is_found_where_it_stands(style):
    text = f"{HEADER}parameters:\n  alpha: 1.0\n{STYLES[style]}\n"
    _, diagnostics = read_text(text, "example.yaml")
    assert [d.code for d in diagnostics] == ["ACT302"]
    span = diagnostics[0].span
    line = text.split("\n")[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "zeta"


@pytest.mark.parametrize("style", STYLES)
def test_every_name_of_a_formula_is_found_where_it_stands(style):
    body = "parameters:\n  alpha: 1.0\n  zeta: 1.0\n" + STYLES[style] + "\n"
    lines = (HEADER + body).split("\n")
    for node in walk(read(body).outputs[0].formula):
        if isinstance(node, Name):
            written = lines[node.span.line - 1][node.span.column - 1 : node.span.end_column - 1]
            assert written == node.name or (style == "escaped" and written == "\\x61lpha")


def test_size_limit():
    padding = "#" * (MAX_BYTES - len(HEADER) - len("expression: x\n") - 1) + "\n"
    assert read_text(padding + HEADER + "expression: x\n", "a.yaml")[1] == ()
    activation, diagnostics = read_text("#" + padding + HEADER + "expression: x\n", "a.yaml")
    assert activation is None
    assert [d.code for d in diagnostics] == ["ACT003"]


@pytest.mark.parametrize("text", ["#\n" * (MAX_WORDS + 1), "a " * (MAX_WORDS + 1), "\n" * (MAX_WORDS + 1)])
def test_words_and_lines_are_limited(text):
    activation, diagnostics = read_text(f"{HEADER}expression: x\nsummary: a {text}", "a.yaml")
    assert activation is None
    assert [d.code for d in diagnostics] == ["ACT003"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- " * 5000, "ACT014"),
        ("[" * 5000, "ACT014"),
        ("{a: " * 5000, "ACT014"),
        ("- a\n" * 20000, "ACT014"),
        ('k: "\\UFFFFFFFF"', "ACT004"),
        ('k: "\\uD800"', "ACT011"),
        ("k: \ud800", "ACT002"),
        ("\x85k: 1", "ACT011"),
        ("k: *k", "ACT013"),
        ("&a : &a ? [*a]", "ACT004"),
    ],
)
def test_hostile_yaml(text, code):
    activation, diagnostics = read_text(text, "a.yaml")
    assert activation is None
    assert code in [d.code for d in diagnostics]
