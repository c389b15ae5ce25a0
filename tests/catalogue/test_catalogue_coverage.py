"""Every activation that the frameworks ship has a spec, or a written reason why not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from builtin_table import BUILT_INS, EXCLUDED

from actgen.docs.page_assets import ASSETS
from actgen.pipeline.shared import PACKAGE

_HERE = Path(__file__).parent
_SPECS = {path.stem for path in (_HERE.parents[1] / "specs").glob("*.yaml")}


@pytest.mark.parametrize("framework", sorted(BUILT_INS))
def test_every_public_activation_is_compared_or_excluded(framework: str) -> None:
    command = [sys.executable, str(_HERE / "list_public.py"), framework]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    shipped = set(json.loads(done.stdout.splitlines()[-1]))
    compared = {row.public for row in BUILT_INS[framework]}
    excluded = set(EXCLUDED[framework])
    assert shipped - compared - excluded == set(), "ships with no spec and no reason"
    assert (compared | excluded) - shipped == set(), "listed, but not shipped"
    assert compared & excluded == set()


@pytest.mark.parametrize("framework", sorted(BUILT_INS))
def test_every_comparison_names_a_spec_and_is_listed_once(framework: str) -> None:
    rows = BUILT_INS[framework]
    assert {row.spec for row in rows} <= _SPECS
    labels = [row.label for row in rows]
    assert len(labels) == len(set(labels))


def test_every_exclusion_gives_a_reason() -> None:
    assert all(len(reason.split()) >= 3 for reasons in EXCLUDED.values() for reason in reasons.values())


def test_the_activations_that_the_catalogue_promises_are_there() -> None:
    layers = "selu_variation sigmoid tanh relu leaky_relu elu swish"
    others = "snake soft_exponential complex_soft_exponential sine"
    assert {*layers.split(), *others.split()} <= _SPECS


def test_every_spec_has_its_committed_folder_and_no_folder_is_left_over() -> None:
    folders = {path.name for path in (_HERE.parents[1] / "generated").iterdir() if path.is_dir()}
    assert folders - {".actgen", ASSETS, PACKAGE} == _SPECS
