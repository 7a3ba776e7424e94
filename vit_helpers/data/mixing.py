"""Two images in one, with a label in the same shares: mixup and CutMix."""

import warnings

import keras
import numpy as np

from ..checks import choose, seed_number, whole

MOST_SHARES = 2**30


class _MixUp(keras.layers.MixUp):
    """Keras's own, which on JAX warns of each of its 64-bit numbers that become 32-bit ones."""

    def get_random_transformation(self, *arguments, **named):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return super().get_random_transformation(*arguments, **named)


# The strengths that DeiT trains with (Touvron et al., 2021, arXiv 2012.12877, table 9).
MIXINGS = {
    "none": None,
    "mixup": lambda seed: _MixUp(alpha=0.8, seed=seed),
    "cutmix": lambda seed: keras.layers.CutMix(factor=(1.0, 1.0), seed=seed),
}


def make_mixing(name="mixup", seed=0):
    """A Keras layer from {"images": (N, H, W, C), "labels": (N, classes)} to the same, mixed.

    Each image gets a partner among the N, and a share s from a Beta distribution. `"mixup"` adds
    s of the one and 1 - s of the other (Zhang et al., 2018, arXiv 1710.09412); `"cutmix"` pastes a
    rectangle of the partner, 1 - s of the area (Yun et al., 2019, arXiv 1905.04899). The labels,
    floats that sum to 1, are added in the same shares. None for `"none"`; raises ValueError for an
    unknown name.
    """
    make, seed = choose("name", name, MIXINGS), seed_number("seed", seed)
    return make and make(seed)


def label_shares(labels, classes):
    """Labels (N,) as the shares of each class: float32 (N, classes), one 1 in each row."""
    classes, labels = whole("classes", classes, least=2), np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers (N,), not {labels.dtype} {labels.shape}")
    if len(labels) * classes > MOST_SHARES:
        raise ValueError(f"classes={classes} for {len(labels)} labels is too large a table")
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels are {labels.min()} ... {labels.max()}; with classes={classes} they must be in "
            f"0 ... {classes - 1}"
        )
    return keras.utils.to_categorical(labels, classes).astype("float32")
