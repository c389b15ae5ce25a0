"""Layers of the generated modules, and a batch to feed them."""

from __future__ import annotations

from typing import Any

import numpy as np
from frameworks import module

RNG = np.random.default_rng(7)
X = RNG.normal(size=(5, 4)).astype("float32")


def selu_layer(**options: Any) -> Any:
    return module("selu_variation").LearnableSELUVariation(**options)


def snake_layer(**options: Any) -> Any:
    return module("snake").Snake(**options)


def kept_layer(**options: Any) -> Any:
    return module("kept").Kept(**options)


def built(layer: Any, shape: tuple[int, ...] = (5, 4)) -> Any:
    layer.build(shape)
    return layer
