"""Generated Keras files that use kernels, on JAX and on torch: held against the same files alone."""

import os
import subprocess
import sys

import fused_modules
import pytest

SCRIPT = """
import sys
from pathlib import Path

import keras
import numpy as np
from keras import ops

folder = Path(__file__).parent
sys.path[:0] = [str(folder / "alone"), str(folder)]
import snake_keras, swiglu_keras

alone = {m.__name__: m for m in (snake_keras, swiglu_keras)}
assert all(m._fused is None for m in alone.values())
for name in alone:
    del sys.modules[name]
sys.path[0] = str(folder / "fused")
keras.saving.get_custom_objects().clear()
import snake_keras, swiglu_keras

fused = {m.__name__: m for m in (snake_keras, swiglu_keras)}
used = []
if keras.backend.backend() == "jax":
    import jax

    def gradients(function, *arguments):
        loss = lambda *a: (function(*a).astype("float32") ** 2).sum()
        places = tuple(range(len(arguments)))
        used.append(jax.jit(jax.grad(loss, places)).lower(*arguments).as_text().count("stablehlo.custom_call @actgen_"))
        return jax.grad(loss, places)(*arguments)
else:
    import torch

    def gradients(function, *arguments):
        leaves = [a.detach().clone().requires_grad_() for a in arguments]
        with torch.profiler.profile() as profile:
            (function(*leaves).float() ** 2).sum().backward()
        used.append(sum(e.count for e in profile.key_averages() if e.key.startswith("actgen_native::")))
        return [leaf.grad for leaf in leaves]

rng = np.random.default_rng(0)
array = lambda *shape, dtype="float32": ops.convert_to_tensor(rng.standard_normal(shape), dtype=dtype)
x, y, a = array(3, 5, 4), array(3, 5, 4), ops.convert_to_tensor(np.linspace(0.5, 2, 4), dtype="float32")
cases = [
    ("snake", lambda f: lambda x, a: f(x, a, channel_dim=-1), (x, a)),
    ("snake", lambda f: lambda x: f(x, 0.7), (x,)),
    ("snake", lambda f: lambda x, a: f(x, a, channel_dim=-1), (array(3, 4, dtype="bfloat16"), a)),
    ("swiglu", lambda f: f, (x, y)),
]
for name, call, arguments in cases:
    functions = [call(getattr(found[f"{name}_keras"], name)) for found in (fused, alone)]
    got, wanted = ([f(*arguments), *gradients(f, *arguments)] for f in functions)
    for one, other in zip(got, wanted, strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape
        close = 1e-5 if str(one.dtype).endswith("float32") else 2e-2
        one, other = (ops.convert_to_numpy(ops.cast(v, "float32")) for v in (one, other))
        np.testing.assert_allclose(one, other, rtol=close, atol=close)
assert used == [2, 0] * len(cases), used
model = keras.Sequential([keras.layers.Dense(8), snake_keras.Snake(), keras.layers.Dense(1)])
model.compile("adam", "mse")
data = rng.standard_normal((64, 4)).astype("float32")
losses = model.fit(data, data[:, :1], epochs=3, verbose=0).history["loss"]
assert losses[-1] < losses[0]
print("good")
"""


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_each_framework_runs_them(backend, tmp_path):
    for name in ("fused", "alone"):
        (tmp_path / name).mkdir()
        fused_modules.write_files(tmp_path / name, "keras", ("snake", "swiglu"), kernels=name == "fused")
    fused_modules.write_package(tmp_path)
    (tmp_path / "work.py").write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, str(tmp_path / "work.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400, env=environment)
    assert done.stdout == "good\n", done.stderr
