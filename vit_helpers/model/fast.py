"""Three functions of every Transformer with gradients that the CPU compiler makes fast programs of.

The gradients are the exact ones; only how they are computed is written by hand. Left to itself,
differentiation asks for products of large transposed arrays. XLA's CPU compiler then writes
transposed copies, and fuses into them the whole chain of residual additions that led there: at
small batches each block works out the gradients of all later blocks again. Here only small arrays
are transposed, and the gradient of the norm takes two means. Notebook 08 times the rule of `linear`
beside JAX's own.
"""

import math

import jax
import jax.numpy as jnp
import keras
from keras import layers, ops

from ..checks import only, share

serializable = keras.saving.register_keras_serializable(package="vit_helpers")


def _transposed(a):
    return jnp.swapaxes(a, -1, -2)


@jax.custom_vjp
def linear(x, kernel):
    """x @ kernel for x (..., D) and kernel (D, E)."""
    return x @ kernel


def linear_backward(saved, dy):
    """The gradients (dx, dkernel) for dy: dkernel is x^T dy, not (dy^T x)^T."""
    x, kernel = saved
    rows = (((0,), (0,)), ((), ()))
    flat_x = x.reshape(-1, x.shape[-1])
    flat_dy = dy.reshape(-1, dy.shape[-1])
    return dy @ kernel.T, jax.lax.dot_general(flat_x, flat_dy, rows)


linear.defvjp(lambda x, kernel: (x @ kernel, (x, kernel)), linear_backward)


@jax.custom_vjp
def product(a, b):
    """a @ b for stacks of matrices a (..., I, J) and b (..., J, K)."""
    return a @ b


def product_backward(saved, g):
    """The gradients (da, db) for g (..., I, K): of a and g, the smaller one is transposed."""
    a, b = saved
    if a.shape[-1] > g.shape[-1]:
        return g @ _transposed(b), _transposed(_transposed(g) @ a)
    return g @ _transposed(b), _transposed(a) @ g


product.defvjp(lambda a, b: (a @ b, (a, b)), product_backward)


def _standardized(x, epsilon):
    mean = x.mean(-1, keepdims=True)
    scale = jax.lax.rsqrt(((x - mean) ** 2).mean(-1, keepdims=True) + epsilon)
    return (x - mean) * scale, scale


@jax.custom_vjp
def layer_norm(x, gamma, beta, epsilon):
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta over the last axis of x (..., D)."""
    return _standardized(x, epsilon)[0] * gamma + beta


def layer_norm_forward(x, gamma, beta, epsilon):
    standard, scale = _standardized(x, epsilon)
    return standard * gamma + beta, (standard, scale, gamma)


def layer_norm_backward(saved, dy):
    """The gradients (dx, dgamma, dbeta); Ba et al., 2016 (arXiv 1607.06450)."""
    standard, scale, gamma = saved
    d = dy * gamma
    along = (d * standard).mean(-1, keepdims=True)
    dx = scale * (d - d.mean(-1, keepdims=True) - standard * along)
    axes = tuple(range(dy.ndim - 1))
    return dx, (dy * standard).sum(axes), dy.sum(axes), None


layer_norm.defvjp(layer_norm_forward, layer_norm_backward)


@serializable
def exact_gelu(x):
    """GELU as x * Phi(x), with the normal distribution itself and not its tanh approximation.

    The numbers of `keras.ops.gelu(x, approximate=False)`, which asks XLA for erfc: with erf, value
    and gradient of (64, 64, 256) numbers took 0.7 of its time on two cores.
    """
    return x * (0.5 + 0.5 * ops.erf(x * math.sqrt(0.5)))


@serializable
class Linear(layers.Dense):
    """`keras.layers.Dense`: the same weights and numbers, with the gradient of `linear`.

    Takes its arguments but for `use_bias`, which is True, `lora_rank` and
    `quantization_config`; raises ValueError.
    """

    def __init__(self, units, activation=None, **kwargs):
        only("Linear", kwargs, use_bias=True, lora_rank=None, quantization_config=None)
        super().__init__(units, activation, **kwargs)

    def call(self, inputs, training=None):
        kernel = ops.convert_to_tensor(self.kernel)
        x = linear(ops.convert_to_tensor(inputs), kernel) + self.bias
        return x if self.activation is None else self.activation(x)


@serializable
class LayerNorm(layers.LayerNormalization):
    """`keras.layers.LayerNormalization` over the last axis, with the gradient of `layer_norm`.

    Takes its arguments but for `axis`, which is -1, `center` and `scale`, which are True, and
    `rms_scaling`; raises ValueError.
    """

    def __init__(self, *, axis=-1, **kwargs):
        axis = axis[0] if axis == [-1] else axis  # a built layer's own config has a list
        only("LayerNorm", kwargs | {"axis": axis}, axis=-1)
        only("LayerNorm", kwargs, center=True, scale=True, rms_scaling=False)
        super().__init__(axis=-1, **kwargs)

    def call(self, inputs):
        gamma, beta = ops.convert_to_tensor(self.gamma), ops.convert_to_tensor(self.beta)
        return layer_norm(ops.convert_to_tensor(inputs), gamma, beta, self.epsilon)


def dropout_rate(argument, value):
    """Return `value` if `Dropout` can drop this share, or raise a ValueError."""
    rate = share(argument, value)
    if rate and not 1 <= round(256 * rate) <= 255:
        raise ValueError(
            f"{argument}={value!r} must be 0, or between {1 / 256:.4f} and {255 / 256:.4f}: "
            "Dropout works in steps of 1/256"
        )
    return rate


@serializable
class Dropout(layers.Dropout):
    """`keras.layers.Dropout` with `rate` rounded to a 256th (0.1 becomes 26/256).

    Random numbers cost more on a CPU than the attention that they fall on. Which values to drop is
    a yes or no, so eight random bits for each do: four come from one random word.

    What stays is divided by the share that stays, so that the mean is exactly kept. Raises
    ValueError for a `rate` that rounds to none or all, and for a `noise_shape`.
    """

    def __init__(self, rate, **kwargs):
        only("Dropout", kwargs, noise_shape=None)
        super().__init__(dropout_rate("rate", rate), **kwargs)

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        return self.of(inputs, self.rate, self.seed_generator.next())

    @staticmethod
    def of(x, rate, seed):
        """`x` (B, ...) with a random `rate` of its values set to zero; `seed` is two uint32."""
        dropped = round(256 * rate)
        each = math.prod(x.shape[1:])  # values of one image; its bits come as words of four bytes
        words = jax.random.bits(seed, (len(x), -(-each // 4)), "uint32")
        coins = jax.lax.bitcast_convert_type(words, "uint8").reshape(len(x), 4 * words.shape[1])
        coins = coins[:, :each]
        return ops.where(coins.reshape(x.shape) >= dropped, x * (256 / (256 - dropped)), 0)
