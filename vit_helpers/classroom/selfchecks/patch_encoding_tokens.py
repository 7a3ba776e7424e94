"""Self-checks of tasks 3 and 4 of notebook 04: tokens put together, and their price."""

import numpy as np

from .verdict import NotYet, call, check, number, same


@check
def assemble(function):
    """Task 3: (B, N + 1, D) of tokens (B, N, D), a class token (D,) and positions (N, D)."""
    random = np.random.default_rng(0)
    for images, count, values in ((2, 5, 4), (4, 4, 6)):
        tokens = random.normal(size=(images, count, values))
        extra, places = random.normal(size=values), random.normal(size=(count, values))
        front = np.broadcast_to(extra, (images, 1, values))
        zero = np.zeros((1, values))

        def join(*parts):
            return np.concatenate(parts, axis=1)

        placed = tokens + places
        right = join(front, placed)
        wide = np.broadcast_to(places, tokens.shape)
        appended = np.concatenate([tokens, wide], axis=-1)
        longer = np.concatenate([front, np.zeros_like(front)], axis=-1)
        first_only = front * (np.arange(images) == 0)[:, None, None]
        mistakes = {
            "The positions are missing: these tokens do not know where they are.": join(
                front, tokens
            ),
            "The class token is missing.": placed,
            "The class token comes last. It should be the first.": join(placed, front),
            "The class token comes last, and the positions begin one token too late.": join(
                tokens, front
            )
            + np.concatenate([zero, places]),
            "The positions are shifted by one: the class token got the first place, and each patch "
            "that of the patch before it.": join(front, tokens) + np.concatenate([places, zero]),
            "The class token got a position too. It stands nowhere in the image.": join(
                front + places[0], placed
            ),
            "All tokens of your images got the same position, that of the first place.": join(
                front, tokens + places[0]
            ),
            "All tokens of your images got the same position, the mean of the places.": join(
                front, tokens + places.mean(axis=0)
            ),
            "You appended the positions, so the tokens have become twice as long.": join(
                longer, appended
            ),
            "You appended the positions, so the tokens have become twice as long, and the class "
            "token is missing.": appended,
            "You put the positions in as more tokens. They belong *into* the tokens that are "
            "there.": join(front, tokens, wide),
            "You added the class token to each patch. It should be one more token.": placed + extra,
            "There is one more token in front, but it is zero: the class token is not in it.": join(
                0 * front, placed
            ),
            "Only the first image has the class token; in the others it is zero. Each image needs "
            "it.": join(first_only, placed),
            "Your class token was put in as one more image. It should be one more token in each "
            "image.": np.concatenate([np.broadcast_to(extra, (1, count, values)), placed]),
            "You added the positions twice.": join(front, placed + places),
        }
        if images == count:
            message = (
                "Each of your images has a position, the same for all its tokens. A position "
                "belongs to a place in the image, and is the same in all images."
            )
            mistakes[message] = join(front, tokens + places[:, None])
        given = [array.copy() for array in (tokens, extra, places)]
        same(call(function, *given), right, mistakes, "(images, patches + 1, values)")
        if not all(map(np.array_equal, given, (tokens, extra, places))):
            raise NotYet(
                "The result is right, but your function has changed the arrays that it was given. "
                "Whoever uses them again gets other numbers. Does it write into them, with `+=`?"
            )
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
