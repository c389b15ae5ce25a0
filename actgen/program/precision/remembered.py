"""Searches that were done before, in the user's cache: a search takes seconds, and finds the same at every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from actgen.native.runtime.cache import Cache, key_of, user_cache
from actgen.program.precision.far import Far
from actgen.program.precision.forms import kernel_program
from actgen.program.precision.halves import Kernel, searched_kernel
from actgen.program.precision.levels import Level, Levels
from actgen.program.precision.search import Chosen
from actgen.program.program import Node, Program, topological
from actgen.program.sampling import Samples
from actgen.resources import source_files


def remembered_kernel(
    program: Program, points: Samples, further: Sequence[Mapping[str, float]] = (), kept: Cache | None = None
) -> Kernel:
    """What `searched_kernel` finds for a program at these points, from the cache if it was searched for before.

    It is kept under a name for the program, the points and all of actgen's own source.
    """
    text = (kept or user_cache()).text(
        _key(program, points, further), lambda: _written(searched_kernel(program, points, further))
    )
    return _read(text, program)


def _key(program: Program, points: Samples, further: Sequence[Mapping[str, float]]) -> str:
    nodes = tuple(topological(program.roots()))
    places = {current: place for place, current in enumerate(nodes)}
    listed = [f"{n.op} {n.payload} {[places[a] for a in n.args]}" for n in nodes]
    roots = [places[root] for root in program.roots()]
    data = hashlib.sha256()
    for name, column in points.columns.items():
        data.update(name.encode() + column.tobytes())
    looks = json.dumps([dict(parameters) for parameters in further])
    names = f"{program.inputs} {program.parameters} {roots}"
    return key_of("levels", _source(), *listed, names, data.hexdigest(), looks)


@cache
def _source() -> str:
    return key_of(*(path.read_text(encoding="utf-8") for path in source_files() if path.suffix == ".py"))


def _written(kernel: Kernel) -> str:
    places = {current: place for place, current in enumerate(topological(kernel.program.roots()))}

    def levels(held: Levels) -> dict[int, str]:
        return {places[n]: level.value for n, level in held.items()}

    chosen = kernel.levels
    far = {name: [places[n] for n in getattr(chosen.far, name)] for name in Far.__dataclass_fields__}
    held = {"forward": levels(chosen.forward), "partials": levels(chosen.partials), "far": far}
    return json.dumps({"halves": kernel.halves, **held})


def _read(text: str, program: Program) -> Kernel:
    content: dict[str, Any] = json.loads(text)
    found = kernel_program(program, halves=content["halves"])
    nodes: Sequence[Node] = tuple(topological(found.roots()))

    def levels(held: dict[str, str]) -> Levels:
        return {nodes[int(place)]: Level(value) for place, value in held.items()}

    far = Far(**{name: tuple(nodes[place] for place in places) for name, places in content["far"].items()})
    return Kernel(found, Chosen(levels(content["forward"]), levels(content["partials"]), far), content["halves"])
