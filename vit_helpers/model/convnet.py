"""A small ConvNet, to compare with: about as many parameters as the series' own ViT."""

import keras
from keras import layers

from ..checks import instance, seed_number
from .vit import CHOICE, CONFIGS, ViTConfig

FILTERS = (16, 48, 112)  # of the three stages; each but the first halves height and width


def create_convnet_classifier(config=CONFIGS["tiny"], seed=0):
    """An uncompiled `keras.Model` for the images and classes of a ViTConfig.

    From images (B, H, W, 3) in 0 ... 255 to logits (B, classes): six 3 x 3
    convolutions, each with batch normalisation and ReLU, then the mean over all
    places. One seed gives the same weights: Keras's global seed is set.
    """
    instance("config", config, ViTConfig, CHOICE)
    keras.utils.set_random_seed(seed_number("seed", seed))
    images = layers.Input((*config.input_size, 3), name="images")
    x = layers.Normalization(name="normalization")(images)
    for stage, filters in enumerate(FILTERS):
        for stride in (2 if stage else 1, 1):
            x = layers.Conv2D(filters, 3, stride, "same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
            x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    logits = layers.Dense(config.num_classes, name="logits")(x)
    return keras.Model(images, logits, name="convnet")
