"""Models and optimizers that are only here to be compared with: what the series leaves out."""

from functools import partial

import keras

from vit_helpers import TransformerBlock, create_convnet_classifier, create_vit_classifier
from vit_helpers.training.recipes import OPTIMIZERS

NOT_DECAYED = ["gamma", "beta", "bias", "position_embedding", "class_token"]


class PostNorm(TransformerBlock):
    """The block of Vaswani et al., 2017: the norm comes after the sum."""

    def call(self, x, training=None):
        x = self.norm_1(x + self.attention(x, training=training))
        y = x
        for dense in self.mlp:
            y = dense(y)
        return self.norm_2(x + y)


class NoResidual(TransformerBlock):
    """The pre-norm block without the two sums."""

    def call(self, x, training=None):
        x = self.attention(self.norm_1(x), training=training)
        x = self.norm_2(x)
        for dense in self.mlp:
            x = dense(x)
        return x


class AdamL2(keras.optimizers.Adam):
    """Adam whose decay is a part of the gradient: L2 regularisation."""

    def __init__(self, learning_rate, weight_decay=0.0, **options):
        super().__init__(learning_rate, **options)
        self.l2 = weight_decay

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient + self.l2 * variable, variable, learning_rate)


def _not_everywhere(make, rate, **options):
    optimizer = make(rate, **options)
    optimizer.exclude_from_weight_decay(var_names=NOT_DECAYED)
    return optimizer


OPTIMIZERS |= {
    "adam-l2": AdamL2,
    "muon, weights only": partial(_not_everywhere, OPTIMIZERS["muon"]),
}


def _with(block, config, seed):
    """The ViT of `config` with another kind of block."""
    plain = create_vit_classifier(config, seed)
    keras.utils.set_random_seed(seed)

    def clone(layer):
        kind = block if isinstance(layer, TransformerBlock) else type(layer)
        return kind.from_config(layer.get_config())

    return keras.models.clone_model(plain, clone_function=clone)


MODELS = {
    "vit": create_vit_classifier,
    "post-norm": partial(_with, PostNorm),
    "no residuals": partial(_with, NoResidual),
    "convnet": create_convnet_classifier,
}
