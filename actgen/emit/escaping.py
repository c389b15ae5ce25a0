"""Text from a spec is data: these functions make it safe in the language it lands in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def python_docstring(text: str) -> str:
    """Text for the inside of a `\"\"\"` docstring; line breaks stay."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def python_comment(text: str) -> str:
    """Text for a `#` comment: one line, and no declaration of the file's encoding."""
    return re.sub("coding(?=[:=])", "coding ", " ".join(text.split()))


def cpp_comment(text: str) -> str:
    """Text for a `//` comment: one line, and nothing that would continue it on the next."""
    return " ".join(text.split()).replace("\\", "∖").replace("??/", "?? /")


def js_comment(text: str) -> str:
    """Text for one line of a JavaScript comment of either kind, in a file that may stand inside a `<script>`."""
    line = re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text)
    return re.sub(r"\*(?=/)|<(?=[/!])|--(?=>)", r"\g<0> ", line)


def js_string(text: str) -> str:
    """Text as a JavaScript string with its quotes, in a file that may stand inside a `<script>`."""
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


def tex(text: str) -> str:
    """Text for LaTeX running text."""
    return "".join(_TEX.get(character, character) for character in text)


def markdown(text: str) -> str:
    """Text for Markdown running text: no markup, no HTML, no mathematics.

    GitHub and Jupyter look for dollars once more in what Markdown became; an element of its own hides one.
    """
    escaped = html.escape(text, quote=False)
    inert = (f"\\{c}" if c in "\\`*_{}[]()#+!|~" else c for c in escaped)
    return "".join("<span>&#36;</span>" if c == "$" else c for c in inert)


def toml(text: str) -> str:
    """Text for the inside of a TOML basic string: one line."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)[1:-1]


FILTERS: dict[str, Callable[[str], str]] = {
    "docstring": python_docstring,
    "comment": python_comment,
    "cpp_comment": cpp_comment,
    "js_comment": js_comment,
    "js_string": js_string,
    "pystr": repr,
    "tex": tex,
    "markdown": markdown,
    "html": html.escape,
    "toml": toml,
}
