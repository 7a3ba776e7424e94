"""mixup and CutMix: images and labels are mixed in the same shares, and the loss takes them."""

import warnings

import keras
import numpy as np
import pytest

from vit_helpers.data.mixing import MIXINGS, label_shares, make_mixing
from vit_helpers.training.recipes import SmoothedCrossentropy

CLASSES = 8


def mixed(name, seed=0):
    """8 images of one colour each, a class each, and what `name` makes of them."""
    images = np.repeat(np.arange(CLASSES) * 30.0, 32 * 32 * 3).reshape(CLASSES, 32, 32, 3)
    labels = label_shares(np.arange(CLASSES), CLASSES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = make_mixing(name, seed)({"images": images.astype("float32"), "labels": labels})
    return images, np.asarray(found["images"]), np.asarray(found["labels"])


@pytest.mark.parametrize("name", ["mixup", "cutmix"])
def test_labels_are_shares(name):
    _, _, labels = mixed(name)
    np.testing.assert_allclose(labels.sum(1), 1, atol=1e-6)
    assert ((labels > 0).sum(1) <= 2).all()
    assert (labels.max(1) < 1).any()


def test_mixup_adds_the_images_in_the_shares_of_the_labels():
    images, found, labels = mixed("mixup")
    np.testing.assert_allclose(found, np.tensordot(labels, images, 1), rtol=1e-5)


def test_cutmix_pastes_a_rectangle_as_large_as_the_share_of_the_other_label():
    _, found, labels = mixed("cutmix")
    for i, image in enumerate(found):
        other = image[..., 0] != 30 * i
        rows, columns = np.flatnonzero(other.any(1)), np.flatnonzero(other.any(0))
        if not len(rows):
            continue
        assert other.sum() == np.ptp(rows) * np.ptp(columns) + np.ptp(rows) + np.ptp(columns) + 1
        round_off = (len(rows) + len(columns) + 1) / 32**2
        assert other.mean() == pytest.approx(1 - labels[i, i], abs=round_off)


@pytest.mark.parametrize("name", ["mixup", "cutmix"])
def test_one_seed_gives_one_mixture(name):
    np.testing.assert_array_equal(mixed(name, 3)[1], mixed(name, 3)[1])
    assert (mixed(name, 3)[1] != mixed(name, 4)[1]).any()


def test_none_is_nothing_and_an_unknown_name_is_answered_with_the_list():
    assert make_mixing("none") is None
    with pytest.raises(ValueError, match=r"name='mix' is unknown; choose one of 'none', 'mixup'"):
        make_mixing("mix")
    assert list(MIXINGS) == ["none", "mixup", "cutmix"]


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_of_a_mixture_is_the_mixture_of_the_losses(smoothing):
    loss = SmoothedCrossentropy(smoothing)
    logits = np.random.default_rng(0).normal(size=(1, CLASSES)).astype("float32")
    both = 0.3 * label_shares([1], CLASSES) + 0.7 * label_shares([6], CLASSES)
    apart = 0.3 * loss(np.array([1]), logits) + 0.7 * loss(np.array([6]), logits)
    assert float(loss(both, logits)) == pytest.approx(float(apart), rel=1e-6)


def test_the_loss_of_shares_is_that_of_keras():
    shares = np.random.default_rng(1).dirichlet(np.ones(CLASSES), 5).astype("float32")
    logits = np.random.default_rng(0).normal(size=(5, CLASSES)).astype("float32")
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    assert float(SmoothedCrossentropy(0.1)(shares, logits)) == pytest.approx(
        float(theirs(shares, logits)), rel=1e-6
    )
