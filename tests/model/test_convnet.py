"""The small ConvNet: as large as the series' ViT, and trained by the same steps."""

import numpy as np
import pytest

from vit_helpers import (
    CONFIGS,
    Recipe,
    ViTConfig,
    create_convnet_classifier,
    create_vit_classifier,
)
from vit_helpers.model.vit import trainable_parameters
from vit_helpers.training.recipes import make_optimizer
from vit_helpers.training.stepping import compile_for, make_trainer


def test_it_has_about_as_many_parameters_as_the_vit():
    vit = trainable_parameters(create_vit_classifier(CONFIGS["tiny"]))
    convnet = trainable_parameters(create_convnet_classifier())
    assert abs(convnet / vit - 1) < 0.03


def test_one_seed_gives_the_same_logits():
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype("float32")
    config = ViTConfig(num_classes=5)
    one, two, other = (create_convnet_classifier(config, seed)(images) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert np.abs(one - other).max() > 1e-3
    assert one.shape == (2, 5)


def test_images_need_not_be_square():
    model = create_convnet_classifier(ViTConfig(image_size=(24, 32), num_classes=5))
    assert model.input_shape == (None, 24, 32, 3)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"config='tiny' must be a ViTConfig; try one of CONFIGS"):
        create_convnet_classifier("tiny")
    with pytest.raises(ValueError, match="seed=-1 must be a whole number of at least 0"):
        create_convnet_classifier(seed=-1)


def test_many_steps_in_one_call_are_one_step_after_another(small_dataset):
    recipe = Recipe(batch_size=16, augmentation="none", optimizer="adamw", clip_norm=None)
    x, y = small_dataset.x_train[:64], small_dataset.y_train[:64]
    plain, stepped = create_convnet_classifier(), create_convnet_classifier()
    compile_for(plain, make_optimizer(recipe, 10), recipe)
    for i in range(0, 64, 16):
        plain.train_on_batch(x[i : i + 16], y[i : i + 16])
    trainer = make_trainer(stepped, recipe, 10, devices=1)
    trainer.fit(x, y, batch_size=64, shuffle=False, verbose=0)
    for mine, theirs in zip(stepped.weights, plain.weights, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=2e-3, atol=2e-4, err_msg=mine.path)
