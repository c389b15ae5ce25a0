"""Goes through all of float32 with one runner: measures, judges, keeps what was found, and goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from actgen.activation import Activation
from actgen.verify.exhaustive.blocks import Blocks, near
from actgen.verify.exhaustive.chunks import Division
from actgen.verify.exhaustive.merging import merged
from actgen.verify.exhaustive.server import ServerError, measuring
from actgen.verify.exhaustive.state import load, save
from actgen.verify.frameworks import Runner
from actgen.verify.grids import places_of
from actgen.verify.judging import Judge
from actgen.verify.patterns import to_format
from actgen.verify.report import Cell

MODES = ("function", "partials")
OnPart = Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True)
class Whole:
    """The wish to go through all numbers of float32.

    Attributes:
        frameworks: with which.
        folder: where states are kept; it is there.
        key: changes with whatever could change a result, beside the file that is measured, the runner and the device.
        on_part: called with the activation, the runner, and how many chunks of how many are done.
        division: what is gone through.
        limit_s: seconds that a process may take for a chunk.
    """

    frameworks: tuple[str, ...]
    folder: Path
    key: str
    on_part: OnPart = lambda name, runner, done, total: None
    division: Division = field(default_factory=Division)
    limit_s: float = 600.0

    def fits(self, activation: Activation) -> bool:
        """Whether that can be done: of two inputs there are 2^64 pairs."""
        return len(activation.inputs) == 1

    def state_file(self, activation: Activation, runner: Runner) -> Path:
        """Where it is kept how far a run has come."""
        return self.folder / f"{activation.name}-{runner.label.replace('[', '-').rstrip(']')}.json"

    def key_of(self, runner: Runner, request: Mapping[str, Any]) -> str:
        """The key of one runner's state."""
        module = hashlib.sha256(Path(request["module"]).read_bytes()).hexdigest()
        parts = [self.key, module, runner.label, request["device"], request["exhaustive"], asdict(self.division)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Gone:
    """What was found on the way of so many inputs, and why it ended early, if it did."""

    cells: tuple[Cell, ...] = ()
    size: int = 0
    failure: str | None = None

    def undecided(self) -> dict[tuple[str, str | None], int]:
        """How many points were not compared, by result, where there are any."""
        whole = self.cells if self.failure is None else ()
        return {(c.output, c.wrt): self.size - c.points for c in whole if c.points != self.size}


def nominal(activation: Activation) -> dict[str, float]:
    """The parameters' nominal values in float32."""
    return {n: float(to_format(np.array(v), "float32")) for n, v in activation.nominal().items()}


def blocks_of(judge: Judge, breakpoints: Mapping[str, Sequence[float]], size: int) -> Blocks:
    """What results are held against, block by block.

    Args:
        judge: of the activation; it has a screen.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        size: ordinals of a block.
    """
    activation, screen = judge.activation, judge.truths.screen
    assert screen is not None
    moving = activation.inputs[0].name
    places = places_of(activation, breakpoints.get(moving, ()), screen, moving)
    oracle = judge.truths.oracle
    return Blocks(activation, oracle, screen, nominal(activation), near(places), judge.composite, size)


def gone_through(whole: Whole, runner: Runner, request: Mapping[str, Any], blocks: Blocks) -> Gone:
    """Measures and judges what an earlier run has not; after each chunk the state is kept.

    Args:
        whole: how.
        runner: with what.
        request: see `runner.run`.
        blocks: what results are held against.

    Raises:
        OSError: if the state cannot be kept.
    """
    name, path = blocks.activation.name, whole.state_file(blocks.activation, runner)
    request = {**request, "exhaustive": list(blocks.parameters.values())}
    state, chunks = load(path, whole.key_of(runner, request)), whole.division.chunks()
    whole.on_part(name, runner.label, state.done, len(chunks))
    if state.done == len(chunks):
        return Gone(state.cells, whole.division.size)
    try:
        with measuring(runner, request, MODES, chunks[state.done :], whole.limit_s) as results:
            last = time.monotonic()
            for chunk, measured in results:
                cells = merged((*state.cells, *blocks.cells(runner, chunk, measured)))
                now = time.monotonic()
                state = replace(state, done=state.done + 1, seconds=state.seconds + now - last, cells=cells)
                save(path, state)
                last = now
                whole.on_part(name, runner.label, state.done, len(chunks))
    except ServerError as error:
        return Gone(state.cells, whole.division.size, str(error))
    return Gone(state.cells, whole.division.size)
