"""Self-check of task 1 of notebook 02: images mirrored and moved by hand."""

from itertools import product

import numpy as np

from .compare import Case, compare, mistakes_of
from .verdict import NotYet, check

AXES = "(images, rows, columns, colours)"


def _images(count, height, width):
    """Images in which every value, up to 200, says where it is, and none is 0."""
    size = (count, height, width, 3)
    return np.arange(1, np.prod(size) + 1).reshape(size) * (200 / np.prod(size))


# Which images are mirrored, along which axes, and what is returned; {what to say: what is done}.
WHO = {
    "": lambda heads: heads,
    "All images are mirrored; but only some coins show heads.": lambda heads: heads | True,
    "You mirror the images whose coin shows tails, and leave those with heads.": (
        lambda heads: ~heads
    ),
    "Only one image is mirrored. Every coin that shows heads counts.": (
        lambda heads: np.arange(len(heads)) == heads.argmax()
    ),
    "The first coin decides about all images.": lambda heads: heads * False | heads[0],
}
ALONG = {
    "": (2,),
    "Some images stand upside down: you read their rows backwards, not their columns.": (1,),
    "Some images are turned by half: rows *and* columns are read backwards.": (1, 2),
    "Nothing has moved, but red and blue are exchanged: you read the colours backwards.": (3,),
    "Columns and colours are both read backwards: red and blue are exchanged.": (2, 3),
}
RETURNED = {
    "": lambda all_, mirrored, heads: all_,
    "Only the mirrored images come back. The others are missing.": (
        lambda all_, mirrored, heads: mirrored[heads]
    ),
    "Only the images that are not mirrored come back.": (
        lambda all_, mirrored, heads: all_[~heads]
    ),
    "The mirrored images come first, and then the others: each should stay in its place.": (
        lambda all_, mirrored, heads: np.concatenate([mirrored[heads], all_[~heads]])
    ),
    "The mirrored images come last: each should stay in its place.": (
        lambda all_, mirrored, heads: np.concatenate([all_[~heads], mirrored[heads]])
    ),
    "The mirrored images are added to the others: there are more images than before.": (
        lambda all_, mirrored, heads: np.concatenate([all_, mirrored[heads]])
    ),
    "Images whose coin shows tails are black.": (
        lambda all_, mirrored, heads: all_ * heads[:, None, None, None]
    ),
}


def _mirrored(images, heads, who=WHO[""], along=(2,), returned=RETURNED[""]):
    chosen, flipped = who(heads), np.flip(images, along)
    return returned(np.where(chosen[:, None, None, None], flipped, images), flipped, chosen)


def _put(images, heads, others):
    result = images.copy()
    result[heads] = others
    return result


def _mirror_mistakes(images, heads):
    return {
        "No image has changed. Does your change reach the array that you return?": images,
        "The images come in another order. You read the axis of the images backwards.": (
            images[::-1]
        ),
        "All images stand upside down, even those whose coin shows tails.": images[:, ::-1],
        "The images with heads have changed places: you read the axis of the images backwards.": (
            _put(images, heads, images[heads][::-1])
        ),
        "The images with heads are read backwards along all axes.": (
            _put(images, heads, np.flip(images[heads]))
        ),
        "Your True and False have become numbers: these are the first two images, again and "
        "again.": images[heads.astype(int)],
        "Your True and False have become numbers, and pick mirrored images.": (
            images[heads.astype(int)][:, :, ::-1]
        ),
        **mistakes_of(lambda *done: _mirrored(images, heads, *done), WHO, ALONG, RETURNED),
    }


def _check_mirror(function):
    cases = []
    for count, height, width in ((5, 4, 6), (3, 4, 4), (6, 5, 3)):
        given = _images(count, height, width), np.arange(count) % 3 == 0
        cases.append(Case(given, _mirrored(*given), lambda given=given: _mirror_mistakes(*given)))
    compare(function, cases, AXES)


def _moved(images, down, right, axes=(1, 2)):
    for axis, by in zip(axes, (down, right), strict=True):
        size = images.shape[axis]
        images = images.take(np.clip(np.arange(size) - by, 0, size - 1), axis)
    return images


def _padded(images, down, right, mode="edge", **options):
    """The images with new rows and columns on one side, and nothing cut off."""
    pads = [(max(by, 0), max(-by, 0)) for by in (down, right)]
    return np.pad(images, ((0, 0), *pads, (0, 0)), mode=mode, **options)


