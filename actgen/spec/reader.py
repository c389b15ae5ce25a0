"""The entry points: a spec's text or path to its Activation, with every finding of the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from actgen.activation import Activation, SpecSource
from actgen.diagnostics import Diagnostic, Span
from actgen.spec.bind import bind, is_mapping
from actgen.spec.findings import Findings, TooManyFaultsError, quoted
from actgen.spec.limits import MAX_BYTES, MAX_FAULTS
from actgen.spec.source import decode, read_tree
from actgen.spec.tree import Keyed


def read_text(text: str | bytes, path: str) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    """Read a spec.

    Args:
        text: the file's content.
        path: the name that diagnostics give the file.

    Returns:
        The activation, or None if there is an error; and every finding, in the order of the file.
    """
    findings = Findings()
    try:
        activation = _read(text, path, findings)
    except TooManyFaultsError:
        message = f"the file has over {MAX_FAULTS} faults, and reading ends here"
        rest = Diagnostic("ACT016", message, Span(path, 1, 1, 1, 1), "mend these first")
        return None, (*findings.in_order(), rest)
    return None if findings.failed else activation, findings.in_order()


def _read(text: str | bytes, path: str, findings: Findings) -> Activation | None:
    decoded = decode(text, path, findings)
    tree = None if decoded is None else read_tree(decoded.source, findings)
    if decoded is None or tree is None or not is_mapping(tree, findings):
        return None
    assert isinstance(tree, Keyed)
    # A file's name need not be UTF-8, and the generated files, which are, begin with it.
    base = path.replace("\\", "/").rsplit("/", 1)[-1].encode(errors="replace").decode()
    return bind(tree, SpecSource(path, base, decoded.source.text, decoded.sha256), findings)


def read_path(path: Path) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    """Read a spec from a file; one that cannot be read is a finding.

    Returns:
        As `read_text`.
    """
    try:
        with path.open("rb") as file:
            # One byte past the limit is enough to know that the file is too large.
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a valid path"
        span = Span(str(path), 1, 1, 1, 1)
        return None, (Diagnostic("ACT001", f"the file cannot be read: {reason}", span),)
    return read_text(content, str(path))


def check_unique(activations: Iterable[Activation]) -> tuple[Diagnostic, ...]:
    """Findings for activations of one build that would write the same files or classes."""
    findings = Findings()
    names: dict[str, Activation] = {}
    classes: dict[str, Activation] = {}
    for activation in activations:
        for what, key, seen in (
            ("name", activation.name, names),
            ("class", activation.class_name, classes),
        ):
            first = seen.setdefault(key, activation)
            if first is not activation:
                message = f"the {what} {quoted(key)} is taken by {first.source.path}"
                span = Span(activation.source.path, 1, 1, 1, 1)
                findings.error("ACT207", message, span, f"give one of the two another `{what}`")
    return findings.in_order()
