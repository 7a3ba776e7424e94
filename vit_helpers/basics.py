"""The small parts of a block: Keras's own layers, with insides that suit a CPU (`gradients`)."""

import math

import jax
import keras
from keras import layers, ops

from . import gradients

serializable = keras.saving.register_keras_serializable(package="vit_helpers")


@serializable
def exact_gelu(x):
    """GELU as x * Phi(x), with the normal distribution itself and not its tanh approximation."""
    return x * (0.5 + 0.5 * ops.erf(x * math.sqrt(0.5)))


@serializable
class Linear(layers.Dense):
    """`keras.layers.Dense`: the same weights and numbers, with the gradient of `gradients`."""

    def call(self, inputs):
        kernel = ops.convert_to_tensor(self.kernel)
        x = gradients.linear(ops.convert_to_tensor(inputs), kernel) + self.bias
        return x if self.activation is None else self.activation(x)


@serializable
class LayerNorm(layers.LayerNormalization):
    """`keras.layers.LayerNormalization` over the last axis, with the gradient of `gradients`."""

    def call(self, inputs):
        gamma, beta = ops.convert_to_tensor(self.gamma), ops.convert_to_tensor(self.beta)
        return gradients.layer_norm(ops.convert_to_tensor(inputs), gamma, beta, self.epsilon)


@serializable
class Dropout(layers.Dropout):
    """`keras.layers.Dropout` with `rate` rounded to a 256th (0.1 becomes 26/256).

    Random numbers cost more on a CPU than the attention that they fall on. Which values to drop is
    a yes or no, so eight random bits for each do: four come from one random word.

    What stays is divided by the share that stays, so that the mean is exactly kept.
    """

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        return self.of(inputs, self.rate, self.seed_generator.next())

    @staticmethod
    def of(x, rate, seed):
        """`x` with a random `rate` of its values set to zero; `seed` is two uint32."""
        dropped = round(256 * rate)
        each = x[0].size  # values of one image; its bits come as words of four bytes
        words = jax.random.bits(seed, (len(x), -(-each // 4)), "uint32")
        coins = jax.lax.bitcast_convert_type(words, "uint8").reshape(len(x), -1)[:, :each]
        return ops.where(coins.reshape(x.shape) >= dropped, x * (256 / (256 - dropped)), 0)
