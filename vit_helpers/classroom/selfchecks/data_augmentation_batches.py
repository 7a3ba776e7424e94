"""Self-check of task 3 of notebook 02: the batches of an epoch, mended."""

import numpy as np

from .verdict import NotYet, call, check


class _Marker:
    """Stands in for an augmentation: adds a quarter to each pixel, and only in training."""

    def __call__(self, images, training=False):
        return np.asarray(images) + (0.25 if training else 0)


def _epoch(function, training, seed=0):
    """(numbers of the images, how often each was augmented, labels - 100, sizes) of an epoch."""
    images = np.ones((11, 2, 3, 3)) * np.arange(11)[:, None, None, None]
    given = call(function, images, np.arange(11) + 100, _Marker(), 4, training, seed)
    try:
        pairs = list(given)
        shapes = [(np.shape(x), np.shape(y)) for x, y in pairs]
    except (TypeError, ValueError):
        raise NotYet("Each batch should be a pair: images, labels.") from None
    if not pairs:
        raise NotYet("No batch comes at all.")
    for x, y in shapes:
        if len(x) == 1 and len(y) == 4:
            raise NotYet("In each batch the labels come first, and then the images.")
        if x[1:] != images.shape[1:] or len(y) != 1:
            raise NotYet(
                f"A batch should hold images (..., 2, 3, 3) and labels (...,); yours has the "
                f"shapes {x} and {y}."
            )
        if x[0] != y[0]:
            raise NotYet(
                f"A batch has {x[0]} images and {y[0]} labels: there should be as many labels as "
                "images."
            )
        if x[0] > 4:
            raise NotYet(f"With size=4 a batch of {x[0]} images comes.")
        if not x[0]:
            raise NotYet("One of your batches is empty.")
    if len(pairs) > 3:
        raise NotYet(f"With size=4, 11 images should make 3 batches, and yours are {len(pairs)}.")
    pixels = np.concatenate([np.asarray(x, "float64")[:, 0, 0, 0] for x, _ in pairs])
    labels = np.concatenate([np.asarray(y, "float64") for _, y in pairs])
    return np.floor(pixels), 4 * (pixels % 1), labels - 100, [x[0] for x, _ in shapes]


def _check_order(function, numbers, sizes):
    """Raise NotYet unless chance mixes single images, and the seed decides how."""
    parts = [np.sort(part) for part in np.split(numbers, np.cumsum(sizes)[:-1])]
    if all((np.diff(part) == 1).all() for part in parts):
        raise NotYet(
            "In training each batch holds images that lie side by side. If they lie sorted by "
            "class, each batch shows only one."
        )
    if not np.array_equal(_epoch(function, True)[0], numbers):
        raise NotYet(
            "The same call twice gives two orders: `seed` has no say. Then no run can be repeated."
        )
    if all(np.array_equal(_epoch(function, True, seed)[0], numbers) for seed in (1, 2)):
        raise NotYet("Every seed gives the same order, so all epochs are alike.")


@check
def batches(function):
    """Task 3: one epoch of batches: validation as it is and whole, training mixed and augmented."""
    numbers, augmented, labels, _ = _epoch(function, training=False)
    *in_training, sizes = _epoch(function, training=True)
    if augmented.any() and not in_training[1].any():
        raise NotYet("It is the wrong way round: validation is augmented, and training is not.")
    if augmented.any():
        raise NotYet(
            "Validation images come augmented. So the accuracy is that of images nobody took, and "
            "it changes from one call to the next."
        )
    if missing := 11 - len(np.unique(numbers)):
        raise NotYet(
            f"In validation {missing} of 11 images never come (4 in a batch). The accuracy of the "
            "others is not the accuracy."
        )
    if len(numbers) > 11:
        raise NotYet("In validation some images come twice, and count twice.")
    for what, (images, _, names) in (
        ("validation", (numbers, augmented, labels)),
        ("training", in_training),
    ):
        if (images != names).any():
            i = np.flatnonzero(images != names)[0]
            raise NotYet(
                f"In {what} image {images[i]:.0f} comes with the label of image {names[i]:.0f}. A "
                "model would learn nothing but noise."
            )
    numbers, augmented, _ = in_training
    if len(np.unique(numbers)) < len(numbers):
        raise NotYet("In training some images come twice in one epoch.")
    if len(numbers) < 8:
        raise NotYet(f"In training only {len(numbers)} of 11 images come (4 in a batch).")
    if not augmented.any():
        raise NotYet(
            "Now no image is augmented in training either. A Keras layer that is not told that it "
            "is training thinks that it is not."
        )
    if not augmented.all():
        raise NotYet("In training some images come augmented, and others as they are.")
    if augmented.max() > 1:
        raise NotYet("In training images are augmented twice.")
    if (np.diff(numbers) > 0).all():
        raise NotYet(
            "In training the images come in the order in which they lie. If they lie sorted by "
            "class, each batch shows only one."
        )
    _check_order(function, numbers, sizes)
    return "Training is lively, validation is sober, and every image keeps its label."
