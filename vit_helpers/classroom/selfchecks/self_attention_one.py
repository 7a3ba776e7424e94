"""Self-check of task 1 of notebook 05: attention with one head."""

import numpy as np

from .arithmetic import softmax
from .compare import Case, as_array, compare, mistakes_of
from .describe import equal
from .verdict import NotYet, call, check

# The four steps of attention, each {what to say: what is done}; "" is right.
SCORES = {
    "": lambda q, k: q @ k.T,
    "Rows and columns of your scores are swapped: the keys ask and the queries are asked.": (
        lambda q, k: k @ q.T
    ),
    "Your queries are compared with queries; the keys are not used.": lambda q, k: q @ q.T,
    "Your keys are compared with keys; the queries are not used.": lambda q, k: k @ k.T,
    "The sign of your scores is turned round: tokens look at those that suit them least.": (
        lambda q, k: -q @ k.T
    ),
    "Your scores are distances: the more a key differs from a query, the higher they are.": (
        lambda q, k: np.linalg.norm(q[:, None] - k, axis=-1)
    ),
    "Your scores are cosines: the length of a query and of a key does not count in them.": (
        lambda q, k: (
            (q / np.linalg.norm(q, axis=1, keepdims=True))
            @ (k / np.linalg.norm(k, axis=1, keepdims=True)).T
        )
    ),
}
SCALE = {
    "": lambda x, q, v: x / np.sqrt(q.shape[1]),
    "The scale is missing: the scores go into softmax as they are.": lambda x, q, v: x,
    "You divide the scores by `key_dim` itself, not by its root.": lambda x, q, v: x / q.shape[1],
    "You divide the scores by the square of `key_dim`, not by its root.": (
        lambda x, q, v: x / q.shape[1] ** 2
    ),
    "You divide the scores by the fourth root of `key_dim`: the root is taken twice.": (
        lambda x, q, v: x / q.shape[1] ** 0.25
    ),
    "You multiply the scores where you should divide: they grow even larger.": (
        lambda x, q, v: x * np.sqrt(q.shape[1])
    ),
    "You multiply the scores by `key_dim`, and so they grow even larger.": (
        lambda x, q, v: x * q.shape[1]
    ),
    "Your scale comes from the number of tokens. It should come from the length of a query.": (
        lambda x, q, v: x / np.sqrt(len(q))
    ),
    "You divide by the number of tokens. The scale should come from the length of a query.": (
        lambda x, q, v: x / len(q)
    ),
    "Your scale comes from the length of a value. It should come from the length of a query.": (
        lambda x, q, v: x / np.sqrt(v.shape[1])
    ),
    "You take the root of the scores themselves. The scale is the root of a length.": (
        lambda x, q, v: np.sqrt(x)
    ),
    "You divide by half of `key_dim`. Its root was wanted.": lambda x, q, v: x / (q.shape[1] / 2),
}
WHICH = "Which shape have they?"
SHARES = {
    "": softmax,
    "Your softmax runs along the wrong axis: the columns of the map sum to 1. Each token that "
    "looks should have shares that sum to 1.": lambda x: softmax(x, axis=0),
    "Your softmax shares 1 among the whole map. Each token that looks should have shares of its "
    "own that sum to 1.": lambda x: softmax(x, axis=None),
    "You divide by the sum of the whole map: each token that looks should have shares of its own "
    "that sum to 1.": lambda x: (p := np.exp(x - x.max(axis=1, keepdims=True))) / p.sum(),
    "The softmax is missing: you use the scores themselves as shares.": lambda x: x,
    "Your shares do not sum to 1. You took e to the power of the scores; nothing divides it by the "
    "sum.": np.exp,
    "Your shares do not sum to 1. You took e to the power of the scores, less the largest; nothing "
    "divides it by the sum.": lambda x: np.exp(x - x.max(axis=1, keepdims=True)),
    "Your shares do not sum to 1. You took e to the power of the scores, less the largest of the "
    "whole map; nothing divides it by the sum.": lambda x: np.exp(x - x.max()),
    "Your shares are scores divided by their sum. The power of e is missing, so some shares are "
    "negative.": lambda x: x / x.sum(axis=1, keepdims=True),
    "Your powers have the base 2, not e.": lambda x: softmax(x * np.log(2)),
    "Your powers have the base 10, not e.": lambda x: softmax(x * np.log(10)),
    "You divide the powers by their *mean*: the shares of a row sum to the number of tokens.": (
        lambda x: softmax(x) * x.shape[1]
    ),
    "You divide the powers by the largest one of each row, not by their sum.": (
        lambda x: np.exp(x) / np.exp(x).max(axis=1, keepdims=True)
    ),
    "You subtract the largest score of each *column*. This changes the shares within a row.": (
        lambda x: softmax(x - x.max(axis=0))
    ),
    f"The sums of the rows lie along the columns when you divide. {WHICH}": (
        lambda x: np.exp(x) / np.exp(x).sum(axis=1)
    ),
    f"You divide by sums of the rows that lie along the columns. {WHICH}": (
        lambda x: (p := np.exp(x - x.max(axis=1, keepdims=True))) / p.sum(axis=1)
    ),
    f"The largest scores of the rows lie along the columns when you subtract them. {WHICH}": (
        lambda x: softmax(x - x.max(axis=1))
    ),
    f"Both the largest scores and the sums of the rows lie along the columns. {WHICH}": (
        lambda x: (p := np.exp(x - x.max(axis=1))) / p.sum(axis=1)
    ),
    "You divide the scores by the largest one. It should be taken off them.": (
        lambda x: softmax(x / x.max(axis=1, keepdims=True))
    ),
    "You take the softmax twice: the shares become nearly alike.": lambda x: softmax(softmax(x)),
    "These are the logarithms of the shares.": lambda x: np.log(softmax(x)),
    "Each score gets a share of its own, by a sigmoid. Here the shares of a row sum to 1.": (
        lambda x: 1 / (1 + np.exp(-x))
    ),
    "Each token listens to one other only. Softmax gives *every* token a share.": (
        lambda x: (x == x.max(axis=1, keepdims=True)).astype(float)
    ),
}
MIX = {
    "": lambda x, q, k, v: x @ v,
    "This is the attention map. The values are not mixed yet.": lambda x, q, k, v: x,
    "You mix with the columns of the attention map: a token hears from those that look at it. It "
    "should hear from those it looks at.": lambda x, q, k, v: x.T @ v,
    "You mix the keys. A key is for being found; what a token tells is its value.": (
        lambda x, q, k, v: x @ k
    ),
    "You mix the queries. A query asks; what a token tells is its value.": lambda x, q, k, v: x @ q,
    "You added up the answers of all tokens. Each token should get its own.": (
        lambda x, q, k, v: (x @ v).sum(axis=0)
    ),
    "You took the mean of all tokens' answers. Each token should get its own.": (
        lambda x, q, k, v: (x @ v).mean(axis=0)
    ),
    "Each token hears its own value only, by the share that it gives to itself.": (
        lambda x, q, k, v: np.diag(x)[:, None] * v
    ),
    "You add the values themselves: a token hears the mix, and what it told besides.": (
        lambda x, q, k, v: x @ v + v
    ),
    "You take the value of the token that gets the largest share. All of them are mixed.": (
        lambda x, q, k, v: v[x.argmax(axis=1)]
    ),
}


