"""The committed folders of the catalogue, and what the tests of both parameter shapes give their functions."""

import inspect
from collections.abc import Callable
from pathlib import Path

import numpy as np

GENERATED = Path(__file__).parents[1] / "generated"
SPECS = GENERATED.parent / "specs"
CHANNELS = 3
PARAMETRIC = sorted(
    path.parent.name
    for path in GENERATED.glob("*/*_torch.py")
    if "channel_dim: int" in path.read_text(encoding="utf-8")
)
"""The activations with parameters."""


def arguments(function: Callable[..., object]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Inputs of shape (5, `CHANNELS`, 7), and for each parameter one value a channel, around the nominal one."""
    generator = np.random.default_rng(7)
    inputs, parameters = [], []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            continue
        if parameter.default is inspect.Parameter.empty:
            inputs.append(generator.normal(scale=3, size=(5, CHANNELS, 7)).astype(np.float32))
        else:
            nominal = float(parameter.default)
            spread = np.array([1, 0.9, 1.1]) * nominal if nominal else np.array([0, 0.25, 0.5])
            parameters.append(spread.astype(np.float32))
    return inputs, parameters
