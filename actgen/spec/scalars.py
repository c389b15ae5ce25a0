"""What the text of one scalar means, where the schema wants a boolean, an integer or one of some words."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from pydantic_core import PydanticCustomError

from actgen.spec.findings import listed, nearest, quoted
from actgen.spec.tree import Scalar

_Word = TypeVar("_Word", bound=Enum)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MEANT_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "1": "true", "no": "false", "off": "false", "0": "false"}


def fault(code: str, message: str, help: str | None = None) -> PydanticCustomError:
    """A validation error that carries a diagnostic; braces in user text stay as they are."""
    return PydanticCustomError("diagnostic", "{message}", {"code": code, "message": message, "help": help})


def scalar(value: object) -> Scalar:
    """A scalar that holds something."""
    return _single(value, "quote the text if its brackets are part of it")


def expression(value: object) -> Scalar:
    """A scalar that holds a formula."""
    return _single(value, "write the formula without brackets around it")


def _single(value: object, help: str) -> Scalar:
    if not isinstance(value, Scalar):
        kind = "a mapping" if isinstance(value, dict) else "a list"
        raise fault("ACT103", f"one value belongs here, not {kind}", help)
    if value.is_null:
        raise fault("ACT104", "a value is missing here", "add it, or remove the key")
    return value


def boolean(value: object) -> bool:
    """YAML 1.2's booleans, and only those."""
    text = _plain(value)
    if text not in _BOOLEANS:
        meant = _MEANT_BOOLEANS.get(text.lower())
        help = f"write `{meant}`" if meant else "write `true` or `false`"
        if text[1:-1] in _BOOLEANS:
            help = "write it without quotes"
        raise fault("ACT106", f"{quoted(text)} is not a boolean", help)
    return _BOOLEANS[text]


def integer(value: object) -> int:
    """A decimal integer."""
    text = _plain(value)
    if not _INTEGER.fullmatch(text):
        raise fault("ACT107", f"{quoted(text)} is not an integer", _integer_help(text))
    return int(text)


def _integer_help(text: str) -> str:
    if re.fullmatch(r"[-+]?0[0-9]+", text):
        return "write it without leading zeros"
    if _INTEGER.fullmatch(text[1:-1]):
        return "write it without quotes"
    return "write a whole number, such as `1`"


def word(kind: type[_Word]) -> Callable[[object], _Word]:
    """A validator for one of the words of an enumeration."""

    def check(value: object) -> _Word:
        text = scalar(value).text
        for option in kind:
            if option.value == text:
                return option
        words = [str(option.value) for option in kind]
        raise fault("ACT108", f"{quoted(text)} is not one of {listed(words)}", nearest(text, words))

    return check


def _plain(value: object) -> str:
    """The text of an unquoted scalar; a quoted one is text, whatever it holds, so its quotes are shown."""
    given = scalar(value)
    return given.text if given.style == "plain" else f"{given.style[0]}{given.text}{given.style[0]}"
