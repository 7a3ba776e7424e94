"""Self-checks of the exercises on patches (notebook 03)."""

import numpy as np

from .verdict import call, check, number, same


def _image(height, width):
    """An image in which every value says where it is."""
    return np.arange(height * width * 3, dtype="float32").reshape(height, width, 3)


def _patches(image, size, order=(0, 2, 1, 3, 4)):
    """Patches; `order` is that of (patch row, pixel row, patch column, pixel column, channel)."""
    height, width, channels = image.shape
    axes = image.reshape(height // size, size, width // size, size, channels).transpose(order)
    return axes.reshape(-1, size * size * channels)


CUT = {
    "Your patches are strips: each holds pixels of one or two rows of the image, because `reshape` "
    "alone reads along the rows. The axes must change places in between.": (0, 1, 2, 3, 4),
    "Your patches come column by column. The first ones should run along the top of the image.": (
        2, 0, 1, 3, 4,
    ),
    "The patches are the right ones, in the right order, but each is mirrored at its diagonal: its "
    "pixel column comes before its pixel row.": (0, 2, 3, 1, 4),
    "The right pixels are in each patch, but the three colours of a pixel do not lie side by side: "
    "the channel axis should stay the last one.": (0, 2, 4, 1, 3),
}  # fmt: skip


@check
def cut(function):
    """Task 1: patches (N, size * size * C) of an image (H, W, C)."""
    for height, width, size in ((8, 8, 4), (6, 8, 2)):
        image = _image(height, width)
        right = _patches(image, size)
        mistakes = {message: _patches(image, size, order) for message, order in CUT.items()}
        grid = right.reshape(height // size, width // size, -1)
        for unflat in (
            grid,
            right.reshape(*grid.shape[:2], size, size, 3),
            right.reshape(-1, size, size, 3),
        ):
            mistakes[
                f"The pixels are right, but in an array of {unflat.ndim} axes. Each patch should "
                "be one row of numbers in a table of two axes."
            ] = unflat
        same(call(function, image, size), right, mistakes, "(patches, values)")
    return "Every pixel is where it belongs, on square images and on others."


GLUE = {
    "This is `reshape` alone: the pixels of one patch lie in a row of the image. Which axes must "
    "change places before the last `reshape`?": (0, 1, 2, 3, 4),
    "Each patch is in its place, but mirrored at its diagonal: its pixel rows became columns.": (
        0, 3, 1, 2, 4,
    ),
    "The patches are laid out column by column. The second patch belongs to the right of the "
    "first, not below it.": None,
}  # fmt: skip


@check
def glue(function):
    """Task 2: the image (H, W, C) of its patches."""
    for height, width, size in ((8, 8, 4), (8, 4, 2)):
        image = _image(height, width)
        patches = _patches(image, size)
        rows, columns = height // size, width // size
        axes = patches.reshape(rows, columns, size, size, 3)
        by_columns = patches.reshape(columns, rows, size, size, 3).transpose(1, 2, 0, 3, 4)
        mistakes = {
            message: (axes.transpose(order) if order else by_columns).reshape(image.shape)
            for message, order in GLUE.items()
        }
        if height != width:
            mistakes["Height and width are swapped: this works for square images only."] = (
                axes.transpose(0, 2, 1, 3, 4).reshape(width, height, 3)
            )
        found = call(function, patches, height, width, size)
        same(found, image, mistakes, "(height, width, channels)")
    return "There and back, and not a pixel lost."


@check
def price(tokens, values, pairs):
    """Task 3: tokens, values of a token and pairs of a 96 x 64 colour image in patches of 8."""
    number(
        tokens, 96,
        {
            "You counted the patches along both sides, but a grid has rows *times* columns.": 20,
            "This is one side of the grid; the other one counts too.": 12,
            "You took the image for a square of 64 pixels a side.": 64,
            "You took the image for a square of 96 pixels a side.": 144,
            "This is the number of pixels in one channel. How many of them share a patch?": 6144,
        },
        "the number of tokens",
    )  # fmt: skip
    number(
        values, 192,
        {
            "These are the pixels of a patch. How many numbers has each of them?": 64,
            "A patch has rows *and* columns of pixels.": 24,
            "This is one side of the patch.": 8,
        },
        "the number of values in a patch",
    )  # fmt: skip
    number(
        pairs, 9216,
        {
            "You counted each pair once and left out a token with itself. In attention every token "
            "looks at every token, itself included, and A at B is not B at A.": 4560,
            "You left out that a token looks at itself too.": 9120,
            "This counts A with B and B with A as one pair. In attention they are two looks.": 4656,
            "This is twice the tokens. Each of them looks at each.": 192,
        },
        "the number of pairs",
    )  # fmt: skip
    return "96 tokens, each of which looks at 96."
