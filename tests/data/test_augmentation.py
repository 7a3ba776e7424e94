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


def spread(mass):
    """Middle (y, x) and the covariance of each image (n, H, W, 3): (n, 2) and (n, 2, 2)."""
    mass = mass.mean(-1)
    mass = mass / mass.sum((1, 2), keepdims=True)
    points = np.stack(np.mgrid[:32, :32], axis=-1).reshape(-1, 2)
    flat = mass.reshape(len(mass), -1)
    middle = flat @ points
    off = points[None] - middle[:, None]
    return middle, np.einsum("np,npi,npj->nij", flat, off, off)


def after(step, height, width):
    """Middles and covariances of a centred bar after many random changes by one step."""
    bars = np.zeros((200, 32, 32, 3), "float32")
    bars[:, 16 - height // 2 : 16 + height // 2, 16 - width // 2 : 16 + width // 2] = 255
    return spread(bars)[1], *spread(np.asarray(step(bars, training=True)))


def test_shift_is_up_to_two_pixels_either_way():
    _, middle, _ = after(AUGMENTATIONS["flip-shift"][1](0), 8, 8)
    off = middle - 15.5
    assert (np.abs(off) <= 2.01).all()
    assert (off.max(0) > 1.7).all()
    assert (off.min(0) < -1.7).all()


def test_shift_fills_in_what_is_at_the_edge():
    white = np.full((20, 32, 32, 3), 255, "float32")
    assert np.asarray(make_augmentation("flip-shift")(white, training=True)).min() > 254


def test_turns_are_up_to_seven_degrees_either_way():
    _, _, covariance = after(AUGMENTATIONS["keras-io"][1](0), 4, 20)
    level, upright = covariance[:, 1, 1], covariance[:, 0, 0]
    degrees = np.degrees(np.arctan2(2 * covariance[:, 0, 1], level - upright) / 2)
    assert 6 < degrees.max() < 7.5
    assert -7.5 < degrees.min() < -6


def test_zooms_are_up_to_twenty_percent_either_way_in_height_and_width():
    before, _, covariance = after(AUGMENTATIONS["keras-io"][2](0), 12, 12)
    for axis in (0, 1):
        zoom = np.sqrt(before[:, axis, axis] / covariance[:, axis, axis])
        assert 1.15 < zoom.max() < 1.22
        assert 0.78 < zoom.min() < 0.85


@pytest.mark.parametrize("name", sorted(set(AUGMENTATIONS) - {"none"}))
def test_one_seed_gives_the_same_changes(name):
    one, two, other = (
        np.asarray(make_augmentation(name, seed)(images, training=True)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_summary_shows_it_by_its_name():
    assert make_augmentation().name == "augmentation"


def test_unknown_name():
    with pytest.raises(ValueError, match="name='cutmix' is unknown; choose one of 'none'"):
        make_augmentation("cutmix")
