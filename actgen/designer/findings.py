"""Findings as the page gets them: what JSON holds, and the text with the source line that a terminal shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from actgen.diagnostics import Diagnostic, Span
from actgen.rendering import as_json, render


def findings_json(
    diagnostics: Iterable[Diagnostic], text: str, path: str, further: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Every finding, `rendered` included.

    Args:
        diagnostics: of one spec.
        text: the spec.
        path: the name that the findings give it; nothing is read from there.
        further: other texts that they may be about, by name.
    """
    sources = {**further, path: text}
    return [
        {**found, "rendered": render([diagnostic], sources=sources)}
        for diagnostic in diagnostics
        for found in as_json([diagnostic])
    ]


def checked(text: str, path: str) -> dict[str, Any]:
    """What reading the spec finds, without mathematics."""
    from actgen.spec.reader import read_text

    _, diagnostics = read_text(text, path)
    return {"diagnostics": findings_json(diagnostics, text, path)}


def stopped(path: str, seconds: float) -> Diagnostic:
    """The finding for mathematics that takes too long."""
    return Diagnostic(
        "ACT901",
        f"the mathematics of this spec took over {seconds:g} s, and was stopped",
        Span(path, 1, 1, 1, 1),
        "simplify the formula, or start `actgen design` with a longer --time-limit; `actgen build` has no limit",
    )


def broken(path: str, reason: str) -> Diagnostic:
    """The finding for a process that ended before it had an answer."""
    return Diagnostic(
        "ACT902",
        f"the process that does the mathematics of this spec {reason}",
        Span(path, 1, 1, 1, 1),
        "simplify the formula if it is large; a new process stands ready for the next change",
    )
