"""The generated Keras functions and their gradients against keras.activations, in float64, in their own process."""

from __future__ import annotations

import pytest
from builtin_table import BUILT_INS, BuiltIn
from comparing import complaints


@pytest.fixture(scope="module")
def found(emit_catalogue) -> dict[str, str]:
    return complaints("keras", emit_catalogue)


@pytest.mark.parametrize("row", BUILT_INS["keras"], ids=lambda row: row.label)
def test_agrees_with_the_built_in(found: dict[str, str], row: BuiltIn) -> None:
    assert found[row.label] == ""
