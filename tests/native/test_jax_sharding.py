"""Kernels on arrays that are spread over four devices: nothing is gathered, sums are added up."""

import os
import subprocess
import sys

import fused_modules

SCRIPT = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType, NamedSharding, PartitionSpec as P

import snake_jax

x = jnp.asarray(np.random.default_rng(0).standard_normal((8, 4, 6)), "float32")
mesh = jax.make_mesh((2, 2), ("a", "b"), axis_types=(AxisType.Auto,) * 2)
loss = jax.value_and_grad(lambda *p: (snake_jax.snake(*p) ** 2).sum(), (0, 1))
for channels in (jnp.linspace(0.5, 2, 4), jnp.float32(0.7)):
    expected = jax.tree.leaves((snake_jax.snake(x, channels), loss(x, channels)))

    def check(found):
        for got, wanted in zip(jax.tree.leaves(found), expected, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)

    for spec in (P("a"), P("a", "b"), P(None, "b"), P(None, None, "b"), P(("a", "b")), P()):
        spread = jax.device_put(x, NamedSharding(mesh, spec))
        whole = lambda *p: (snake_jax.snake(*p), loss(*p))
        program = jax.jit(whole).lower(spread, channels).compile()
        text = program.as_text()
        assert "all-gather" not in text, spec
        assert text.count("actgen_snake_") >= 2, spec
        y, pulled = program(spread, channels)
        assert y.sharding.is_equivalent_to(spread.sharding, 3), (spec, y.sharding)
        assert pulled[1][0].sharding.is_equivalent_to(spread.sharding, 3), spec
        check((y, pulled))

    def mapped(x, channels, axes):
        own = P(*axes)
        along = dict(mesh=mesh, in_specs=(own, P()), out_specs=own, axis_names={a for a in axes if a})
        return jax.shard_map(snake_jax.snake, **along)(x, channels)

    for axes in (("a", None, "b"), ("a",)):
        f = lambda *p: mapped(*p, axes)
        g = jax.value_and_grad(lambda *p: (f(*p) ** 2).sum(), (0, 1))
        check(jax.jit(lambda *p: (f(*p), g(*p)))(x, channels))

    explicit = jax.make_mesh((4,), ("a",), axis_types=(AxisType.Explicit,))
    with jax.set_mesh(explicit):
        spread = jax.device_put(x, NamedSharding(explicit, P("a")))
        check(jax.jit(lambda *p: (snake_jax.snake(*p), loss(*p)))(spread, channels))
print("good")
"""


def test_each_device_computes_its_part(tmp_path):
    fused_modules.write_files(tmp_path, "jax", ("snake",))
    fused_modules.write_package(tmp_path)
    (tmp_path / "work.py").write_text(SCRIPT, encoding="utf-8")
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4"
    environment = {**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, str(tmp_path / "work.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400, env=environment)
    assert done.stdout == "good\n", done.stderr
