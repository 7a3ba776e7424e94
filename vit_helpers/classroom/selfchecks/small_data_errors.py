"""Self-check of task 2 of notebook 09: the standard error of a test accuracy."""

import numpy as np

from .compare import mistakes_of, number, plain_number
from .verdict import NotYet, Stopped, call, check

GIVEN = ((0.5, 100), (0.8, 25), (0.9, 300), (0.64, 9))
# What is done at each of the places where the error can go wrong: {what to say: what is done};
# `p` are accuracies, `n` numbers of images, `v` variances, `e` errors.
SPREAD = {
    "": lambda p: p * (1 - p),
    "You take the accuracy for the variance of one image. But a model that is always right does "
    "not vary at all.": lambda p: p,
    "You take the share that is wrong for the variance of one image. But a model that is always "
    "wrong does not vary at all.": lambda p: 1 - p,
    "You square the accuracy. The variance of one image is a product of two different numbers.": (
        lambda p: p**2
    ),
    "You square the share that is wrong. The variance of one image is a product of two different "
    "numbers.": lambda p: (1 - p) ** 2,
    "The accuracy has no say: your variance is that of an accuracy of 50 %, the largest of all.": (
        lambda p: 0.25 + 0 * p
    ),
    "The accuracy has no say: the variance of one image is always 1.": lambda p: 1 + 0 * p,
    "You take the accuracy for per cent, and subtract it from 100. Here it is a share of one.": (
        lambda p: p * (100 - p)
    ),
    "You divide the share that is right by the one that is wrong. The variance is their product.": (
        lambda p: p / (1 - p)
    ),
}
IMAGES = {
    "": lambda v, n: v / n,
    "The number of images has no say: this is how much *one* image varies. A mean of many varies "
    "less.": lambda v, n: v,
    "Your error grows with the number of images: this is how much the *number* of right answers "
    "varies, not their share.": lambda v, n: v * n,
    "Your error falls too fast. It is the *variance* that the images divide, and you divide its "
    "root.": lambda v, n: v / n**2,
    "Your error falls too slowly: you took the root of the number of images twice.": (
        lambda v, n: v / np.sqrt(n)
    ),
    "You divide by one image less. That belongs to a variance that is estimated from its own "
    "values; this one has a formula.": lambda v, n: v / (n - 1),
    "You divide by one image more.": lambda v, n: v / (n + 1),
}
ROOT = {
    "": np.sqrt,
    "This is the variance of the mean. The error is its root.": lambda v: v,
    "You square the variance of the mean. The error is its root.": np.square,
}
SIZE = {
    "": lambda e, p: e,
    "You multiply by 1.96, which makes half of a 95 % interval. Here *one* error is wanted.": (
        lambda e, p: 1.96 * e
    ),
    "You double the error: that is about half of a 95 % interval. Here *one* error is wanted.": (
        lambda e, p: 2 * e
    ),
    "You halve the error.": lambda e, p: e / 2,
    "This is in per cent. The accuracy is a share of one, and so is its error.": (
        lambda e, p: 100 * e
    ),
    "Your error is negative.": lambda e, p: -e,
    "You round the error. Round what you print, not what you compute with.": (
        lambda e, p: np.round(e, 2)
    ),
    "You return the accuracy less its error. The error alone is wanted.": lambda e, p: p - e,
    "You return the accuracy and its error, added. The error alone is wanted.": lambda e, p: p + e,
}


def _errors(spread, images, root, size):
    p, n = np.array(GIVEN).T
    return size(root(images(spread(p), n)), p)


def _check_function(function):
    found = []
    for accuracy, images in GIVEN:
        try:
            value = call(function, accuracy, images)
        except Stopped as problem:
            start = f"With an accuracy of {accuracy} on {images} images: " if found else ""
            raise NotYet(f"{start}{problem}") from None
        found.append(plain_number(value, "the standard error"))
    right = _errors(*[slot[""] for slot in (SPREAD, IMAGES, ROOT, SIZE)])
    wrong = np.flatnonzero(~np.isclose(found, right, rtol=1e-4))
    if not len(wrong):
        return
    for message, gives in mistakes_of(_errors, SPREAD, IMAGES, ROOT, SIZE).items():
        if np.allclose(found, gives, rtol=1e-4):
            raise NotYet(message)
    accuracy, images = GIVEN[wrong[0]]
    raise NotYet(
        f"With an accuracy of {accuracy} on {images} images the error should be "
        f"{right[wrong[0]]:.4g}, and you have {found[wrong[0]]:.4g}."
    )


# The images that an accuracy of 80 % needs for an error of 1.5 points, not yet rounded up.
NEEDED = 0.16 / 0.015**2
TOO_MANY_OR_TOO_FEW = {
    "You divide by the error. But the error is a root: divide by its square.": 0.16 / 0.015,
    "This is the root of the number of images.": 0.4 / 0.015,
    "You took the accuracy for the variance of one image.": 0.8 / 0.015**2,
    "You took the share that is wrong for the variance of one image.": 0.2 / 0.015**2,
    "This is for an accuracy of 50 %, the worst case. Here it is 80 %.": 0.25 / 0.015**2,
    "This is for a 95 % interval of 1.5 points on either side. *One* error should be 1.5 points.": (
        0.16 / (0.015 / 1.96) ** 2
    ),
    "With so many images *two* errors are 1.5 points. One should be.": 0.16 / 0.0075**2,
    "You took 1.5 points for 1.5. A point is a hundredth.": 0.16 / 1.5**2,
    "You took 1.5 points for 0.15. A point is a hundredth.": 0.16 / 0.15**2,
    "With so many images the error is 1 point. It may be 1.5.": 0.16 / 0.01**2,
}


@check
def error(function, images, times):
    """Task 2: the error of an accuracy, the images for 1.5 points, how many times more for half."""
    _check_function(function)
    value = plain_number(images, "the number of images")
    number(
        np.ceil(value), np.ceil(NEEDED),
        {
            "With so many images the error is still a little above 1.5 points.": np.floor(NEEDED),
            "One image less is enough.": np.ceil(NEEDED) + 1,
            **{message: np.ceil(wrong) for message, wrong in TOO_MANY_OR_TOO_FEW.items()},
        },
        "the number of images",
    )  # fmt: skip
    if value != np.ceil(value):
        raise NotYet(f"There are no {value:,.2f} images. Which whole number is the first to do?")
    number(
        times, 4,
        {
            "With twice as many images 71 % of the error are left, not half.": 2,
            "With so many images 84 % of the error are left: the root is misplaced.": 2**0.5,
            "With a quarter of the images the error is twice as large. Turn it round.": 0.25,
            "With half of the images the error is larger, not smaller.": 0.5,
            "With eight times as many images 35 % of the error are left, not half.": 8,
            "With so many images a quarter of the error is left, not half.": 16,
        },
        "how many times as many images",
    )  # fmt: skip
    return "The error falls with the root of the number of images."
