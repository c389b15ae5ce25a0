"""What ruamel.yaml's syntax errors mean for somebody who writes a formula."""

from __future__ import annotations

import re

_PLAIN = (
    (
        "mapping values are not allowed",
        "a `:` is out of place here",
        "put a value that holds `: ` in quotes; or is the indentation of this line too deep?",
    ),
    (
        "expected chomping or indentation",
        "`|` and `>` begin a block of text in YAML",
        "write `Abs(x)` for an absolute value, or put the value in quotes",
    ),
    (
        "found unknown escape character",
        "a backslash in double quotes begins an escape that YAML does not know",
        "in single quotes a backslash is only a backslash",
    ),
    (
        "expected escape sequence",
        "a backslash in double quotes begins an escape that is not complete",
        "in single quotes a backslash is only a backslash",
    ),
    ("sequence entries are not allowed", "a list entry `- ` is out of place here", "begin it on a line of its own"),
    ("expected ',' or ']'", "a list in `[ ]` is not closed or lacks a comma", None),
    ("expected ',' or '}'", "a mapping in `{ }` is not closed or lacks a comma", None),
    ("found unexpected end of stream", "a quoted text is not closed", "add the closing quote"),
    ("while scanning a quoted scalar", "a quoted text is not closed", "add the closing quote"),
    ("could not find expected ':'", "a line is neither `key: value` nor part of the value above", None),
    ("expected the node content", "a value is missing or begins with a stray bracket", None),
    (
        "expected <block end>",
        "this line does not continue what stands above it",
        "check the indentation; a comment ends an unquoted value, and text after a closing quote is not allowed",
    ),
)
_AT_PLACE = (
    (re.compile(r"[A-Za-z_]\w*:[^\s:]|(?<=\w:)[\[{]"), "a blank is missing after `:`", "write `key: value`"),
    (re.compile(r"[A-Za-z_]\w*[ \t]*=[^=]"), "a key ends with `:`, not with `=`", "write `key: value`"),
    (
        re.compile(r"(?<=['\"])[^\s:]"),
        "text follows the closing quote",
        "inside single quotes a quote is written twice, `''`",
    ),
)
"""What can be told from the place alone where reading stopped."""
_TAB_BEFORE_KEY = re.compile(r"[ \-?]*\t")
_CANNOT_START = re.compile(r"found character '(.*)' that cannot start any token")


def explain(problem: str, text: str, index: int) -> tuple[str, str | None]:
    """A message and a help for a parser's problem at an index of the text."""
    if _CANNOT_START.search(problem):
        return _cannot_start(text[index : index + 1])
    if "not allowed" in problem and _TAB_BEFORE_KEY.match(text, text.rfind("\n", 0, index) + 1, index):
        return _cannot_start("\t")
    for pattern, message, help in _AT_PLACE:
        if pattern.match(text, index):
            return f"this is not YAML: {message}", help
    for needle, message, help in _PLAIN:
        if needle in problem:
            return f"this is not YAML: {message}", help
    return "this is not YAML", "check quotes, brackets and indentation near here"


def _cannot_start(character: str) -> tuple[str, str]:
    if character == "\t":
        return "this is not YAML: a tab cannot indent, nor stand before a key or a list entry", "write spaces"
    return f"this is not YAML: a value cannot begin with `{character}`", "put the value in quotes"
