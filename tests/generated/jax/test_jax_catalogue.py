"""Both parameter shapes over the whole catalogue: one value a channel is the scalar function, channel by channel."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from emitted_modules import imported
from catalogue_folders import CHANNELS, GENERATED, PARAMETRIC, arguments


@pytest.mark.parametrize("name", PARAMETRIC)
def test_a_value_for_each_channel(name):
    emitted = getattr(imported(GENERATED / name, f"{name}_jax", f"committed_{name}_jax"), name)
    inputs, parameters = arguments(emitted)

    def function(*given, **options):
        result = emitted(*given, **options)
        return jnp.stack(result, axis=-1) if isinstance(result, tuple) else result

    places = tuple(range(len(inputs), len(inputs) + len(parameters)))
    slopes_of = jax.grad(lambda *a: function(*a, channel_dim=1).sum(), places)
    together, slopes = function(*inputs, *parameters, channel_dim=1), slopes_of(*inputs, *parameters)
    for channel in range(CHANNELS):
        single = [x[:, channel : channel + 1] for x in inputs] + [p[channel] for p in parameters]
        np.testing.assert_array_equal(together[:, channel : channel + 1], function(*single))
        for slope, alone in zip(slopes, slopes_of(*single), strict=True):
            assert slope.shape == (CHANNELS,)
            np.testing.assert_allclose(slope[channel], alone, rtol=1e-6, atol=1e-6)
