"""Writes a spec's sources and nothing else: `python -m performance.sources_process SPEC FOLDER`.

That is every backend's file and the kernel's header: what `actgen build` writes without pages, plots and manifests.
"""

from __future__ import annotations

import sys
from pathlib import Path

from actgen.backends.base import KERNEL, backend, backend_names
from actgen.pipeline.stages import compile_spec


def main() -> None:
    """Does it."""
    spec, folder = map(Path, sys.argv[1:])
    unit = compile_spec(spec).unit
    if unit is None:
        raise SystemExit(f"{spec.name} has errors")
    folder.mkdir(parents=True)
    for name in (*backend_names(), KERNEL):
        for file, text in backend(name).files(unit).items():
            (folder / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
