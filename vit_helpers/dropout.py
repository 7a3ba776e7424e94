"""Dropout that needs a quarter of the random numbers.

On a CPU the random numbers of dropout cost more than the attention that they fall on. Which values
to drop is a yes or no: eight random bits for each decide it as well as the 32 of a float do.
"""

import jax
import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="vit_helpers")
class Dropout(layers.Dropout):
    """`keras.layers.Dropout` with `rate` rounded to a 256th (0.1 becomes 26/256).

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
