"""Measures peers in a framework's process: after our own files, and whatever happens here is no fault of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from actgen.verify.peers.textbook import evaluated
from actgen.verify.subject import Subject, Tensorial


def measured(
    home: Tensorial, framework: str, request: Mapping[str, Any], tables: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Arrays by `form/dtype/mode`, and by form and dtype why some are missing.

    Args:
        home: the framework.
        framework: its name.
        request: what `comparing.Peers.request` made.
        tables: the points.
    """
    arrays: dict[str, np.ndarray] = {}
    failures: dict[str, str] = {}
    for form in request["forms"]:
        for task in request["tasks"]:
            label = f"{form}/{task['dtype']}"
            try:
                subject = _subject(home, framework, request, form, task["dtype"])
                for mode in task["modes"]:
                    arrays[f"{label}/{mode}"] = home.modes[mode](subject, tables[task["table"]], task["dtype"])
            except Exception as error:  # a peer that cannot do it says so in the report, and fails nothing
                failures[label] = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return arrays, failures


def _subject(home: Tensorial, framework: str, request: Mapping[str, Any], form: str, dtype: str) -> Subject:
    run = _textbook if form == "textbook" else _built_in
    names, single = SimpleNamespace(peer=run(home, framework, request, dtype)), request["single"]
    return Subject(names, "peer", len(request["names"]), 0, single)


def _textbook(home: Tensorial, framework: str, request: Mapping[str, Any], dtype: str) -> Callable[..., Any]:
    parameters, names = request["parameters"][dtype], request["names"]

    def run(*arguments: Any) -> Any:
        given = {**dict(zip(names, arguments, strict=True)), **parameters}
        found = evaluated(request["textbook"], given, framework, home.roots)
        return found[0] if request["single"] else found

    return run


def _built_in(home: Tensorial, framework: str, request: Mapping[str, Any], dtype: str) -> Callable[..., Any]:
    row, parameters = request["built-in"], request["parameters"][dtype]
    taken = {argument: parameters[name] for argument, name in row["takes"].items()}
    function = home.built_in(row["public"], {**row["options"], **taken}, dtype)
    return (lambda *pair: home.halves(function, pair)) if row["gate"] else function