def attend_right(q, k, v, scores=SCORES[""], scale=SCALE[""], shares=softmax, mix=MIX[""]):
    return mix(shares(scale(scores(q, k), q, v)), q, k, v)


def _mistakes(q, k, v):
    """{what to say: result} of one mistake, and of two in different steps."""
    late = "You divide by the root of `key_dim` after softmax. It should calm the scores before."
    return {
        late: softmax(q @ k.T) / np.sqrt(q.shape[1]) @ v,
        "You divide the answer by `key_dim` after softmax. The root should calm the scores before.":
            softmax(q @ k.T) / q.shape[1] @ v,
        **mistakes_of(lambda *steps: attend_right(q, k, v, *steps), SCORES, SCALE, SHARES, MIX),
    }  # fmt: skip


@check
def attend(function):
    """Task 1: attention of queries (N, K), keys (N, K) and values (N, V)."""
    random = np.random.default_rng(0)
    cases = []
    for count, width, told in ((5, 3, 4), (4, 6, 2), (3, 3, 3)):
        q, k = random.normal(size=(2, count, width))
        given = q, k, random.normal(size=(count, told))
        cases.append(Case(given, attend_right(*given), lambda given=given: _mistakes(*given)))
    compare(function, cases, "(tokens, values)")
    q, k, v = cases[0].arguments
    for size, told in ((60, "1,000"), (200, "10,000"), (-200, "10,000 below zero and above")):
        right = attend_right(size * q, abs(size) * k, v)
        found, _ = as_array(call(function, size * q, abs(size) * k, v.copy()), "(tokens, values)")
        if not np.isfinite(found).all():
            raise NotYet(
                "This is right as long as the scores are small. With scores of "
                f"{told}, the powers of e leave the range that the computer has for numbers, and "
                f"the answer is no number: the first should be {right.flat[0]:.4g}."
            )
        if not equal(found, right):
            raise NotYet(
                f"This is right as long as the scores are small. With scores of {told}, it is "
                "something else: are large scores cut off, or small shares lost? The first value "
                f"should be {right.flat[0]:.4g}, and you have {found.flat[0]:.4g}."
            )
    return "Each token asks, and hears a mix of what the others tell, with scores of any size."
