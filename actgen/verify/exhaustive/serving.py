"""The child's side: measures one chunk after the other, until its standard input ends."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.format import open_memmap

from actgen.formats import Array
from actgen.verify.exhaustive.chunks import Chunk

_BLOCK = 1 << 18  # points at once, as in `runner`

Measure: TypeAlias = Callable[[Array], Array]
"""One mode's results for a table of a row for the input and one for each parameter; points come last."""


def serve(request: Mapping[str, Any], measures: Mapping[str, Measure]) -> None:
    """Answers each line of standard input, an order for a chunk, with a line on standard output.

    An order names a folder for the arrays, one a mode; the answer comes when they are whole. Whatever else is printed
    goes to standard error.

    Args:
        request: see `runner.run`; `exhaustive` has the values of the parameters.
        measures: by mode.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        faulthandler.dump_traceback_later(request["limit_s"], exit=True)
        order = json.loads(line)
        _write(Chunk(**order["chunk"]), request["exhaustive"], measures, Path(order["folder"]))
        faulthandler.cancel_dump_traceback_later()
        print("done", file=answers, flush=True)


def _write(chunk: Chunk, parameters: list[float], measures: Mapping[str, Measure], folder: Path) -> None:
    """Block by block, so that no more of the chunk than its results in float32 is ever there at once."""
    files: dict[str, np.memmap[Any, Any]] = {}
    for block, part in chunk.blocks(_BLOCK):
        inputs = block.inputs()
        table = np.stack([inputs, *(np.full_like(inputs, value) for value in parameters)])
        for mode, measure in measures.items():
            found = measure(table)
            if mode not in files:
                shape = (*found.shape[:-1], chunk.size)
                files[mode] = open_memmap(folder / f"{mode}.npy", mode="w+", dtype=np.float32, shape=shape)
            files[mode][..., part] = found
