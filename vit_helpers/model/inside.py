"""What is inside a model: its layers, the tokens that enter each block, and its attention."""

import json

import keras
import numpy as np

from ..checks import instance
from .layers import TransformerBlock

COUNTED = ("name", "shared_object_id")


def block_inputs(model, images):
    """[(block, the tokens (B, N, D) that enter it)] for each TransformerBlock of `model`."""
    instance("model", model, keras.Model, "make it with create_vit_classifier")
    blocks = [layer for layer in model.layers if isinstance(layer, TransformerBlock)]
    if not blocks:
        raise ValueError("model has no TransformerBlock; make it with create_vit_classifier")
    images, takes = np.asarray(images), model.input_shape[1:]
    if images.shape[1:] != tuple(takes):
        raise ValueError(f"images must be (B, {', '.join(map(str, takes))}), not {images.shape}")
    reader = keras.Model(model.inputs[0], [block.input for block in blocks])
    return list(zip(blocks, keras.tree.flatten(reader(images)), strict=True))


def attention_maps(model, images):
    """The attention of every block: an array (blocks, B, heads, N, N) whose rows sum to 1."""
    return np.stack([b.attention_weights(x) for b, x in block_inputs(model, images)])


def described(model):
    """[class, config] of each layer of `model` as JSON, without the names that Keras counts up."""
    layers = [[type(layer).__name__, _unnamed(layer.get_config())] for layer in model.layers]
    return json.loads(json.dumps(layers, default=str))


def _unnamed(value):
    if isinstance(value, dict):
        return {name: _unnamed(item) for name, item in value.items() if name not in COUNTED}
    return [_unnamed(item) for item in value] if isinstance(value, list | tuple) else value
