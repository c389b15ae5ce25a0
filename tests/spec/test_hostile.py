"""Whatever a file holds, reading it ends in findings or a model: no exception, nothing executed."""

import json
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spec_reading import HEADER

from actgen.formula import FUNCTIONS
from actgen.rendering import FORMATS, render
from actgen.spec.codes import CODES
from actgen.spec.limits import MAX_FAULTS
from actgen.spec.reader import read_text

HOSTILE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SECONDS = 2.0  # what reading may take: of this thread's own time, so that a busy machine changes nothing

_KEYS = (
    "actgen name class title tags references inputs parameters let expression outputs combine dim checks init nominal"
)
KEYS = [
    *_KEYS.split(),
    "learnable",
    "shape",
    "bounds",
    "via",
    "regularizer",
    "latex",
    "when",
    "value",
    "otherwise",
    "<<",
]
WORDS = [
    *FUNCTIONS,
    "Piecewise",
    "Eq",
    "And",
    "x",
    "alpha",
    "lambda",
    "if",
    "else",
    "for",
    "and",
    "not",
    "True",
    "None",
]
MARKS = [
    "+",
    "-",
    "*",
    "**",
    "/",
    "(",
    ")",
    "(",
    ")",
    ",",
    "<",
    ">=",
    "==",
    "&",
    "~",
    "^",
    "!",
    ".",
    ":=",
    "[",
    "]",
    "'",
]
NUMBERS = ["0", "1", "0.5", "1e308", "1e999", "9**9**9", "010", "1_0", "2x", "1e-400", "-1", ".inf"]

formulas = st.lists(st.sampled_from([*WORDS, *MARKS, *NUMBERS, "#", "\n", "é", "\u202e"]), max_size=40).map(" ".join)
tight = st.lists(st.sampled_from([*WORDS, *MARKS, *NUMBERS]), max_size=40).map("".join)
scalars = st.one_of(
    st.text(max_size=20), formulas, st.sampled_from(["", "~", "yes", "1", "C1", "softplus", "*a", "&a b"])
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(KEYS), scalars), inner, max_size=5)
    ),
    max_leaves=20,
)


class Watch:
    """Python's own audit events: while a spec is read, nothing is executed, opened, started or imported."""

    FORBIDDEN = ("exec", "open", "import", "os.", "subprocess.", "socket.", "ctypes.", "marshal.", "pickle.")

    def __init__(self):
        self.active = False
        self.seen = []
        sys.addaudithook(self.note)

    def note(self, event, args):
        if self.active and event.startswith(self.FORBIDDEN):
            self.seen.append((event, args))

    def __enter__(self):
        self.active, self.seen = True, []

    def __exit__(self, *_):
        self.active = False


WATCH = Watch()
read_text(HEADER + "expression: x +\nparameters: {a: sqrt(2)}\n", "warm.yaml")  # what is imported late is imported now


def test_the_watch_sees():
    with WATCH:
        eval("1 + 1")
    assert [event for event, _ in WATCH.seen] == ["exec"]


def check(content):
    start = time.thread_time()
    with WATCH:
        activation, diagnostics = read_text(content, "hostile.yaml")
    assert time.thread_time() - start < SECONDS
    assert WATCH.seen == []
    assert (activation is None) == any(d.severity.value == "error" for d in diagnostics)
    assert sum(d.severity.value == "error" for d in diagnostics) <= MAX_FAULTS + 2
    for diagnostic in diagnostics:
        assert diagnostic.code in CODES
        assert diagnostic.message
        span = diagnostic.span
        if span is not None:
            assert 1 <= span.line <= span.end_line
            assert span.column >= 1
            assert (span.line, span.column) <= (span.end_line, span.end_column)
    text = content if isinstance(content, str) else content.decode(errors="replace")
    for output_format in FORMATS:
        shown = render(diagnostics, output_format, sources={"hostile.yaml": text})
        assert "\x1b" not in shown
    return diagnostics


@given(st.binary(max_size=400))
@HOSTILE
def test_any_bytes(content):
    check(content)


@given(st.text(max_size=400))
@HOSTILE
def test_any_text(text):
    check(text)
    check(HEADER + text)


@given(st.text(alphabet=st.sampled_from("ax:{}[]-?&*!|>'\"%@`#,\\ \t\n~<0.=()"), max_size=80))
@HOSTILE
def test_anything_that_looks_like_yaml(text):
    check(HEADER + text)


@given(st.text(max_size=200))
@HOSTILE
def test_any_expression(text):
    check(f"{HEADER}expression: {json.dumps(text)}\n")


@given(formulas | tight)
@HOSTILE
def test_anything_that_looks_like_an_expression(text):
    check(f"{HEADER}expression: {json.dumps(text)}\n")
    check(f"{HEADER}parameters:\n  alpha: {json.dumps(text)}\nexpression: |\n  {text}\n")


@given(trees)
@HOSTILE
def test_any_tree(tree):
    check(json.dumps(tree))
    if isinstance(tree, dict):
        check(json.dumps({"actgen": "1", "name": "example", "parameters": tree, "expression": "x"}))
        check(json.dumps({"actgen": "1", "name": "example", "outputs": tree, "checks": tree}))


@given(st.sampled_from(["parameters", "let", "checks", "references", "inputs", "outputs", "expression"]), trees)
@HOSTILE
def test_any_section(key, tree):
    check(json.dumps({"actgen": 1, "name": "example", "expression": "x", key: tree}))


