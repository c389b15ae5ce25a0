"""Usage examples: whole programs against the emitted files, one for each framework; the tests run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from actgen.activation import Activation, Combine, ConstantInit, Parameter, Via
from actgen.backends.base import file_name
from actgen.backends.dialect import python_literal
from actgen.backends.keras_layer import option_stem
from actgen.emit.templates import render
from actgen.spec.reserved import JAVASCRIPT_NAMES


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a framework is called, what its files need, and in which languages there are examples."""

    title: str
    needs: str
    languages: tuple[str, ...] = ("python",)


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "torch": _Kind("PyTorch", "PyTorch 2.6 or newer"),
        "keras": _Kind("Keras", "Keras 3.10 or newer"),
        "jax": _Kind("JAX", "JAX 0.8 or newer, and for the layer Flax 0.12 or newer"),
        "javascript": _Kind("JavaScript", "a browser of 2020 or newer, or Node 15 or newer", ("javascript", "html")),
    }
)
_SUFFIXES = {"python": "py", "javascript": "js", "html": "html"}
_NUMBERS = ("values", "others", "slopes", "places")
_TENSORS = ("features", "hidden", "joined", "outputs", "parts", "slope", "slopes")
_LOCALS = frozenset(
    ("jax", "jnp", "keras", "layer", "loss", "model", "nnx", "optimiser", "params", "partials", "torch", *_TENSORS)
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A whole program in a language."""

    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """A framework's name, and the statements that import and call the activation there."""

    framework: str
    imported: str
    called: str


@dataclass(frozen=True, slots=True)
class Example:
    """A framework's name, the emitted file that the example uses, what that needs, and the example, or more of them."""

    framework: str
    file: str
    needs: str
    snippets: tuple[Snippet, ...]

    @property
    def code(self) -> str:
        """The first program."""
        return self.snippets[0].code


def examples(activation: Activation, targets: Sequence[str] | None = None) -> tuple[Example, ...]:
    """An example for each of these backends (all that have one, if None), in a fixed order."""
    return tuple(_example(activation, name) for name in _shown(targets))


def lines(activation: Activation, targets: Sequence[str] | None = None) -> tuple[Line, ...]:
    """The shortest use in each of these that are Python's (all of them, if None), in a fixed order."""
    inputs = [_local(i.code_name) for i in activation.inputs]
    outputs = [_local(o.code_name) for o in activation.outputs]
    results = ", ".join(outputs) if len(outputs) > 1 else _local("y", inputs)
    call = f"{results} = {activation.name}({', '.join(inputs)})"
    names = f"{activation.class_name}, {activation.name}"
    return tuple(
        Line(_KINDS[name].title, f"from {activation.name}_{name} import {names}", call)
        for name in _shown(targets)
        if _KINDS[name].languages == ("python",)
    )


def sources(activation: Activation, targets: Sequence[str] | None = None) -> dict[str, str]:
    """Framework to the emitted file, for each of these backends."""
    return {_KINDS[name].title: file_name(activation.name, name) for name in _shown(targets)}


def _shown(targets: Sequence[str] | None) -> list[str]:
    return [name for name in _KINDS if targets is None or name in targets]


def _example(activation: Activation, target: str) -> Example:
    kind, file = _KINDS[target], file_name(activation.name, target)
    inputs = [_local(i.code_name) for i in activation.inputs]
    outputs = [_local(o.code_name) for o in activation.outputs]
    value = _local("y", inputs)
    joined = "joined" if len(outputs) > 1 else value
    whole = len(outputs) == 1 or activation.combine is not Combine.TUPLE
    context = {
        "name": activation.name,
        "file": file,
        "variable": _local(activation.name, (*_NUMBERS, *JAVASCRIPT_NAMES)),
        "numbers": ", ".join(str(0.5 + place) for place in range(len(inputs))),
        "layer": activation.class_name,
        "inputs": inputs,
        "outputs": outputs,
        "parameters": [p.code_name for p in activation.parameters],
        "first": _first(activation.parameters),
        "learnable": any(p.learnable for p in activation.parameters),
        "drawn": not all(isinstance(p.init, ConstantInit) for p in activation.parameters),
        "penalised": any(p.regularizer for p in activation.parameters),
        "projected": any(p.via is Via.PROJECT for p in activation.parameters),
        "results": ", ".join(outputs) if len(outputs) > 1 else value,
        "trained": outputs if len(outputs) > 1 else [value],
        "from_layer": joined if whole else ", ".join(outputs),
        "trained_layer": [joined] if whole else outputs,
        "combine": activation.combine.value,
        "dim": activation.dim,
        "many_inputs": len(inputs) > 1,
        "many_outputs": len(outputs) > 1,
    }
    codes = (render(f"docs/usage_{target}.{_SUFFIXES[language]}.j2", context) for language in kind.languages)
    snippets = (Snippet(language, code.strip()) for language, code in zip(kind.languages, codes, strict=True))
    return Example(kind.title, file, kind.needs, tuple(snippets))


def _first(parameters: Sequence[Parameter]) -> dict[str, str] | None:
    """The first parameter's argument and options, with values, to show how they are given."""
    if not parameters:
        return None
    nominal, init = parameters[0].nominal, parameters[0].init
    start = init.value if isinstance(init, ConstantInit) else nominal
    return {
        "name": parameters[0].code_name,
        "init": f"{parameters[0].name}_init",
        "initializer": f"{option_stem(parameters[0].name)}_initializer",
        "value": python_literal(float(f"{nominal.value:.6g}")),
        "start": python_literal(start.value),
    }


def _local(wish: str, others: Sequence[str] = ()) -> str:
    """A variable of the example that hides neither another one nor a module."""
    return f"{wish}_" if wish in _LOCALS or wish in others else wish
