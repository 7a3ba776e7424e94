"""The layers of a Vision Transformer: images become patches, patches tokens, tokens look around.

Shapes: B images of H x W pixels with C channels, N patches (tokens) of P x P pixels, D values per
token (`projection_dim`), h heads of K values (`key_dim`).
"""

import numpy as np
from keras import initializers, layers, ops

from ..checks import choose, divides, not_negative, positive, share
from .fast import Dropout, LayerNorm, Linear, exact_gelu, product, serializable

POSITIONS = {"learned": "a free vector for each place", "sincos2d": "waves", "none": "nothing"}


@serializable
class Patches(layers.Layer):
    """Cut images (B, H, W, C) into patches (B, N, P * P * C), row by row from the top left.

    Each patch holds its pixels row by row with the channels last, so `patch.reshape(P, P, C)` is
    the picture again. With `overlap` > 0 a patch also holds that many pixels on each side of it
    (zeros outside the image), so that it is P + 2 * overlap pixels wide; N stays the same. Raises
    ValueError if `patch_size` does not divide height and width.
    """

    def __init__(self, patch_size, overlap=0, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = positive("patch_size", patch_size)
        self.overlap = not_negative("overlap", overlap)

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(f"Patches needs images (B, H, W, C), not shape {tuple(input_shape)}")
        for side, size in zip(("height", "width"), input_shape[1:3], strict=True):
            divides("patch_size", self.patch_size, f"image {side}", size)

    def call(self, images):
        _, height, width, channels = images.shape
        rows, columns = height // self.patch_size, width // self.patch_size
        size = self.patch_size
        if self.overlap:
            margin = (self.overlap, self.overlap)
            images = ops.pad(images, ((0, 0), margin, margin, (0, 0)))
            size += 2 * self.overlap
            for axis, count in ((1, rows), (2, columns)):
                starts = self.patch_size * np.arange(count)
                images = ops.take(images, (starts[:, None] + np.arange(size)).ravel(), axis)
        x = ops.reshape(images, (-1, rows, size, columns, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, rows * columns, size * size * channels))

    def get_config(self):
        own = {"patch_size": self.patch_size, "overlap": self.overlap}
        return {**super().get_config(), **own}


def sincos2d(rows, columns, projection_dim):
    """Fixed positions (rows * columns, D): a quarter of the values each sin and cos of y and x.

    The wavelengths grow from 2 pi to 2 pi * 10,000 patches, as in arXiv 2205.01580.
    """
    if projection_dim % 4:
        raise ValueError(f"projection_dim={projection_dim} must be a multiple of 4 for 'sincos2d'")
    frequency = 1 / 10000 ** (np.arange(projection_dim // 4) / (projection_dim // 4))
    y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    waves = [f(v.reshape(-1, 1) * frequency) for v in (y, x) for f in (np.sin, np.cos)]
    return np.concatenate(waves, axis=1).astype("float32")


@serializable
class PatchEncoder(layers.Layer):
    """Turn patches (B, N, P * P * C) into tokens (B, N, D): a linear projection plus a position.

    `num_patches` is N, or `(rows, columns)` where the grid is not square. `position` is
    `"learned"`, `"sincos2d"` or `"none"`. With `class_token=True` a learned token comes first:
    (B, N + 1, D); its sin-cos position is zero. Raises ValueError if the input has another N.
    """

    def __init__(
        self, num_patches, projection_dim, position="learned", class_token=False, **kwargs
    ):
        super().__init__(**kwargs)
        if isinstance(num_patches, int):
            side = int(np.sqrt(positive("num_patches", num_patches)))
            grid = (side, side) if side * side == num_patches else (1, num_patches)
            if position == "sincos2d" and side * side != num_patches:
                raise ValueError(
                    f"num_patches={num_patches} is no square: give (rows, columns) for 'sincos2d'"
                )
        else:
            grid = tuple(positive("num_patches", int(n)) for n in num_patches)
        choose("position", position, POSITIONS)
        self.num_patches, self.grid = num_patches, grid
        self.projection_dim = positive("projection_dim", projection_dim)
        self.position, self.class_token = position, class_token
        self.projection = Linear(projection_dim, name="projection")

    def build(self, input_shape):
        count = self.grid[0] * self.grid[1]
        if input_shape[1] != count:
            raise ValueError(f"num_patches={count}, but the input has {input_shape[1]} patches")
        self.projection.build(tuple(input_shape))
        if self.class_token:
            self.token = self.add_weight(
                shape=(1, 1, self.projection_dim), initializer="zeros", name="class_token"
            )
        if self.position == "learned":
            self.position_embedding = self.add_weight(
                shape=(count + self.class_token, self.projection_dim),
                initializer=initializers.RandomNormal(stddev=0.02),
                name="position_embedding",
            )
        elif self.position == "sincos2d":
            waves = sincos2d(*self.grid, self.projection_dim)
            self.position_embedding = np.pad(waves, ((int(self.class_token), 0), (0, 0)))

    def call(self, patches):
        tokens = self.projection(patches)
        if self.class_token:
            first = ops.broadcast_to(self.token, (ops.shape(tokens)[0], 1, self.projection_dim))
            tokens = ops.concatenate([first, tokens], axis=1)
        if self.position == "none":
            return tokens
        return tokens + ops.cast(self.position_embedding, tokens.dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "num_patches": self.num_patches,
            "projection_dim": self.projection_dim,
            "position": self.position,
            "class_token": self.class_token,
        }


@serializable
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
            "mlp_units": tuple(positive("mlp_units", u) for u in mlp_units),
            "dropout": dropout,
            "attention_dropout": attention_dropout,
            "gelu_last": gelu_last,
            "attention": attention,
        }
        self.norm_1 = LayerNorm(epsilon=1e-6, name="norm_1")
        if attention:
            self.attention = SelfAttention(num_heads, key_dim, attention_dropout, name="attention")
        else:
            self.value = Linear(num_heads * key_dim, name="value")
            self.output_projection = Linear(self.settings["mlp_units"][-1], name="output")
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
        self.norm_1.build(shape)
        self.norm_2.build(shape)
        if self.settings["attention"]:
            self.attention.build(shape)
        else:
            self.value.build(shape)
            self.output_projection.build((*shape[:-1], self.value.units))
        for dense in self.mlp:
            dense.build(shape)
            shape = (*shape[:-1], dense.units)

    def call(self, x, training=None):
        y = self.norm_1(x)
        if self.settings["attention"]:
            x = x + self.attention(y, training=training)
        else:
            x = x + self.output_projection(self.value(y))
        y = self.norm_2(x)
        for dense, drop in zip(self.mlp, self.drops, strict=True):
            y = drop(dense(y), training=training)
        return x + y

    def attention_scores(self, x):
        """How much each token (rows) looks at each token (columns): (B, h, N, N), rows sum to 1."""
        if not self.settings["attention"]:
            raise ValueError("this block was made with attention=False: it has no attention map")
        return self.attention.scores(self.norm_1(x))

    def get_config(self):
        return {**super().get_config(), **self.settings}
