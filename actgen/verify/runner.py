"""What the framework processes share: reading a request, walking through its datasets, writing the results.

A runner is started as `python -m actgen.verify.run_torch REQUEST.json`. It loads the generated file by its path,
measures it, and writes arrays beside a report; the parent judges them. A crash is the process's own: its traceback on
standard error is what the parent reports.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from actgen.verify.exhaustive.serving import serve
from actgen.verify.peers import child
from actgen.verify.subject import Framework, Subject, Tensorial

_BLOCK = 1 << 18  # points at once: what a long program leaves on the way must fit into memory


def run(framework: Framework) -> int:
    """Does what the request named on the command line asks for."""
    request_path = Path(sys.argv[1])
    request = json.loads(request_path.read_text(encoding="utf-8"))
    faulthandler.dump_traceback_later(request["limit_s"], exit=True)
    _place(framework, request["device"])
    with np.load(request_path.with_suffix(".npz")) as stored:
        tables = dict(stored)
    if request.get("exhaustive") is not None:
        _serve(framework, request)
    elif request["module"] is not None:
        _ours(framework, request, tables)
    if request["peers"] is not None:
        assert isinstance(framework, Tensorial), "only these are asked for peers"
        _peers(framework, request, tables)
    return 0


def _subject(framework: Framework, request: Mapping[str, Any]) -> Subject:
    loaded = framework.load(Path(request["module"]))
    return Subject(loaded, request["function"], request["inputs"], request["parameters"], request["single"])


def _serve(framework: Framework, request: Mapping[str, Any]) -> None:
    subject = _subject(framework, request)
    measures = {
        m: lambda table, run=framework.modes[m]: run(subject, table, "float32") for m in ("function", "partials")
    }
    serve(request, measures)


def _ours(framework: Framework, request: Mapping[str, Any], tables: Mapping[str, np.ndarray]) -> None:
    """Our file's results are left before anything else runs."""
    subject = _subject(framework, request)
    results: dict[str, Any] = {
        f"{dataset['name']}/{mode}": _measured(framework, subject, tables, dataset, mode)
        for dataset in request["datasets"]
        for mode in dataset["modes"]
    }
    smooth = tables["smooth"]
    checks = framework.gradients_agree(subject, smooth, request["thorough"]) if smooth.shape[1] else {}
    np.savez(Path(request["result"]), allow_pickle=False, **results)
    report = {"versions": dict(framework.versions()), "checks": dict(checks)}
    Path(request["report"]).write_text(json.dumps(report), encoding="utf-8")


def _peers(framework: Tensorial, request: Mapping[str, Any], tables: Mapping[str, np.ndarray]) -> None:
    arrays, failures = child.measured(framework, request["framework"], request["peers"], tables)
    np.savez(Path(request["peer result"]), allow_pickle=False, **arrays)
    report = {"versions": dict(framework.versions()), "failures": failures}
    Path(request["peer report"]).write_text(json.dumps(report), encoding="utf-8")


def _measured(
    framework: Framework, subject: Subject, tables: Mapping[str, np.ndarray], dataset: Mapping[str, Any], mode: str
) -> np.ndarray:
    """One mode's results, block by block; the narrower formats fit float32, which halves what is written.

    The blocks are of one size, for what is compiled for it; the last one overlaps the one before.
    """
    table = tables[dataset["name"]]
    measure, size = framework.modes[mode], table.shape[1]
    starts = [min(start, max(size - _BLOCK, 0)) for start in range(0, max(size, 1), _BLOCK)]
    parts = [measure(subject, table[:, s : s + _BLOCK], dataset["dtype"]) for s in starts]
    parts[-1] = parts[-1][..., parts[-1].shape[-1] - (size - _BLOCK * (len(starts) - 1)) :]
    found = np.concatenate(parts, axis=-1)
    return found if dataset["dtype"] == "float64" or mode == "autograd" else found.astype(np.float32)


def _place(framework: Framework, device: str) -> None:
    try:
        framework.place(device)
    except (RuntimeError, AssertionError) as error:  # what a framework raises that has no such device
        sys.exit(f"no device {device}: {error}")


def python_module(path: Path) -> ModuleType:
    """A generated Python module, imported by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def shaped(row: np.ndarray, is_input: bool) -> np.ndarray:
    """An input as one row of many channels; a parameter as one value for each of them."""
    return row.reshape(1, -1) if is_input else row
