"""Diagnostics as text: with the source line and a caret, one line each, JSON, or GitHub annotations."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from actgen.diagnostics import Diagnostic, Severity, Span

FORMATS = ("full", "concise", "json", "github")
"""What `render` can print."""

_WIDTH = 100
_BOLD, _RED, _YELLOW, _BLUE, _RESET = "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[0m"
_SEVERITY = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _BLUE}
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(
    diagnostics: Iterable[Diagnostic],
    output_format: str = "full",
    *,
    sources: Mapping[str, str] | None = None,
    colour: bool = False,
) -> str:
    """Every diagnostic in one of `FORMATS`, in the order given; "" for none (JSON: an empty list).

    Args:
        diagnostics: what to print.
        output_format: `full`, `concise`, `json` or `github`.
        sources: the text of files by path; others are read from disk, and have no source line if they cannot be.
        colour: whether `full` and `concise` use ANSI colours.

    Raises:
        KeyError: for another format.
    """
    match output_format:
        case "full":
            lines = _Sources(sources or {})
            return "".join(f"{_full(diagnostic, lines, colour)}\n" for diagnostic in diagnostics)
        case "concise":
            return "".join(f"{_concise(diagnostic, colour)}\n" for diagnostic in diagnostics)
        case "json":
            return json.dumps(as_json(diagnostics), indent=2, ensure_ascii=False) + "\n"
        case "github":
            return "".join(f"{_github(diagnostic)}\n" for diagnostic in diagnostics)
        case _:
            raise KeyError(output_format)


class _Sources:
    """Lines of files, each file read once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._lines = {path: _lines(text) for path, text in texts.items()}

    def line(self, path: str, number: int) -> str | None:
        if path not in self._lines:
            self._lines[path] = _read(path)
        lines = self._lines[path]
        return lines[number - 1] if 0 < number <= len(lines) else None


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _read(path: str) -> list[str]:
    try:
        return _lines(Path(path).read_bytes().decode(errors="replace"))
    except (OSError, ValueError):
        return []


# With the source line.


def _full(diagnostic: Diagnostic, sources: _Sources, colour: bool) -> str:
    def paint(code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if colour and text else text

    shade = _SEVERITY[diagnostic.severity]
    head = f"{diagnostic.severity.value}[{diagnostic.code}]"
    lines = [f"{paint(shade, head)} {paint(_BOLD, visible(diagnostic.message))}"]
    help = [visible(line) for line in (diagnostic.help or "").splitlines()]
    span = diagnostic.span
    margin = " " * (len(str(span.line)) + 1) if span is not None else " "
    if span is not None:
        lines.append(f"{margin}{paint(_BLUE, '-->')} {_place(span)}")
    source = None if span is None else sources.line(span.path, span.line)
    if span is not None and source is not None:
        bar = f"{margin} {paint(_BLUE, '|')}"
        shown, indent, carets = _snippet(source, span)
        lines += [bar, f" {paint(_BLUE, f'{span.line} |')} {shown}".rstrip()]
        lines.append(f"{bar} {' ' * indent}{paint(shade, ' '.join([carets, *help[:1]]))}")
        lines += [f"{bar} {' ' * (indent + len(carets) + 1)}{paint(shade, line)}" for line in help[1:]]
    elif help:
        lines.append(f"{margin} {paint(_BLUE, '=')} help: {help[0]}")
        lines += [f"{margin}         {line}" for line in help[1:]]
    return "\n".join(lines) + "\n"


def _place(span: Span) -> str:
    return f"{visible(span.path)}:{span.line}:{span.column}"


def _snippet(source: str, span: Span) -> tuple[str, int, str]:
    """The line (a window of it if it is long), the carets' indentation in cells, and the carets."""
    start = min(span.column - 1, len(source))
    end = span.end_column - 1 if span.end_line == span.line else len(source.rstrip())
    end = max(start + 1, end)
    first = 0 if len(source) <= _WIDTH else max(0, min(start - _WIDTH // 3, len(source) - _WIDTH))
    last = min(len(source), first + _WIDTH)
    window = visible(source[first:last])
    before, after = ("…" if first else ""), ("…" if last < len(source) else "")
    indent = len(before) + _cells(window[: start - first])
    marked = _cells(window[start - first : min(end, last) - first])
    return f"{before}{window}{after}", indent, "^" * max(marked, 1)


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def visible(text: str) -> str:
    """The text on one line, as many characters as before, with nothing in it that acts on a terminal."""
    return "".join(character if character.isprintable() else _symbol(character) for character in text)


def _symbol(character: str) -> str:
    code = ord(character)
    if character in "\t\n" or unicodedata.category(character) == "Zs":
        return " "
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


# For other tools.


def _concise(diagnostic: Diagnostic, colour: bool) -> str:
    place = f"{_place(diagnostic.span)}: " if diagnostic.span is not None else ""
    head = f"{diagnostic.severity.value}[{diagnostic.code}]"
    if colour:
        head = f"{_SEVERITY[diagnostic.severity]}{head}{_RESET}"
    help = f" ({visible(diagnostic.help)})" if diagnostic.help else ""
    return f"{place}{head} {visible(diagnostic.message)}{help}"


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """Every diagnostic as what JSON can hold."""
    return [_as_json(diagnostic) for diagnostic in diagnostics]


def _as_json(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": span.path if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
    }


def _github(diagnostic: Diagnostic) -> str:
    properties = [("title", f"actgen {diagnostic.code}")]
    if (span := diagnostic.span) is not None:
        properties += [("file", span.path), ("line", str(span.line)), ("col", str(span.column))]
        properties += [("endLine", str(span.end_line)), ("endColumn", str(span.end_column))]
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties)
    text = diagnostic.message if diagnostic.help is None else f"{diagnostic.message}\n{diagnostic.help}"
    return f"::{_ANNOTATIONS[diagnostic.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
