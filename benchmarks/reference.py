"""The keras.io recipe as its tutorial trains it: plain Keras layers, plain `fit`, batch 256.

The facts are those of CONFIGS["keras-io"]; here they are built from Keras's own layers and trained
as there, with the augmentation inside the model after the enlargement to 72 x 72. Nothing of
`vit_helpers` is imported, so that nothing of it makes this faster.

python -m benchmarks.reference '{"batch": 256, "calls": 2}'
"""

import json
import os
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

from .peak import peak_mb


class PositionEmbedding(layers.Layer):
    """Adds a learned vector to each of the tokens (B, N, D)."""

    def build(self, shape):
        self.embedding = layers.Embedding(shape[1], shape[2])
        self.embedding.build((shape[1],))

    def call(self, tokens):
        return tokens + self.embedding(keras.ops.arange(tokens.shape[1]))


def _dense_gelu(x, widths, dropout):
    for width in widths:
        x = layers.Dense(width, activation=keras.activations.gelu)(x)
        x = layers.Dropout(dropout)(x)
    return x


def build(images, blocks=8):
    """The compiled model; `images` (N, 32, 32, 3) are those that normalization adapts to."""
    normalization = layers.Normalization()
    normalization.adapt(images)
    inputs = layers.Input((32, 32, 3))
    x = layers.Resizing(72, 72)(normalization(inputs))
    x = layers.RandomFlip("horizontal")(x)
    x = layers.RandomRotation(0.02)(x)
    x = layers.RandomZoom(0.2, 0.2)(x)
    x = layers.Reshape((12, 6, 12, 6, 3))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    x = layers.Dense(64)(layers.Reshape((144, 108))(x))
    x = PositionEmbedding()(x)
    for _ in range(blocks):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        x = x + layers.MultiHeadAttention(num_heads=4, key_dim=64, dropout=0.1)(y, y)
        x = x + _dense_gelu(layers.LayerNormalization(epsilon=1e-6)(x), (128, 64), 0.1)
    x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
    x = _dense_gelu(layers.Dropout(0.5)(x), (2048, 1024), 0.5)
    model = keras.Model(inputs, layers.Dense(100)(x))
    model.compile(
        keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=1e-4),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[
            keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
            keras.metrics.SparseTopKCategoricalAccuracy(5, name="top-5-accuracy"),
        ],
    )
    return model


class Clock(keras.callbacks.Callback):
    """Notes when each step has ended."""

    def on_train_begin(self, logs=None):
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        float(logs["loss"])
        self.ends.append(time.perf_counter())


def main(batch=256, calls=2, blocks=8):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (batch * (1 + calls), 32, 32, 3), dtype=np.uint8)
    labels = random.integers(0, 100, len(images))
    clock, started = Clock(), time.perf_counter()
    build(images[:256], blocks).fit(images, labels, batch_size=batch, verbose=0, callbacks=[clock])
    return {
        "images_per_second": batch / float(np.median(np.diff(clock.ends))),
        "first_seconds": clock.ends[0] - started,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
