"""Self-check of task 1 of notebook 09: images and labels mixed by hand."""

import numpy as np

from .compare import Case, compare, mistakes_of
from .small_data_mixup_parts import ALONG, ALONG_TABLE, NUMBERS, PARTNER, TABLE, WEIGHTS
from .verdict import NotYet, Stopped, call, check


def _mixed(images, partners, shares, partner, weights, along, numbers):
    mine, other = map(along, weights(shares, partners))
    return numbers(mine * images + other * partner(images, partners))


def _table(labels, partners, shares, classes, table, partner, weights, along):
    rows, (mine, other) = table(labels, classes), map(along, weights(shares, partners))
    return mine * rows + other * partner(rows, partners)


def _image_mistakes(images, labels, partners, shares, classes):
    right = [slot[""] for slot in (PARTNER, WEIGHTS, ALONG, NUMBERS)]
    return {
        "You write the mixture into an array of whole numbers, the type of the images that came "
        "in. What stands behind the point is lost.": (
            _mixed(images, partners, shares, *right).astype(images.dtype)
        ),
        **mistakes_of(
            lambda *parts: _mixed(images, partners, shares, *parts),
            PARTNER, WEIGHTS, ALONG, NUMBERS,
        ),
    }  # fmt: skip


def _replaced(labels, partners, shares, classes, *, last):
    """A table in which the shares are written, not added: the `last` of two replaces the first."""
    rows, table = np.arange(len(labels)), np.zeros((len(labels), classes))
    both = [(labels, shares), (labels[partners], 1 - shares)]
    for which, share in both if last == "partner" else both[::-1]:
        table[rows, which] = share
    return table


def _table_mistakes(labels, partners, shares, classes):
    given = labels, partners, shares, classes
    numbers = shares * labels + (1 - shares) * labels[partners]
    same = "Where an image and its partner are of the same class, "
    found = {
        "You mix the *numbers* of the classes: half of class 2 and half of class 4 is not class 3. "
        "Each class needs a column of its own.": numbers,
        "You mix the *numbers* of the classes, in one column. Each class needs a column of its "
        "own.": numbers[:, None],
        f"{same}its row should still sum to 1. There your second share replaces the first, and "
        "that of the partner is left.": _replaced(*given, last="partner"),
        f"{same}its row should still sum to 1. There your second share replaces the first, and "
        "that of the image itself is left.": _replaced(*given, last="image"),
    }
    if partners.max() < classes:
        mine, other = shares[:, None], np.eye(classes)[partners]
        found[
            "You take the number of the partner in the batch for its class. It is an image, and "
            "has a label."
        ] = mine * np.eye(classes)[labels] + (1 - mine) * other
    return found | mistakes_of(
        lambda *parts: _table(*given, *parts), TABLE, PARTNER, WEIGHTS, ALONG_TABLE
    )


def _given(size, classes, labels, partners, kind="float64"):
    """The five arguments of a call, for images of one size (rows, columns)."""
    count = len(labels)
    random = np.random.default_rng(count + classes)
    images = (random.random((count, *size, 3)) * 255).round(1).astype(kind)
    shares = random.permutation(np.linspace(0.1, 0.95, count).round(2))
    return images, np.array(labels), np.array(partners), shares, classes


# As many images as colours, rows, columns or classes: there shares that lie wrong stop nothing.
# In each batch there is an image whose partner is of the same class.
BATCHES = (
    _given((4, 5), 3, [0, 2, 2], [2, 0, 1]),
    _given((4, 6), 7, [1, 4, 0, 4, 3], [2, 0, 1, 1, 4], "uint8"),
    _given((4, 6), 4, [3, 1, 1, 0], [2, 3, 1, 0]),
    _given((3, 5), 5, [2, 0, 4, 1, 2], [4, 2, 0, 1, 3], "uint8"),
)


def _both(function, *given):
    """What the function returns, if it is a pair."""
    found = call(function, *given)
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise NotYet("Return two things: the mixed images, and the table of their labels.")
    if getattr(found[0], "ndim", 4) < 4 <= getattr(found[1], "ndim", 0):
        raise NotYet("Return the mixed images first, and then the table of their labels.")
    return found


def _running(function):
    """The batches for which the function gives a pair; raises Stopped if it stops for all."""
    running = []
    for given in BATCHES:
        try:
            _both(function, *(a.copy() if isinstance(a, np.ndarray) else a for a in given))
            running.append(given)
        except Stopped as problem:
            stopped = problem
    if not running:
        raise stopped
    return running


def _image_cases(batches):
    parts = [slot[""] for slot in (PARTNER, WEIGHTS, ALONG, NUMBERS)]
    for images, labels, partners, shares, classes in batches:
        given = images, labels, partners, shares, classes
        right = _mixed(images, partners, shares, *parts)
        yield Case(given, right, lambda given=given: _image_mistakes(*given))


def _table_cases(batches):
    parts = [slot[""] for slot in (TABLE, PARTNER, WEIGHTS, ALONG_TABLE)]
    for images, *given in batches:
        right = _table(*given, *parts)
        yield Case((images, *given), right, lambda given=given: _table_mistakes(*given))


@check
def mixup(function):
    """Task 1: (images (B, H, W, 3), table (B, classes)), each mixed with its partner."""
    running = _running(function)
    for place, name, cases, axes in (
        (0, "The images", _image_cases, "(images, rows, columns, colours)"),
        (1, "The images are right. The labels", _table_cases, "(images, classes)"),
    ):

        def part(images, labels, partners, shares, classes, place=place):
            return _both(function, images, labels, partners, shares, classes)[place]

        try:
            compare(part, list(cases(running)), axes)
        except NotYet as problem:
            raise NotYet(f"{name}: {problem}") from None
    compare(part, list(_table_cases(BATCHES)), axes)
    return "Two images in one, and a label that says so in the same shares."
