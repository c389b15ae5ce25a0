"""A tree held against the schema: a finding for each fault, and a model of everything that is in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from actgen.spec.findings import Findings, listed, nearest, quoted
from actgen.spec.schema import (
    ChecksModel,
    DistributionModel,
    NamedChecksModel,
    OneOutputModel,
    OutputChecksModel,
    OutputsModel,
    ParameterModel,
    PieceModel,
    ReferenceModel,
    RegularizerModel,
)
from actgen.spec.tree import Items, Keyed, Path, Scalar, Tree, data, find, key_span, real_path, without

_Spec = TypeVar("_Spec", OneOutputModel, OutputsModel)
_EXPECTED = {"<value>": "one value", "<mapping>": "a mapping", "<list>": "a list"}
_TYPES = {"model_type": "<mapping>", "dict_type": "<mapping>", "list_type": "<list>"}


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
                _report(tree, path, details, model, findings)
            # From the back, so that places in lists stay true while parts are taken out.
            for path in _outermost(paths):
                assert path, "a spec is a mapping before it is validated"
                tree = without(tree, path)


def _outermost(paths: Mapping[Path, Any]) -> list[Path]:
    kept = [path for path in paths if not any(path[:n] in paths for n in range(1, len(path)))]
    return sorted(kept, key=lambda path: [(isinstance(step, int), step) for step in path], reverse=True)


def _report(tree: Tree, path: Path, details: ErrorDetails, model: type[BaseModel], findings: Findings) -> None:
    found = find(tree, path)
    context = details.get("ctx", {})
    if details["type"] == "diagnostic":
        missing = context["code"] == "ACT104"
        span = key_span(tree, path) if missing else found.span
        findings.error(context["code"], context["message"], span, context["help"])
    elif details["type"] == "extra_forbidden":
        key = str(path[-1])
        help = _key_help(key, path, model)
        findings.error("ACT101", f"unknown key {quoted(key)}", key_span(tree, path), help)
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
    help = None
    if isinstance(found, Scalar) and expected == "a list" and "," not in found.text:
        help = f"write `[{found.text}]`"
    elif isinstance(found, Keyed) and "a list" in expected:
        help = "begin each entry of the list with `- `"
    findings.error("ACT103", message, found.span, help)


_MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("parameters.*", ParameterModel),
    ("parameters.*.init", DistributionModel),
    ("parameters.*.regularizer", RegularizerModel),
    ("references.*", ReferenceModel),
    ("expression.*", PieceModel),
    ("let.*.*", PieceModel),
    ("outputs.*.*", PieceModel),
    ("checks.*", OutputChecksModel),
)
"""Where the models of mappings stand, with `*` for any one step."""

_MEANT = {
    "params": "parameters",
    "formula": "expression",
    "function": "expression",
    "output": "expression",
    "variables": "inputs",
    "learned": "learnable",
    "trainable": "learnable",
    "requires_grad": "learnable",
    "fixed": "learnable",
    "initial": "init",
    "default": "init",
    "value": "init",
    "constraint": "bounds",
    "limits": "bounds",
    "min": "bounds",
    "max": "bounds",
    "regularization": "regularizer",
    "symbol": "latex",
    "doc": "description",
    "else": "otherwise",
    "if": "when",
    "condition": "when",
    "cond": "when",
    "then": "value",
    "std": "normal",
    "mean": "normal",
    "axis": "dim",
    "version": "actgen",
    "description": "summary",
}
"""Keys that people try, and the key that is meant where it exists."""


def _key_help(key: str, path: Path, root: type[BaseModel]) -> str:
    known = _known_keys(path[:-1], root)
    meant = _MEANT.get(key.lower())
    if meant in known:
        return f"did you mean `{meant}`?"
    return nearest(key, known) or f"the keys here are {listed(known)}"


def _known_keys(parent: Path, root: type[BaseModel]) -> list[str]:
    model = root if not parent else next((m for pattern, m in _MODELS if _fits(parent, pattern)), None)
    if parent == ("checks",):
        model = NamedChecksModel if root is OutputsModel else ChecksModel
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _fits(path: Path, pattern: str) -> bool:
    steps = pattern.split(".")
    return len(steps) == len(path) and all(want in ("*", step) for want, step in zip(steps, path, strict=True))
