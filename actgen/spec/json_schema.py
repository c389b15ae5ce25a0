"""The JSON Schema of a spec, for editors: made of the models, with what their types do not say."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from actgen.spec.schema import DECLARED, REQUIRED, OneOutputModel, OutputsModel


def json_schema() -> str:
    """The JSON Schema of a spec, as the text of `schema-v1.json`."""
    _, made = models_json_schema([(OneOutputModel, "validation"), (OutputsModel, "validation")])
    # pydantic adds definitions of `Scalar` and its parts, which nothing refers to.
    definitions: dict[str, Any] = {n: _tidy(part) for n, part in sorted(made["$defs"].items()) if n.endswith("Model")}
    for name in ("OneOutputModel", "OutputsModel"):
        definitions[name]["required"] = [
            *REQUIRED["SpecModel"],
            "expression" if name == "OneOutputModel" else "outputs",
        ]
    definitions["OutputsModel"]["properties"].pop("expression")
    definitions["OneOutputModel"]["properties"].pop("combine")
    definitions["OutputsModel"]["properties"]["outputs"]["minProperties"] = 2
    for name in ("ParameterModel", "ConstantModel", "PointModel"):
        definitions[name]["required"] = list(REQUIRED[name])
    definitions["PieceModel"]["oneOf"] = [{"required": ["when", "value"]}, {"required": ["otherwise"]}]
    definitions["PieceModel"]["dependentRequired"] = {"when": ["value"], "value": ["when"]}
    for name in ("DistributionModel", "RegularizerModel"):
        definitions[name]["minProperties"] = 1
    definitions["DistributionModel"]["maxProperties"] = 1
    definitions["PointModel"]["patternProperties"] = {
        "^(y|d[A-Za-z].*)$": definitions["PointModel"].pop("additionalProperties")
    }
    definitions["PointModel"]["additionalProperties"] = False
    definitions["PointModel"]["minProperties"] = 2
    definitions["ReferenceModel"]["minProperties"] = 1
    for name in ("OneOutputModel", "OutputsModel"):
        properties = definitions[name]["properties"]
        properties["inputs"] |= {"minItems": 1, "uniqueItems": True}
        for section in {"parameters", "let", "outputs"} & properties.keys():
            properties[section]["propertyNames"] = DECLARED
    definitions["OutputsModel"]["properties"]["outputs"]["propertyNames"] = {
        "allOf": [DECLARED, {"not": {"const": "domain"}}]
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "actgen spec, format 1",
        "description": "One activation function: its formula, its parameters, and what is claimed of it.",
        "if": {"type": "object", "required": ["outputs"]},
        "then": {"$ref": "#/$defs/OutputsModel"},
        "else": {"$ref": "#/$defs/OneOutputModel"},
        "$defs": definitions,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _tidy(part: Any) -> Any:
    """Without what pydantic adds and a spec does not allow: nulls, defaults and generated titles."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    options = [option for option in part.get("anyOf", ()) if option != {"type": "null"}]
    kept = {key: _tidy(value) for key, value in part.items() if key != "anyOf" and not _is_noise(key, value)}
    if len(options) == 1:
        return {**_tidy(options[0]), **kept}
    return {**kept, "anyOf": _tidy(options)} if options else kept


def _is_noise(key: str, value: Any) -> bool:
    return (key == "default" and value is None) or (key == "title" and isinstance(value, str))
