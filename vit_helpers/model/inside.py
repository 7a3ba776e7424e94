"""What happens inside a trained model: the tokens that enter each block, and its attention."""

import keras
import numpy as np

from .layers import TransformerBlock


def block_inputs(model, images):
    """[(block, the tokens (B, N, D) that enter it)] for each TransformerBlock of `model`."""
    blocks = [layer for layer in model.layers if isinstance(layer, TransformerBlock)]
    if not blocks:
        raise ValueError("model has no TransformerBlock; make it with create_vit_classifier")
    reader = keras.Model(model.inputs[0], [block.input for block in blocks])
    return list(zip(blocks, reader(np.asarray(images)), strict=True))


def attention_maps(model, images):
    """The attention of every block: an array (blocks, B, heads, N, N) whose rows sum to 1."""
    return np.stack([b.attention_weights(x) for b, x in block_inputs(model, images)])
