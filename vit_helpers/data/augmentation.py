"""Random changes of the training images that leave their labels alone."""

import keras

from ..checks import choose, seed_number


def _flip(seed):
    return keras.layers.RandomFlip("horizontal", seed=seed)


def _shift(seed):
    return keras.layers.RandomTranslation(0.0625, 0.0625, fill_mode="nearest", seed=seed)


def _rotate(seed):
    return keras.layers.RandomRotation(0.02, seed=seed)


def _zoom(seed):
    return keras.layers.RandomZoom(0.2, 0.2, seed=seed)


def _erase(seed):
    return keras.layers.RandomErasing(0.5, scale=(0.1, 0.5), fill_value=128, seed=seed)


# Rotations are in turns (0.02 is 7 degrees), shifts and zooms in shares of the image's side.
AUGMENTATIONS = {
    "none": (),
    "flip": (_flip,),
    "flip-shift": (_flip, _shift),
    "keras-io": (_flip, _rotate, _zoom),
    "strong": (_flip, _shift, _rotate, _zoom, _erase),
}


def make_augmentation(name="flip-shift", seed=0):
    """A Keras layer that augments images (N, H, W, C) if `training=True`.

    `"none"` changes nothing; `"flip"` mirrors left and right; `"flip-shift"`
    also moves the image by up to 1/16 of its side (2 pixels of 32);
    `"keras-io"` is the set of the keras.io example: mirror, turn by up to 7
    degrees, zoom by up to 20 %; `"strong"` is all of this and a grey rectangle
    over a part of the image. Two layers made with one `seed` give the same
    changes. Raises ValueError for an unknown name.
    """
    steps = choose("name", name, AUGMENTATIONS)
    seed = seed_number("seed", seed)
    layers = [make(seed + i) for i, make in enumerate(steps)]
    layers = layers or [keras.layers.Identity()]
    return keras.Sequential(layers, name="augmentation")
