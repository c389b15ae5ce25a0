"""Every transformation of JAX over the generated functions, alone and nested, with x64 on and off."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

X = np.float32([-3.1, -1.7, -0.4, 0.3, 2.2])
ARGUMENTS = (1.1, 1.5, 0.9, 0.2, 1.8)
ALL = tuple(range(6))


def points(dtype: str) -> tuple[jax.Array, ...]:
    return tuple(jnp.asarray(v, dtype) for v in (X, *ARGUMENTS))


def total(selu):
    return lambda *arguments: jnp.sum(selu.selu_variation(*arguments) ** 2)


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "jit"])
@pytest.mark.parametrize(
    "second",
    [
        lambda f: jax.hessian(f, ALL),
        lambda f: jax.jacfwd(jax.jacfwd(f, ALL), ALL),
        lambda f: jax.jacrev(jax.jacrev(f, ALL), ALL),
        lambda f: jax.jacrev(jax.jacfwd(f, ALL), ALL),
    ],
    ids=["forward-over-reverse", "forward-over-forward", "reverse-over-reverse", "reverse-over-forward"],
)
def test_second_derivatives_agree_in_every_order_of_modes(selu, x64, second, compiled):
    transform = second(total(selu))
    found = (jax.jit(transform) if compiled else transform)(*points("float32"))
    with jax.enable_x64(True):
        truth = jax.hessian(total(selu), ALL)(*(a.astype("float64") for a in points("float32")))
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(truth), strict=True):
        assert one.dtype == jnp.float32
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_check_grads_in_float64(module):
    with jax.enable_x64(True):
        check_grads(module("selu_variation").selu_variation, points("float64"), order=2, modes=("fwd", "rev"))
        x = jnp.linspace(-2, 2, 5)
        check_grads(module("soft_pair").soft_pair, (x, 0.5, 1.2), order=2, modes=("fwd", "rev"))
        check_grads(module("glu").glu, (x, x[::-1]), order=2, modes=("fwd", "rev"))


def test_check_grads_in_bfloat16(selu, x64):
    x = jnp.asarray([-3.0, -2.0, 2.0, 3.0], jnp.bfloat16)  # a wide step that does not cross the kink
    alpha = jnp.asarray(1.5, jnp.bfloat16)

    def value(x, alpha):
        return selu.selu_variation(x, alpha=alpha, gamma=0.0)

    check_grads(value, (x, alpha), order=2, modes=("fwd", "rev"), eps=0.25, atol=0.1, rtol=0.1)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_gradients_are_the_float64_ones_rounded(selu, x64, dtype):
    x = jnp.asarray(X, dtype)
    slopes = jax.vmap(jax.grad(selu.selu_variation, ALL), (0, *[None] * 5))(x, *ARGUMENTS)
    with jax.enable_x64(True):
        wide = selu.partials(x.astype(jnp.float64), *ARGUMENTS)
    assert slopes[0].dtype == dtype
    for found, truth in zip(slopes, wide, strict=True):
        np.testing.assert_allclose(
            np.asarray(found, np.float64), truth, rtol=1.1 * float(jnp.finfo(dtype).eps), atol=1e-5
        )


def test_float32_gradients_are_correct_to_the_last_place(selu, x64):
    x = np.concatenate([s * np.geomspace(1e-8, 80, 501, dtype=np.float32) for s in (1, -1)])
    arguments = points("float32")[1:]
    with jax.enable_x64(True):
        truth = np.asarray(selu.partials(x.astype(np.float64), *(a.astype("float64") for a in arguments))[0])
    gradient = jax.vmap(jax.grad(lambda v: selu.selu_variation(v, *arguments)))

    def tangent(v):
        return jax.jvp(lambda u: selu.selu_variation(u, *arguments), (v,), (jnp.ones_like(v),))[1]

    for found in (gradient(x), jax.jit(gradient)(x), tangent(jnp.asarray(x)), jax.jit(tangent)(x)):
        assert found.dtype == jnp.float32
        assert np.max(np.abs(np.asarray(found, np.float64) - truth) / np.spacing(np.abs(truth).astype("f4"))) < 0.51


def test_third_derivatives_and_scans(selu, x64):
    third = jax.vmap(jax.grad(jax.grad(jax.grad(selu.selu_variation))))
    np.testing.assert_allclose(third(X[3:]), 0.0)
    assert bool(jnp.all(jnp.abs(third(X[:3])) > 1e-3))

    def repeated(x):
        return jax.lax.scan(lambda carry, _: (selu.selu_variation(carry), None), x, None, length=3)[0].sum()

    unrolled = jax.grad(lambda x: selu.selu_variation(selu.selu_variation(selu.selu_variation(x))).sum())
    np.testing.assert_allclose(jax.jit(jax.grad(repeated))(X), unrolled(X), rtol=1e-6)


def test_vmap_over_parameters_and_inputs(selu, x64):
    alphas = jnp.asarray([0.5, 1.0, 1.5], jnp.float32)
    grad = jax.grad(lambda x, alpha: selu.selu_variation(x, alpha=alpha).sum(), (0, 1))
    by_x, by_alpha = jax.jit(jax.vmap(grad, (None, 0)))(X, alphas)
    assert by_x.shape == (3, 5) and by_alpha.shape == (3,)
    for row, alpha in zip(by_x, alphas, strict=True):
        np.testing.assert_allclose(row, selu.partials(X, alpha=alpha)[0], rtol=1e-6)


def test_reverse_mode_saves_the_arguments_only(selu, x64):
    x, *parameters = points("float32")
    channels = [p * jnp.ones(7, jnp.float32) for p in parameters]
    x = jnp.ones((3, 7, 4), jnp.float32)
    for build in (jax.vjp, jax.jit(lambda f, *a: jax.vjp(f, *a), static_argnums=0)):
        pullback = build(selu.selu_variation, x, *channels)[1]
        saved = sorted((leaf.dtype.name, leaf.size) for leaf in jax.tree.leaves(pullback))
        assert saved == [*[("float32", 7)] * 5, ("float32", x.size)]


def test_parameter_gradients_accumulate_wide_and_keep_the_parameters_dtype(selu, x64):
    x = jnp.full((1, 1, 4096), -1.0, jnp.bfloat16)
    for dtype in (jnp.float32, jnp.bfloat16):
        by_alpha = jax.grad(lambda a, x=x: selu.selu_variation(x, 1.0, a, 1.0, 0.0, 1.0).astype("float32").sum())
        gradient = by_alpha(jnp.ones((), dtype))
        assert gradient.dtype == dtype
        np.testing.assert_allclose(float(gradient), 4096 * np.expm1(-1.0), rtol=float(jnp.finfo(dtype).eps) + 1e-6)


def test_arguments_that_do_not_move_cannot_spoil_a_tangent(module, x64):
    snake = module("snake").snake
    slope = jax.grad(lambda x: snake(x, jnp.float32(0.0)))(jnp.float32(1e30))
    assert float(slope) == 1.0


def test_a_function_jitted_before_it_is_differentiated(selu, x64):
    compiled = jax.jit(lambda x: selu.selu_variation(x, 1.05).sum())
    np.testing.assert_array_equal(jax.grad(compiled)(X), jax.grad(lambda x: selu.selu_variation(x, 1.05).sum())(X))
    np.testing.assert_array_equal(jax.grad(jax.checkpoint(compiled))(X), jax.grad(compiled)(X))


def test_several_outputs_under_jacrev_and_jacfwd(module, x64):
    pair = module("soft_pair").soft_pair
    backward = jax.jacrev(pair, (0, 1, 2))(X[0], 0.5, 1.2)
    forward = jax.jacfwd(pair, (0, 1, 2))(X[0], 0.5, 1.2)
    rows = module("soft_pair").partials(X[0], 0.5, 1.2)
    for leaves in zip(*map(jax.tree.leaves, (backward, forward, rows)), strict=True):
        np.testing.assert_allclose(leaves[0], leaves[1], rtol=1e-6)
        np.testing.assert_allclose(leaves[0], leaves[2], rtol=1e-6)


@pytest.mark.parametrize("size", [1e3, 1e10, 1e20, 1e30])
def test_second_derivatives_of_a_patched_formula_are_finite_far_out(module, size):
    curvature = jax.grad(jax.grad(lambda x: module("snake").snake(x, 0.5)))
    assert np.isfinite(curvature(jnp.float32(size))) and np.isfinite(curvature(jnp.float32(-size)))
