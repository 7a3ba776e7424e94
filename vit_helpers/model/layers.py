"""The layers in which tokens look at each other: self-attention, and the block around it.

Shapes: B images of N tokens, D values per token (`projection_dim`), h heads of K values
(`key_dim`).
"""

from keras import layers, ops

from ..checks import flag, positive, widths
from .fast import Dropout, LayerNorm, Linear, dropout_rate, exact_gelu, product, serializable


@serializable
class SelfAttention(layers.Layer):
    """Multi-head self-attention on tokens (B, N, D), as in Vaswani et al., 2017 (arXiv 1706.03762).

    Each of `num_heads` heads compares queries and keys of `key_dim` values (the scores), makes
    weights of each token's scores with a softmax, and gives it the weighted mean of the values. The
    result has the shape of the input. In training, `dropout` sets that share of the weights to 0.
    """

    def __init__(self, num_heads, key_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = positive("num_heads", num_heads)
        self.key_dim = positive("key_dim", key_dim)
        self.dropout = dropout_rate("dropout", dropout)
        width = self.num_heads * self.key_dim
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
        """How well each query (rows) fits each key (columns): (B, h, N, N)."""
        query, key = self._heads(self.query(x)), self._heads(self.key(x))
        return product(query * self.key_dim**-0.5, ops.swapaxes(key, -1, -2))

    def attention_weights(self, x):
        """How much each token (rows) takes from each (columns): (B, h, N, N).

        The softmax of the scores, so that each row sums to 1.
        """
        return ops.softmax(self.scores(x))

    def call(self, x, training=None):
        weights = self.drop(self.attention_weights(x), training=training)
        mixed = product(weights, self._heads(self.value(x)))
        mixed = ops.transpose(mixed, (0, 2, 1, 3))
        width = self.num_heads * self.key_dim
        return self.output_projection(ops.reshape(mixed, (*ops.shape(x)[:2], width)))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def _heads(self, x):
        """(B, N, h * K) to (B, h, N, K)."""
        x = ops.reshape(x, (*ops.shape(x)[:2], self.num_heads, self.key_dim))
        return ops.transpose(x, (0, 2, 1, 3))

    def get_config(self):
        own = {"num_heads": self.num_heads, "key_dim": self.key_dim, "dropout": self.dropout}
        return {**super().get_config(), **own}


@serializable
class TransformerBlock(layers.Layer):
    """A pre-norm block on tokens (B, N, D): they look at each other, then each thinks for itself.

    x = x + attention(norm(x)), then x = x + mlp(norm(x)). `mlp_units` ends in D; GELU (exact)
    follows each Dense but the last, with `gelu_last=True` the last too. With `attention=False` a
    token sees only itself: its own value takes the place of the weighted mean of all values.
    """

    def __init__(
        self, num_heads, key_dim, mlp_units, dropout=0.0, attention_dropout=0.0,
        gelu_last=False, attention=True, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.settings = {
            "num_heads": positive("num_heads", num_heads),
            "key_dim": positive("key_dim", key_dim),
            "mlp_units": (mlp_units := widths("mlp_units", mlp_units, least=1)),
            "dropout": dropout_rate("dropout", dropout),
            "attention_dropout": dropout_rate("attention_dropout", attention_dropout),
            "gelu_last": flag("gelu_last", gelu_last),
            "attention": flag("attention", attention),
        }
        self.norm_1 = LayerNorm(epsilon=1e-6, name="norm_1")
        if attention:
            self.attention = SelfAttention(num_heads, key_dim, attention_dropout, name="attention")
            token_mixer = [self.attention]
        else:
            self.value = Linear(num_heads * key_dim, name="value")
            self.output_projection = Linear(mlp_units[-1], name="output")
            token_mixer = [self.value, self.output_projection]
        # A function, because Keras would write the weights of a list into files under its name.
        self.token_mixer = lambda: token_mixer
        self.norm_2 = LayerNorm(epsilon=1e-6, name="norm_2")
        gelus = [True] * (len(mlp_units) - 1) + [gelu_last]
        self.mlp = [
            Linear(units, activation=exact_gelu if gelu else None, name=f"mlp_{i}")
            for i, (units, gelu) in enumerate(zip(mlp_units, gelus, strict=True), 1)
        ]
        self.drops = [Dropout(dropout, name=f"drop_{i}") for i in range(len(self.mlp))]

    def build(self, input_shape):
        shape = tuple(input_shape)
        last = self.settings["mlp_units"][-1]
        if last != shape[-1]:
            raise ValueError(f"mlp_units must end in the tokens' width {shape[-1]}, not in {last}")
        for part in ([self.norm_1], [self.norm_2], self.token_mixer(), self.mlp):
            inside = shape
            for layer in part:
                layer.build(inside)
                inside = layer.compute_output_shape(inside)

    def call(self, x, training=None):
        y = self.norm_1(x)
        for layer in self.token_mixer():
            y = layer(y, training=training)
        x = x + y
        y = self.norm_2(x)
        for dense, drop in zip(self.mlp, self.drops, strict=True):
            y = drop(dense(y), training=training)
        return x + y

    def attention_weights(self, x):
        """How much each token (rows) takes from each token (columns): (B, h, N, N), rows sum to 1.

        Raises ValueError for a block without attention.
        """
        if not self.settings["attention"]:
            raise ValueError("this block was made with attention=False: it has no attention map")
        return self.attention.attention_weights(self.norm_1(x))

    def get_config(self):
        return {**super().get_config(), **self.settings}
