"""Self-check of task 2 of notebook 06: a head that pools in two ways."""

from itertools import product

import numpy as np

from .arithmetic import softmax
from .compare import Case, compare, mistakes_of
from .verdict import check

# {what to say: what is pooled if `pool` is "mean", and if it is "token"}.
RIGHT = {"mean": lambda t: t.mean(axis=1), "token": lambda t: t[:, 0]}
POOL = {
    "mean": {
        "Your head adds up the tokens. A mean does not grow with their number.": (
            lambda t: t.sum(axis=1)
        ),
        "Your head takes the largest value of all tokens. The mean was wanted.": (
            lambda t: t.max(axis=1)
        ),
        "Your head takes the median of the tokens. The mean was wanted.": (
            lambda t: np.median(t, axis=1)
        ),
        'You leave the first token out of the mean. With `"mean"` all tokens answer together.': (
            lambda t: t[:, 1:].mean(axis=1)
        ),
        'You leave the last token out of the mean. With `"mean"` all tokens answer together.': (
            lambda t: t[:, :-1].mean(axis=1)
        ),
        "You take the mean over the images of the batch. They have nothing to do with each other; "
        "the mean goes over the tokens of one image.": lambda t: t.mean(axis=0),
        "You take the mean over the values of a token, so that a token is one number. The mean "
        "goes over the tokens; the values stay apart.": lambda t: t.mean(axis=2),
        "You take the mean of everything, of all images. It goes over the tokens of one image.": (
            lambda t: np.full((len(t), t.shape[2]), t.mean())
        ),
        "You take the mean over images and tokens. It goes over the tokens of one image.": (
            lambda t: t.mean(axis=(0, 1))
        ),
    },
    "token": {
        "The class token is not the last of the tokens.": lambda t: t[:, -1],
        "You count tokens from one; Python does not, so this is the token after the class token.": (
            lambda t: t[:, 1]
        ),
        "You leave the class token out and take the mean of the patches. Here the class token "
        "answers alone.": lambda t: t[:, 1:].mean(axis=1),
        "These are all tokens of the first image. The first axis counts the images, not the "
        "tokens.": lambda t: t[0],
        "These are all tokens of the last image. The first axis counts the images, not the "
        "tokens.": lambda t: t[-1],
        "This is the first value of every token. Wanted are all values of one token.": (
            lambda t: t[:, :, 0]
        ),
        "This is the class token of the first image, for all images.": (
            lambda t: np.repeat(t[:1, 0], len(t), axis=0)
        ),
        "This is the largest value of all tokens. The class token answers alone.": (
            lambda t: t.max(axis=1)
        ),
    },
}
BOTH = {
    '`"mean"` and `"token"` are exchanged.': {"mean": RIGHT["token"], "token": RIGHT["mean"]},
    "You pool in the same way whatever `pool` says: always with the mean.": (
        dict.fromkeys(RIGHT, RIGHT["mean"])
    ),
    "You pool in the same way whatever `pool` says: always with the class token.": (
        dict.fromkeys(RIGHT, RIGHT["token"])
    ),
    "Your head gives scores for each token. It should give one answer for each image.": (
        dict.fromkeys(RIGHT, lambda t: t)
    ),
    "Your head lays all tokens of an image in one row. It should pool them to one vector.": (
        dict.fromkeys(RIGHT, lambda t: t.reshape(len(t), -1))
    ),
}
DENSE = {
    "": lambda x, w, b: x @ w + b,
    "The biases are missing.": lambda x, w, b: x @ w,
    "You subtract the biases.": lambda x, w, b: x @ w - b,
    "You multiply by the biases. They are added.": lambda x, w, b: x @ w * b,
    "You add the biases twice.": lambda x, w, b: x @ w + 2 * b,
    "You add the sum of the biases to each score. Each class has its own.": (
        lambda x, w, b: x @ w + b.sum()
    ),
    "This is one vector for each image. What is missing is the dense layer that makes a score for "
    "each class of it.": lambda x, w, b: x,
}
END = {
    "": lambda x: x,
    "Your head answers with chances. It should give *logits*: the softmax belongs to the loss, and "
    "twice would be once too often.": softmax,
    "Your head gives logarithms of chances. It should give *logits*: the softmax belongs to the "
    "loss.": lambda x: np.log(softmax(x)),
    "Your head answers with a sigmoid of each score. It should give *logits*.": (
        lambda x: 1 / (1 + np.exp(-x))
    ),
    "Your head squeezes the scores with a tanh. It should give *logits*.": np.tanh,
    "Your head takes the largest score off. That belongs to the softmax of the loss.": (
        lambda x: x - x.max(axis=-1, keepdims=True)
    ),
    "Your head cuts off the scores below zero. Logits may be negative.": lambda x: np.maximum(x, 0),
    "These are the numbers of the likeliest classes. The head should give all scores.": (
        lambda x: x.argmax(axis=-1)
    ),
    "These are the highest scores. The head should give the scores of all classes.": (
        lambda x: x.max(axis=-1)
    ),
}


def _mistakes(tokens, pool, weights, biases):
    """{message: what a head with this mistake gives}."""
    pools = {m: ways[pool] for m, ways in BOTH.items()} | POOL[pool]
    return mistakes_of(
        lambda pooled, dense, end: end(dense(pooled(tokens), weights, biases)),
        {"": RIGHT[pool], **pools}, DENSE, END,
    )  # fmt: skip


@check
def head(function):
    """Task 2: logits (B, classes) of tokens (B, N, D), pooled by "mean" or "token"."""
    cases = []
    for shape, pool in product([(4, 4, 4), (2, 6, 3)], RIGHT):
        random = np.random.default_rng(sum(shape))
        tokens = random.normal(size=shape)
        given = tokens, pool, random.normal(size=(shape[-1], 5)), random.normal(size=5)
        right = RIGHT[pool](tokens) @ given[2] + given[3]
        cases.append(Case(given, right, lambda given=given: _mistakes(*given)))
    compare(function, cases, "(images, classes)")
    return "Many tokens in, one answer for each image out, in both ways."
