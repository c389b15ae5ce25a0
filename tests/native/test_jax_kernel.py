"""Generated JAX files that use kernels: held against the same files alone, under every transformation of JAX."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fused_modules
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import export
from jax.test_util import check_grads

NAMES = ("selu_variation", "snake", "swiglu", "soft_pair")
ULP = {"float64": 2.0**-52, "float32": 2.0**-23, "bfloat16": 2.0**-8, "float16": 2.0**-11}
ALL = tuple(range(6))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fused_jax")


@pytest.fixture(scope="module")
def modules(folder):
    with fused_modules.both(folder, "jax", NAMES) as found:
        yield found


@pytest.fixture
def selu(modules):
    return [m.selu_variation for m in modules["selu_variation"]]


@pytest.fixture(params=[False, True], ids=["x32", "x64"])
def x64(request):
    with jax.enable_x64(request.param):
        yield request.param


def random(shape, dtype="float32", seed=3):
    return jnp.asarray(2 * np.random.default_rng(seed).standard_normal(shape), dtype)


PARAMETERS = tuple(np.float32([1.1, 1.5, 0.9, 0.2, 1.8]))


def points(shape, dtype="float32"):
    return (random(shape, dtype), *(jnp.asarray(p, "float64" if dtype == "float64" else "float32") for p in PARAMETERS))


def total(function):
    """A loss whose gradient depends on the value."""

    def loss(*arguments, **options):
        leaves = jax.tree.leaves(function(*arguments, **options))
        return sum((k + 1) * jnp.sum(y.astype("float32") ** 2) for k, y in enumerate(leaves))

    return loss


def assert_alike(got, wanted, ulps=16, dtype="float32"):
    for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(wanted), strict=True):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        if a.size:
            scale = max(1.0, float(np.nanmax(np.abs(np.float64(b)))))
            np.testing.assert_allclose(np.float64(a), np.float64(b), rtol=0, atol=ulps * ULP[dtype] * scale)


def calls(function, *arguments):
    """How many kernels a program runs."""
    return jax.jit(function).lower(*arguments).as_text().count("stablehlo.custom_call @actgen_")


@pytest.mark.parametrize(
    ("name", "dtype"), [*((name, "float32") for name in NAMES[1:]), *(("selu_variation", dtype) for dtype in ULP)]
)
def test_values_and_gradients(name, dtype, modules):
    with jax.enable_x64(dtype == "float64"):
        functions = [getattr(m, name) for m in modules[name]]
        count = modules[name][0]._fused.inputs
        inputs = [random((7, 5, 33), dtype, seed) for seed in range(count)]
        nominal = functions[0].__defaults__ or ()
        arguments = [*inputs, *(jnp.asarray(p, "float64" if dtype == "float64" else "float32") for p in nominal)]
        everything = range(len(arguments))

        def both(function):
            pulled = jax.vjp(function, *arguments)
            ones = jax.tree.map(jnp.ones_like, pulled[0])
            return pulled[0], pulled[1](ones)

        assert calls(functions[0], *arguments) == 1
        assert calls(jax.grad(total(functions[0]), everything), *arguments) == 2
        assert_alike(both(functions[0]), both(functions[1]), dtype=dtype)
    assert modules[name][1]._fused is None


TRANSFORMS = {
    "eager": lambda f: f,
    "gradient by x": lambda f: jax.grad(total(f)),
    "gradient by parameters": lambda f: jax.grad(total(f), (1, 4)),
    "jvp": lambda f: lambda *a: jax.jvp(f, a, a),
    "jacfwd": lambda f: jax.jacfwd(total(f), ALL),
    "jacrev": lambda f: jax.jacrev(lambda *a: f(*a)[0, 0], ALL),
    "hessian": lambda f: jax.hessian(total(f), ALL[1:]),
    "reverse over reverse": lambda f: jax.jacrev(jax.jacrev(total(f), ALL[1:]), ALL[1:]),
    "forward over forward": lambda f: jax.jacfwd(jax.jacfwd(total(f), ALL[1:]), ALL[1:]),
    "linear transpose": lambda f: lambda *a: jax.linear_transpose(jax.linearize(f, *a)[1], *a)(a[0]),
    "vmap": lambda f: jax.vmap(f, (2, *[None] * 5), out_axes=1),
    "vmap of gradient": lambda f: jax.vmap(jax.grad(total(f), ALL), (0, *[None] * 5)),
    "gradient of vmap": lambda f: jax.grad(total(jax.vmap(f, (1, *[None] * 5))), ALL),
    "vmap of jvp": lambda f: jax.vmap(lambda *a: jax.jvp(f, a, a), (0, *[None] * 5)),
    "vmap of vmap": lambda f: jax.vmap(jax.vmap(f, (0, *[None] * 5)), (2, *[None] * 5)),
    "checkpoint": lambda f: jax.grad(total(jax.checkpoint(lambda *a: f(f(*a), *a[1:]))), ALL),
    "scan": lambda f: jax.grad(total(lambda x, *p: jax.lax.scan(lambda h, _: (f(h, *p), None), x, length=3)[0]), ALL),
    "loop": lambda f: lambda x, *p: jax.lax.fori_loop(0, 3, lambda _, h: f(h, *p), x),
}


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "jit"])
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_transforms(transform, compiled, selu, x64):
    fused, alone = (TRANSFORMS[transform](f) for f in selu)
    arguments = points((3, 4, 6))
    assert_alike((jax.jit(fused) if compiled else fused)(*arguments), alone(*arguments), 32)


def test_vmap_over_parameters(selu):
    x, *ps = points((5, 4, 6))
    many = [p * jnp.linspace(0.9, 1.1, 5, dtype="float32") for p in ps]
    for dims in ((None, 0, None, 0, None, 0), (0, 0, 0, 0, 0, 0), (2, None, None, 0, 0, None)):
        size = 6 if dims[0] == 2 else 5
        given = [x, *(p if d is None else jnp.resize(m, size) for p, m, d in zip(ps, many, dims[1:], strict=True))]
        for transform in (lambda f: f, lambda f: jax.grad(total(f), ALL), lambda f: lambda *a: jax.jvp(f, a, a)):
            fused, alone = (jax.jit(jax.vmap(transform(f), dims)) for f in selu)
            assert_alike(fused(*given), alone(*given), 32)


def test_gradients_for_each_example_run_fused(selu):
    arguments = points((8, 40))
    gradient = jax.vmap(jax.grad(total(selu[0]), ALL), (0, *[None] * 5))
    assert calls(gradient, *arguments) == 2


@pytest.mark.parametrize("shape", [(2, 6, 50), (40, 6), (3, 6, 2, 2), (0, 6, 4), (6,)])
def test_one_value_for_each_channel(shape, modules):
    axis = 0 if len(shape) == 1 else 1
    arguments = (random(shape), jnp.linspace(0.5, 2, 6))
    options = {"channel_dim": axis}
    fused, alone = (jax.value_and_grad(total(m.snake), (0, 1)) for m in modules["snake"])
    assert_alike(fused(*arguments, **options), alone(*arguments, **options))
    assert calls(lambda *a: modules["snake"][0].snake(*a, **options), *arguments) == 1


def test_what_no_kernel_has_a_layout_for(selu):
    x, *ps = points((3, 4, 6))
    widened = [ps[0] * jnp.ones((2, 1, 1, 1)), *ps[1:]]
    crossed = [ps[0] * jnp.ones((4, 1)), ps[1] * jnp.ones((1, 6)), *ps[2:]]
    for parameters in (widened, crossed):
        fused, alone = (jax.grad(total(f), ALL) for f in selu)
        assert calls(fused, x, *parameters) == 0
        assert_alike(fused(x, *parameters), alone(x, *parameters))


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (1, 1)])
def test_edges(shape, selu):
    arguments = points(shape)
    fused, alone = (jax.value_and_grad(total(f), ALL) for f in selu)
    assert_alike(fused(*arguments), alone(*arguments))


def test_nan_and_infinity(selu):
    x = jnp.float32([np.nan, np.inf, -np.inf, 0.0, -0.0])
    fused, alone = (f(x) for f in selu)
    np.testing.assert_array_equal(fused, alone)
    fused, alone = (jax.vmap(jax.grad(f))(x) for f in selu)
    np.testing.assert_allclose(fused, alone, rtol=1e-6)


def test_numbers_and_other_dtypes(selu, x64):
    for x in (1.5, -2, np.float64(0.3), jnp.arange(-3, 3), np.float16([0.5, -0.5])):
        assert_alike(selu[0](x, alpha=1.25), selu[1](x, alpha=1.25), dtype="float16" if x is np.float16 else "float32")


def test_check_grads(selu):
    with jax.enable_x64(True):
        check_grads(selu[0], points((5,), "float64"), order=2, modes=("fwd", "rev"))


def test_reverse_mode_saves_the_arguments_alone(selu):
    arguments = points((1000,))
    saved = jax.tree.leaves(jax.vjp(selu[0], *arguments)[1])
    assert sum(s.size for s in saved) == 1005


def test_sums_have_the_same_bits_each_time(selu):
    arguments = points((300_001,))
    gradient = jax.jit(jax.grad(total(selu[0]), ALL))
    first = gradient(*arguments)
    for _ in range(5):
        for a, b in zip(gradient(*arguments), first, strict=True):
            assert bool(jnp.all(a == b))


def test_many_threads_at_once(selu):
    """Each call waits for parts of its work, and all of them share one pool."""
    arguments = points((200_000,))
    gradient = jax.jit(jax.grad(total(selu[0]), ALL))
    first = gradient(*arguments)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: gradient(*arguments), range(40)):
            assert float(found[1]) == float(first[1])


def test_other_platforms_get_the_composite(selu):
    traced = jax.jit(jax.grad(total(selu[0]), ALL)).trace(*points((4, 5)))
    for platform, kernels in (("cuda", 0), ("tpu", 0), ("cpu", 2)):
        text = traced.lower(lowering_platforms=(platform,)).as_text()
        assert text.count("stablehlo.custom_call @actgen_") == kernels


def test_an_exported_program_has_no_kernels(selu):
    arguments = points((4, 5))
    exported = export.export(jax.jit(jax.grad(total(selu[0]), ALL)))(*arguments)
    assert "custom_call @actgen" not in exported.mlir_module()
    assert_alike(exported.call(*arguments), jax.grad(total(selu[1]), ALL)(*arguments))
    (rows,) = export.symbolic_shape("rows")
    export.export(jax.jit(selu[0]))(jax.ShapeDtypeStruct((rows, 3), "float32"), *arguments[1:])


def test_precision_can_be_changed(selu):
    settings = sys.modules["actgen_native.settings"]
    x = random((20_000,))
    with jax.enable_x64(True):
        truth = np.asarray(selu[1](x.astype("float64")))
    worst = {}
    for precision in ("exact", "fast"):
        settings.set_precision(precision)
        worst[precision] = float(np.max(np.abs(np.float64(selu[0](x)) - truth) / np.spacing(np.abs(np.float32(truth)))))
    assert worst["exact"] <= 0.51
    assert worst["fast"] > worst["exact"]


SCRIPT = """
import sys, warnings
sys.path.insert(0, {folder!r})
import jax, jax.numpy as jnp
import selu_variation_jax as module
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    x = jnp.linspace(-2.0, 2.0, 5)
    for _ in range(2):
        jax.grad(lambda x: module.selu_variation(x).sum())(x)
        module.selu_variation(x.astype("bfloat16"))
print(module._fused is None, sum("unfused" in str(w.message) for w in said))
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({"ACTGEN_NATIVE": "0"}, "True 0"), ({"CXX": "/nonexistent", "PATH": ""}, "False 1")],
    ids=["turned off", "no compiler"],
)
def test_without_kernels(environment, expected, folder, modules):
    script = SCRIPT.format(folder=str(folder / "fused"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.stdout.strip() == expected, done.stderr
