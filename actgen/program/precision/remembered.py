"""Searches that were done before, in the user's cache: a search takes seconds, and gives the same at every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from actgen.native.runtime.cache import Cache, key_of, user_cache
from actgen.program.precision.far import Far
from actgen.program.precision.levels import Level, Levels
from actgen.program.precision.search import Chosen, chosen_levels
from actgen.program.program import Node, Program, topological
from actgen.program.sampling import Samples
from actgen.resources import source_files


def remembered_levels(
    program: Program, points: Samples, further: Sequence[Mapping[str, float]] = (), kept: Cache | None = None
) -> Chosen:
    """What `chosen_levels` finds for a program at these points, from the cache if it was searched for before.

    It is kept under a name for the program, the points and all of actgen's own source.
    """
    nodes = tuple(topological(program.roots()))
    text = (kept or user_cache()).text(
        _key(program, nodes, points, further),
        lambda: _written(chosen_levels(program, points, further=further), nodes),
    )
    return _read(text, nodes)


def _key(program: Program, nodes: Sequence[Node], points: Samples, further: Sequence[Mapping[str, float]]) -> str:
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


def _written(chosen: Chosen, nodes: Sequence[Node]) -> str:
    places = {current: place for place, current in enumerate(nodes)}

    def levels(held: Levels) -> dict[int, str]:
        return {places[n]: level.value for n, level in held.items()}

    far = {name: [places[n] for n in getattr(chosen.far, name)] for name in Far.__dataclass_fields__}
    return json.dumps({"forward": levels(chosen.forward), "partials": levels(chosen.partials), "far": far})


def _read(text: str, nodes: Sequence[Node]) -> Chosen:
    content: dict[str, Any] = json.loads(text)

    def levels(held: dict[str, str]) -> Levels:
        return {nodes[int(place)]: Level(value) for place, value in held.items()}

    far = Far(**{name: tuple(nodes[place] for place in places) for name, places in content["far"].items()})
    return Chosen(levels(content["forward"]), levels(content["partials"]), far)
