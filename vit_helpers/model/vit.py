"""Whole Vision Transformers: what describes one, the known sizes, and building it."""

from dataclasses import dataclass, replace
from functools import partial

import keras
import numpy as np
from keras import layers

from ..checks import (
    Choices,
    choose,
    divides,
    flag,
    instance,
    not_negative,
    positive,
    seed_number,
    sides,
    whole,
    widths,
)
from ..data.augmentation import AUGMENTATIONS, make_augmentation
from ..data.datasets import ImageDataset
from .fast import Dropout, LayerNorm, Linear, dropout_rate, exact_gelu, serializable
from .layers import TransformerBlock
from .patches import POSITIONS, PatchEncoder, Patches

POOLS = {"mean": "mean of the tokens", "token": "class token", "flatten": "all tokens in a row"}
SCALINGS = {"dataset": "mean 0 and deviation 1 on the training images", "unit": "0 ... 1"}


@dataclass(frozen=True, kw_only=True)
class ViTConfig:
    """Everything that decides a Vision Transformer; checks itself, raises ValueError.

    `image_size` is the side of the images or (height, width), in pixels; `resize_to` the side they
    are enlarged to inside the model. Each patch sees `margin` pixels more on each side (it is the
    kernel of a convolution of `patch_size + 2 * margin`, with stride `patch_size`). `key_dim` is
    the width of one head (None: `projection_dim / num_heads`), `transformer_units` the widths of a
    block's MLP (None: 4 * D, D). `attention=False` lets every token see only itself. `augmentation`
    is part of the model and comes after `resize_to`; that of a Recipe comes before the model, and a
    run takes only one of the two.
    """

    image_size: int | tuple[int, int] = 32
    num_classes: int = 100
    patch_size: int = 4
    margin: int = 0
    projection_dim: int = 64
    transformer_layers: int = 4
    num_heads: int = 4
    key_dim: int | None = None
    transformer_units: tuple[int, ...] | None = None
    mlp_head_units: tuple[int, ...] = ()
    pool: str = "mean"
    position: str = "sincos2d"
    attention: bool = True
    attention_dropout: float = 0.0
    dropout: float = 0.0
    head_dropout: float = 0.0
    gelu_last: bool = False
    resize_to: int | None = None
    augmentation: str = "none"
    scaling: str = "dataset"

    def __post_init__(self):
        self._put(sides, "image_size")
        self._put(partial(whole, least=2), "num_classes")
        self._put(positive, "projection_dim", "transformer_layers", "num_heads", "patch_size")
        self._put(not_negative, "margin")
        self._put(dropout_rate, "attention_dropout", "dropout", "head_dropout")
        self._put(flag, "attention", "gelu_last")
        self._put(widths, "mlp_head_units")
        for name, check in (
            ("key_dim", positive), ("resize_to", positive),
            ("transformer_units", partial(widths, least=1)),
        ):  # fmt: skip
            if getattr(self, name) is not None:
                self._put(check, name)
        for name, options in (
            ("pool", POOLS), ("position", POSITIONS),
            ("augmentation", AUGMENTATIONS), ("scaling", SCALINGS),
        ):  # fmt: skip
            choose(name, getattr(self, name), options)
        cut = "resize_to" if self.resize_to else "image_size"
        for side in self.model_size:
            divides("patch_size", self.patch_size, cut, side)
        if self.key_dim is None:
            divides("num_heads", self.num_heads, "projection_dim", self.projection_dim)
        if self.units[-1] != self.projection_dim:
            raise ValueError(
                f"transformer_units={self.units} must end in projection_dim={self.projection_dim}"
            )
        if self.position == "sincos2d" and self.projection_dim % 4:
            raise ValueError(
                f"projection_dim={self.projection_dim} must be a multiple of 4 for 'sincos2d'"
            )

    def _put(self, check, *names):
        """Check fields, and keep them as what they are checked to be (NumPy's numbers as int)."""
        for name in names:
            object.__setattr__(self, name, check(name, getattr(self, name)))

    @property
    def input_size(self):
        """(height, width) of the images that come in."""
        size = self.image_size
        return size if isinstance(size, tuple) else (size, size)

    @property
    def model_size(self):
        """(height, width) of the images that are cut into patches."""
        return (self.resize_to, self.resize_to) if self.resize_to else self.input_size

    @property
    def grid(self):
        """(rows, columns) of the patches."""
        return tuple(side // self.patch_size for side in self.model_size)

    @property
    def units(self):
        """The widths of a block's MLP."""
        return self.transformer_units or (4 * self.projection_dim, self.projection_dim)

    def fit_to(self, dataset, **changes):
        """This config for the image size and the classes of a dataset, with further changes."""
        instance("dataset", dataset, ImageDataset, "load one with load_dataset")
        height, width = dataset.x_train.shape[1:3]
        size = height if height == width else (height, width)
        return replace(self, image_size=size, num_classes=len(dataset.class_names), **changes)


def _standard(width, heads):
    """Dosovitskiy et al., 2021 (arXiv 2010.11929): 224 x 224, patch 16, class token."""
    return ViTConfig(
        image_size=224, num_classes=1000, patch_size=16, projection_dim=width, num_heads=heads,
        transformer_layers=12, pool="token", position="learned", scaling="unit",
    )  # fmt: skip


CONFIGS = Choices("CONFIGS", {
    "tiny": ViTConfig(),
    "keras-io": ViTConfig(
        resize_to=72, patch_size=6, key_dim=64, transformer_layers=8, transformer_units=(128, 64),
        gelu_last=True, pool="flatten", position="learned", mlp_head_units=(2048, 1024),
        attention_dropout=0.1, dropout=0.1, head_dropout=0.5, augmentation="keras-io",
    ),
    # As printed, the article's block adds a (64, 1024) tensor to a (64, 64) one; the third MLP
    # layer brings the width back, so that it builds.
    "keras-article": ViTConfig(
        patch_size=4, key_dim=64, transformer_layers=8, transformer_units=(2048, 1024, 64),
        pool="flatten", position="learned", attention_dropout=0.1, head_dropout=0.5,
        scaling="unit",
    ),
    "ti16": _standard(192, 3),
    "s16": _standard(384, 6),
    "b16": _standard(768, 12),
})  # fmt: skip


CHOICE = "try one of " + ", ".join(f'CONFIGS["{name}"]' for name in CONFIGS)


def create_vit_classifier(config=CONFIGS["tiny"], seed=0):
    """An uncompiled `keras.Model`: images (B, H, W, 3) in 0 ... 255 to logits.

    Logits are (B, classes). One config and seed give the same initial weights:
    Keras's global seed is set. With `config.scaling="dataset"` the layer
    `normalization` passes images through until it is adapted, which
    `run_experiment` does. Raises ValueError unless `config` is a ViTConfig.
    """
    instance("config", config, ViTConfig, CHOICE)
    keras.utils.set_random_seed(seed_number("seed", seed))
    images = layers.Input((*config.input_size, 3), name="images")
    x = _prepare(images, config)
    x = Patches(config.patch_size, config.margin, name="patches")(x)
    x = _encoder(config)(x)
    for i in range(1, config.transformer_layers + 1):
        x = _block(config, i)(x)
    x = LayerNorm(epsilon=1e-6, name="final_norm")(x)
    x = _pool(config.pool)(x)
    logits = Linear(config.num_classes, name="logits")(_hidden(x, config))
    return keras.Model(images, logits, name="vit")


def _prepare(x, config):
    """Images scaled and, where the config says so, enlarged and augmented."""
    if config.scaling == "dataset":
        x = layers.Normalization(name="normalization")(x)
    else:
        x = layers.Rescaling(1 / 255, name="rescaling")(x)
    if config.resize_to:
        x = layers.Resizing(*config.model_size, name="resizing")(x)
    if config.augmentation != "none":
        x = make_augmentation(config.augmentation)(x)
    return x


def _encoder(config):
    return PatchEncoder(
        config.grid, config.projection_dim, config.position, config.pool == "token",
        name="patch_encoder",
    )  # fmt: skip


def _block(config, i):
    return TransformerBlock(
        config.num_heads, config.key_dim or config.projection_dim // config.num_heads,
        config.units, config.dropout, config.attention_dropout, config.gelu_last,
        config.attention, name=f"block_{i}",
    )  # fmt: skip


def _hidden(x, config):
    """The hidden layers of the head; the series' own models have none."""
    if config.head_dropout:
        x = Dropout(config.head_dropout, name="head_drop_0")(x)
    for i, units in enumerate(config.mlp_head_units, 1):
        x = Linear(units, activation=exact_gelu, name=f"head_{i}")(x)
        x = Dropout(config.head_dropout, name=f"head_drop_{i}")(x)
    return x


@serializable
class ClassToken(layers.Layer):
    """The first of the tokens (B, N, D): (B, D)."""

    def call(self, tokens):
        return tokens[:, 0]


def _pool(kind):
    if kind == "mean":
        return layers.GlobalAveragePooling1D(name="pool")
    if kind == "flatten":
        return layers.Flatten(name="pool")
    return ClassToken(name="pool")


def trainable_parameters(model):
    """The number of values that training changes."""
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)
