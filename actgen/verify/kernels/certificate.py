"""`certificate.json`: what was measured of a kernel, bound to all that it depends on; the same on every machine."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from actgen.activation import Activation
from actgen.formats import FORMATS
from actgen.native.runtime.library import RUNTIME
from actgen.verify.exhaustive.whole import nominal
from actgen.verify.histogram import HISTOGRAM
from actgen.verify.inputs import EVERY, SWEEP
from actgen.verify.kernels.standard import PROMISE
from actgen.verify.oracle import Oracle
from actgen.verify.parameters import parameter_sets
from actgen.verify.report import Cell, Excused, Level, name_of

METHOD = 2
"""Changes with what is measured and how."""

NOT_RUN = "NOT RUN"
_DRAWS = 16
_KINDS = ("nan", "infinite", "finite", "zeroed", "sign")
_INPUTS = {EVERY: "all 2^32", SWEEP: "sweep", "every bfloat16": "all 65536", "every float16": "all 65536"}

Section: TypeAlias = "dict[str, Any]"
"""A part of the certificate: a status, and the results, or the reason why there are none."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What the figures depend on, as SHA-256 in hex.

    Attributes:
        kernel: of the element header.
        code: of the same without its comments: what is kept when these change.
        math: of the math headers.
        drivers: of the formats and the drivers.
        parameters: of every set of parameters, by format.
        nominal: of the nominal ones in float32, at which all of float32 is gone through.
    """

    kernel: str
    code: str
    math: str
    drivers: str
    parameters: str
    nominal: str


def bound(activation: Activation, header: str) -> Bound:
    """What a certificate of this kernel is bound to."""
    oracle = Oracle(activation)
    sets = {dtype: parameter_sets(activation, oracle, dtype, _DRAWS) for dtype in FORMATS}
    return Bound(
        kernel=_sha256(header),
        code=_sha256("\n".join(line for line in header.splitlines() if not line.lstrip().startswith("//"))),
        math=_sha256(_texts("math/*.h")),
        drivers=_sha256(_texts("*.h")),
        parameters=_sha256(_compact(sets)),
        nominal=_sha256(_compact(nominal(activation))),
    )


def text(name: str, to: Bound, measured: Section, exhaustive: Section) -> str:
    """The whole text; a line for each result."""
    content = {
        "activation": name,
        "method": METHOD,
        "sha256": asdict(to),
        "promise_ulp": {p: f"{v:g}, derivatives {d:g}" for p, (v, d) in PROMISE.items()},
        "histogram_up_to_ulp": [*HISTOGRAM, "more"],
        "measured": measured,
        "exhaustive": exhaustive,
        "seal": _seal(measured, exhaustive),
    }
    results = {f'"@{k}@{i}"': row for k in ("measured", "exhaustive") for i, row in enumerate(_rows(content[k]))}
    shortened = {**content, **{k: _placed(content[k], k) for k in ("measured", "exhaustive")}}
    found = json.dumps(shortened, indent=1, ensure_ascii=False)
    for mark, row in results.items():
        found = found.replace(mark, json.dumps(row, ensure_ascii=False), 1)
    return found + "\n"


def kept(earlier: str | None, to: Bound) -> tuple[Section | None, Section | None]:
    """What of an earlier certificate still holds: what was measured, and at all floats; None for what does not."""
    try:
        content = json.loads(earlier or "")
        was, measured, exhaustive = content["sha256"], content["measured"], content["exhaustive"]
        if content["method"] != METHOD or content["seal"] != _seal(measured, exhaustive):
            return None, None
        same = {name for name, value in asdict(to).items() if was[name] == value}
    except (ValueError, KeyError, TypeError):
        return None, None
    is_whole = {"code", "math", "nominal"} <= same
    holds = is_whole and {"drivers", "parameters"} <= same
    return measured if holds else None, exhaustive if is_whole else None


def not_run(reason: str) -> Section:
    """A part that was not measured, which is no pass."""
    return {"status": NOT_RUN, "reason": reason}


def was_run(section: Section | None) -> bool:
    """Whether there is a part, with results."""
    return section is not None and section.get("status") != NOT_RUN


def results(cells: Iterable[Cell], total: int | None = None) -> Section:
    """A part with results: PASSED, or FAILED if one is wrong.

    Args:
        cells: the figures.
        total: how many points each result has; what was not compared of them is said.
    """
    held = tuple(cells)
    status = "FAILED" if any(c.level is Level.WRONG for c in held) else "PASSED"
    return {"status": status, "results": [_row(c, total) for c in held]}


def _row(cell: Cell, total: int | None) -> dict[str, Any]:
    precision = "exact" if cell.runner == "kernel[exact]" else cell.dtype
    left = 0 if total is None else total - cell.points
    return {
        "of": name_of(cell.output, cell.wrt),
        "format": precision,
        "inputs": _INPUTS.get(cell.dataset, "sample" if cell.dataset == cell.dtype else "at other parameters"),
        "points": cell.points,
        **({"not_compared": left} if left else {}),
        "level": cell.level.value,
        "worst_ulp": _plain(float(f"{cell.worst:.4g}")),
        "where": {name: _plain(value) for name, value in cell.where.items()},
        **{kind: getattr(cell, kind) for kind in _KINDS},
        "histogram": list(cell.histogram),
        **({"edge": _apart(cell.edge)} if cell.edge else {}),
        **({"not_held": [_apart(e) for e in cell.excused]} if cell.excused else {}),
    }


def _apart(excused: Excused) -> dict[str, Any]:
    return {
        "reason": excused.reason,
        "points": excused.points,
        "worst_ulp": _plain(float(f"{excused.ulps:.4g}")),
        "where": {name: _plain(value) for name, value in excused.where.items()},
    }


def _rows(section: Section) -> list[dict[str, Any]]:
    return section.get("results", [])


def _placed(section: Section, name: str) -> Section:
    marks = [f"@{name}@{i}" for i in range(len(_rows(section)))]
    return {**section, "results": marks} if marks else section


def _seal(*parts: Section) -> str:
    """Of the figures, so that an altered one is not kept."""
    return _sha256(_compact(parts))


def _texts(pattern: str) -> str:
    paths = sorted(RUNTIME.glob(pattern))
    return "".join(f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in paths)


def _compact(content: object) -> str:
    return json.dumps(content, sort_keys=True)


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
