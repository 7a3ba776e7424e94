"""Self-checks of tasks 3 and 4 of notebook 04: tokens put together, and their price."""

import numpy as np

from .compare import Case, compare, mistakes_of, number
from .verdict import check


def _fronts(tokens, extra):
    """A copy of the class token for each image: (images, 1, values)."""
    return np.broadcast_to(extra, (len(tokens), 1, len(extra)))


def _join(*parts, axis=1):
    return np.concatenate(parts, axis=axis)


# What becomes of tokens and positions, and then of the class token; {what to say: what is done}.
PLACED = {
    "": lambda t, p: t + p,
    "The positions are missing: these tokens do not know where they are.": lambda t, p: t,
    "All tokens of your images got the same position, that of the first place.": (
        lambda t, p: t + p[0]
    ),
    "All tokens of your images got the same position, that of the last place.": (
        lambda t, p: t + p[-1]
    ),
    "All tokens of your images got the same position, the mean of the places.": (
        lambda t, p: t + p.mean(axis=0)
    ),
    "All tokens of your images got the same position, the sum of the places.": (
        lambda t, p: t + p.sum(axis=0)
    ),
    "You added the positions twice.": lambda t, p: t + 2 * p,
    "You subtract the positions. They are added.": lambda t, p: t - p,
    "You multiply by the positions. They are added.": lambda t, p: t * p,
    "The first place went to the last patch: your positions run backwards.": (
        lambda t, p: t + p[::-1]
    ),
    "The patches are gone: these are positions alone.": lambda t, p: np.broadcast_to(p, t.shape),
    "You took the mean of tokens and positions. They are added.": lambda t, p: (t + p) / 2,
    "Only the first image has positions. They belong to all.": (
        lambda t, p: t + p * (np.arange(len(t)) == 0)[:, None, None]
    ),
    "The first image has no positions. They belong to all.": (
        lambda t, p: t + p * (np.arange(len(t)) > 0)[:, None, None]
    ),
    "The first patch got no position.": (
        lambda t, p: t + p * (np.arange(len(p)) > 0)[:, None]
    ),
    "Your first patch got no position, and each of the others that of the patch before it.": (
        lambda t, p: t + np.concatenate([0 * p[:1], p[:-1]])
    ),
    "Each patch got the position of the patch after it.": lambda t, p: t + np.roll(p, -1, axis=0),
    "You put the positions in as more tokens. They belong *into* the tokens that are there.": (
        lambda t, p: _join(t, np.broadcast_to(p, t.shape))
    ),
}  # fmt: skip
CLASS = {
    "": lambda t, c, p: _join(_fronts(t, c), t),
    "The class token is missing.": lambda t, c, p: t,
    "The class token comes last. It should be the first.": lambda t, c, p: _join(t, _fronts(t, c)),
    "The class token got a position too. It stands nowhere in the image.": (
        lambda t, c, p: _join(_fronts(t, c) + p[0], t)
    ),
    "You added the class token to each patch. It should be one more token.": lambda t, c, p: t + c,
    "You multiplied each patch by the class token. It should be one more token.": (
        lambda t, c, p: t * c
    ),
    "The class token has taken the place of the first patch. It should be one more token.": (
        lambda t, c, p: _join(_fronts(t, c), t[:, 1:])
    ),
    "The class token is put in twice.": lambda t, c, p: _join(_fronts(t, c), _fronts(t, c), t),
    "The class token stands in front of each patch. One for each image is wanted.": (
        lambda t, c, p: np.stack([np.broadcast_to(c, t.shape), t], axis=2).reshape(
            len(t), -1, len(c)
        )
    ),
    "There are as many class tokens as patches. One for each image is wanted.": (
        lambda t, c, p: _join(np.broadcast_to(c, t.shape), t)
    ),
    "There is one more token in front, but it is zero: the class token is not in it.": (
        lambda t, c, p: _join(0 * _fronts(t, c), t)
    ),
    "There is one more token in front, but it is all ones: the class token is not in it.": (
        lambda t, c, p: _join(0 * _fronts(t, c) + 1, t)
    ),
    "There is one more token in front, but it is the mean of the patches, not the class token.": (
        lambda t, c, p: _join(t.mean(axis=1, keepdims=True), t)
    ),
    "Only the first image has the class token; in the others it is zero. Each image needs it.": (
        lambda t, c, p: _join(_fronts(t, c) * (np.arange(len(t)) == 0)[:, None, None], t)
    ),
    "Your class token was put in as one more image. It should be one more token in each image.": (
        lambda t, c, p: _join(np.broadcast_to(c, (1, *t.shape[1:])), t, axis=0)
    ),
}


