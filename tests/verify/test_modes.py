"""Each runner measures the modes it is asked for, and those of torch.func and torch.export see what they are for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from emitted_modules import imported
from spec_units import catalogue

from actgen.backends.base import backend, backend_names
from actgen.verify.frameworks import Runner, missing, runners
from actgen.verify.run_torch import Torch
from actgen.verify.subject import Subject

RUNNERS = [r for framework in backend_names() for r in runners(framework, thorough=True)]
LISTING = """
import importlib, json, sys
framework = getattr(importlib.import_module(sys.argv[1]), sys.argv[2].capitalize())
print(json.dumps(list(framework().modes)))
"""


@pytest.mark.parametrize("runner", RUNNERS, ids=lambda r: r.label)
def test_a_runner_has_the_modes_that_are_said_of_it(runner: Runner) -> None:
    assert not missing(runner)
    found = subprocess.run(
        [sys.executable, "-c", LISTING, runner.module, runner.framework],
        env={**os.environ, **runner.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {*runner.always, *runner.in_float64, *runner.modes} <= set(json.loads(found.stdout))


@pytest.fixture
def subject(tmp_path: Path) -> Callable[[str], Subject]:
    """An activation's emitted module, as a runner sees it."""

    def emitted(name: str) -> Subject:
        unit = catalogue(name)
        for file, text in backend("torch").files(unit).items():
            (tmp_path / file).write_text(text, encoding="utf-8")
        module = imported(tmp_path, f"{name}_torch", f"measured_{name}_torch")
        sizes = len(unit.activation.inputs), len(unit.activation.parameters)
        return Subject(module, name, *sizes, len(unit.activation.outputs) == 1)

    return emitted


@pytest.mark.parametrize("name", ["swiglu"])
def test_every_torch_mode_measures_values_or_derivatives(subject: Callable[[str], Subject], name: str) -> None:
    measured, modes = subject(name), Torch().modes
    table = np.array([[-40.0, -1.0, 0.0, 3.0], [1.5, 0.5, 2.0, 1.0]])
    expected = {2: modes["function"], 3: modes["partials"]}
    for mode in next(r.modes for r in RUNNERS if r.label == "torch"):
        found = modes[mode](measured, table, "float32")
        np.testing.assert_allclose(found, expected[found.ndim](measured, table, "float32"), rtol=2e-7, atol=0)


def test_formats_and_arguments_are_not_limited_by_how_often_torch_compiles_one_function(
    subject: Callable[[str], Subject],
) -> None:
    measured, modes = subject("prelu"), Torch().modes
    table = np.array([[-2.0, 3.0], [0.25, 0.25]])
    with torch._dynamo.config.patch(recompile_limit=1):
        for dtype in ("float32", "bfloat16"):
            assert modes["compiled jvp"](measured, table, dtype).shape == (1, 2, 2)
            assert modes["compiled"](measured, table, dtype).tolist() == [[-0.5, 3.0]]


def test_a_derivative_that_only_the_export_loses_is_seen(subject: Callable[[str], Subject]) -> None:
    measured, modes = subject("gelu"), Torch().modes
    table = np.array([[-np.inf, 1.0]])
    right = modes["exported backward"](measured, table, "float32")
    measured.module.__dict__["_steered"] = measured.module.__dict__["_evaluate"]
    lost = modes["exported backward"](measured, table, "float32")
    assert np.array_equal(right, modes["backward"](measured, table, "float32"))
    assert right[0, 0, 0] == 0
    assert np.isnan(lost[0, 0, 0])
