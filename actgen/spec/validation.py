"""A tree held against the schema: a finding for each fault, and a model of everything that is in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from actgen.spec.findings import Findings, quoted
from actgen.spec.schema import OneOutputModel, OutputsModel
from actgen.spec.tree import Items, Keyed, Path, Scalar, Tree, data, find, key_span, real_path, without

_Spec = TypeVar("_Spec", OneOutputModel, OutputsModel)
_EXPECTED = {"<value>": "one value", "<mapping>": "a mapping", "<list>": "a list"}
_SHORT = 40
_TYPES = {"model_type": "<mapping>", "dict_type": "<mapping>", "list_type": "<list>"}
_EXAMPLES = {
    "bounds": "[low, high]",
    "uniform": "[low, high]",
    "normal": "[mean, std]",
    "range": "[low, high]",
    "init": "{uniform: [low, high]}",
    "regularizer": "{l2: 0.01}",
    "domain": "{x: [low, high]}",
    "smoothness": "{x: C1}",
    "monotone": "{x: increasing}",
    "at": "{x: 0}",
    "points": "[{at: {x: 0}, y: 0}]",
    "references": "[text, {title: …, year: …}]",
    "parameters": "{alpha: 1.0}",
    "let": "{t: exp(x)}",
    "outputs": "{first: …, second: …}",
    "inputs": "[x]",
}
"""What a key takes, for one that was given something else."""


def validate(tree: Tree, model: type[_Spec], findings: Findings) -> tuple[_Spec, Tree]:
    """The model of a tree, and the tree that it was made from: the given one without its faulty parts.

    Args:
        tree: a whole spec, a mapping.
        model: the shape to hold it against.
        findings: where faults go.
    """
    while True:
        try:
            return model.model_validate(data(tree)), tree
        except ValidationError as error:
            paths = {real_path(tree, details["loc"]): details for details in error.errors(include_url=False)}
            for path, details in paths.items():
                _report(tree, path, details, findings)
            # From the back, so that places in lists stay true while parts are taken out.
            for path in _outermost(paths):
                assert path, "a spec is a mapping before it is validated"
                tree = without(tree, path)


def _outermost(paths: Mapping[Path, Any]) -> list[Path]:
    kept = [path for path in paths if not any(path[:n] in paths for n in range(1, len(path)))]
    return sorted(kept, key=lambda path: [(isinstance(step, int), step) for step in path], reverse=True)


def _report(tree: Tree, path: Path, details: ErrorDetails, findings: Findings) -> None:
    found = find(tree, path)
    context = details.get("ctx", {})
    if details["type"] == "diagnostic":
        missing = context["code"] == "ACT104"
        span = key_span(tree, path) if missing else found.span
        findings.error(context["code"], context["message"], span, context["help"])
    elif isinstance(found, Scalar) and found.is_null:
        help = "add it, or remove the key"
        findings.error("ACT104", "a value is missing here", key_span(tree, path), help)
    else:
        _report_kind(found, path, details, findings)


def _report_kind(found: Tree, path: Path, details: ErrorDetails, findings: Findings) -> None:
    tags = str(details.get("ctx", {}).get("expected_tags", _TYPES.get(details["type"], "")))
    expected = " or ".join(words for tag, words in _EXPECTED.items() if tag in tags) or "something else"
    given = {Keyed: "a mapping", Items: "a list", Scalar: "one value"}[type(found)]
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "a spec")
    message = f"{quoted(key)} takes {expected}, and this is {given}"
    findings.error("ACT103", message, found.span, _kind_help(found, path, key, expected))


def _kind_help(found: Tree, path: Path, key: str, expected: str) -> str | None:
    if isinstance(path[-1], int) and path[0] in ("expression", "let", "outputs"):
        return "write `{when: x > 0, value: x}` or `{otherwise: 0}`"
    if "domain" in path[:-1]:
        return "write `[low, high]`"
    if isinstance(found, Scalar) and key in ("inputs", "references") and len(found.text) < _SHORT:
        return f"write `[{found.text}]`"
    if key in _EXAMPLES:
        return f"write `{_EXAMPLES[key]}`"
    return "begin each entry of the list with `- `" if isinstance(found, Keyed) and "a list" in expected else None