def _filled(mode, **options):
    """A way to move images and fill the gap."""

    def move(images, down, right):
        height, width = images.shape[1:3]
        top, left = max(-down, 0), max(-right, 0)
        wider = _padded(images, down, right, mode, **options)
        return wider[:, top : top + height, left : left + width]

    return move


def _over_old(images, down, right):
    """Images moved onto themselves, so that the gap shows what was there before."""
    gap = np.isnan(_filled("constant", constant_values=np.nan)(images, down, right))
    return np.where(gap, images, _moved(images, down, right))


# By how much the images move, for a number that the function is given, and how the gap is filled.
BY = {
    "": lambda n: n,
    "the wrong way": lambda n: -n,
    "not at all": lambda n: 0,
    "never up or to the left": abs,
    "not where the number is negative": lambda n: max(n, 0),
    "one pixel too far": lambda n: n + 1,
    "one pixel too little": lambda n: n - 1,
    "twice as far": lambda n: 2 * n,
}
WAYS = {
    "The images move the other way: up for down, and left for right.": ("the wrong way",) * 2,
    "The images move up or down, but not sideways.": ("", "not at all"),
    "The images move sideways, but not up or down.": ("not at all", ""),
    "The images only ever move down and to the right, even where a number is negative.": (
        "never up or to the left", "never up or to the left",
    ),
    "Where a number is negative, the images do not move.": (
        "not where the number is negative", "not where the number is negative",
    ),
    "The images move up where they should move down; sideways they are right.": (
        "the wrong way", "",
    ),
    "The images move to the left where they should move right; up and down they are right.": (
        "", "the wrong way",
    ),
}  # fmt: skip
STEPS = {"": ("", ""), **WAYS} | {
    f"The images move {one or 'well'} up and down, and {other or 'well'} sideways.": (one, other)
    for one, other in product(BY, BY)
    if (one or other) and (one, other) not in WAYS.values()
}
FILL = {
    "": _moved,
    "The gap is black. The border should fill it.": _filled("constant"),
    "The gap is white. The border should fill it.": _filled("constant", constant_values=255),
    "What leaves the image on one side comes in again on the other.": (
        lambda images, down, right: np.roll(images, (down, right), (1, 2))
    ),
    "The gap is filled with a mirror image. The border alone should fill it.": _filled("symmetric"),
    "The gap is filled with what lies behind the border, mirrored.": _filled("reflect"),
    "The gap is filled with a mean. The border should fill it.": _filled("mean"),
    "The gap shows what was there before the image moved. The border should fill it.": _over_old,
    "The images have grown: what stands out at the other end must be cut off.": _padded,
    "The images have shrunk: there is no gap, and what should fill it is missing.": (
        lambda images, down, right: images[
            :, max(-down, 0) : images.shape[1] - max(down, 0),
            max(-right, 0) : images.shape[2] - max(right, 0),
        ]
    ),
}  # fmt: skip


def _move_mistakes(images, down, right):
    return {
        "Nothing has moved. Which part of the wider image do you keep?": images,
        "The images have grown on all sides: which part of the wider image do you keep?": np.pad(
            images, ((0, 0), *[(abs(n), abs(n)) for n in (down, right)], (0, 0)), mode="edge"
        ),
        "`down` and `right` are exchanged.": _moved(images, right, down),
        "You move through the batch: its first axis is that of the images, not of the rows.": (
            _moved(images, down, right, axes=(0, 1))
        ),
        "You move columns and colours: you count the axes from one.": (
            _moved(images, down, right, axes=(2, 3))
        ),
        **mistakes_of(
            lambda steps, fill: fill(images, BY[steps[0]](down), BY[steps[1]](right)), STEPS, FILL
        ),
    }


def _check_move(function):
    images, cases = _images(2, 6, 7), []
    for given in ((2, 1), (1, 3), (-1, 2), (2, -3), (0, 0), (0, -1), (-2, -2)):
        given = (images, *given)
        cases.append(Case(given, _moved(*given), lambda given=given: _move_mistakes(*given)))
    compare(function, cases, AXES)


@check
def by_hand(mirror, move):
    """Task 1: images mirrored where their coin shows heads; images moved, the border repeated."""
    for name, checks, function, fine in (
        ("mirror", _check_mirror, mirror, ""), ("move", _check_move, move, "`mirror` is right. "),
    ):  # fmt: skip
        try:
            checks(function)
        except NotYet as problem:
            raise NotYet(f"{fine}`{name}`: {problem}") from None
    return "Both do what they say, and leave the originals alone."
