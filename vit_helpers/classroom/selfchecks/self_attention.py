"""Self-checks of the exercises on attention (notebook 05)."""

import numpy as np

from .arithmetic import softmax as _softmax
from .self_attention_uses import other_colour, price
from .verdict import NotYet, call, check, same

__all__ = ["attend", "attend_heads", "other_colour", "price"]


def _attend(q, k, v):
    return _softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


# Attention in four steps. Each returns {what to say: what this mistake makes of `x`, the result of
# the step before}; "" is right.
def _scores(_, q, k, v):
    return {
        "": q @ k.T,
        "Rows and columns of your scores are swapped: the keys ask and the queries are asked.": (
            k @ q.T
        ),
        "Your queries are compared with queries; the keys are not used.": q @ q.T,
        "Your keys are compared with keys; the queries are not used.": k @ k.T,
    }


def _scaled(x, q, k, v):
    return {
        "": x / np.sqrt(q.shape[1]),
        "The scale is missing: the scores go into softmax as they are.": x,
        "You divide the scores by `key_dim` itself, not by its root.": x / q.shape[1],
        "You multiply the scores where you should divide: they grow even larger.": (
            x * np.sqrt(q.shape[1])
        ),
        "Your scale comes from the number of tokens. It should come from the length of a query.": (
            x / np.sqrt(len(q))
        ),
        "Your scale comes from the length of a value. It should come from the length of a query.": (
            x / np.sqrt(v.shape[1])
        ),
    }


def _shares(x, q, k, v):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    lying = np.exp(x - x.max(axis=1))
    shape = "Which shape have they?"
    return {
        "": _softmax(x),
        "Your softmax runs along the wrong axis: the columns of the map sum to 1. Each token that "
        "looks should have shares that sum to 1.": _softmax(x, axis=0),
        "Your softmax shares 1 among the whole map. Each token that looks should have shares of "
        "its own that sum to 1.": _softmax(x, axis=None),
        "The softmax is missing: you use the scores themselves as shares.": x,
        "Your shares do not sum to 1. You took e to the power of the scores; nothing divides it by "
        "the sum.": np.exp(x),
        "Your shares do not sum to 1. You took e to the power of the scores, less the largest; "
        "nothing divides it by the sum.": powers,
        "Your shares are scores divided by their sum. The power of e is missing, so some shares "
        "are negative.": x / x.sum(axis=1, keepdims=True),
        "You subtract the largest score of each *column*. This changes the shares within a row.": (
            _softmax(x - x.max(axis=0))
        ),
        f"The sums of the rows lie along the columns when you divide. {shape}": (
            np.exp(x) / np.exp(x).sum(axis=1)
        ),
        f"You divide by sums of the rows that lie along the columns. {shape}": (
            powers / powers.sum(axis=1)
        ),
        f"The largest scores of the rows lie along the columns when you subtract them. {shape}": (
            _softmax(x - x.max(axis=1))
        ),
        f"Both the largest scores and the sums of the rows lie along the columns. {shape}": (
            lying / lying.sum(axis=1)
        ),
        "Each token listens to one other only. Softmax gives *every* token a share.": (
            (x == x.max(axis=1, keepdims=True)).astype(float)
        ),
    }


def _mixed(x, q, k, v):
    return {
        "": x @ v,
        "This is the attention map. The values are not mixed yet.": x,
        "You mix with the columns of the attention map: a token hears from those that look at it. "
        "It should hear from those it looks at.": x.T @ v,
        "You mix the keys. A key is for being found; what a token tells is its value.": x @ k,
        "You mix the queries. A query asks; what a token tells is its value.": x @ q,
        "You added up the answers of all tokens. Each token should get its own.": (x @ v).sum(0),
        "You took the mean of all tokens' answers. Each token should get its own.": (x @ v).mean(0),
    }


def _attend_mistakes(q, k, v):
    """{what to say: result} of one mistake, and of two in different steps."""
    ways = [((), None)]
    for step in (_scores, _scaled, _shares, _mixed):
        ways = [
            ((*said, message) if message else said, result)
            for said, x in ways
            for message, result in step(x, q, k, v).items()
            if len(said) + bool(message) <= 2
        ]
    ways.sort(key=lambda way: len(way[0]))
    late = "You divide by the root of `key_dim` after softmax. It should calm the scores before."
    mistakes = {" And another thing: ".join(said): result for said, result in ways[1:]}
    return {late: _softmax(q @ k.T) / np.sqrt(q.shape[1]) @ v, **mistakes}


