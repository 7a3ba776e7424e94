"""Self-checks of the exercises on tokens and positions (notebook 04)."""

import numpy as np

from .verdict import NotYet, call, check, number, same


def _waves(numbers, values):
    """Sines, then cosines, of the `numbers` at `values / 2` speeds: (numbers, values)."""
    half = values // 2
    angles = np.asarray(numbers)[:, None] / 10_000 ** (np.arange(half) / half)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def _angles(places, half):
    """{what to say: the angles (places, half) that this mistake gives}; the right ones first."""
    place, hand = np.arange(places)[:, None], np.arange(half)
    return {
        "": place / 10_000 ** (hand / half),
        "All your hands turn at speed 1, so they show the same.": place * np.ones(half),
        "Your fastest hand comes last. It should be the first.": place
        / 10_000 ** (hand[::-1] / half),
        "Your hands get faster from one to the next; they should get slower.": place
        * 10_000 ** (hand / half),
        "Your hands slow down too little: the exponent grows half as fast as it should. How many "
        "hands are there?": place / 10_000 ** (hand / half / 2),
        "Your hands slow down too much: the exponent grows twice as fast as it should. How many "
        "hands are there?": place / 10_000 ** (2 * hand / half),
        "Your slowest hand is a bit too slow: the exponents should stop one step before 1.": place
        / 10_000 ** (hand / (half - 1)),
        "You count the places from 1. The first one has the number 0.": (place + 1)
        / 10_000 ** (hand / half),
        "A hand of speed 1 turns by 1 from place to place, and yours by a full circle, 2π. So it "
        "shows the same at all places.": 2 * np.pi * place / 10_000 ** (hand / half),
    }


LAYOUTS = {
    "": lambda angles: np.concatenate([np.sin(angles), np.cos(angles)], axis=1),
    "The cosines come first. The sines should.": lambda angles: np.concatenate(
        [np.cos(angles), np.sin(angles)], axis=1
    ),
    "Sines and cosines take turns. Here all sines come before all cosines.": lambda angles: (
        np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(len(angles), -1)
    ),
    "You have the sines only. A sine alone has the same value at several places.": np.sin,
    "You have the sines twice. A sine alone has the same value at several places.": lambda angles: (
        np.concatenate([np.sin(angles), np.sin(angles)], axis=1)
    ),
    "You have the cosines only. A cosine alone has the same value at several places.": np.cos,
    "Your sines lie above your cosines, as more places. They should stand side by side, as more "
    "values of the same places.": lambda angles: np.concatenate([np.sin(angles), np.cos(angles)]),
    "These are the angles of the hands; a wave is their sine or cosine.": lambda angles: angles,
    "Rows and columns of your table are swapped: each place should be a row.": lambda angles: (
        np.concatenate([np.sin(angles), np.cos(angles)], axis=1).T
    ),
}


@check
def waves(function):
    """Task 1: sine-cosine positions (places, values) along one direction."""
    for places, values in ((5, 8), (9, 12)):
        choices = [
            (f"{first} {second}".strip(), layout(angles))
            for first, angles in _angles(places, values // 2).items()
            for second, layout in LAYOUTS.items()
        ]
        right = choices[0][1]
        whole = np.arange(places)[:, None] / 10_000 ** (np.arange(values) / values)
        mistakes = {
            "You have a sine at each of `values` speeds, and no cosines. A sine alone has the same "
            "value at several places.": np.sin(whole),
            "There are `values` sines and as many cosines: twice as many numbers as there should "
            "be.": np.concatenate([np.sin(whole), np.cos(whole)], axis=1),
            **dict(choices[1:]),
        }
        same(call(function, places, values), right, mistakes, "(places, values)")
    return "A clock for each place, and no two of them show the same."


@check
def positions(function):
    """Task 2: sine-cosine positions (rows * columns, values) of a grid."""
    for rows, columns, values in ((3, 4, 8), (5, 2, 12)):
        count, half = rows * columns, values // 2
        row, column = np.divmod(np.arange(count), columns)
        y, x = _waves(row, half), _waves(column, half)
        right = np.concatenate([y, x], axis=1)
        wrong_row, wrong_column = np.divmod(np.arange(count), rows)
        quarters = right.reshape(count, 2, 2, -1).transpose(0, 2, 1, 3).reshape(count, -1)
        upright = right.reshape(rows, columns, values).transpose(1, 0, 2).reshape(count, values)
        rows_only = "These positions know the row, but not the column: {}."
        columns_only = "These positions know the column, but not the row: {}."
        mistakes = {
            "The halves are swapped: the waves of the row come before those of the column.": (
                np.concatenate([x, y], axis=1)
            ),
            rows_only.format("half of the values are missing"): y,
            rows_only.format("all values are waves of the row"): _waves(row, values),
            rows_only.format("both halves are waves of the row"): np.concatenate([y, y], axis=1),
            columns_only.format("half of the values are missing"): x,
            columns_only.format("all values are waves of the column"): _waves(column, values),
            columns_only.format("both halves are waves of the column"): np.concatenate(
                [x, x], axis=1
            ),
            "You numbered the patches 0, 1, 2, ... and took waves of that number. So the end of a "
            "row and the start of the next one pass for neighbours.": _waves(
                np.arange(count), values
            ),
            "You added the waves of row and column. Then row 1, column 2 is the same place as row "
            "2, column 1. They should stand side by side.": _waves(row, values)
            + _waves(column, values),
            "You added the waves of row and column, and half of the values are missing. They "
            "should stand side by side.": y + x,
            "The positions are right, but the places come column by column. Patches come row by "
            "row.": upright,
            "You begin a new row after as many patches as there are *rows*. This works for square "
            "grids only.": np.concatenate(
                [_waves(wrong_row, half), _waves(wrong_column, half)], axis=1
            ),
            "The positions are right, but still laid out as a grid. Each should be one row of a "
            "table of two axes.": right.reshape(rows, columns, values),
            "Each direction has `values` numbers, so both together have twice as many as a "
            "token.": np.concatenate([_waves(row, values), _waves(column, values)], axis=1),
            "All sines come first, then all cosines. Here the row's sines and cosines come first, "
            "then the column's.": quarters,
            "There is one position for each row of the grid. There should be one for each patch.": (
                _waves(np.arange(rows), values)
            ),
        }
        same(call(function, rows, columns, values), right, mistakes, "(rows × columns, values)")
    return "Every patch knows its row and its column, on any grid."


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
