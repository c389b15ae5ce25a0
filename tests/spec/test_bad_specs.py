"""Every refusal of the format, each a file with its exact diagnostics beside it (`pytest --update-golden`)."""

from pathlib import Path

import pytest

from actgen.diagnostics import has_errors
from actgen.rendering import render
from actgen.spec.reader import read_text

FOLDER = Path(__file__).parent / "bad"
SPECS = sorted(FOLDER.glob("*.yaml"))
ONLY_WARNINGS = {"dead_pieces", "latex_beyond_a_symbol", "latex_sum", "nominal_outside_bounds", "unreachable_piece"}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_bad_spec_gets_its_diagnostics(path, golden):
    content = path.read_bytes()
    activation, diagnostics = read_text(content, path.name)
    assert diagnostics
    assert has_errors(diagnostics) == (activation is None) == (path.stem not in ONLY_WARNINGS)
    text = content.decode(errors="replace")
    golden(path.with_suffix(".expected"), render(diagnostics, "full", sources={path.name: text}))


def test_every_golden_file_has_its_spec():
    assert len(SPECS) >= 40
    assert {path.stem for path in FOLDER.glob("*.expected")} == {path.stem for path in SPECS}
