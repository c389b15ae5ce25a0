"""What one framework alone has: graphs and XLA, transforms, export, what is saved for the gradient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from frameworks import BACKEND, module, numpy, tensor
from layers import X, built, kept_layer, snake_layer

if BACKEND == "tensorflow":

    def check_saved_model(tmp_path: Path) -> None:
        import tensorflow as tf

        model = keras.Sequential([keras.Input((4,)), snake_layer(), module("polar").Polar()])
        model.export(tmp_path / "saved", verbose=False)
        served = tf.saved_model.load(str(tmp_path / "saved"))
        np.testing.assert_allclose(served.serve(X).numpy(), numpy(model(X)), rtol=1e-6)

    def check_tf_function_with_an_unknown_batch_and_xla() -> None:
        import tensorflow as tf

        layer = built(snake_layer(), (None, 4))
        signature = [tf.TensorSpec((None, 4), tf.float32)]

        @tf.function(input_signature=signature)
        def graph(x: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x)
            return y, *tape.gradient(y, [x, *layer.trainable_variables])

        @tf.function(jit_compile=True)
        def xla(x: Any) -> Any:
            return graph.python_function(x)

        for left, right in zip(graph(X), xla(X), strict=True):
            np.testing.assert_allclose(numpy(left), numpy(right), rtol=1e-6, atol=1e-6)
        assert [tuple(t.shape) for t in graph(X)] == [(5, 4), (5, 4), (4,)]


if BACKEND == "jax":

    def check_stateless_calls_under_jit() -> None:
        import jax

        layer = built(kept_layer())
        values = [v.value for v in layer.trainable_variables]

        def loss(values: Any, x: Any) -> Any:
            return layer.stateless_call(values, [], x)[0].sum()

        slopes = jax.jit(jax.grad(loss))(values, X)
        assert all(np.isfinite(np.asarray(s)).all() for s in slopes)
        assert all(float(s) != 0 for s in slopes)

    def check_jvp_vmap_and_hessian() -> None:
        import jax

        snake = module("snake").snake
        x, a = tensor(X[0]), tensor(0.8)
        _, tangent = jax.jvp(snake, (x, a), (jax.numpy.ones_like(x), jax.numpy.zeros_like(a)))
        np.testing.assert_allclose(tangent, 1 + np.sin(1.6 * X[0]), rtol=1e-6, atol=1e-6)
        each = jax.vmap(jax.grad(snake), (0, None))(x, a)
        np.testing.assert_allclose(each, tangent, rtol=1e-6)
        hessian = jax.jit(jax.hessian(lambda x: snake(x, a).sum()))(x)
        np.testing.assert_allclose(hessian, np.diag(1.6 * np.cos(1.6 * X[0])), rtol=1e-5, atol=1e-6)

    def check_only_arguments_are_saved() -> None:
        import jax

        _, pull = jax.vjp(lambda x, a: module("snake").snake(x, a), tensor(X), tensor(0.8))
        assert sorted(np.shape(leaf) for leaf in jax.tree.leaves(pull)) == [(), (5, 4)]


if BACKEND == "torch":

    def check_torch_func_and_double_backward() -> None:
        import torch

        snake = module("snake").snake
        x = torch.tensor(X[0], dtype=torch.float64, requires_grad=True)
        a = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(snake, (x, a))
        assert torch.autograd.gradgradcheck(snake, (x, a))
        each = torch.func.vmap(torch.func.grad(snake), (0, None))(x.detach(), a.detach())
        np.testing.assert_allclose(each.numpy(), 1 + np.sin(1.6 * x.detach().numpy()), rtol=1e-9)

    def check_only_arguments_are_saved() -> None:
        import torch

        x = torch.tensor(X, requires_grad=True)
        a = torch.tensor(0.8, requires_grad=True)
        saved: list[torch.Tensor] = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
            module("snake").snake(x, a)
        assert sorted(t.numel() for t in saved) == [1, 20]
