"""The reference of the format says what the reader does."""

import re
from pathlib import Path

from spec_reading import HEADER

from actgen.formula import FUNCTIONS
from actgen.latex_symbol import safe_latex
from actgen.spec import limits
from actgen.spec.reader import read_text
from actgen.spec.reserved import FOLDERS
from actgen.spec.schema import OutputsModel, ParameterModel
from actgen.symbolic.pieces import MAX_PIECES

TEXT = (Path(__file__).parents[2] / "docs" / "SPEC.md").read_text(encoding="utf-8")


def test_the_first_example_is_good():
    (example,) = re.findall(r"```yaml\n(# yaml-language-server.*?)```", TEXT, re.DOTALL)
    activation, diagnostics = read_text(example, "example.yaml")
    assert diagnostics == ()
    assert activation.class_name == "LearnableSELUVariation"


def test_every_function_is_listed():
    rows = TEXT.split("| functions | |")[1].split("\n\n")[0]
    listed = set(re.findall(r"`(\w+)(?:\(.*?\))?`", rows))
    assert listed == {name for f in FUNCTIONS.values() for name in (f.name, *f.aliases)}


def test_every_key_is_listed():
    keys = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))
    for model in (OutputsModel, ParameterModel):
        assert {field.alias or name for name, field in model.model_fields.items()} <= keys


def test_the_limits_are_those_of_the_reader():
    table = TEXT.split("## Limits")[1].split("##")[0]
    found = {name: value for name, value in vars(limits).items() if name.startswith("MAX_") and name != "MAX_BYTES"}
    assert len(found) >= 13
    for limit in (*found.values(), MAX_PIECES):
        assert re.search(rf"\b{limit:,}\b", table), limit


def test_the_grammar_of_symbols_is_that_of_the_reader():
    table = TEXT.split("## LaTeX")[1].split("At most")[0]
    for atom in re.findall(r"\\[A-Za-z]+", table):
        assert safe_latex(f"{atom}{{a}}"), atom
    for symbol in ("ab", "α", r"\varepsilon", "{a}_1^2", "a''_0", r"\hat{\mathbf a}", r"\beta_1^{(n)}", "a_{b+1,c}"):
        assert safe_latex(symbol), symbol
    bad = (
        "2",
        "2a",
        r"\mathrm{2}",
        "a+b",
        "a(b)",
        "a_1_2",
        "a^2'",
        r"\frac{a}{b}",
        r"\input{a}",
        r"\mathbb{R}",
        "a" * 65,
    )
    for symbol in (*bad, "{" * 7 + "a" + "}" * 7, "é", "a_", ""):
        assert safe_latex(symbol) is None, symbol


def test_the_folders_are_those_that_the_reader_refuses():
    section = TEXT.split("## Folders")[1].split("##")[0]
    listed = set(re.findall(r"`([a-z0-9_]+)`", section)) - {"name"}
    assert listed <= set(FOLDERS)
    assert {name for name in FOLDERS if not re.fullmatch(r"(com|lpt)[2-8]", name)} == listed


def test_powers_are_read_as_the_reference_says():
    activation, _ = read_text(f"{HEADER}expression: -x**2\n", "example.yaml")
    formula = activation.outputs[0].formula
    assert (formula.function, formula.args[0].function) == ("neg", "pow")
