"""Text from a spec on its way into a page: one line, escaped, unable to start or end anything."""

from __future__ import annotations

import math
import re

from actgen.activation import ConstantInit, Parameter
from actgen.emit.escaping import markdown


def one_line(text: str) -> str:
    """Blanks and line breaks as single blanks; other control characters dropped."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def markdown_line(text: str) -> str:
    """Text as Markdown running text that cannot become a heading, a list, a mention or a link by itself."""
    escaped = markdown(one_line(text))
    escaped = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)
    escaped = re.sub(r"^(-|=)", r"\\\1", escaped)
    return re.sub(r"://|@|\bwww(?=\.)", lambda found: f"{found[0]}<!-- -->", escaped)


def code(text: str) -> str:
    """A code span; for identifiers and numbers, which hold neither backticks nor pipes."""
    return f"`{one_line(text).replace('`', '').replace('|', '')}`"


def nominal_text(parameter: Parameter) -> str:
    """A parameter's nominal value: as the spec writes it, or the number where it is a distribution's mean."""
    written = isinstance(parameter.init, ConstantInit)
    return one_line(parameter.nominal.text) if written else f"{parameter.nominal.value:.6g}"


def number(value: float) -> str:
    """A float for a table: six digits, `∞`, and no negative zero."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    shown = f"{value + 0.0:.6g}"
    return "0" if shown in ("0", "-0") else shown.replace("-", "−")
