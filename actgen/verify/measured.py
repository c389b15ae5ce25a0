"""A whole verification as JSON: figures of this machine, not to be committed."""

from __future__ import annotations

import json
import math
import platform
from pathlib import Path
from typing import Any

import actgen
from actgen.verify.histogram import HISTOGRAM
from actgen.verify.inputs import EVERY, SWEEP
from actgen.verify.report import Agreement, Cell, Excused, FrameworkResult, Peer, Report, name_of

_INPUTS = {
    EVERY: "all 2^32",
    SWEEP: "sweep",
    "every bfloat16": "all 65536",
    "every float16": "all 65536",
}
_BELOW = (*(f"to {edge:g} ulp" for edge in HISTOGRAM), "more")


def machine() -> dict[str, str]:
    """What figures depend on beside the frameworks."""
    return {
        "actgen": actgen.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu": _cpu(),
    }


def _cpu() -> str:
    """The processor's model, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or "unknown"


def text(report: Report) -> str:
    """The text of `measured.json`."""
    content = {
        "activation": report.activation,
        **machine(),
        "frameworks": {f.name: _framework(f) for f in report.frameworks},
        **({"peers": [_peer(p) for p in report.peers]} if report.peers else {}),
        "agreement": [_agreement(a) for a in report.agreements],
        "claims": [
            {"output": c.output, "claim": c.claim, "status": c.status.value, "detail": c.detail} for c in report.claims
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _peer(peer: Peer) -> dict[str, Any]:
    status = "MEASURED" if peer.cells else "NOT RUN"
    return {
        "runner": peer.runner,
        "form": peer.form,
        "function": peer.name,
        "status": status,
        "reason": peer.reason,
        "versions": dict(peer.versions or {}),
        "cells": [_cell(c) for c in peer.cells],
    }


def _framework(result: FrameworkResult) -> dict[str, Any]:
    return {
        "status": result.status.value,
        "reason": result.reason,
        "versions": dict(result.versions or {}),
        "gradient_checks": {name: text or "passed" for name, text in (result.checks or {}).items()},
        "cells": [_cell(c) for c in result.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    counts = {kind: getattr(cell, kind) for kind in ("nan", "infinite", "finite", "zeroed", "sign")}
    return {
        "runner": cell.runner,
        "of": name_of(cell.output, cell.wrt),
        "dtype": cell.dtype,
        "points": f"{cell.points} ({cell.dataset})",
        "inputs": _INPUTS.get(cell.dataset, "sample"),
        "mode": cell.mode,
        "profile": cell.profile,
        "level": cell.level.value,
        "worst_ulp": _plain(float(f"{cell.worst:.4g}")),
        "where": {name: _plain(value) for name, value in cell.where.items()},
        **{kind: count for kind, count in counts.items() if count},
        **({"histogram": dict(zip(_BELOW, cell.histogram, strict=True))} if cell.histogram else {}),
        **({"edge": _apart(cell.edge)} if cell.edge else {}),
        **({"not_held": [_apart(e) for e in cell.excused]} if cell.excused else {}),
    }


def _apart(excused: Excused) -> dict[str, Any]:
    return {
        "reason": excused.reason,
        "points": excused.points,
        "worst_ulp": _plain(float(f"{excused.ulps:.4g}")),
        "where": {name: _plain(value) for name, value in excused.where.items()},
        "got": _plain(excused.got),
        "exact": _plain(excused.truth),
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "between": [agreement.first, agreement.second],
        "of": name_of(agreement.output, agreement.wrt),
        "relative": _plain(float(f"{agreement.relative:.3g}")),
        "where": {name: _plain(value) for name, value in agreement.where.items()},
    }


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
