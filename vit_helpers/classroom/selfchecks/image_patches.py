"""Self-checks of the exercises on patches (notebook 03)."""

from itertools import permutations

import numpy as np

from .compare import Case, compare, number
from .verdict import check, ready

__all__ = ["cut", "glue", "price", "ready"]

SIZES = ((16, 24, 8), (8, 8, 4), (6, 8, 2), (8, 4, 2))  # height, width, patch
AXES = ("patch row", "pixel row", "patch column", "pixel column", "colour")
RIGHT = (0, 2, 1, 3, 4)


def _image(height, width):
    """An image of values in 0 ... 3, no whole ones, in which every value says where it is."""
    count = height * width * 3
    return 3 * (np.arange(count) + 0.5).reshape(height, width, 3) / count


def _split(image, size):
    """The five axes of an image, as AXES names them."""
    height, width, channels = image.shape
    return image.reshape(height // size, size, width // size, size, channels)


def _patches(image, size, order=RIGHT):
    return _split(image, size).transpose(order).reshape(-1, size * size * image.shape[2])


def _any_order(named):
    """{what to say: an order of the five axes that is not right}, those of `named` first."""
    others = set(permutations(range(5))) - {RIGHT, *named.values()}
    said = {
        f"Your five axes end up in a wrong order: {', '.join(AXES[i] for i in order)}.": order
        for order in sorted(others)
    }
    return {**named, **said}


CUT = _any_order({
    "Your patches are strips: each holds pixels of one or two rows of the image, because `reshape` "
    "alone reads along the rows. The axes must change places in between.": (0, 1, 2, 3, 4),
    "Your patches come column by column. The first ones should run along the top of the image.": (
        2, 0, 1, 3, 4,
    ),
    "The patches are the right ones, in the right order, but each is mirrored at its diagonal: its "
    "pixel column comes before its pixel row.": (0, 2, 3, 1, 4),
    "The right pixels are in each patch, but the three colours of a pixel do not lie side by side: "
    "the channel axis should stay the last one.": (0, 2, 4, 1, 3),
    "Your patches come column by column, and each is mirrored at its diagonal.": (2, 0, 3, 1, 4),
})  # fmt: skip


def _cut_mistakes(image, size):
    height, width, channels = image.shape
    values = size * size * channels
    right = _patches(image, size)
    rows, columns = height // size, width // size
    mistakes = {message: _patches(image, size, order) for message, order in CUT.items()}
    for shape in (
        (rows, columns, values), (-1, size * size, channels), (-1, size, size, channels),
        (rows, columns, size, size, channels),
    ):  # fmt: skip
        unflat = right.reshape(shape)
        mistakes[
            f"The pixels are right, but in an array of {unflat.ndim} axes, {unflat.shape}. Each "
            "patch should be one row of numbers in a table of two axes."
        ] = unflat
    grid = right.reshape(rows, columns, values)
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(0, 1))
    parts = image.reshape(size, rows, size, columns, channels).transpose(RIGHT)
    many = f"You cut each side into `size` parts, here {size}. But `size` is the side of a patch."
    return mistakes | {
        many: parts.reshape(-1, values),
        many + " So a patch has another number of values.": parts.reshape(size * size, -1),
        "You split the height where the width should be split, and the width where the height "
        "should be: this works for square images only.": _patches(
            image.reshape(width, height, channels), size
        ),
        "Your patches overlap: the next one begins one pixel further on.": (
            windows.transpose(0, 1, 3, 4, 2).reshape(-1, values)
        ),
        "You go down and to the right at once, so these are the patches on the diagonal.": (
            grid[np.arange(min(rows, columns)), np.arange(min(rows, columns))]
        ),
        "The last row and the last column of patches are missing.": (
            grid[:-1, :-1].reshape(-1, values)
        ),
        "These are the patches of the top row only.": grid[0],
        "These are the patches at the left edge only.": grid[:, 0],
        "You keep one colour of each pixel. All three belong to a patch.": right[:, ::channels],
        "You make the image grey: one number for each pixel. All colours belong to a patch.": (
            right.reshape(len(right), -1, channels).mean(axis=2)
        ),
    }


@check
def cut(function):
    """Task 1: patches (N, size * size * C) of an image (H, W, C)."""
    cases = []
    for height, width, size in SIZES:
        given = _image(height, width), size
        cases.append(Case(given, _patches(*given), lambda given=given: _cut_mistakes(*given)))
    compare(function, cases, "(patches, values)")
    return "Every pixel is where it belongs, on square images and on others."


GLUE = _any_order({
    "This is `reshape` alone: the pixels of one patch lie in a row of the image. Which axes must "
    "change places before the last `reshape`?": (0, 1, 2, 3, 4),
    "Each patch is in its place, but mirrored at its diagonal: its pixel rows became columns.": (
        0, 3, 1, 2, 4,
    ),
})  # fmt: skip


