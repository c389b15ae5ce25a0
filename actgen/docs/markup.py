"""How the cells of a page's tables are written: the same words as Markdown and as LaTeX."""

from __future__ import annotations

import math
import re
from typing import Protocol

from actgen.activation import Value
from actgen.docs.latex_text import tex_line
from actgen.docs.markdown_math import inline_math
from actgen.docs.text import code, markdown_line, number


class Markup(Protocol):
    """A language that cells are written in."""

    def math(self, latex: str) -> str:
        """Inline mathematics."""
        ...

    def code(self, text: str) -> str:
        """An identifier or a number, as it is typed."""
        ...

    def text(self, text: str) -> str:
        """What a spec's author wrote: escaped."""
        ...

    def words(self, text: str) -> str:
        """What actgen says, without any markup."""
        ...

    def strong(self, text: str) -> str:
        """Words that must not be overlooked."""
        ...


class _Markdown:
    def math(self, latex: str) -> str:
        return inline_math(latex)

    def code(self, text: str) -> str:
        return code(text)

    def text(self, text: str) -> str:
        return markdown_line(text)

    def words(self, text: str) -> str:
        return text

    def strong(self, text: str) -> str:
        return f"**{text}**"


class _Latex:
    def math(self, latex: str) -> str:
        return f"${latex}$"

    def code(self, text: str) -> str:
        apart = re.sub("-(?=-)", "-{}", tex_line(text)).replace("'", r"\textquotesingle{}")
        breakable = apart.replace(r"\_", r"\_\allowbreak{}")
        return rf"\texttt{{{breakable}}}"

    def text(self, text: str) -> str:
        return tex_line(text)

    def words(self, text: str) -> str:
        return tex_line(text)

    def strong(self, text: str) -> str:
        return rf"\textbf{{{tex_line(text)}}}"


MARKDOWN: Markup = _Markdown()
LATEX: Markup = _Latex()


def bound(value: Value, into: Markup) -> str:
    """An end of an interval: as the spec writes it, or `∞`."""
    return into.words(number(value.value)) if math.isinf(value.value) else into.code(value.text)


def interval(low: Value, high: Value, into: Markup, *, closed: bool = True) -> str:
    """An interval; an end that is infinite is open."""
    left = "[" if closed and math.isfinite(low.value) else "("
    right = "]" if closed and math.isfinite(high.value) else ")"
    return f"{left}{bound(low, into)}, {bound(high, into)}{right}"
