"""`--composite float32`: what the files say and compute, what is known of the choice, and when it is stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actgen.pipeline import build
from actgen.pipeline.checking import verify
from actgen.pipeline.results import Outcome


@pytest.fixture
def folder(write: Callable[..., Path], tmp_path: Path) -> Path:
    """A verified build in float32, with PyTorch alone."""
    (result,) = build([write()], tmp_path / "out", targets=["torch"], composite="float32").specs
    assert result.outcome is Outcome.BUILT, result.diagnostics
    return tmp_path / "out" / "tilt"


def outcome(write: Callable[..., Path], folder: Path, **options: Any) -> Outcome:
    (result,) = build([write()], folder.parent, targets=["torch"], **options).specs
    return result.outcome


def test_the_files_say_so(folder: Path) -> None:
    assert json.loads((folder / "manifest.json").read_text())["composite"] == "float32"
    assert "`--composite float32`" in (folder / "README.md").read_text()
    assert (
        "return torch.float64 if x.dtype == torch.float64 else torch.float32" in (folder / "tilt_torch.py").read_text()
    )


def test_it_is_current_with_the_same_option_only(write: Callable[..., Path], folder: Path) -> None:
    assert outcome(write, folder, check=True, composite="float32") is Outcome.CURRENT
    assert outcome(write, folder, check=True) is Outcome.STALE
    assert outcome(write, folder, composite="float32") is Outcome.CURRENT
    assert outcome(write, folder) is Outcome.BUILT
    assert "composite" not in json.loads((folder / "manifest.json").read_text())
    assert outcome(write, folder, check=True, composite="float32") is Outcome.STALE


def test_digits_are_reported_and_a_wrong_kind_is_an_error(write: Callable[..., Path], folder: Path) -> None:
    path = folder / "tilt_torch.py"
    text = path.read_text()

    def found(factor: str) -> bool:
        path.write_text(
            text.replace(" y.to(dtype)", f" ({factor} * y.float()).to(dtype) if dtype != torch.float64 else y")
        )
        assert path.read_text() != text
        (result,) = verify([write()], folder.parent, targets=["torch"])
        return result.ok

    assert found("1.00001")
    assert not found("-1")
    assert not found("torch.nan")
