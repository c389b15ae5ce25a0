"""The named cases: the public function, its partials and the framework's own gradient, against exact values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from frameworks import BACKEND, compiled, dtype, gradients, load, numpy, tensor

sys.path.append(str(Path(__file__).parents[3]))
from catalogue_folders import GENERATED
from named_cases import CASES, LENGTH, NAMED, Results, complaint, elementwise, nan_complaint


def emitted(name: str) -> ModuleType:
    return load(GENERATED / name / f"{name}_keras.py")


@cache
def computed(name: str) -> Callable[..., tuple[Any, list[Any], tuple[Any, ...]]]:
    """Of an activation of one output: the value, the framework's gradient, and the partials.

    JAX compiles it as a whole, which takes less time than operation by operation.
    """
    module = emitted(name)
    options = {"channel_dim": 0} if "channel_dim" in module.partials.__annotations__ else {}

    def function(*given: Any) -> Any:
        return getattr(module, name)(*given, **options)

    def everything(*given: Any) -> tuple[Any, list[Any], tuple[Any, ...]]:
        return function(*given), gradients(function, *given), module.partials(*given, **options)

    return compiled(everything) if BACKEND == "jax" else everything


def results(name: str, arguments: Mapping[str, np.ndarray], kind: str) -> dict[str, Results]:
    """What is computed of arguments with a value for each element."""
    y, slopes, partials = computed(name)(*(tensor(values, kind) for values in arguments.values()))
    assert {dtype(t) for t in (y, *slopes, *partials)} == {kind}
    return {"gradient": {"y": numpy(y), **by_name(arguments, slopes)}, "partials": by_name(arguments, partials)}


def by_name(names: Iterable[str], tensors: Iterable[Any]) -> Results:
    return {name: numpy(t) for name, t in zip(names, tensors, strict=True)}


def complaints(kind: str) -> list[str]:
    """Of all cases; those of one activation are computed in one tensor, for it is the calls that take time."""
    found: list[str] = []
    for name in sorted({case.activation for case in CASES}):
        cases = [case for case in CASES if case.activation == name]
        parts = [elementwise(case.point(kind)) for case in cases]
        together = results(name, {n: np.concatenate([part[n] for part in parts]) for n in parts[0]}, kind)
        for index, case in enumerate(cases):
            own = slice(index * LENGTH, (index + 1) * LENGTH)
            some = {way: {of: values[own] for of, values in each.items()} for way, each in together.items()}
            found.append(complaint(case, kind, some, flushes=BACKEND != "torch"))
    return [text for text in found if text]


def check_named_cases_in_float32() -> None:
    assert not complaints("float32")


def check_named_cases_in_bfloat16() -> None:
    assert not complaints("bfloat16")


def check_named_cases_in_float16() -> None:
    assert not complaints("float16")


def check_nan_in_nan_out() -> None:
    for name in NAMED:
        found = nan_complaint(getattr(emitted(name), name), lambda a, name=name: results(name, a, "float32"))
        assert not found, f"{name}: {found}"