GOOD = (
    HEADER
    + """\
class: Mutant
references:
  - {title: Paper, year: 2017, url: 'https://example.org'}
inputs: [x, gate]
parameters:
  lambda: {init: 1.05, description: scale}
  alpha: {init: {uniform: [0, 1]}, bounds: [0, .inf], via: exp}
let:
  t: exp(-lambda*x)
outputs:
  a: >-
    Piecewise((alpha*x, (x > 0) & (gate < 1)),
              (t + clip(x, -1, 1), True))
  b:
    - {when: 0 < x <= 1e3, value: 'Max(x, gate)'}
    - otherwise: 1/(1 + t)
checks:
  domain: {x: [-8, 8]}
  a: {smoothness: {x: C0}, points: [{at: {x: 0, gate: 0}, y: 1.0}]}
"""
)
PIECES = [*WORDS, *MARKS, *NUMBERS, *KEYS, ": ", "\n", "\n  ", "\n- ", " ", "{", "}", '"', "&a ", "*a", "\\", "\t"]
edits = st.lists(
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=4
)


def test_the_spec_to_mutate_is_good():
    assert check(GOOD) == ()


@given(edits)
@HOSTILE
def test_any_mutation_of_a_good_spec(edits):
    text = GOOD
    for position, length, piece in edits:
        text = text[:position] + piece + text[position + length :]
    check(text)


ATTACKS = [
    "__import__('os').system('touch /tmp/owned')",
    "().__class__.__bases__[0].__subclasses__()",
    "exec(compile('1', '', 'exec'))",
    "eval('1')",
    "open('/etc/passwd').read()",
    "(lambda: (yield))()",
    "[x for x in ().__class__.__mro__]",
    "f'{x!r}'",
    "x if __import__('os') else 0",
    "Piecewise((__import__('os'), True))",
    "sin.__globals__",
    "sympify('x')",
    "Symbol('x')",
    "S('__import__')",
    "Lambda(x, x)",
    "9**9**9**9**9",
    "exp(exp(exp(exp(exp(1)))))*x",
    "gamma(gamma(gamma(gamma(5))))*x",
    "-" * 20000 + "x",
    "(" * 20000 + "x" + ")" * 20000,
    "x" + "+x" * 20000,
    "x" + "**x" * 20000,
    "x" + "*(x" * 5000 + ")" * 5000,
    "Max(" * 5000 + "x" + ",1)" * 5000,
    "not " * 20000 + "x",
    "x " * 20000,
    "1" * 100000,
    "0." + "0" * 100000 + "1*x",
    "x" + ">x" * 1500,
    "a" * 200000,
    "Piecewise(" + "(x, x > 0)," * 5000 + "(0, True))",
    "((" * 90 + "x" + "+x)**-x)" * 90,
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks(text):
    diagnostics = check(f"{HEADER}expression: {json.dumps(text)}\n")
    assert any(d.severity.value == "error" for d in diagnostics)


LAUGHS = "\n".join(f"  - &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 30))
HEAVY = {
    "aliases": f"tags:\n  - &l0 lol\n{LAUGHS}\nexpression: x\n",
    "exponential let": "let:\n  a0: x\n"
    + "".join(f"  a{i}: a{i - 1}*a{i - 1}\n" for i in range(1, 900))
    + "expression: a899\n",
    "deep let": "let:\n  a0: x\n" + "".join(f"  a{i}: exp(a{i - 1})\n" for i in range(1, 900)) + "expression: a899\n",
    "many parameters": "parameters:\n" + "".join(f"  p{i}: 1\n" for i in range(1500)) + "expression: x\n",
    "undeclared names among many": "parameters:\n"
    + "".join(f"  parameter_{i}: 1\n" for i in range(1500))
    + "let:\n"
    + "".join(f"  t{i}: {'*'.join(f'(paramter_{i}_{j})' for j in range(80))}\n" for i in range(40))
    + "expression: x\n",
    "much to read": "let:\n" + "".join(f"  t{i}: {'+'.join(['x'] * 80)}\n" for i in range(1200)) + "expression: x\n",
    "attributes": f"expression: {'.x' * 100000}\n",
    "one long tag": "title: " + "!" * 500000 + "\nexpression: x\n",
    "commas in parentheses that never close": "tags: [" + "(, " * 3900 + "]\nexpression: x\n",
    "many unknown keys": "".join(f"k{i}: 1\n" for i in range(1500)) + "expression: x\n",
    "long text": "summary: '" + "word " * 150000 + "'\nexpression: x\n",
    "long block": "summary: |\n" + "  word word word\n" * 40000 + "expression: exp(x)\n",
    "long formula": "expression: >-\n" + "  x + x +\n" * 40000 + "  x\n",
    "quotes": "summary: " + "'" * 100000 + "\nexpression: x\n",
    "escapes": 'summary: "' + "\\n" * 100000 + '"\nexpression: x\n',
    "flow keys": "tags: {" + "a, " * 100000 + "}\nexpression: x\n",
    "comments": "# comment\n" * 50000 + "expression: exp(x)\n",
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_files(name):
    check(HEADER + HEAVY[name])


@pytest.mark.parametrize(
    "body",
    [
        f"expression: x{'.' * 9999}\n",
        f"title: *{'a' * 9999}\nexpression: x\n",
        f"expression: 2{'a' * 9999}\n",
        f"parameters: {{{'a' * 9999}: 1}}\nexpression: {'a' * 9999}(x)\n",
        f"expression: x{'.a' * 9999}\n",
    ],
    ids=len,
)
def test_messages_do_not_repeat_long_texts(body):
    _, diagnostics = read_text(HEADER + body, "a.yaml")
    assert len(diagnostics) <= 2
    assert max(len(d.message) + len(d.help or "") for d in diagnostics) < 300
