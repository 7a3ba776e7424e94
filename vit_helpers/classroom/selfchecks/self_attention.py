"""Self-checks of the exercises on attention (notebook 05)."""

from numbers import Real

import numpy as np

from .verdict import NotYet, call, check, number, same


def _softmax(x, axis=-1):
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


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
        matrix = np.asarray(found, dtype="float64")
    except (TypeError, ValueError):
        raise NotYet(f"`{name}` should be a matrix of numbers, with rows of one length.") from None
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
    if more.all():
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
    if not isinstance(shape, (tuple, list)) or not all(isinstance(side, Real) for side in shape):
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
