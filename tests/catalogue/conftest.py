"""Fixtures over the specs of the catalogue and of the unseen ones."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from compiling import CATALOGUE, UNSEEN, NotCompiledError, compiled

from actgen.backends.base import Unit, backend


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`catalogue_path` and `unseen_path` run over the specs of either folder."""
    for fixture, folder in (("catalogue_path", CATALOGUE), ("unseen_path", UNSEEN)):
        if fixture in metafunc.fixturenames:
            paths = sorted(folder.glob("*.yaml"))
            metafunc.parametrize(fixture, paths, ids=[path.stem for path in paths])


@pytest.fixture
def catalogue_unit(catalogue_path: Path) -> Unit:
    return compiled(catalogue_path)


@pytest.fixture(scope="session")
def emit_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, set[str]], Path]:
    """Writes one backend's files of some specs into a folder and returns it.

    A spec that does not compile has no files there: its own rows fail, and no others.
    """

    def emit(framework: str, specs: set[str]) -> Path:
        folder = tmp_path_factory.mktemp(framework)
        for spec in sorted(specs):
            with contextlib.suppress(NotCompiledError):
                unit = compiled(CATALOGUE / f"{spec}.yaml")
                for name, text in backend(framework).files(unit).items():
                    (folder / name).write_text(text, encoding="utf-8")
        return folder

    return emit
