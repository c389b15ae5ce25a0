"""Names: which are allowed, which clash, and what the generated code calls them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from actgen.diagnostics import Span
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_NAME
from actgen.spec.reserved import (
    BUILTIN_NAMES,
    CODE_WORDS,
    FOLDERS,
    LAYER_PREFIX,
    LAYER_SUFFIXES,
    MODULE_NAMES,
    PYTHON_NAMES,
)
from actgen.spec.schema import ACTIVATION_PATTERN, CLASS_PATTERN, NAME_PATTERN
from actgen.spec.vocabulary import CALLABLE, DECLARABLE_FUNCTIONS, GREEK, WORDS

_NAME = re.compile(NAME_PATTERN)
_ACTIVATION = re.compile(ACTIVATION_PATTERN)
_CLASS = re.compile(CLASS_PATTERN)


def code_name(name: str) -> str:
    """The name in the code of every backend: one underscore is added where any of them reserves it."""
    return f"{name}_" if name in CODE_WORDS else name


def class_name(name: str) -> str:
    """The CamelCase of an activation's name: `selu_variation` gives `SeluVariation`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def title(name: str) -> str:
    """An activation's name in words: `selu_variation` gives `Selu variation`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def check_name(name: str, span: Span, findings: Findings) -> bool:
    """Whether a name can be declared; a finding if not."""
    if not _NAME.fullmatch(name) or not name.isascii() or len(name) > MAX_NAME:
        what = quoted(name) if name else "an empty text"
        message = f"{what} is not a name: ASCII letters, digits and inner underscores, {MAX_NAME} at most"
        findings.error("ACT201", message, span, _name_help(name))
        return False
    if name in WORDS:
        findings.error("ACT202", f"{quoted(name)} has a meaning of its own in expressions", span, "choose another name")
        return False
    if (name in CALLABLE and name not in DECLARABLE_FUNCTIONS) or name == "pi":
        what = "a constant" if name == "pi" else "a function"
        findings.error(
            "ACT202", f"{quoted(name)} is {what} in expressions", span, f"choose another name, such as `{name}_0`"
        )
        return False
    return True


def _name_help(name: str) -> str | None:
    if name.lower() in GREEK:
        return f"write `{GREEK[name.lower()]}`; it is printed as {name}"
    if name.startswith("\\"):
        return f"write `{name.lstrip(chr(92))}`; Greek names are printed as letters"
    mended = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lstrip("0123456789_")[:MAX_NAME].rstrip("_")
    return f"did you mean `{mended}`?" if _NAME.fullmatch(mended) else None


def check_activation_name(name: str, span: Span, findings: Findings) -> None:
    """A finding if files and a function cannot have this name."""
    if not _ACTIVATION.fullmatch(name) or not name.isascii() or len(name) > MAX_NAME:
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        snake = re.sub(r"[^a-z0-9]+", "_", snake.lower()).strip("_").lstrip("0123456789_")[:MAX_NAME].rstrip("_")
        message = f"{quoted(name)} is not snake_case: lower-case ASCII letters, digits and single underscores"
        if len(name) > MAX_NAME:
            message = f"a name has at most {MAX_NAME} characters, and this one has {len(name)}"
        findings.error("ACT204", message, span, f"did you mean `{snake}`?" if _ACTIVATION.fullmatch(snake) else None)
    elif keyword.iskeyword(name) or name in PYTHON_NAMES:
        findings.error(
            "ACT204", f"{quoted(name)} is a word of Python's", span, f"choose another name, such as `{name}_act`"
        )
    elif name in FOLDERS:
        findings.error(
            "ACT204", f"{quoted(name)} is {FOLDERS[name]}", span, f"choose another name, such as `{name}_act`"
        )
    elif name in BUILTIN_NAMES:
        message = f"{quoted(name)} is a function of Python's, which the generated modules may call"
        findings.error("ACT204", message, span, f"choose another name, such as `{name}_act`")
    elif name in MODULE_NAMES:
        message = f"{quoted(name)} is a name that the generated modules use themselves"
        findings.error("ACT204", message, span, f"choose another name, such as `{name}_act`")


def check_class_name(name: str, span: Span, findings: Findings) -> None:
    """A finding if a class cannot have this name."""
    if not _CLASS.fullmatch(name) or not name.isascii() or len(name) > MAX_NAME:
        camel = class_name(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_"))[:MAX_NAME]
        message = f"{quoted(name)} is not CamelCase: a capital letter, then ASCII letters and digits"
        if len(name) > MAX_NAME:
            message = f"a class name has at most {MAX_NAME} characters, and this one has {len(name)}"
        findings.error("ACT205", message, span, f"did you mean `{camel}`?" if _CLASS.fullmatch(camel) else None)
    elif name in CODE_WORDS:
        message = f"{quoted(name)} is a name that the generated modules use themselves"
        findings.error("ACT205", message, span, f"choose another name, such as `{name}Activation`")


def check_collisions(names: Iterable[tuple[str, Span]], findings: Findings) -> None:
    """Findings for names that are different in the spec but meet in the code of a layer."""
    by_code: dict[str, str] = {}
    declared = list(names)
    for name, span in declared:
        first = by_code.setdefault(code_name(name), name)
        if first != name:
            message = f"{quoted(name)} and {quoted(first)} are both `{code_name(name)}` in the code"
            findings.error("ACT206", message, span, "rename one of the two")
    for name, span in declared:
        for stem in (name.removeprefix(LAYER_PREFIX), *(name.removesuffix(suffix) for suffix in LAYER_SUFFIXES)):
            owner = by_code.get(stem) or by_code.get(f"{stem}_")
            if stem != name and owner is not None:
                message = f"{quoted(name)} is what a layer calls an option of {quoted(owner)}"
                findings.error("ACT206", message, span, "rename one of the two")
