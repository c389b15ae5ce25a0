"""Whether a folder is known to hold what a build would write, without running the build.

A record lies in `.actgen/`, which is never committed: it says what this machine built and verified. A folder whose
record is missing or does not fit is built again.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import actgen
from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.emit.compare import intact
from actgen.emit.manifest import MANIFEST, SpecVersion, read_manifest, sha256
from actgen.emit.workspace import Workspace
from actgen.native.runtime.compiler import find_compiler
from actgen.resources import source_files
from actgen.verify.programs import program_versions
from actgen.whole_file import replace_text

_TEXT = ("anyascii", "jinja2", "markdown-it-py", "mdit-py-plugins", "pydantic", "ruamel.yaml")
_LIBRARIES = (*_TEXT, "matplotlib", "mpmath", "numpy", "python-flint", "sympy")
MEASURED = "measured.json"
"""The figures of a verification, in an activation's folder."""
_FRAMEWORKS = ("torch", "keras", "tensorflow", "tensorflow-cpu", "jax", "jaxlib", "flax", "numpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one build of one spec left, and how it was verified.

    Attributes:
        spec: the spec's base name, which the generated headers mention, and the hash of its bytes.
        actgen: fingerprint of the actgen that built it.
        targets: the targets asked for; None for all.
        composite: what the files compute float32 in.
        name, class_name: the activation's.
        manifest: SHA-256 of the folder's manifest.
        verified: framework to status; None where the build did not verify.
        frameworks: `verifiers` at that time.
        warnings: findings to repeat, for they still hold.
    """

    spec: SpecVersion
    actgen: str
    targets: tuple[str, ...] | None
    name: str
    class_name: str
    manifest: str
    verified: Mapping[str, str] | None
    frameworks: Mapping[str, str]
    warnings: tuple[Diagnostic, ...] = field(default=())
    composite: str = "float64"


def save(workspace: Workspace, record: Record) -> None:
    """Writes the record. The caller holds the lock."""
    content = asdict(record)
    content["warnings"] = [
        {**asdict(w), "severity": w.severity.value, "span": asdict(w.span) if w.span else None} for w in record.warnings
    ]
    replace_text(_path(workspace, record.name), json.dumps(content, indent=2, sort_keys=True) + "\n")


def forget(workspace: Workspace, name: str) -> None:
    """Drops the record of an activation, so that the next build looks again. The caller holds the lock."""
    _path(workspace, name).unlink(missing_ok=True)


def records(workspace: Workspace) -> dict[SpecVersion, Record]:
    """Every readable record, by its spec."""
    found = (_load(path) for path in sorted(workspace.folder.glob("built-*.json")))
    return {r.spec: r for r in found if r}


def is_fresh(
    record: Record,
    out: Path,
    *,
    targets: Sequence[str] | None,
    verify: bool,
    require: Iterable[str],
    composite: str = "float64",
) -> bool:
    """Whether a build with these options would change nothing and learn nothing new."""
    if record.actgen != fingerprint() or record.targets != (None if targets is None else tuple(targets)):
        return False
    if record.composite != composite:
        return False
    if verify and not is_verified(record, require):
        return False
    folder = out / record.name
    manifest = read_manifest(folder)
    return (
        manifest is not None
        and sha256((folder / MANIFEST).read_bytes()) == record.manifest
        and intact(folder, manifest)
    )


def spec_version(path: Path) -> SpecVersion | None:
    """What the spec is now, which is the key of its record; None if the file cannot be read."""
    try:
        return SpecVersion(path.name, sha256(path.read_bytes()))
    except OSError:
        return None


@cache
def fingerprint() -> str:
    """A hash of everything that shapes the output beside the spec: actgen's sources and templates, and libraries."""
    digest = hashlib.sha256()
    for path in source_files():
        digest.update(f"{path.name}:{sha256(path.read_bytes())}\n".encode())
    python = ".".join(platform.python_version_tuple()[:2])
    digest.update(json.dumps([actgen.__version__, python, versions(_LIBRARIES)], sort_keys=True).encode())
    return digest.hexdigest()


def framework_versions() -> dict[str, str]:
    """The installed frameworks and their versions, without importing them; programs too that run files."""
    return {**versions(_FRAMEWORKS), **program_versions()}


def verifiers() -> dict[str, str]:
    """The frameworks' versions, and whether there is a C++ compiler: what a build verifies with."""
    return {**framework_versions(), **({"compiler": "there"} if find_compiler() else {})}


def versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of those distributions that are installed."""
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def is_verified(record: Record, require: Iterable[str]) -> bool:
    """Whether the files were verified by what is installed now, and by each framework that must be there."""
    if record.verified is None or record.frameworks != verifiers():
        return False
    return all(record.verified.get(name, "NOT RUN") != "NOT RUN" for name in require)


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.folder / f"built-{name}.json"


def _load(path: Path) -> Record | None:
    try:
        content = json.loads(path.read_bytes())
        content["spec"] = SpecVersion(**content["spec"])
        content["warnings"] = tuple(_diagnostic(w) for w in content["warnings"])
        content["targets"] = None if content["targets"] is None else tuple(content["targets"])
        return Record(**content)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _diagnostic(content: dict[str, object]) -> Diagnostic:
    span = content["span"]
    return Diagnostic(
        str(content["code"]),
        str(content["message"]),
        Span(**span) if isinstance(span, dict) else None,
        None if content["help"] is None else str(content["help"]),
        Severity(content["severity"]),
    )
