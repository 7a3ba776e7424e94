"""Multi-head self-attention: every token looks at every token and takes over what it needs."""

import keras
from keras import layers, ops

from .basics import Dropout, Linear
from .checks import positive, share
from .gradients import product


@keras.saving.register_keras_serializable(package="vit_helpers")
class SelfAttention(layers.Layer):
    """Multi-head self-attention on tokens (B, N, D), as in Vaswani et al., 2017 (arXiv 1706.03762).

    Each of `num_heads` heads compares queries and keys of `key_dim` values, divides each token's
    attention over all tokens with a softmax, and gives it the weighted mean of the values. The
    result has the shape of the input. `dropout` hides that share of the attention in training.
    """

    def __init__(self, num_heads, key_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = positive("num_heads", num_heads)
        self.key_dim = positive("key_dim", key_dim)
        self.dropout = share("dropout", dropout)
        width = num_heads * key_dim
        self.query, self.key, self.value = (
            Linear(width, name=name) for name in ("query", "key", "value")
        )
        self.drop = Dropout(dropout, name="drop")

    def build(self, input_shape):
        shape = tuple(input_shape)
        for projection in (self.query, self.key, self.value):
            projection.build(shape)
        self.output_projection = Linear(shape[-1], name="output")
        self.output_projection.build((*shape[:-1], self.num_heads * self.key_dim))

    def scores(self, x):
        """How much each token (rows) looks at each token (columns): (B, h, N, N), rows sum to 1."""
        query, key = self._heads(self.query(x)), self._heads(self.key(x))
        return ops.softmax(product(query * self.key_dim**-0.5, ops.swapaxes(key, -1, -2)))

    def call(self, x, training=None):
        attention = self.drop(self.scores(x), training=training)
        mixed = ops.transpose(product(attention, self._heads(self.value(x))), (0, 2, 1, 3))
        return self.output_projection(ops.reshape(mixed, (*ops.shape(x)[:2], -1)))

    def _heads(self, x):
        """(B, N, h * K) to (B, h, N, K)."""
        x = ops.reshape(x, (*ops.shape(x)[:2], self.num_heads, self.key_dim))
        return ops.transpose(x, (0, 2, 1, 3))

    def get_config(self):
        own = {"num_heads": self.num_heads, "key_dim": self.key_dim, "dropout": self.dropout}
        return {**super().get_config(), **own}
