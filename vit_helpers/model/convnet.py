"""A small ConvNet, to compare with: about as many parameters as the series' own ViT."""

import keras
from keras import layers

from ..checks import seed_number, sides, whole

FILTERS = (16, 48, 112)  # of the three stages; each but the first halves height and width


def create_convnet_classifier(image_size=32, num_classes=100, seed=0):
    """An uncompiled `keras.Model`: images (B, H, W, 3) in 0 ... 255 to logits (B, classes).

    Six 3 x 3 convolutions, each followed by batch normalisation and ReLU, then the mean over all
    places. `image_size` is a side or (height, width), in pixels. One seed gives the same initial
    weights: Keras's global seed is set.
    """
    size = sides("image_size", image_size)
    classes = whole("num_classes", num_classes, least=2)
    keras.utils.set_random_seed(seed_number("seed", seed))
    images = layers.Input((*(size if isinstance(size, tuple) else (size, size)), 3), name="images")
    x = layers.Normalization(name="normalization")(images)
    for i, filters in enumerate(FILTERS):
        for stride in (2 if i else 1, 1):
            x = layers.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
            x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(images, layers.Dense(classes, name="logits")(x), name="convnet")
