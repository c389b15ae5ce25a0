"""What a computation with parameters in it assumes about them: the signs that it took from their nominal values.

Within `assuming`, symbols may stand in coefficients and exponents. A sign that decides something is the one at the
nominal parameters, and is written down: the result holds wherever all those signs are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import sympy as sp


@dataclass(slots=True)
class Assumptions:
    """Nominal values, and the signs (1 or -1) of expressions in the parameters that were relied on."""

    nominal: Mapping[sp.Symbol, sp.Expr]
    signs: dict[sp.Expr, int] = field(default_factory=dict)
    is_quiet: bool = False

    def fixed(self, value: sp.Expr) -> sp.Expr:
        """An expression at the nominal parameters."""
        return value.subs(self.nominal)

    def note(self, value: sp.Expr, sign: int) -> None:
        """That a result relies on a sign, which is not 0."""
        if not self.is_quiet:
            self.signs[value] = sign


_active: ContextVar[Assumptions | None] = ContextVar("assumptions", default=None)


def assumptions_about(value: sp.Basic) -> Assumptions | None:
    """The assumptions in use if parameters stand in the expression; else None."""
    found = _active.get()
    return found if found is not None and value.free_symbols else None


def are_in_use() -> bool:
    """Whether parameters may stand in what is computed, so that signs have to be written down."""
    return _active.get() is not None


@contextmanager
def assuming(assumptions: Assumptions) -> Iterator[None]:
    """Computes with parameters; what is relied on goes into `assumptions`."""
    token = _active.set(assumptions)
    try:
        yield
    finally:
        _active.reset(token)


@contextmanager
def quietly() -> Iterator[None]:
    """Signs in here say only how late something begins to hold, not whether it does."""
    found = _active.get()
    before = found is not None and found.is_quiet
    if found is not None:
        found.is_quiet = True
    try:
        yield
    finally:
        if found is not None:
            found.is_quiet = before
