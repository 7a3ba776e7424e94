"""Typical wrong answers to the exercises on positions, each with a phrase of what the check says."""

import numpy as np


def angles(places, half, exponent=None, start=0):
    exponent = np.arange(half) / half if exponent is None else exponent
    return np.arange(start, places + start)[:, None] / 10_000**exponent


def both(x, first=np.sin, second=np.cos):
    return np.concatenate([first(x), second(x)], axis=1)


def waves(numbers, values):
    return both(numbers[:, None] * angles(2, values // 2)[1])


def grid(rows, columns):
    return np.divmod(np.arange(rows * columns), columns)


def join(*parts, axis=1):
    return np.concatenate(parts, axis=axis)


def front(t, c):
    return np.broadcast_to(c, (len(t), 1, len(c)))


def in_place(t, c, p):
    t += p
    return join(front(t, c), t)


WRONG = {
    "waves": [
        (lambda places, values: None, "returns nothing"),
        (lambda p, v: both(angles(p, v // 2), np.cos, np.sin), "cosines come first"),
        (lambda p, v: both(angles(p, v // 2))[:, np.arange(v).reshape(2, -1).T.ravel()], "take turns"),
        (lambda p, v: np.sin(angles(p, v // 2)), "sines only"),
        (lambda p, v: np.cos(angles(p, v // 2)), "cosines only"),
        (lambda p, v: both(angles(p, v // 2), np.sin, np.sin), "sines twice"),
        (lambda p, v: np.sin(angles(p, v)), "no cosines"),
        (lambda p, v: both(angles(p, v)), "twice as many numbers"),
        (lambda p, v: both(angles(p, v // 2, np.zeros(v // 2))), "at speed 1"),
        (lambda p, v: both(angles(p, v // 2, -np.arange(v // 2) / (v // 2))), "faster from one"),
        (lambda p, v: both(angles(p, v // 2, np.arange(v // 2)[::-1] / (v // 2))), "fastest hand comes last"),
        (lambda p, v: both(angles(p, v // 2, np.arange(v // 2) / v)), "too little"),
        (lambda p, v: both(angles(p, v // 2, np.arange(v // 2) / (v // 4))), "too much"),
        (lambda p, v: both(angles(p, v // 2, np.linspace(0, 1, v // 2))), "a bit too slow"),
        (lambda p, v: both(angles(p, v // 2, start=1)), "from 1"),
        (lambda p, v: both(2 * np.pi * angles(p, v // 2)), "full circle"),
        (lambda p, v: angles(p, v // 2), "These are the angles"),
        (lambda p, v: both(angles(p, v // 2)).T, "each place should be a row"),
        (lambda p, v: np.concatenate([np.sin(angles(p, v // 2)), np.cos(angles(p, v // 2))]), "lie above"),
        (lambda p, v: both(angles(p, v // 2, start=1), np.cos, np.sin), "And another thing: The cosines come first"),
        (lambda p, v: both(angles(p, v // 2) * 3), "there should be"),
        (lambda p, v: both(angles(p, v // 2)).tolist(), "come as a list"),
        (lambda p, v: np.stack([np.sin(angles(p, v // 2)), np.cos(angles(p, v // 2))]), "in an axis of their own"),
        (lambda p, v: both(angles(p, v // 2, np.arange(v // 2))), "whole numbers: the division"),
        (lambda p, v: np.sin(angles(p, v // 2, start=1)), "And another thing: You have the sines only"),
        (lambda p, v: both(np.arange(p) * angles(p, v // 2)), "do not fit each other"),
        (lambda p, v: both(np.linspace(0, 1, p)[:, None] * angles(2, v // 2)[1]), "the last one included"),
    ],
    "positions": [
        (lambda rows, columns, values: ..., "returns nothing"),
        (lambda r, c, v: join(waves(grid(r, c)[1], v // 2), waves(grid(r, c)[0], v // 2)), "halves are swapped"),
        (lambda r, c, v: waves(grid(r, c)[0], v), "not the column: all values"),
        (lambda r, c, v: waves(grid(r, c)[0], v // 2), "not the column: half"),
        (lambda r, c, v: join(*[waves(grid(r, c)[0], v // 2)] * 2), "not the column: both"),
        (lambda r, c, v: waves(grid(r, c)[1], v), "not the row: all values"),
        (lambda r, c, v: waves(grid(r, c)[1], v // 2), "not the row: half"),
        (lambda r, c, v: join(*[waves(grid(r, c)[1], v // 2)] * 2), "not the row: both"),
        (lambda r, c, v: waves(np.arange(r * c), v), "pass for neighbours"),
        (lambda r, c, v: waves(grid(r, c)[0], v) + waves(grid(r, c)[1], v), "is the same place"),
        (lambda r, c, v: waves(grid(r, c)[0], v // 2) + waves(grid(r, c)[1], v // 2), "half of the values are missing. They"),
        (lambda r, c, v: join(waves(grid(c, r)[1], v // 2), waves(grid(c, r)[0], v // 2)), "column by column"),
        (lambda r, c, v: join(waves(grid(c, r)[0], v // 2), waves(grid(c, r)[1], v // 2)), "square grids"),
        (lambda r, c, v: join(waves(grid(r, c)[0], v // 2), waves(grid(r, c)[1], v // 2)).reshape(r, c, v), "as a grid"),
        (lambda r, c, v: join(waves(grid(r, c)[0], v), waves(grid(r, c)[1], v)), "twice as many"),
        (lambda r, c, v: join(*(f(n[:, None] * angles(2, v // 4)[1]) for f in (np.sin, np.cos) for n in grid(r, c))),
         "All sines come first"),
        (lambda r, c, v: waves(np.arange(r), v), "for each row of the grid"),
        (lambda r, c, v: join(waves(grid(r, c)[1] + 1, v // 2), waves(grid(r, c)[0] + 1, v // 2)), "there should be"),
        (lambda r, c, v: join(waves(np.arange(r * c), v // 2), waves(grid(r, c)[1], v // 2)), "In place of the row"),
        (lambda r, c, v: waves(grid(r, c)[0], v) * waves(grid(r, c)[1], v), "multiplied"),
        (lambda r, c, v: join(*(waves(n, v)[:, : v // 2] for n in grid(r, c))), "half of longer waves"),
        (lambda r, c, v: list(join(waves(grid(r, c)[0], v // 2), waves(grid(r, c)[1], v // 2))), "come as a list"),
        (lambda r, c, v: join(waves(np.arange(r), v // 2), waves(np.arange(c), v // 2)), "stops with ValueError"),
    ],
    "assemble": [
        (lambda t, c, p: None, "returns nothing"),
        (lambda t, c, p: join(front(t, c), t), "positions are missing"),
        (lambda t, c, p: t + p, "class token is missing"),
        (lambda t, c, p: join(t + p, front(t, c)), "comes last. It should"),
        (lambda t, c, p: join(t, front(t, c)) + join([0 * c], p, axis=0), "begin one token too late"),
        (lambda t, c, p: join(front(t, c), t) + join(p, [0 * c], axis=0), "shifted by one"),
        (lambda t, c, p: join(front(t, c) + p[0], t + p), "got a position too"),
        (lambda t, c, p: join(front(t, c), t + p[0]), "the first place"),
        (lambda t, c, p: join(front(t, c), t + p.mean(axis=0)), "the mean of the places"),
        (lambda t, c, p: join(t, np.broadcast_to(p, t.shape), axis=2), "the class token is missing"),
        (lambda t, c, p: join(front(t, c), t, np.broadcast_to(p, t.shape)), "as more tokens"),
        (lambda t, c, p: t + p + c, "added the class token"),
        (lambda t, c, p: join(0 * front(t, c), t + p), "but it is zero"),
        (lambda t, c, p: join([t[0] * 0 + c], t + p, axis=0), "one more image"),
        (lambda t, c, p: join(front(t, c) * (np.arange(len(t)) == 0)[:, None, None], t + p), "Only the first image"),
        (lambda t, c, p: join(front(t, c), t + 2 * p), "twice"),
        (lambda t, c, p: join(front(t, c), t + (p if len(t) != len(p) else p[:, None])), "Each of your images"),
        (lambda t, c, p: join(c[None, None], t + p), "stops with ValueError"),
        (lambda t, c, p: join(front(t, c), t - p), "You subtract"),
        (in_place, "has changed `t`"),
        (lambda t, c, p: join(t, front(t, c)), "And another thing: The class token comes last"),
        (lambda t, c, p: join(front(t, c), t[:, 1:] + p[1:]), "taken the place of the first patch"),
        (lambda t, c, p: join(front(t, c), t + p)[0], "the first image only"),
        (lambda t, c, p: join(front(t, c), t + p).tolist(), "come as a list"),
        (lambda t, c, p: join(front(t, c), t + p[::-1]), "run backwards"),
        (lambda t, c, p: join(front(t, c), t + p).astype(int), "whole numbers"),
    ],
    "price": [
        ((None, None, None), "Write down the number of parameters of the projection"),
        ((3072, 12_352, 3200), "bias is missing"),
        ((1088, 12_352, 3200), "three colours of a pixel."),
        ((602_112, 12_352, 3200), "a matrix of its own"),
        ((3120, 12_352, 3200), "belongs to the sums"),
        ((3136, 12_288, 3200), "You forgot the class token. Where"),
        ((3136, 9264, 3200), "not as long as a patch."),
        ((3136, 193, 3200), "How many numbers is each?"),
        ((3136, 12_352, 15_552), "with one for the class token"),
        ((3136, 12_352, 15_488), "nothing to learn"),
        ((3136, 12_352, 3136), "its numbers are learned"),
        ((3136, 12_352, 6000), "too large"),
        ((3136, "12352", 3200), "is a text"),
    ],
}  # fmt: skip
