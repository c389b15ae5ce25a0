"""The reference of the format says what the reader does."""

import re
from pathlib import Path

from spec_reading import HEADER

from actgen.formula import FUNCTIONS
from actgen.spec.limits import MAX_ALIASED_NODES, MAX_DEPTH, MAX_NODES, MAX_POWER, MAX_YAML_DEPTH, MAX_YAML_NODES
from actgen.spec.reader import read_text
from actgen.spec.schema import OutputsModel, ParameterModel

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
    for limit in (MAX_YAML_NODES, MAX_YAML_DEPTH, MAX_ALIASED_NODES, MAX_NODES, MAX_DEPTH, MAX_POWER):
        assert re.search(rf"\b{limit:,}\b", table)


def test_powers_are_read_as_the_reference_says():
    activation, _ = read_text(f"{HEADER}expression: -x**2\n", "example.yaml")
    formula = activation.outputs[0].formula
    assert (formula.function, formula.args[0].function) == ("neg", "pow")
