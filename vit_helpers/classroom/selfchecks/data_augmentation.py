"""Self-checks of the exercises on augmentation (notebook 02)."""

import numpy as np

from .data_augmentation_pipeline import batches, honest, price
from .verdict import NotYet, call, check, same

__all__ = ["batches", "by_hand", "honest", "price"]


def _images(count, height, width):
    """Images in which every value says where it is, and none is 0."""
    size = (count, height, width, 3)
    return np.arange(1, np.prod(size) + 1, dtype="float32").reshape(size)


def _told(name, function, arguments, right, mistakes):
    """Compare what a function gives; also its images must be as they were before."""
    images = arguments[0].copy()
    try:
        found = call(function, *arguments)
        same(found, right, mistakes, "(images, rows, columns, colours)")
    except NotYet as problem:
        raise NotYet(f"`{name}`: {problem}") from None
    if not np.array_equal(images, arguments[0]):
        raise NotYet(
            f"`{name}`: The result is right, but your function has also changed the images that it "
            "was given. They are the training images: the next epoch would change them again, and "
            "nobody has the originals any more."
        )


def _mirrored(images, heads, axes=(2,)):
    return np.where(heads[:, None, None, None], np.flip(images, axes), images)


def _check_mirror(function):
    for count, height, width in ((5, 4, 6), (3, 4, 4)):
        images, heads = _images(count, height, width), np.arange(count) % 3 == 0
        mistakes = {
            "No image has changed. Does your change reach the array that you return?": images,
            "Some images stand upside down: you read their rows backwards, not their columns.":
                _mirrored(images, heads, (1,)),
            "Some images are turned by half: rows *and* columns are read backwards.":
                _mirrored(images, heads, (1, 2)),
            "Nothing has moved, but red and blue are exchanged: you read the colours backwards.":
                _mirrored(images, heads, (3,)),
            "The images come in another order. You read the axis of the images backwards.":
                images[::-1],
            "All images are mirrored; but only some coins show heads.": images[:, :, ::-1],
            "All images stand upside down, even those whose coin shows tails.": images[:, ::-1],
            "You mirror the images whose coin shows tails, and leave those with heads.":
                _mirrored(images, ~heads),
            "Only the mirrored images come back. The others are missing.":
                images[heads][:, :, ::-1],
        }  # fmt: skip
        _told("mirror", function, (images.copy(), heads), _mirrored(images, heads), mistakes)


def _moved(images, down, right, axes=(1, 2)):
    for axis, by in zip(axes, (down, right), strict=True):
        size = images.shape[axis]
        images = images.take(np.clip(np.arange(size) - by, 0, size - 1), axis)
    return images


def _padded(images, down, right, mode="edge"):
    """The images with new rows and columns on one side, and nothing cut off."""
    pads = [(max(by, 0), max(-by, 0)) for by in (down, right)]
    return np.pad(images, ((0, 0), *pads, (0, 0)), mode=mode)


def _window(images, down, right, mode):
    """The images moved, the gap filled in another way."""
    height, width = images.shape[1:3]
    top, left = max(-down, 0), max(-right, 0)
    return _padded(images, down, right, mode)[:, top : top + height, left : left + width]


def _check_move(function):
    images = _images(2, 6, 7)
    for down, right in ((2, 1), (1, 3), (-1, 2), (2, -3), (0, 0), (0, -1)):
        mistakes = {
            "Where a number is negative, the images do not move.":
                _moved(images, max(down, 0), max(right, 0)),
            "What leaves the image on one side comes in again on the other.":
                np.roll(images, (down, right), (1, 2)),
            "The gap is black. The border should fill it.":
                _window(images, down, right, "constant"),
            "The gap is filled with a mirror image. The border alone should fill it.":
                _window(images, down, right, "symmetric"),
            "The gap is filled with what lies behind the border, mirrored.":
                _window(images, down, right, "reflect"),
            "The images move the other way: up for down, and left for right.":
                _moved(images, -down, -right),
            "`down` and `right` are exchanged.": _moved(images, right, down),
            "The images move up or down, but not sideways.": _moved(images, down, 0),
            "The images move sideways, but not up or down.": _moved(images, 0, right),
            "The images only ever move down and to the right, even where a number is negative.":
                _moved(images, abs(down), abs(right)),
            "Nothing has moved. Which part of the wider image do you keep?": images,
            "The images have grown: what stands out at the other end must be cut off.":
                _padded(images, down, right),
            "You move through the batch: its first axis is that of the images, not of the rows.":
                _moved(images, down, right, axes=(0, 1)),
        }  # fmt: skip
        name = f"move(images, {down}, {right})"
        _told(name, function, (images.copy(), down, right), _moved(images, down, right), mistakes)


@check
def by_hand(mirror, move):
    """Task 1: images mirrored where their coin shows heads; images moved, the border repeated."""
    _check_mirror(mirror)
    try:
        _check_move(move)
    except NotYet as problem:
        raise NotYet(f"`mirror` is right. {problem}") from None
    return "Both do what they say, and leave the originals alone."
