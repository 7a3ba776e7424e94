"""Self-checks of tasks 3 and 4 of notebook 05: the other colour, and the price of looking."""

from numbers import Integral

import numpy as np

from .arithmetic import softmax as _softmax
from .compare import as_array, number
from .verdict import NotYet, check

PLACES = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]])  # left right top bottom
ORANGE = {
    "both orange discs on the left": [1, 0, 1, 0],
    "both orange discs at the top": [1, 1, 0, 0],
    "orange discs on a diagonal": [1, 0, 0, 1],
    "one orange disc": [0, 1, 0, 0],
    "one blue disc": [1, 1, 0, 1],
}  # fmt: skip


def _matrix(found, name):
    """A matrix (6, K) as the learner wrote it; raises NotYet if it is something else."""
    if found is None or found is ...:
        raise NotYet("Write down two matrices first. Which rows of them belong to the colours?")
    try:
        matrix, _ = as_array(found, "(6, columns)")
    except NotYet as problem:
        raise NotYet(f"`{name}` should be a matrix of numbers. {problem}") from None
    if matrix.ndim != 2 or len(matrix) != 6:
        raise NotYet(
            f"`{name}` has the shape {matrix.shape}. A token has six numbers, and a row of the "
            "matrix belongs to each."
        )
    if not np.isfinite(matrix).all():
        raise NotYet(f"`{name}` has values that are infinite or not a number.")
    return matrix


def _to_other(orange, w_query, w_key):
    """How much of its attention each token gives to the other colour: (share, fair share)."""
    orange = np.array(orange)
    tokens = np.column_stack([orange, 1 - orange, PLACES])
    weights = _softmax(tokens @ w_query @ (tokens @ w_key).T / np.sqrt(w_query.shape[1]))
    other = orange[:, None] != orange
    return (weights * other).sum(axis=1), other.mean(axis=1)


@check
def other_colour(w_query, w_key):
    """Task 3: matrices with which a token gives 95 % of its attention to the other colour."""
    w_query, w_key = _matrix(w_query, "w_query"), _matrix(w_key, "w_key")
    if w_query.shape != w_key.shape:
        raise NotYet(
            f"A query has {w_query.shape[1]} numbers and a key {w_key.shape[1]}. To be compared, "
            "they must be equally long."
        )
    results = {name: _to_other(colours, w_query, w_key) for name, colours in ORANGE.items()}
    share, fair = map(np.concatenate, zip(*results.values(), strict=True))
    orange = np.concatenate(list(ORANGE.values())).astype(bool)
    more = share > fair + 1e-6
    if (share >= 0.95).all():
        return "They look at the other colour, wherever it stands and however few have it."
    if np.allclose(share, fair):
        raise NotYet("Your tokens look at both colours alike. Their scores do not tell them apart.")
    if not more.any():
        raise NotYet(
            "Your tokens look at their *own* colour: a query and a key of the same colour suit "
            "each other."
        )
    for some, name, others in ((orange, "orange", "blue"), (~orange, "blue", "orange")):
        if more[some].all() and not more[~some].any():
            raise NotYet(
                f"The {name} tokens look at the {others} ones, but the {others} ones do not look "
                f"back: in your image {others} interests everybody."
            )
    least = share.min()
    firm = [_to_other(colours, 10 * w_query, 10 * w_key)[0] for colours in ORANGE.values()]
    if more.all() and (np.concatenate(firm) >= 0.95).all():
        raise NotYet(
            f"The right direction, but too gentle: some token gives only {least:.1%} of its "
            "attention to the other colour. Softmax is decided when the scores lie far apart."
        )
    if (results["both orange discs on the left"][0] >= 0.95).all():
        raise NotYet(
            "It works on the image of notebook 5, where all orange discs are on the left. On "
            f"others it does not: some token gives only {least:.0%} to the other colour. Do your "
            "matrices ask for the colour or for the place?"
        )
    worst = min(results, key=lambda name: results[name][0].min())
    raise NotYet(
        f"Not every token looks at the other colour. On an image with {worst}, one gives it only "
        f"{least:.0%} of its attention. Do places play a part in your matrices?"
    )


@check
def price(shape, size, smaller_patches, wider_heads):
    """Task 4: attention maps of 32 images of 96 x 64 pixels, patches of 8, 3 heads of 16."""
    if shape is None or shape is ...:
        raise NotYet("Write down the shape of the array first: a guess costs nothing.")
    if not isinstance(shape, tuple | list) or not all(
        isinstance(side, Integral) and not isinstance(side, bool) for side in shape
    ):
        raise NotYet(
            f"A shape is a tuple of whole numbers, such as (2, 5), and yours is {shape!r}."
        )
    shape = tuple(shape)
    mistakes = {
        (32, 96, 96): "You forgot the heads: each of them has a map of its own.",
        (3, 96, 96): "You forgot that there are 32 images.",
        (96, 96): "This is one map. How many heads and images have one?",
        (32, 3, 96): "A token looks at *each* token. This has one number for each that looks.",
        (32, 3, 96, 16): "This is the shape of the queries. A map has a number for each pair of "
        "tokens.",
        (32, 3, 96, 48): "This mixes tokens with their values. A map has a number for each "
        "pair of tokens.",
        (32, 96, 96, 3): "The right numbers, but the heads come before the tokens.",
        (3, 32, 96, 96): "The right numbers, but the images come before the heads.",
        (32, 3, 12, 8): "You have a place for each token. A map has one for each *pair* of tokens.",
        (32, 3, 9216): "The right count, but a map has an axis for those that look and one for "
        "those looked at.",
        (32, 3, 64, 64): "You took the image for a square of 64 pixels a side.",
        (32, 3, 144, 144): "You took the image for a square of 96 pixels a side.",
    }  # fmt: skip
    if shape != (32, 3, 96, 96):
        raise NotYet(
            mistakes.get(
                shape, f"{shape} is not the shape of these maps. What does each axis mean?"
            )
        )
    number(
        size, 3_538_944,
        {
            "This is the count of numbers. How many bytes does each of them take?": 884_736,
            "Numbers of 4 bytes take half as much.": 7_077_888,
            "This is for a single image.": 110_592,
            "This is for one head of one image.": 36_864,
            "This is for one head. Each of them has maps of its own.": 1_179_648,
            "These are megabytes. The question is for bytes.": 3.538944,
            "These are megabytes of 1024² bytes. The question is for bytes.": 3.375,
        },
        "the number of bytes",
    )  # fmt: skip
    number(
        smaller_patches, 16,
        {
            "So many times more *tokens* there are. Each looks at each.": 4,
            "Half as wide and half as high: how many fit in the place of one? And then, how many "
            "pairs?": 2,
            "There are more tokens, so there are more pairs.": 1,
            "You squared once too often.": 256,
            "Once you counted four times as many, and once twice. Both sides grow alike.": 8,
            "You turned it round: smaller patches make more tokens.": 1 / 16,
        },
        "the factor for smaller patches",
    )  # fmt: skip
    number(
        wider_heads, 1,
        {
            "Queries and keys get twice as long, but a score is still one number for a pair.": 2,
            "A pair of tokens has one score, however long the lists are that are compared.": 4,
            "Wider heads cannot make the maps smaller.": 0.5,
            "The root of `key_dim` scales the scores. It does not change how many there are.": (
                2**0.5
            ),
        },
        "the factor for wider heads",
    )  # fmt: skip
    return "Maps grow with the square of the tokens, and do not care how long a query is."
