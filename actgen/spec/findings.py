"""The list that a run's findings go to, and how a message quotes what a user wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from actgen.diagnostics import Diagnostic, Severity, Span, has_errors


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while a spec is read."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, span: Span | None, help: str | None = None) -> None:
        """Add an error."""
        self.found.append(Diagnostic(code, message, span, help))

    def warning(self, code: str, message: str, span: Span | None, help: str | None = None) -> None:
        """Add a warning."""
        self.found.append(Diagnostic(code, message, span, help, Severity.WARNING))

    @property
    def failed(self) -> bool:
        """Whether an error was added."""
        return has_errors(self.found)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Every finding once, in the order of the file."""
        return tuple(sorted(dict.fromkeys(self.found), key=_place))


def _place(diagnostic: Diagnostic) -> tuple[bool, int, int, str]:
    span = diagnostic.span
    return (span is not None, span.line if span else 0, span.column if span else 0, diagnostic.code)


def quoted(text: str, limit: int = 40) -> str:
    """User text inside backticks: one line, printable, not long."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text.replace("\n", " "))
    if len(shown) > limit:
        shown = f"{shown[: limit - 1]}…"
    return f"`{shown}`"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """`did you mean …?` for the known word that looks most like this one, or None."""
    options = {option.lower(): option for option in sorted(known, reverse=True)}
    close = get_close_matches(word.lower()[:80], options, n=1, cutoff=0.6)
    return f"did you mean `{options[close[0]]}`?" if close else None


def listed(words: Iterable[str]) -> str:
    """Words in backticks, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)
