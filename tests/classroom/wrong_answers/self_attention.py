"""Typical wrong answers to the exercises on attention, each with a phrase of what the check says."""

import numpy as np


def softmax(x, axis=-1):
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def scaled(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])


def attend(q, k, v):
    return softmax(scaled(q, k)) @ v


def plain_softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def flat_softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1)


def heads(*parts):
    """The answers (heads, tokens, values) of parts (heads, tokens, values)."""
    return np.array([attend(*some) for some in zip(*parts, strict=True)])


def cut(x, h):
    return x.reshape(len(x), h, -1).transpose(1, 0, 2)


def right(q, k, v, h):
    return heads(cut(q, h), cut(k, h), cut(v, h))


def glue(answers):
    return np.concatenate(list(answers), axis=-1)


def plain(q, k, v, h):
    """Heads that do not scale."""
    return np.array(
        [softmax(a @ b.T) @ c for a, b, c in zip(cut(q, h), cut(k, h), cut(v, h), strict=True)]
    )


def in_place(query, key, value):
    query /= np.sqrt(query.shape[1])
    return softmax(query @ key.T) @ value


def colours(orange, blue):
    """A matrix that picks out the colours, with these two rows."""
    return np.array([orange, blue] + [[0, 0]] * 4)


own, other = colours([4, 0], [0, 4]), colours([0, 4], [4, 0])
top, bottom = (np.array([[0, 0]] * 4 + rows) for rows in ([[4, 0], [0, 4]], [[0, 4], [4, 0]]))
across = np.array([[0, 0]] * 2 + [[0, 4], [4, 0]] + [[0, 0]] * 2)

