"""make_augmentation: what it changes, and that a seed decides it."""

import numpy as np
import pytest

from vit_helpers.data.augmentation import AUGMENTATIONS, make_augmentation

images = np.random.default_rng(0).integers(0, 256, (8, 32, 32, 3)).astype("float32")


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_changes_training_images_only(name):
    augment = make_augmentation(name)
    assert np.array_equal(augment(images, training=False), images)
    changed = np.asarray(augment(images, training=True))
    assert changed.shape == images.shape
    assert np.array_equal(changed, images) == (name == "none")


def test_flip_mirrors_left_and_right():
    changed = np.asarray(make_augmentation("flip")(images, training=True))
    for before, after in zip(images, changed, strict=True):
        assert np.array_equal(after, before) or np.array_equal(after, before[:, ::-1])


def test_shift_is_at_most_two_pixels():
    stripe = np.zeros((64, 32, 32, 3), "float32")
    stripe[:, :, 16] = 255
    after = np.asarray(make_augmentation("flip-shift")(stripe, training=True))
    columns = (after.mean((1, 3)) * np.arange(32)).sum(1) / after.mean((1, 3)).sum(1)
    assert (np.abs(columns - 15.5) <= 2.6).all()
    assert columns.std() > 0.5


def test_one_seed_gives_the_same_changes():
    one, two, other = (
        np.asarray(make_augmentation("keras-io", seed)(images, training=True)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_unknown_name():
    with pytest.raises(ValueError, match="augmentation='cutmix' is unknown; choose one of 'none'"):
        make_augmentation("cutmix")
