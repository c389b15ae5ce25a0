"""Both parameter shapes over the whole catalogue: one value a channel is the scalar function, channel by channel."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from frameworks import gradients, load, numpy, tensor

sys.path.append(str(Path(__file__).parents[3]))
from catalogue_folders import CHANNELS, GENERATED, PARAMETRIC, arguments


def check_a_value_for_each_channel() -> None:
    for name in PARAMETRIC:
        function = getattr(load(GENERATED / name / f"{name}_keras.py"), name)
        inputs, parameters = ([tensor(a) for a in group] for group in arguments(function))
        together = numpy(function(*inputs, *parameters, channel_dim=1))
        slopes = gradients(lambda *p, f=function, x=inputs: f(*x, *p, channel_dim=1), *parameters)
        for channel in range(CHANNELS):
            single = [p[channel] for p in parameters]
            x = [a[:, channel] for a in inputs]
            np.testing.assert_array_equal(together[:, channel], numpy(function(*x, *single)), err_msg=name)
            alone = gradients(lambda *p, f=function, x=x: f(*x, *p), *single)
            for slope, one in zip(slopes, alone, strict=True):
                np.testing.assert_allclose(numpy(slope)[channel], numpy(one), rtol=1e-6, atol=1e-6, err_msg=name)
