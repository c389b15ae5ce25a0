"""What the generated Keras modules do, on TensorFlow, JAX and torch: one test for each check and backend."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BACKENDS = ("tensorflow", "jax", "torch")
CHECKS = Path(__file__).parent / "checks"
Report = dict[str, str | None]


def checks() -> Iterator[tuple[str, str, str]]:
    """Backend, file and name of every check; those under `if BACKEND == …` belong to one backend."""
    for backend in BACKENDS:
        for file in sorted(path.stem for path in CHECKS.glob("checks_*.py")):
            tree = ast.parse((CHECKS / f"{file}.py").read_text(encoding="utf-8"))
            for name in _names(tree.body, backend):
                yield backend, file, name


def _names(body: list[ast.stmt], backend: str) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and statement.name.startswith("check_"):
            yield statement.name
        elif isinstance(statement, ast.If) and ast.unparse(statement.test) == f"BACKEND == '{backend}'":
            yield from _names(statement.body, backend)


@pytest.mark.parametrize(("backend", "file", "name"), list(checks()), ids=lambda part: part.removeprefix("check_"))
def test_generated_module(report: Callable[[str], Report], backend: str, file: str, name: str) -> None:
    found = report(backend)
    check = f"{file}.{name}"
    assert check in found, f"not run: {found.get('', 'no such check')}"
    assert found[check] is None, found[check]