def _glue_mistakes(patches, height, width, size):
    rows, columns = height // size, width // size
    axes = patches.reshape(rows, columns, size, size, 3)
    image = axes.transpose(RIGHT).reshape(height, width, 3)
    mistakes = {
        message: axes.transpose(order).reshape(image.shape) for message, order in GLUE.items()
    }
    by_columns = patches.reshape(columns, rows, size, size, 3)
    mistakes |= {
        "The patches are laid out column by column. The second patch belongs to the right of the "
        "first, not below it.": by_columns.transpose(1, 2, 0, 3, 4).reshape(image.shape),
        "The patches are laid out column by column, and each is mirrored at its diagonal.": (
            by_columns.transpose(1, 3, 0, 2, 4).reshape(image.shape)
        ),
        "You put the patches one below the other: the image is as wide as a patch.": (
            patches.reshape(-1, size, 3)
        ),
        "You put the patches side by side: the image is as high as a patch.": (
            patches.reshape(-1, size, size, 3).swapaxes(0, 1).reshape(size, -1, 3)
        ),
    }
    mistakes[
        "Your first step names the axes as those of an image: patch row, pixel row, patch column, "
        "pixel column. In the patches they lie in another order."
    ] = patches.reshape(rows, size, columns, size, 3).transpose(RIGHT).reshape(image.shape)
    mistakes["All your patches are the first one: its number never grows."] = np.tile(
        patches[0].reshape(size, size, 3), (rows, columns, 1)
    )
    if height != width:
        swapped = axes.transpose(RIGHT).reshape(width, height, 3)
        turned = patches.reshape(columns, rows, size, size, 3)
        mistakes |= {
            "Height and width are swapped: this works for square images only.": swapped,
            "Your grid has as many rows as it should have columns: this works for square images "
            "only.": turned.transpose(RIGHT).reshape(image.shape),
            "Your grid has as many rows as it should have columns, and so has your image: this "
            "works for square images only.": turned.transpose(RIGHT).reshape(width, height, 3),
        }
    if columns > rows:
        places = np.add.outer(np.arange(rows) * rows, np.arange(columns))
        mistakes[
            "You begin a new row of the image after as many patches as there are *rows*: this "
            "works for square images only."
        ] = axes.reshape(-1, size, size, 3)[places].transpose(RIGHT).reshape(image.shape)
    return mistakes


@check
def glue(function):
    """Task 2: the image (H, W, C) of its patches."""
    cases = []
    for height, width, size in SIZES:
        image = _image(height, width)
        given = _patches(image, size), height, width, size
        cases.append(Case(given, image, lambda given=given: _glue_mistakes(*given)))
    compare(function, cases, "(height, width, channels)")
    return "There and back, and not a pixel lost."


@check
def price(tokens, values, pairs):
    """Task 3: tokens, values of a token and pairs of a 96 x 64 colour image in patches of 8."""
    number(
        tokens, 96,
        {
            "You counted the patches along both sides, but a grid has rows *times* columns.": 20,
            "This is one side of the grid; the other one counts too.": 12,
            "This is the shorter side of the grid; the other one counts too.": 8,
            "You took the image for a square of 64 pixels a side.": 64,
            "You took the image for a square of 96 pixels a side.": 144,
            "This is the number of pixels in one channel. How many of them share a patch?": 6144,
            "This is the number of values in the image. A token is a whole patch.": 18_432,
            "You divided the pixels by one side of a patch. A patch has rows *and* columns.": 768,
            "The colours of a pixel are in the same patch: they make no more tokens.": 288,
            "This model has no class token: you counted one.": 97,
        },
        "the number of tokens",
    )  # fmt: skip
    number(
        values, 192,
        {
            "These are the pixels of a patch. How many numbers has each of them?": 64,
            "A patch has rows *and* columns of pixels.": 24,
            "This is one side of the patch.": 8,
            "You added the sides of a patch. An area is their product.": 16,
            "You added the sides of a patch. An area is their product; the colours are right.": 48,
            "You added the colours. Each pixel has three numbers.": 67,
            "These are the values of all patches together. Wanted are those of one.": 18_432,
            "These are the pixels of the whole image.": 6144,
            "You squared the colours too.": 576,
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
            "This is half of them: A at B and B at A are two looks.": 4608,
            "This is twice the tokens. Each of them looks at each.": 192,
            "This is the number of tokens. Each of them looks at each.": 96,
            "A token looks at tokens, not at values: their number does not count here.": 96 * 192,
            "This counts the numbers of all tokens, each with each. Tokens look as a whole.": (
                (96 * 192) ** 2
            ),
            "You counted three tokens at a time. A pair has two.": 96**3,
            "This counts pixels that look at pixels. Tokens look at tokens.": 6144**2,
        },
        "the number of pairs",
    )  # fmt: skip
    return "96 tokens, each of which looks at 96."
