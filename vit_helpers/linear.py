"""The dense layer of every part of the ViT, with a gradient that the compiler cannot slow down.

Left to itself, differentiation gives the gradient of a kernel as (dy^T x)^T. XLA's CPU compiler
then writes a transposed copy of dy, and fuses into that copy the whole chain of residual additions
that led to dy: at small batches, each block works out the gradients of all later blocks again and
a step takes twice the time. Asking for x^T dy, which is the same, leaves nothing to transpose.
"""

import jax
import keras
from keras import layers


@jax.custom_vjp
def linear(x, kernel):
    """x @ kernel for x (..., D) and kernel (D, E)."""
    return x @ kernel


def _forward(x, kernel):
    return x @ kernel, (x, kernel)


def _backward(saved, dy):
    x, kernel = saved
    rows = (((0,), (0,)), ((), ()))
    flat_x, flat_dy = x.reshape(-1, x.shape[-1]), dy.reshape(-1, dy.shape[-1])
    return dy @ kernel.T, jax.lax.dot_general(flat_x, flat_dy, rows)


linear.defvjp(_forward, _backward)


@keras.saving.register_keras_serializable(package="vit_helpers")
class Linear(layers.Dense):
    """`keras.layers.Dense`: the same weights and numbers, with the gradient of `linear`."""

    def call(self, inputs):
        x = linear(inputs, keras.ops.convert_to_tensor(self.kernel)) + self.bias
        return x if self.activation is None else self.activation(x)
