import keyword
import re
import subprocess
import symtable
import sys
from pathlib import Path

import pytest
from spec_reading import codes, read

from actgen.formula import FUNCTIONS
from actgen.spec.naming import class_name, code_name, title
from actgen.spec.reserved import BUILTIN_NAMES, CODE_WORDS, MODULE_NAMES, PYTHON_NAMES
from actgen.spec.vocabulary import CALLABLE

TORCH = "import torch; print(*dir(torch.nn.Module()))"
KERAS = "import keras; print(*dir(keras.layers.Layer()))"
FLAX = "from flax import nnx; print(*dir(nnx.Module))"


def test_code_names():
    assert [code_name(name) for name in ("alpha", "lambda", "to", "dtype", "double", "let", "S", "beta")] == [
        "alpha",
        "lambda_",
        "to_",
        "dtype_",
        "double_",
        "let_",
        "S",
        "beta",
    ]


@pytest.mark.parametrize(
    ("program", "backend"), [(TORCH, ""), (KERAS, "tensorflow"), (KERAS, "torch"), (KERAS, "jax"), (FLAX, "")]
)
def test_attributes_of_layers_are_reserved(program, backend):
    environment = {"PATH": "", "KERAS_BACKEND": backend or "jax", "TF_CPP_MIN_LOG_LEVEL": "3", "HOME": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    attributes = {name for name in done.stdout.split() if not name.startswith("_")}
    assert len(attributes) > 5
    assert attributes - CODE_WORDS == set()


def test_keywords_are_reserved():
    assert {*keyword.kwlist, "match", "case", "type"} <= CODE_WORDS
    assert {"template", "register", "typename", "char"} <= CODE_WORDS
    assert {"function", "typeof", "var", "arguments"} <= CODE_WORDS


def _globals(table):
    """Every name that a module binds or looks up outside of its functions."""
    names = {s.get_name() for s in table.get_symbols() if table.get_type() == "module" or s.is_global()}
    return names.union(*map(_globals, table.get_children()))


def test_what_generated_modules_use_is_reserved():
    used = {}
    for path in (Path(__file__).parents[2] / "generated").glob("*/*.py"):
        for name in _globals(symtable.symtable(path.read_text(encoding="utf-8"), path.name, "exec")):
            used.setdefault(name, set()).add(path.parent.name)
    shared = {name for name, folders in used.items() if len(folders) > 1 and not name.startswith("_")}
    assert {"torch", "ValueError", "isinstance"} <= shared
    assert shared - CODE_WORDS == set()
    assert {name for name in shared if name.islower()} - MODULE_NAMES - BUILTIN_NAMES - PYTHON_NAMES == set()


def test_a_word_with_its_underscore_is_free():
    clashing = {word for word in CODE_WORDS if f"{word}_" in CODE_WORDS}
    assert clashing == set()


@pytest.mark.parametrize("name", sorted(MODULE_NAMES & {"torch", "keras", "x64", "partials", "self", "dim"}))
def test_parameters_may_have_reserved_names(name):
    (parameter,) = read(f"parameters: {{{name}: 1}}\nexpression: {name}*x\n").parameters
    assert parameter.code_name == f"{name}_"


@pytest.mark.parametrize("name", ["relu", "sigmoid", "exponential", "gelu_tanh", "swish2", "x", "a1_b2"])
def test_activation_names(name):
    assert read("expression: exp(x)\n", header=f"actgen: 1\nname: {name}\n").name == name


@pytest.mark.parametrize(
    "name",
    [
        "Relu",
        "re-lu",
        "_relu",
        "relu_",
        "re__lu",
        "1relu",
        "relü",
        "lambda",
        "match",
        "native",
        "torch",
        "abs",
        "a" * 65,
    ],
)
def test_refused_activation_names(name):
    assert codes("expression: exp(x)\n", header=f"actgen: 1\nname: '{name}'\n") == ["ACT204"]


@pytest.mark.parametrize("name", ["relu", "Re_lu", "1Relu", "Relü", "True", "Module", "OpenInterval", "A" * 65])
def test_refused_class_names(name):
    assert codes(f"class: '{name}'\nexpression: exp(x)\n") == ["ACT205"]


@pytest.mark.parametrize("name", sorted(CALLABLE - {"gamma"}))
def test_functions_are_no_names(name):
    assert codes(f"parameters: {{{name}: 1}}\nexpression: x\n") == ["ACT202"]
    assert codes(f"let: {{{name}: x}}\nexpression: x\n") == ["ACT202"]


def test_gamma_is_both():
    assert "gamma" in FUNCTIONS
    assert read("parameters: {gamma: 1}\nexpression: gamma*x\n").parameters[0].code_name == "gamma"
    assert codes("expression: gamma*x\n") == ["ACT302"]
    assert codes("expression: x*gamma**2\n") == ["ACT302"]
    assert codes("expression: gamma(x)\n") == []


def test_derived_names():
    assert class_name("soft_exponential") == "SoftExponential"
    assert class_name("gelu2_tanh") == "Gelu2Tanh"
    assert title("soft_exponential") == "Soft exponential"
    assert re.fullmatch("[A-Z].*", class_name("x"))
