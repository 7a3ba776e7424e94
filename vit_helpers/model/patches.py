"""From images to tokens: images are cut into patches, patches are projected and get a position.

Shapes: B images of H x W pixels with C channels, N patches (tokens) of P x P pixels, D values per
token (`projection_dim`).
"""

import math

import numpy as np
from keras import initializers, layers, ops

from ..checks import choose, divides, flag, not_negative, positive, sides
from .fast import Linear, serializable

POSITIONS = {"learned": "a free vector for each place", "sincos2d": "waves", "none": "nothing"}


@serializable
class Patches(layers.Layer):
    """Cut images (B, H, W, C) into patches (B, N, P * P * C), row by row from the top left.

    Each patch holds its pixels row by row with the channels last, so `patch.reshape(P, P, C)` is
    the picture again. With a `margin` a patch also holds that many pixels on each side of it (zeros
    outside the image): in the words of a convolution, a kernel of P + 2 * margin with stride P, so
    that neighbours share 2 * margin pixels; N stays the same. Raises ValueError if `patch_size`
    does not divide height and width.
    """

    def __init__(self, patch_size, margin=0, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = positive("patch_size", patch_size)
        self.margin = not_negative("margin", margin)

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(f"Patches needs images (B, H, W, C), not shape {tuple(input_shape)}")
        for side, size in zip(("height", "width"), input_shape[1:3], strict=True):
            divides("patch_size", self.patch_size, f"image {side}", size)

    def call(self, images):
        _, height, width, channels = images.shape
        rows, columns = height // self.patch_size, width // self.patch_size
        size = self.patch_size + 2 * self.margin
        if self.margin:
            images = self._repeat_margins(images, rows, columns)
        x = ops.reshape(images, (-1, rows, size, columns, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, rows * columns, size * size * channels))

    def _repeat_margins(self, images, rows, columns):
        """The images with the pixels that neighbours share once for each of them."""
        around = (self.margin, self.margin)
        images = ops.pad(images, ((0, 0), around, around, (0, 0)))
        for axis, count in ((1, rows), (2, columns)):
            starts = self.patch_size * np.arange(count)[:, None]
            mine = starts + np.arange(self.patch_size + 2 * self.margin)
            images = ops.take(images, mine.ravel(), axis)
        return images

    def get_config(self):
        own = {"patch_size": self.patch_size, "margin": self.margin}
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config):
        """Knows the files of version 0.1.0, too, in which `margin` was called `overlap`."""
        config = dict(config)
        return cls(margin=config.pop("overlap", config.pop("margin", 0)), **config)


def sincos2d(rows, columns, projection_dim):
    """Fixed positions (rows * columns, D): a quarter of the values each sin y, cos y, sin x, cos x.

    Along each axis the frequencies are 10,000^(-4 i / D) for i = 0 ... D/4 - 1, the series of
    Vaswani et al., 2017 (arXiv 1706.03762, section 3.5) with D/2 values: wavelengths from 2 pi to
    2 pi * 10,000^(1 - 4 / D) patches (2 pi * 5,623 for D = 64). The code of arXiv 2205.01580, which
    has the idea for images, divides by D/4 - 1, so that its longest wave has 2 pi * 10,000 patches.
    """
    for argument, value in (("rows", rows), ("columns", columns)):
        positive(argument, value)
    if positive("projection_dim", projection_dim) % 4:
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
        num_patches = sides("num_patches", num_patches)
        choose("position", position, POSITIONS)
        if isinstance(num_patches, int):
            side = math.isqrt(num_patches)
            grid = (side, side) if side * side == num_patches else (1, num_patches)
            if position == "sincos2d" and side * side != num_patches:
                raise ValueError(
                    f"num_patches={num_patches} is no square: give (rows, columns) for 'sincos2d'"
                )
        else:
            grid = num_patches
        self.num_patches, self.grid = num_patches, grid
        self.projection_dim = positive("projection_dim", projection_dim)
        self.position, self.class_token = position, flag("class_token", class_token)
        self.projection = Linear(self.projection_dim, name="projection")

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
            shape = (ops.shape(tokens)[0], 1, self.projection_dim)
            first = ops.broadcast_to(self.token, shape)
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
