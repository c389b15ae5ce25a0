"""ruamel.yaml's scanner, with YAML's rule for tabs: they stand between tokens and at the end of a line."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import TagToken

_BLANKS = re.compile(r"[ \t]*")
_LINE_ENDS = ("\0", "\n", "#")


class SpecScanner(Scanner):
    """Scans a text whose line ends are line feeds."""

    def scan_tag(self) -> TagToken:
        """A tag with nothing of what it says: all are refused, and long ones take ruamel.yaml long to decode."""
        token = super().scan_tag()
        return TagToken(("!", "tag"), token.start_mark, token.end_mark)

    def scan_to_next_token(self) -> None:
        """Go past blanks, comments and line ends; a tab that indents is left for the error that it is."""
        reader = self.reader
        indents = reader.column == 0
        while True:
            blanks = self._blanks()
            if "\t" in blanks and not self.flow_level:
                if indents and reader.peek(len(blanks)) not in _LINE_ENDS:
                    reader.forward(blanks.index("\t"))
                    return
                # Nothing that has an indentation of its own begins after a tab: no key, no list entry.
                self.allow_simple_key = False
            reader.forward(len(blanks))
            if reader.peek() == "#":
                reader.forward(reader.buffer.find("\n", reader.pointer) % len(reader.buffer) - reader.pointer)
            if not self.scan_line_break():
                return
            indents = True
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> Any:
        """The blanks inside an unquoted value; those before the end of a line do not count."""
        blanks = self._blanks()
        inside = "\t" in blanks and self.reader.peek(len(blanks)) != "\n"
        if "\t" in blanks:
            self.reader.forward(len(blanks))
        spaces = [blanks] if inside else super().scan_plain_spaces(indent, start_mark)
        if spaces and self.reader.column >= max(indent, 1):
            self.reader.forward(len(self._blanks()))
        return spaces

    def _blanks(self) -> str:
        return _BLANKS.match(self.reader.buffer, self.reader.pointer)[0]  # type: ignore[index]
