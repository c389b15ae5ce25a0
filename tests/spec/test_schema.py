import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from spec_reading import HEADER

from actgen.resources import schema_file
from actgen.spec.json_schema import json_schema
from actgen.spec.reader import read_text

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def loaded(text):
    return YAML(typ="safe", pure=True).load(text)


def test_the_shipped_file_is_current(golden):
    golden(schema_file(), json_schema())


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_spec_of_the_catalogue(path, validator):
    validator.validate(loaded(path.read_text(encoding="utf-8")))


GOOD = [
    "parameters: {a: 1, b: sqrt(2), c: {init: {uniform: [0, 1]}, bounds: [0, .inf], via: exp}}\nexpression: a*b*c*x\n",
    "expression: [{when: x > 0, value: x}, {otherwise: 0}]\n"
    "checks: {range: [-1, 1], points: [{at: {x: 0}, y: 0, dx: 1}]}\n",
    "outputs: {a: x, b: [{otherwise: x}]}\ncombine: stack\nchecks: {domain: {x: [0, 1]}, a: {smoothness: {x: C1}}}\n",
    "tags: one, two\nreferences: [text, {title: T, authors: [A], year: 2017}]\nexpression: x\n",
]
BAD = [
    "",
    "expression: x\nunknown: 1\n",
    "expression: x\noutputs: {a: x, b: x}\n",
    "outputs: {a: x}\n",
    "expression: x\ncombine: stack\n",
    "expression: [{when: x > 0}]\n",
    "expression: [{when: x > 0, otherwise: x}]\n",
    "parameters: {a: {init: {uniform: [0, 1], exponential: 2}}}\nexpression: a*x\n",
    "parameters: {a: {learnable: true}}\nexpression: a*x\n",
    "parameters: {a: {init: 1, learnable: 'no'}}\nexpression: a*x\n",
    "parameters: {a: {init: 1, shape: wide}}\nexpression: a*x\n",
    "expression: x\nchecks: {points: [{y: 0}]}\n",
    "expression: x\nchecks: {points: [{at: {x: 0}, z: 0}]}\n",
    "expression: x\nchecks: {range: [0]}\n",
    "expression: x\nclass: snake_case\n",
    "expression: x\ninputs: [_x]\n",
    "expression: x\ndim: 1.5\n",
    "expression: []\n",
    "inputs: []\nexpression: x\n",
    "inputs: [x, x]\nexpression: x\n",
    "inputs: [x, sin]\nexpression: x\n",
    "parameters: {lambda_: 1}\nexpression: x\n",
    "parameters: {pi: 1}\nexpression: pi*x\n",
    "let: {exp: x}\nexpression: x\n",
    "outputs: {re: x, domain: x}\n",
    "outputs: {re: x, 2im: x}\n",
    "references: [{}]\nexpression: x\n",
    "expression: x\nchecks: {points: [{at: {x: 0}}]}\n",
]


@pytest.mark.parametrize("body", GOOD)
def test_schema_and_reader_accept(body, validator):
    validator.validate(loaded(HEADER + body))
    assert read_text(HEADER + body, "a.yaml")[1] == ()


@pytest.mark.parametrize("body", BAD)
def test_schema_and_reader_refuse(body, validator):
    assert not validator.is_valid(loaded(HEADER + body))
    assert read_text(HEADER + body, "a.yaml")[0] is None


def test_the_header_is_required(validator):
    assert not validator.is_valid({"name": "a", "expression": "x"})
    assert not validator.is_valid({"actgen": 1, "expression": "x"})
    assert not validator.is_valid({"actgen": 2, "name": "a", "expression": "x"})
