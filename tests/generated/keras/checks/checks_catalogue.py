"""Both parameter shapes over the whole catalogue: one value a channel is the scalar function, channel by channel."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from frameworks import gradients, load, numpy, tensor

sys.path.append(str(Path(__file__).parents[3]))
from catalogue_folders import CHANNELS, GENERATED, PARAMETRIC, arguments


def _joined(emitted: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """Several outputs as one tensor, along an axis of their own."""
    result = emitted(*given, **options)
    return ops.stack(result, axis=-1) if isinstance(result, tuple) else result


def check_a_value_for_each_channel() -> None:
    for name in PARAMETRIC:
        emitted = getattr(load(GENERATED / name / f"{name}_keras.py"), name)
        function = partial(_joined, emitted)
        inputs, parameters = ([tensor(a) for a in group] for group in arguments(emitted))
        together = numpy(function(*inputs, *parameters, channel_dim=1))
        slopes = gradients(lambda *p, f=function, x=inputs: f(*x, *p, channel_dim=1), *parameters)
        for channel in (0, CHANNELS - 1):
            single = [p[channel] for p in parameters]
            x = [a[:, channel] for a in inputs]
            np.testing.assert_array_equal(together[:, channel], numpy(function(*x, *single)), err_msg=name)
            alone = gradients(lambda *p, f=function, x=x: f(*x, *p), *single)
            for slope, one in zip(slopes, alone, strict=True):
                np.testing.assert_allclose(numpy(slope)[channel], numpy(one), rtol=1e-6, atol=1e-6, err_msg=name)
