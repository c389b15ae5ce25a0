"""Activations of the catalogue are analysed once for all tests of documents, which ask for the same many times."""

from collections.abc import Iterator

import pytest

from actgen.analysis.analyse import analyse
from actgen.analysis.report import Analysis
from actgen.symbolic.derivation import Derivation

_FOUND: dict[int, tuple[Derivation, Analysis]] = {}
"""With each derivation, so that its id stays its own."""


def _remembered(derivation: Derivation) -> Analysis:
    if id(derivation) not in _FOUND:
        _FOUND[id(derivation)] = derivation, analyse(derivation)
    return _FOUND[id(derivation)][1]


@pytest.fixture(autouse=True, scope="module")
def analysed_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("page", "datasheet", "markdown", "entry"):
            patch.setattr(f"actgen.docs.{module}.analyse", _remembered)
        yield