def _mistakes(t, c, p):
    zero, front = np.zeros((1, len(c))), _fronts(t, c)
    wide = np.broadcast_to(p, t.shape)
    appended = _join(t, wide, axis=-1)
    mistakes = {
        "The class token comes last, and the positions begin one token too late.": (
            _join(t, front) + _join(zero, p, axis=0)
        ),
        "The positions are shifted by one: the class token got the first place, and each patch "
        "that of the patch before it.": _join(front, t) + _join(p, zero, axis=0),
        "The positions are shifted by one: the class token got the last place, and each patch its "
        "own.": _join(front + p[-1], t + p),
        "You appended the positions, so the tokens have become twice as long.": (
            _join(_join(front, np.zeros_like(front), axis=-1), appended)
        ),
        "You appended the positions, so the tokens have become twice as long, and so has the class "
        "token.": _join(_join(front, front, axis=-1), appended),
        "You appended the positions, so the tokens have become twice as long, and the class token "
        "is missing.": appended,
        "The tokens of all images are mixed: their mean stands in each image.": (
            _join(front, np.broadcast_to(t.mean(axis=0), t.shape) + p)
        ),
        "This is the first image only.": _join(front, t + p)[0],
        "This is the last image only.": _join(front, t + p)[-1],
        "The images lie below each other in one long table. Each should keep its own.": (
            _join(front, t + p).reshape(-1, len(c))
        ),
        **mistakes_of(lambda placed, extra: extra(placed(t, p), c, p), PLACED, CLASS),
    }
    if len(t) == len(p):
        mistakes[
            "Each of your images has a position, the same for all its tokens. A position belongs "
            "to a place in the image, and is the same in all images."
        ] = _join(front, t + p[:, None])
    return mistakes


@check
def assemble(function):
    """Task 3: (B, N + 1, D) of tokens (B, N, D), a class token (D,) and positions (N, D)."""
    random = np.random.default_rng(0)
    cases = []
    for images, count, values in ((2, 5, 4), (4, 4, 6), (1, 3, 4)):
        tokens = random.normal(size=(images, count, values))
        given = tokens, random.normal(size=values), random.normal(size=(count, values))
        right = CLASS[""](tokens + given[2], *given[1:])
        cases.append(Case(given, right, lambda given=given: _mistakes(*given)))
    compare(function, cases, "(images, patches + 1, values)")
    return "A class token in front, and every patch in its place, in all images."


@check
def price(projection, table, with_waves):
    """Task 4: parameters for 16 x 12 patches of 48 values and tokens of 64, with a class token."""
    number(
        projection, 3136,
        {
            "The bias is missing: each of the sums may be moved by a number of its own.": 3072,
            "This is the bias alone.": 64,
            "You forgot the three colours of a pixel.": 1088,
            "You forgot the three colours of a pixel, and the bias.": 1024,
            "You gave each patch a matrix of its own. They all share one.": 192 * 3136,
            "You gave each patch weights of its own, and no bias. They all share one matrix.": (
                192 * 3072
            ),
            "The bias belongs to the sums, not to the pixels.": 3072 + 48,
            "A matrix has rows *times* columns.": 112,
            "These are the values of all patches of an image. How many weights have their sums?": (
                192 * 48
            ),
        },
        "the number of parameters of the projection",
    )  # fmt: skip
    number(
        table, 12_352,
        {
            "You forgot the class token. Where positions are learned, it has one too.": 12_288,
            "A position is as long as a token, not as long as a patch. And the class token has one "
            "too.": 192 * 48,
            "A position is as long as a token, not as long as a patch.": 193 * 48,
            "This is the number of positions. How many numbers is each?": 193,
            "This is the number of patches. How many numbers is each position?": 192,
            "This is one position for each row and one for each column. Every patch has its own.": (
                28 * 64
            ),
            "A table of numbers has no bias.": 12_352 + 64,
            "This is the projection. The table has a row for each token.": 3136,
        },
        "the number of values in the table of positions",
    )  # fmt: skip
    number(
        with_waves, 3200,
        {
            "You counted the waves too. They are computed, so there is nothing to learn.": 15_488,
            "You counted the waves too, with one for the class token. They are computed, so there "
            "is nothing to learn.": 15_552,
            "You counted the waves, which are computed, and forgot the class token, which is "
            "learned.": 15_424,
            "You forgot the class token: its numbers are learned.": 3136,
            "This is the class token alone. The projection is learned as well.": 64,
            "Nothing is learned for the positions, but for the projection and the class token.": 0,
        },
        "the number of parameters with waves",
    )  # fmt: skip
    return "The table of learned positions would be four times as large as the projection."
