"""The list that a run's findings go to, and how a message quotes what a user wrote."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.spec.limits import MAX_FAULTS

_MOST_COMPARED = 64


class TooManyFaultsError(Exception):
    """A file has more faults than are listed."""


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while a spec is read. The methods that add raise `TooManyFaultsError` past the limit."""

    found: list[Diagnostic] = field(default_factory=list)
    errors: int = 0

    def error(self, code: str, message: str, span: Span | None, help: str | None = None) -> None:
        """Add an error."""
        self.add(Diagnostic(code, message, span, help))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a finding."""
        self.found.append(diagnostic)
        self.errors += diagnostic.severity is Severity.ERROR
        if self.errors > MAX_FAULTS:
            raise TooManyFaultsError

    def take(self, other: Findings) -> None:
        """Add another's findings."""
        for diagnostic in other.found:
            self.add(diagnostic)

    def warning(self, code: str, message: str, span: Span | None, help: str | None = None) -> None:
        """Add a warning."""
        self.add(Diagnostic(code, message, span, help, Severity.WARNING))

    @property
    def failed(self) -> bool:
        """Whether an error was added."""
        return self.errors > 0

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
    close = nearest_word(word, known)
    return None if close is None else f"did you mean `{close}`?"


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, or None."""
    word = word.lower()[:80]
    options = {option.lower(): option for option in sorted(known, reverse=True)}
    likely = list(options)
    if len(likely) > _MOST_COMPARED:
        # Comparing takes long, so of a crowd only those are compared that begin or end most like the word.
        ends = _neighbours(word[::-1], [option[::-1] for option in options])
        likely = [*_neighbours(word, likely), *(end[::-1] for end in ends)]
    close = get_close_matches(word, likely, n=1, cutoff=0.6)
    return options[close[0]] if close else None


def _neighbours(word: str, others: list[str]) -> list[str]:
    others.sort()
    place, reach = bisect_left(others, word), _MOST_COMPARED // 4
    return others[max(0, place - reach) : place + reach]


def listed(words: Iterable[str]) -> str:
    """Words in backticks, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)