WRONG = {
    "attend": [
        (lambda q, k, v: None, "returns nothing"),
        (lambda q, k, v: softmax(scaled(q, k), axis=0) @ v, "wrong axis: the columns"),
        (lambda q, k, v: softmax(scaled(q, k), axis=None) @ v, "the whole map"),
        (lambda q, k, v: softmax(q @ k.T) @ v, "scale is missing"),
        (lambda q, k, v: softmax(q @ k.T / q.shape[-1]) @ v, "not by its root"),
        (lambda q, k, v: softmax(q @ k.T * np.sqrt(q.shape[-1])) @ v, "You multiply"),
        (lambda q, k, v: softmax(q @ k.T / np.sqrt(len(q))) @ v, "the number of tokens"),
        (lambda q, k, v: softmax(q @ k.T / np.sqrt(v.shape[-1])) @ v, "the length of a value"),
        (lambda q, k, v: softmax(q @ k.T) / np.sqrt(q.shape[-1]) @ v, "after softmax"),
        (lambda q, k, v: attend(k, q, v), "the keys ask"),
        (lambda q, k, v: attend(q, q, v), "the keys are not used"),
        (lambda q, k, v: softmax(scaled(q, k)).T @ v, "those that look at it"),
        (lambda q, k, v: softmax(scaled(q, k)), "not mixed yet"),
        (lambda q, k, v: attend(q, k, k), "You mix the keys"),
        (lambda q, k, v: scaled(q, k) @ v, "softmax is missing"),
        (lambda q, k, v: np.exp(scaled(q, k)) @ v, "of the scores; nothing divides"),
        (lambda q, k, v: scaled(q, k) / scaled(q, k).sum(axis=-1, keepdims=True) @ v, "power of e is missing"),
        (lambda q, k, v: plain_softmax(scaled(q, k) - scaled(q, k).max(axis=0, keepdims=True)) @ v, "*column*"),
        (lambda q, k, v: np.exp(scaled(q, k)) / np.exp(scaled(q, k)).sum(axis=-1) @ v, "when you divide"),
        (lambda q, k, v: flat_softmax(scaled(q, k)) @ v, "You divide by sums"),
        (lambda q, k, v: plain_softmax(scaled(q, k) - scaled(q, k).max(axis=-1)) @ v, "when you subtract"),
        (lambda q, k, v: attend(q, k, v).mean(axis=0), "You took the mean"),
        (lambda q, k, v: softmax(q @ k.T, axis=0) @ v, "as they are. And another thing: Your softmax runs"),
        (lambda q, k, v: plain_softmax(scaled(q, k)) @ v, "the scores are small"),
        (lambda q, k, v: scaled(q, k.T) @ v, "It happens in the line"),
        (lambda q, k, v: softmax(scaled(q, k) ** 2) @ v, "there should be"),
        (in_place, "has changed `query`"),
        (lambda q, k, v: attend(q, k, v).tolist(), "come as a list"),
        (lambda q, k, v: softmax(q @ k / np.sqrt(len(q))) @ v, "rows of 3 numbers, and the right one has 5 rows"),
        (lambda q, k, v: softmax(np.clip(scaled(q, k), -700, 700)) @ v, "cut off"),
        (lambda q, k, v: softmax(scaled(q, k)) @ v + v, "what it told besides"),
    ],
    "attend_heads": [
        (lambda q, k, v, h: None, "returns nothing"),
        (lambda q, k, v, h: attend(q, k, v), "This is one head"),
        (lambda q, k, v, h: glue(heads(cut(q, h) / np.sqrt(h), cut(k, h), cut(v, h))), "*whole* length"),
        (lambda q, k, v, h: glue(heads(*(x.reshape(h, len(x), -1) for x in (q, k, v)))), "several tokens into one"),
        (lambda q, k, v, h: heads(*(x.reshape(h, len(x), -1) for x in (q, k, v))).reshape(len(q), -1), "glued in the same way"),
        (lambda q, k, v, h: np.concatenate([attend(*x) for x in zip(*(np.split(x, h) for x in (q, k, v)), strict=True)]),
         "share out the *tokens*"),
        (lambda q, k, v, h: glue(heads(*([x[:, i::h] for i in range(h)] for x in (q, k, v)))), "like dealt cards. Each"),
        (lambda q, k, v, h: np.stack(right(q, k, v, h), axis=-1).reshape(len(q), -1), "shuffled into each other"),
        (lambda q, k, v, h: glue(right(q, k, v, h)[::-1]), "last head comes first"),
        (lambda q, k, v, h: right(q, k, v, h).mean(axis=0), "mean of the heads' answers"),
        (lambda q, k, v, h: right(q, k, v, h).sum(axis=0), "added up"),
        (right, "(heads, tokens, values)"),
        (lambda q, k, v, h: right(q, k, v, h).transpose(1, 0, 2), "(tokens, heads, values)"),
        (lambda q, k, v, h: right(q, k, v, h).reshape(len(q), -1), "glued wrongly"),
        (lambda q, k, v, h: np.concatenate(right(q, k, v, h)), "below each other"),
        (lambda q, k, v, h: softmax(scaled(cut(q, h)[0], cut(k, h)[0])) @ v, "the first one"),
        (lambda q, k, v, h: right(q, k, v, h)[0], "first head only"),
        (lambda q, k, v, h: np.mean([softmax(scaled(*x)) for x in zip(cut(q, h), cut(k, h), strict=True)], axis=0) @ v,
         "mean of the heads' maps"),
        (lambda q, k, v, h: glue(right(q, k, v, h)) + v, "there should be"),
        (lambda q, k, v, h: glue(plain(q, k, v, h)), "Your heads do not scale"),
        (lambda q, k, v, h: plain(q, k, v, h).mean(axis=0), "And another thing: You took the mean"),
        (lambda q, k, v, h: glue(heads(cut(q, h), cut(k, h), np.array([v] * h))), "values of all heads"),
        (lambda q, k, v, h: list(glue(right(q, k, v, h))), "come as a list"),
    ],
    "other_colour": [
        ((None, None), "Write down two matrices"),
        ((own, own), "*own* colour"),
        ((0 * own, own), "both colours alike"),
        ((own / 2, other / 2), "too gentle"),
        ((colours([4, 0], [4, 0]), colours([0, 4], [4, 0])), "interests everybody"),
        ((colours([0, 4], [0, 4]), colours([0, 4], [4, 0])), "orange interests everybody"),
        ((own, across), "the colour or for the place"),
        ((4 * np.eye(6)[[1, 0, 3, 2, 5, 4]], 4 * np.eye(6)), "only 50% to the other colour"),
        ((top, bottom), "a part in your matrices"),
        ((own, other.T), "`w_key` has the shape (2, 6)"),
        ((own, other[:, :1]), "equally long"),
        ((own + np.inf, other), "infinite"),
        (("own", other), "matrix of numbers"),
    ],
    "price": [
        ((None, None, None, None), "Write down the shape"),
        (((32, 96, 96), 0, 0, 0), "forgot the heads"),
        (((32, 3, 96, 16), 0, 0, 0), "shape of the queries"),
        (((96, 96), 0, 0, 0), "one map"),
        (((32, 3, 12, 8), 0, 0, 0), "*pair*"),
        ((9216, 0, 0, 0), "a tuple of whole numbers"),
        (((32, 3, "96", 96), 0, 0, 0), "'96'"),
        (((32, 3, 96, 96), 3_538_944, 16, True), "yes or no"),
        (((32, 3, 96, 96), 3_538_944, "16", 1), "is a text"),
        (((32, 3, 100, 100), 0, 0, 0), "(32, 3, 100, 100) is not"),
        (((32, 3, 96, 96), None, 16, 1), "Write down the number of bytes"),
        (((32, 3, 96, 96), 884_736, 16, 1), "the count of numbers"),
        (((32, 3, 96, 96), 110_592, 16, 1), "a single image"),
        (((32, 3, 96, 96), 3_538_944, 4, 1), "more *tokens*"),
        (((32, 3, 96, 96), 3_538_944, 2, 1), "And then"),
        (((32, 3, 96, 96), 3_538_944, 16, 2), "still one number"),
        (((32, 3, 96, 96), 3_538_944, 16, 3), "too large"),
    ],
}  # fmt: skip
