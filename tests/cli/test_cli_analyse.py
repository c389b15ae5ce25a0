"""`actgen analyse`, as text and as JSON, and its Python function."""

import json
from fractions import Fraction

import pytest

import actgen as package
from actgen.cli import run


def test_text_says_what_is_exact_and_what_is_enclosed(write, capsys):
    spec = write("bell", "actgen: 1\nname: bell\nexpression: exp(-x**2) * sigmoid(x)\n")
    assert run(["analyse", str(spec)]) == 0
    out = capsys.readouterr().out
    assert "domain                (-∞, ∞)" in out
    assert " ± " in out and "mean" in out


def test_json_has_a_version_and_every_output(write, capsys):
    assert run(["analyse", "--format", "json", str(write())]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["version"], found["name"], found["parameters"]) == (1, "tilt", {"alpha": "1/2"})
    (output,) = found["outputs"]
    assert output["signal"]["second_moment"]["exact"] == "5/8"
    assert output["signal"]["second_moment"]["formula"] == "alpha**2 / 2 + 1/2"
    assert output["shape"]["monotone"] == {"answer": "increasing", "reason": None}


def test_a_parameter_can_be_set(write, capsys):
    spec = write()
    assert run(["analyse", "--set", "alpha=-1/3", str(spec)]) == 0
    out = capsys.readouterr().out
    assert "at alpha = -1/3" in out and "global minimum 0 at 0" in out
    assert package.analyse(spec, {"alpha": Fraction(-1, 3)}).parameters == {"alpha": "-1/3"}


@pytest.mark.parametrize("setting", ["alpha", "alpha=two", "alpha=1/0", "alpha=1e999"])
def test_a_setting_that_is_no_number_is_wrong_usage(setting, write, capsys):
    assert run(["analyse", "--set", setting, str(write())]) == 2
    assert "Invalid value" in capsys.readouterr().err


def test_a_setting_of_no_parameter_is_a_finding(write, capsys):
    assert run(["analyse", "--set", "beta=1", str(write())]) == 1
    assert "ACT822" in capsys.readouterr().err


def test_a_bad_spec_is_a_finding(write, capsys):
    assert run(["analyse", str(write("bad", "actgen: 1\nname: bad\nexpression: y + 1\n"))]) == 1
    assert "ACT" in capsys.readouterr().err
