"""An activation as primitives of JAX: its value, how that changes linearly, and the transpose of the change.

`value_p` has a derivative, which is `change_p` at the same arguments: so reverse mode saves the arguments alone.
`pullback_p` is the transpose of `change_p`. Value and pullback run as kernels; the change, and derivatives of any of
them, are those of the composite. All take inputs of one shape and dtype, then parameters that broadcast with them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, batching

from .kernels import Kernels

Results = jax.Array | tuple[jax.Array, ...]  # one alone is no tuple


@dataclass(frozen=True, eq=False, slots=True)
class Activation:
    """What is computed.

    Attributes:
        kernels: compute it fused.
        inputs: how many arguments are inputs; the others are parameters.
        outputs: how many results there are.
        composite: computes it from the arguments with operations of JAX.
    """

    kernels: Kernels
    inputs: int
    outputs: int
    composite: Callable[..., Results]

    def along(self, arguments: Sequence[jax.Array], places: Sequence[int]) -> Callable[..., tuple[jax.Array, ...]]:
        """The composite as a function of some of its arguments."""

        def function(*moving: jax.Array) -> tuple[jax.Array, ...]:
            merged = list(arguments)
            for place, value in zip(places, moving, strict=True):
                merged[place] = value
            results = self.composite(*merged)
            return results if isinstance(results, tuple) else (results,)

        return function


def composite_value(*arguments: jax.Array, of: Activation, wide: bool) -> tuple[jax.Array, ...]:
    """The outputs. `wide` is for kernels."""
    del wide
    with jax.enable_x64(True):
        return of.along(arguments, ())()


def composite_change(*given: jax.Array, of: Activation, wide: bool, moving: tuple[bool, ...]) -> tuple[jax.Array, ...]:
    """The tangents of the outputs: of the arguments, then the tangents of those that move."""
    del wide
    arguments, tangents, places = given[: len(moving)], given[len(moving) :], _places(moving)
    with jax.enable_x64(True):
        return jax.jvp(of.along(arguments, places), [arguments[i] for i in places], list(tangents))[1]


def composite_pullback(
    *given: jax.Array, of: Activation, wide: bool, wanted: tuple[bool, ...]
) -> tuple[jax.Array, ...]:
    """The cotangents of the inputs, then of the wanted parameters: of those of the outputs, then the arguments."""
    del wide
    grads, arguments = given[: of.outputs], given[of.outputs :]
    places = _places((True,) * of.inputs + wanted)
    with jax.enable_x64(True):
        return jax.vjp(of.along(arguments, places), *(arguments[i] for i in places))[1](tuple(grads))


def _places(chosen: Sequence[bool]) -> list[int]:
    return [place for place, is_chosen in enumerate(chosen) if is_chosen]


def _primitive(name: str, composite: Callable[..., tuple[jax.Array, ...]]) -> Primitive:
    """A primitive of several results that is differentiated as its composite is."""
    made = Primitive(f"actgen_{name}")
    made.multiple_results = True

    def run(*arguments: jax.Array, **constants: Any) -> Sequence[jax.Array]:
        return _compiled(made, tuple(sorted(constants.items())))(*arguments)

    def jvp(primals: Sequence[jax.Array], tangents: Sequence[Any], **constants: Any) -> Any:
        places = [i for i, t in enumerate(tangents) if not isinstance(t, ad.Zero)]

        def function(*moving: jax.Array) -> tuple[jax.Array, ...]:
            merged = list(primals)
            for place, value in zip(places, moving, strict=True):
                merged[place] = value
            return composite(*merged, **constants)

        return jax.jvp(function, [primals[i] for i in places], [tangents[i] for i in places])

    made.def_impl(run)
    ad.primitive_jvps[made] = jvp
    return made


@functools.lru_cache(maxsize=1024)
def _compiled(primitive: Primitive, constants: tuple[tuple[str, Any], ...]) -> Callable[..., Sequence[jax.Array]]:
    return jax.jit(functools.partial(primitive.bind, **dict(constants)))


value_p = _primitive("value", composite_value)
change_p = _primitive("change", composite_change)
pullback_p = _primitive("pullback", composite_pullback)


def _strong(aval: Any) -> Any:
    return aval.update(weak_type=False)


@value_p.def_abstract_eval
def value_types(*arguments: Any, of: Activation, wide: bool) -> list[Any]:
    """An output is like an input."""
    del wide
    return [_strong(arguments[0])] * of.outputs


@change_p.def_abstract_eval
def _change_types(*given: Any, of: Activation, wide: bool, moving: tuple[bool, ...]) -> list[Any]:
    del wide, moving
    return [_strong(given[0])] * of.outputs


@pullback_p.def_abstract_eval
def pullback_types(*given: Any, of: Activation, wide: bool, wanted: tuple[bool, ...]) -> list[Any]:
    """A cotangent is like its argument."""
    del wide
    arguments = given[of.outputs :]
    return [_strong(arguments[i]) for i in _places((True,) * of.inputs + wanted)]


def _value_jvp(primals: Sequence[jax.Array], tangents: Sequence[Any], *, of: Activation, wide: bool) -> Any:
    moving = tuple(not isinstance(t, ad.Zero) for t in tangents)
    moved = [t for t, moves in zip(tangents, moving, strict=True) if moves]
    value = value_p.bind(*primals, of=of, wide=wide)
    return value, change_p.bind(*primals, *moved, of=of, wide=wide, moving=moving)


def _change_transpose(
    grads: Sequence[Any], *given: Any, of: Activation, wide: bool, moving: tuple[bool, ...]
) -> list[Any]:
    count = len(moving)
    asked = [ad.is_undefined_primal(t) for t in given[count:]]
    if all(isinstance(g, ad.Zero) for g in grads):
        return [None] * len(given)
    places = [place for place, is_asked in zip(_places(moving), asked, strict=True) if is_asked]
    wanted = tuple(i in places for i in range(of.inputs, count))
    found = pullback_p.bind(*(ad.instantiate_zeros(g) for g in grads), *given[:count], of=of, wide=wide, wanted=wanted)
    by_place = dict(zip(_places((True,) * of.inputs + wanted), found, strict=True))
    tangents = [by_place[p] if a else None for p, a in zip(_places(moving), asked, strict=True)]
    return [*([None] * count), *tangents]


ad.primitive_jvps[value_p] = _value_jvp
ad.primitive_transposes[change_p] = _change_transpose


@dataclass(frozen=True, slots=True)
class _Batch:
    """A new first axis."""

    size: int
    rank: int  # of inputs, without it

    def array(self, value: jax.Array, dim: int | None) -> jax.Array:
        """What is shaped like the inputs."""
        if dim is None:
            return jnp.broadcast_to(value, (self.size, *value.shape))
        return jnp.moveaxis(value, dim, 0)

    def parameter(self, value: jax.Array, dim: int | None, many: bool = False) -> jax.Array:
        """What broadcasts with the inputs: as it is if it is not batched, unless `many` are asked for."""
        if dim is None and not many:
            return value
        batched = self.array(value, dim)
        ones = (1,) * (self.rank + 1 - batched.ndim)
        return batched.reshape((self.size, *ones, *batched.shape[1:]))


def _batch(given: Sequence[jax.Array], dims: Sequence[int | None], x: int) -> _Batch:
    size = next(a.shape[d] for a, d in zip(given, dims, strict=True) if d is not None)
    return _Batch(size, given[x].ndim - (dims[x] is not None))


def _value_batched(given: Sequence[jax.Array], dims: Sequence[int | None], *, of: Activation, wide: bool) -> Any:
    batch = _batch(given, dims, 0)
    pairs = list(zip(given, dims, strict=True))
    arrays = [batch.array(*pair) for pair in pairs[: of.inputs]]
    parameters = [batch.parameter(*pair) for pair in pairs[of.inputs :]]
    return value_p.bind(*arrays, *parameters, of=of, wide=wide), [0] * of.outputs


def _pullback_batched(
    given: Sequence[jax.Array], dims: Sequence[int | None], *, of: Activation, wide: bool, wanted: tuple[bool, ...]
) -> Any:
    """The cotangent of a parameter is one for each of the batch, so such a parameter is batched too."""
    first = of.outputs + of.inputs
    batch = _batch(given, dims, of.outputs)
    pairs = list(zip(given, dims, strict=True))
    arrays = [batch.array(*pair) for pair in pairs[:first]]
    parameters = [batch.parameter(*pair, many) for pair, many in zip(pairs[first:], wanted, strict=True)]
    found = pullback_p.bind(*arrays, *parameters, of=of, wide=wide, wanted=wanted)
    shapes = [p.shape if d is None else (*p.shape[:d], *p.shape[d + 1 :]) for p, d in pairs[first:]]
    sums = [
        s.reshape((batch.size, *shapes[place])) for s, place in zip(found[of.inputs :], _places(wanted), strict=True)
    ]
    return [*found[: of.inputs], *sums], [0] * len(found)


def _change_batched(
    given: Sequence[jax.Array], dims: Sequence[int | None], *, of: Activation, wide: bool, moving: tuple[bool, ...]
) -> Any:
    """A parameter and its tangent have one shape, so both are batched if one is."""
    batch, count = _batch(given, dims, 0), len(moving)
    tangents = dict(zip(_places(moving), zip(given[count:], dims[count:], strict=True), strict=True))
    arguments, moved = [], []
    for place, pair in enumerate(zip(given[:count], dims, strict=False)):
        tangent = tangents.get(place)
        if place < of.inputs:
            arguments.append(batch.array(*pair))
            moved += [batch.array(*tangent)] if tangent else []
        else:
            many = tangent is not None and tangent[1] is not None
            arguments.append(batch.parameter(*pair, many))
            moved += [batch.parameter(*tangent, pair[1] is not None)] if tangent else []
    return change_p.bind(*arguments, *moved, of=of, wide=wide, moving=moving), [0] * of.outputs


batching.primitive_batchers[value_p] = _value_batched
batching.primitive_batchers[pullback_p] = _pullback_batched
batching.primitive_batchers[change_p] = _change_batched
