"""`verify --report`: a whole measurement of several specs as one file, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from actgen.pipeline.checking import CheckResult
from actgen.verify.kinds import EDGE, WORDS
from actgen.whole_file import replace_text

_NOT_RUN = "NOT RUN"
_COLUMNS = ("framework", "function", "format", "mode", "points", "of", "worst, ulp", "where", "wrong kinds")


def write_report(path: Path, results: Sequence[CheckResult]) -> None:
    """Writes the measurement; Markdown if the name ends in .md. What stood there is replaced only by a whole file.

    Raises:
        OSError: if it cannot be written.
    """
    content = report(results)
    text = markdown(content) if path.suffix == ".md" else json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    replace_text(path, text)


def report(results: Sequence[CheckResult]) -> dict[str, Any]:
    """The measurement as JSON: the machine, and each spec with its findings and figures."""
    from actgen.backends.base import backend_names
    from actgen.rendering import as_json
    from actgen.verify.measured import machine

    specs = [
        {
            "spec": str(result.spec),
            "status": "PASSED" if result.ok and result.measured else "FAILED" if result.measured else _NOT_RUN,
            "findings": as_json(result.diagnostics),
            **_measured(result, backend_names()),
        }
        for result in results
    ]
    return {"report": 1, **machine(), "specs": specs}


def _measured(result: CheckResult, names: Sequence[str]) -> Mapping[str, Any]:
    """The figures; a framework that was not asked for, or has no file, is among them as NOT RUN."""
    found: dict[str, Any] = json.loads(result.measured) if result.measured else {"frameworks": {}}
    absent = {n: {"status": _NOT_RUN, "reason": "not verified"} for n in names if n not in found["frameworks"]}
    known = ("activation", "frameworks", "peers", "agreement", "claims")
    found["frameworks"] |= absent
    return {key: found[key] for key in known if key in found}


def markdown(content: Mapping[str, Any]) -> str:
    """The same for people: what ran, and every figure."""
    lines = ["# What `actgen verify` measured", ""]
    lines += [f"actgen {content['actgen']}, Python {content['python']}, {content['platform']}, {content['cpu']}.", ""]
    for spec in content["specs"]:
        lines += [f"## {_cell(spec.get('activation', spec['spec']))}: {spec['status']}", ""]
        lines += [f"- {_cell(line)}" for line in _status(spec)] + [""]
        if rows := list(_rows(spec)):
            lines += [_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows), ""]
    return "\n".join(lines)


def _status(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, framework in spec["frameworks"].items():
        yield ": ".join(filter(None, (f"{name} {framework['status']}", _versions(framework), framework["reason"])))
    for peer in spec.get("peers", ()):
        if peer["reason"] or not peer["cells"]:
            yield f"{peer['runner']} {peer['form']} {peer['status']}: {peer['reason']}"
    for claim in spec.get("claims", ()):
        yield f"{claim['output']}, {claim['claim']}: {claim['status']} {claim['detail']}".strip()
    for finding in spec["findings"]:
        yield f"{finding['severity']} {finding['code']}: {finding['message']}"


def _versions(framework: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in framework.get("versions", {}).items())


def _rows(spec: Mapping[str, Any]) -> Iterator[list[str]]:
    ours = [("actgen", cell) for framework in spec["frameworks"].values() for cell in framework.get("cells", ())]
    theirs = [(peer["function"], cell) for peer in spec.get("peers", ()) for cell in peer["cells"]]
    for function, cell in (*ours, *theirs):
        where = ", ".join(f"{name} = {_short(value)}" for name, value in cell["where"].items())
        wrong = ", ".join(_wrong(cell))
        head = [cell["runner"], function, cell["dtype"], cell["mode"], cell["points"]]
        yield [*head, cell["of"], f"{cell['worst_ulp']}", where, wrong]


def _wrong(cell: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{word} {cell[kind]}" for kind, word in WORDS.items() if kind in cell)
    if "edge" in cell:
        yield f"{EDGE} {cell['edge']['points']}"


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
