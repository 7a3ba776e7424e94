"""Shapes-100: the same bytes on every machine, and labels that survive the augmentations."""

import hashlib

import numpy as np

from vit_helpers.data.shapes100 import draw as shapes
from vit_helpers.data.shapes100 import pencil

DRAWN = "c4246c2d59356eefca2bd5f2ad89b0cd665622fd7c3bf08c97a097234ec1f4eb"


def test_same_bytes_every_time():
    images, labels = shapes.draw(3, seed=1)
    assert hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() == DRAWN


def test_form_is_that_of_cifar100():
    images, labels = shapes.draw(2, seed=1)
    assert images.shape == (200, 32, 32, 3)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int32
    assert np.array_equal(np.bincount(labels), np.full(100, 2))
    assert len(set(shapes.CLASS_NAMES)) == 100
    assert len(set(shapes.CLASS_FAMILIES)) == 20


def test_vertical_flip_changes_places_but_mirror_does_not():
    """`places: top` upside down is `places: bottom`; mirrored it stays at the top."""
    index = list(shapes.FAMILIES).index("places")
    images, labels = shapes.draw_family(index, 50, seed=3)
    top = images[labels == shapes.CLASS_NAMES.index("places: top")].astype(float)
    contrast = np.abs(top - np.median(top, axis=(1, 2), keepdims=True)).mean(-1)

    def height(maps):
        return (maps.sum(2) * np.arange(32)).sum(1) / maps.sum((1, 2))

    assert height(contrast).mean() < 15.5
    assert height(contrast[:, :, ::-1]).mean() < 15.5
    assert height(contrast[:, ::-1]).mean() > 15.5


def test_marks_have_the_sign_of_their_inside():
    kinds = np.arange(5)
    distance = pencil.mark(kinds, 0, 0, 0.5)
    assert distance.shape == (5, 32, 32)
    assert (distance[:, 16, 16] < 0).all()
    assert (distance[:, 0, 0] > 0).all()


def test_classes_are_mixed_and_tests_are_new_images(monkeypatch):
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 4)
    monkeypatch.setattr(shapes, "TEST_PER_CLASS", 2)
    data = shapes.draw_all()
    assert data["y_train"].shape == (400,)
    assert data["y_test"].shape == (200,)
    assert len(set(data["y_train"][:40])) > 25
    assert not np.array_equal(data["y_train"][:200], data["y_test"])
    both = np.concatenate([data["x_train"], data["x_test"]])
    assert len(np.unique(both.reshape(600, -1), axis=0)) == 600


def test_images_stay_with_their_labels():
    """Shuffled, each class is what its family draws."""
    images, labels = shapes.draw(3, seed=1)
    family, kinds = shapes.draw_family(7, 3, seed=1)
    for label in range(35, 40):
        drawn = {image.tobytes() for image in family[kinds == label]}
        assert {image.tobytes() for image in images[labels == label]} == drawn
