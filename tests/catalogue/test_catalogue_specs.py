"""Every spec of the catalogue reads cleanly, fits the schema, says what it should, and keeps its own points."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import numpy as np
from ruamel.yaml import YAML

from actgen.backends.base import Unit
from actgen.pipeline.requiring import read_resolved
from actgen.program.evaluate import evaluate_numpy
from actgen.resources import schema_file


def test_reads_without_a_finding(catalogue_path: Path) -> None:
    activation, findings = read_resolved(catalogue_path)
    assert not findings
    assert activation is not None
    assert activation.name == catalogue_path.stem


def test_unseen_reads_without_an_error(unseen_path: Path) -> None:
    activation, findings = read_resolved(unseen_path)
    assert activation is not None, findings


def test_fits_the_schema(catalogue_path: Path) -> None:
    data = YAML(typ="safe", pure=True).load(catalogue_path.read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(schema_file().read_text(encoding="utf-8")))


def test_documents_itself(catalogue_path: Path) -> None:
    activation, _ = read_resolved(catalogue_path)
    assert activation is not None
    assert activation.summary
    assert activation.domain.keys() >= {i.name for i in activation.inputs}
    assert activation.references
    assert all(reference.url or reference.bibtex for reference in activation.references)
    for output in activation.outputs:
        assert len(output.checks.points) >= 3
        assert output.checks.smoothness


def test_layers_have_their_own_names() -> None:
    folder = Path(__file__).parents[2] / "specs"
    activations = [read_resolved(path)[0] for path in sorted(folder.glob("*.yaml"))]
    classes = [a.class_name for a in activations if a is not None]
    assert len(classes) == len(set(classes)) == len(activations)


def _tolerance(claimed: Decimal) -> float:
    exponent = claimed.as_tuple().exponent
    assert isinstance(exponent, int)
    return 0.5 * 10.0**exponent * (1 + 1e-3)


def test_the_program_keeps_the_points(catalogue_unit: Unit) -> None:
    nominal = catalogue_unit.activation.nominal()
    for output in catalogue_unit.activation.outputs:
        for point in output.checks.points:
            at = nominal | {name: value.value for name, value in point.at.items()}
            values, partials = evaluate_numpy(catalogue_unit.program, at)
            found = {"y": values[output.name]} | {f"d{v}": d for (o, v), d in partials.items() if o == output.name}
            for key, claimed in point.values.items():
                assert isinstance(claimed, Decimal)
                wanted, slack = float(claimed), _tolerance(claimed)
                np.testing.assert_allclose(found[key], wanted, rtol=1e-13, atol=slack, err_msg=f"{key} at {at}")