@check
def attend(function):
    """Task 1: attention of queries (N, K), keys (N, K) and values (N, V)."""
    random = np.random.default_rng(0)
    for count, width, told in ((5, 3, 4), (4, 6, 2)):
        q, k = random.normal(size=(2, count, width))
        v = random.normal(size=(count, told))
        found = call(function, q.copy(), k.copy(), v.copy())
        same(found, _attend(q, k, v), _attend_mistakes(q, k, v), "(tokens, values)")
    with np.errstate(all="ignore"):
        found = np.asarray(call(function, 100 * q, 100 * k, v))
    if not np.isfinite(found).all():
        raise NotYet(
            "This is right as long as the scores are small. With scores of 10,000, the powers of e "
            "leave the range that the computer has for numbers, and the answer is no number."
        )
    same(found, _attend(100 * q, 100 * k, v), {}, "(tokens, values)")
    return "Each token asks, and hears a mix of what the others tell, with scores of any size."


@check
def attend_heads(function):
    """Task 2: attention of several heads, whose parts lie side by side in the last axis."""
    random = np.random.default_rng(0)
    for count, heads, width, told in ((6, 3, 2, 4), (4, 2, 5, 3)):
        q, k = random.normal(size=(2, count, heads * width))
        v = random.normal(size=(count, heads * told))

        def cut(x, heads=heads):
            return x.reshape(len(x), heads, -1).transpose(1, 0, 2)

        def glue(answers, count=count):
            return np.transpose(answers, (1, 0, 2)).reshape(count, -1)

        def each(*parts):
            return np.array([_attend(*some) for some in zip(*parts, strict=True)])

        parts = cut(q), cut(k), cut(v)
        answers, right = each(*parts), glue(each(*parts))
        first_map = _softmax(parts[0][0] @ parts[1][0].T / np.sqrt(width))
        rows = each(*(x.reshape(heads, count, -1) for x in (q, k, v)))
        turns = each(*(x.reshape(count, -1, heads).transpose(2, 0, 1) for x in (q, k, v)))
        maps = _softmax(parts[0] @ parts[1].transpose(0, 2, 1) / np.sqrt(width))
        mistakes = {
            "This is one head that asks with all numbers at once. Several heads ask several "
            "questions, each with its own part of the numbers.": _attend(q, k, v),
            "Each head scales by the root of the *whole* length. A head's queries are shorter.": (
                glue(each(parts[0] / np.sqrt(heads), *parts[1:]))
            ),
            "Your heads are cut from the wrong axis: each mixes numbers of several tokens into one "
            "query.": glue(rows),
            "Your heads are cut from the wrong axis, and glued in the same way: `reshape` alone "
            "cannot bring the heads to the front.": rows.reshape(count, -1),
            "Your heads share out the *tokens*: each hears some of them only. Every head should "
            "see all tokens, and a part of their numbers.": np.concatenate(
                [_attend(*some) for some in zip(*(np.split(x, heads) for x in (q, k, v)),
                                                strict=True)]
            ),
            "Your heads take the numbers in turns, like dealt cards. Each should get a piece of "
            "neighbours.": glue(turns),
            "Your heads take the numbers in turns, like dealt cards, when you cut and when you "
            "glue. Each head's numbers should stay neighbours.": np.stack(turns, axis=-1).reshape(
                count, -1
            ),
            "The answers of the heads are right, but shuffled into each other. They should stand "
            "side by side.": np.stack(answers, axis=-1).reshape(count, -1),
            "The answers of the heads are right, but the last head comes first.": glue(
                answers[::-1]
            ),
            "You took the mean of the heads' answers. They should stand side by side, or nobody "
            "can tell the questions apart.": answers.mean(axis=0),
            "You added up the heads' answers. They should stand side by side, or nobody can tell "
            "the questions apart.": answers.sum(axis=0),
            "The answers are right, but in an array (heads, tokens, values). In the end a token "
            "should be one row of numbers.": answers,
            "The answers are right, but in an array (tokens, heads, values). In the end a token "
            "should be one row of numbers.": answers.transpose(1, 0, 2),
            "The answers are right, but glued wrongly: one row holds answers to several tokens. "
            "`reshape` reads the axis of the heads first.": answers.reshape(count, -1),
            "The answers of the heads lie below each other, as if there were more tokens. They "
            "should stand side by side.": np.concatenate(answers),
            "All your heads use the map of the first one.": first_map @ v,
            "You took the mean of the heads' maps. Each head should mix with its own map.": (
                maps.mean(axis=0) @ v
            ),
            "This is the answer of the first head only.": answers[0],
            "This is the answer of the last head only.": answers[-1],
        }  # fmt: skip
        found = call(function, q.copy(), k.copy(), v.copy(), heads)
        same(found, right, mistakes, "(tokens, values)")
    return "Every head asks its own question, and their answers stand side by side."
