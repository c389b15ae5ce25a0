"""What figures depend on beside the code: the machine, and what runs on it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from hashlib import sha256

from bits import gpu, processor

from actgen.native.runtime.compiler import find_compiler
from performance.generated import GENERATED, ROOT

_VECTORS = ("avx512f", "avx512vl", "avx512bw", "avx512_fp16", "amx_tile", "avx2", "fma", "asimd", "sve")


def facts(device: str) -> dict[str, str]:
    """By title."""
    cpu = processor()
    flags = (cpu.get("flags") or cpu.get("Features") or "").split()
    compiler = find_compiler()
    found = {
        **moment(),
        "CPU": cpu.get("model name") or platform.processor() or "unknown",
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "vector units": " ".join(flag for flag in _VECTORS if flag in flags) or "unknown",
        "load before": load(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": platform.python_version(),
        "compiler": compiler.version.splitlines()[0] if compiler else "none",
    }
    return {**found, "GPU, driver": gpu() or "none"} if device == "cuda" else found


def moment() -> dict[str, str]:
    """When figures are taken, and of which sources."""
    return {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "commit": _commit()}


def load() -> str:
    """How many processes want to run, on the average of a minute: the others' before, mostly our own after."""
    return f"{os.getloadavg()[0]:.2f}"


def certificate(name: str) -> str:
    """What the certificate beside a kernel says of the very header that lies there."""
    folder = GENERATED / name
    try:
        found = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
        header = (folder / f"{name}_kernel.h").read_bytes()
    except OSError as error:
        return f"none: {error.strerror}"
    if found["sha256"]["kernel"] != sha256(header).hexdigest():
        return "that of another kernel"
    return "; ".join(f"{what}: {_status(found[key])}" for key, what in _PARTS.items())


_PARTS = {"measured": "samples and 16-bit formats", "exhaustive": "all 2^32 floats"}


def _status(section: dict[str, str]) -> str:
    reason = section.get("reason")
    return f"{section['status']} ({reason})" if reason else section["status"]


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    try:
        name = git("rev-parse", "--short", "HEAD")
        return f"{name or 'unknown'}{' with changes' if name and git('status', '--porcelain', '-uno') else ''}"
    except FileNotFoundError:
        return "unknown"
