"""Times the subjects in JAX: `python -m performance.jax_process REQUEST.json` prints a JSON object a line.

All candidates are under `jax.jit`; f+b is the value and its pullback of ones, as one program.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp

from actgen.bench.turns import Run, medians
from performance.generated import module
from performance.subjects import Subject, named

Function = Callable[..., jax.Array]
_WORDS = SimpleNamespace(
    exp=jnp.exp, sin=jnp.sin, tanh=jnp.tanh, log1p=jnp.log1p, where=jnp.where, erf=jax.scipy.special.erf
)


def main() -> None:
    """Does what the request says."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps({"jax": jax.__version__}), flush=True)
    for name in request["subjects"]:
        subject = named(name)
        for size in request["sizes"]:
            for row in timed(subject, size, request["seconds"]):
                shown = {"framework": "jax", "subject": name, "dtype": "float32", "size": size}
                print(json.dumps({**shown, **row}), flush=True)


def timed(subject: Subject, size: int, seconds: float) -> Iterator[dict[str, Any]]:
    """A row for each candidate."""
    x = jax.random.normal(jax.random.key(0), subject.shape(size))
    parameters = [jnp.full((subject.channels or 1,), value) for value in subject.parameters]
    functions = dict(candidates(subject))
    forward = medians({name: _run(jax.jit(f), x, *parameters) for name, f in functions.items()}, seconds)
    both = medians({name: _run(_both(f), x, *parameters) for name, f in functions.items()}, seconds)
    for name in functions:
        yield {"candidate": name, "elements": x.size, "forward_ms": forward[name], "both_ms": both[name]}


def candidates(subject: Subject) -> Iterator[tuple[str, Function]]:
    """What is timed, by name."""

    def naive(x: jax.Array, *parameters: jax.Array) -> jax.Array:
        held = parameters if subject.channels is None else [p.reshape(1, -1, 1) for p in parameters]
        return subject.naive(_WORDS, x, *held)

    yield "jit(naive)", naive
    if subject.native:
        function = getattr(jax.nn, subject.name)
        yield "jit(native)", functools.partial(function, approximate=False) if subject.name == "gelu" else function
    yield "jit(actgen)", getattr(module(subject.name, "jax"), subject.name)


def _both(function: Function) -> Function:
    def run(*arguments: jax.Array) -> Any:
        value, pullback = jax.vjp(function, *arguments)
        return value, pullback(jnp.ones_like(value))

    return jax.jit(run)


def _run(function: Function, *arguments: jax.Array) -> Run:
    return Run(lambda: jax.block_until_ready(function(*arguments)))


if __name__ == "__main__":
    main()
