"""Self-check of task 2 of notebook 05: attention with several heads."""

import numpy as np

from .arithmetic import softmax
from .compare import Case, compare, mistakes_of
from .self_attention_one import attend_right
from .verdict import check

# How one head attends to its part of `whole` numbers, how the parts are cut, (N, numbers) to
# (heads, N, numbers / heads), and how the answers are glued; each {what to say: what is done}.
HEAD = {
    "": lambda q, k, v, whole: attend_right(q, k, v),
    "Each head scales by the root of the *whole* length. A head's queries are shorter.": (
        lambda q, k, v, whole: attend_right(q * np.sqrt(q.shape[1] / whole), k, v)
    ),
    "Your heads do not scale: the scores go into softmax as they are.": (
        lambda q, k, v, whole: softmax(q @ k.T) @ v
    ),
    "Each head divides the scores by its `key_dim` itself, not by the root.": (
        lambda q, k, v, whole: softmax(q @ k.T / q.shape[1]) @ v
    ),
    "Your heads scale twice.": lambda q, k, v, whole: attend_right(q / np.sqrt(q.shape[1]), k, v),
    "In each head the softmax runs along the wrong axis: the columns of its map sum to 1.": (
        lambda q, k, v, whole: softmax(q @ k.T / np.sqrt(q.shape[1]), axis=0) @ v
    ),
    "Each head mixes with the columns of its map: a token hears from those that look at it.": (
        lambda q, k, v, whole: softmax(q @ k.T / np.sqrt(q.shape[1])).T @ v
    ),
    "In each head queries and keys are exchanged: the keys ask.": (
        lambda q, k, v, whole: attend_right(k, q, v)
    ),
    "In each head queries are compared with queries; the keys are not used.": (
        lambda q, k, v, whole: attend_right(q, q, v)
    ),
    "In each head keys are compared with keys; the queries are not used.": (
        lambda q, k, v, whole: attend_right(k, k, v)
    ),
    "Each head mixes its keys. What a token tells is its value.": (
        lambda q, k, v, whole: attend_right(q, k, k)
    ),
    "Your heads get the softmax not at all: they mix with the scores.": (
        lambda q, k, v, whole: q @ k.T / np.sqrt(q.shape[1]) @ v
    ),
}
CUT = {
    "": lambda x, heads: x.reshape(len(x), heads, -1).swapaxes(0, 1),
    "Your heads are cut from the wrong axis: each mixes several tokens into one query.": (
        lambda x, heads: x.reshape(heads, len(x), -1)
    ),
    "Your heads share out the *tokens*: each hears some of them only. Every head should see all "
    "tokens, and a part of their numbers.": lambda x, heads: x.reshape(heads, -1, x.shape[1]),
    "Your heads take the numbers in turns, like dealt cards. Each should get a piece of "
    "neighbours.": lambda x, heads: x.reshape(len(x), -1, heads).transpose(2, 0, 1),
    "Your heads are not brought to the front: you go through the tokens, and in each of them heads "
    "look at heads.": lambda x, heads: x.reshape(len(x), heads, -1),
    "All your heads get the numbers of the first one.": (
        lambda x, heads: np.array([x[:, : x.shape[1] // heads]] * heads)
    ),
    "All your heads get all numbers: they all ask the same question.": (
        lambda x, heads: np.array([x] * heads)
    ),
    "Your heads are cut too soon: one begins a number after the one before, and they overlap.": (
        lambda x, heads: np.array([x[:, i : i + x.shape[1] // heads] for i in range(heads)])
    ),
}
GLUE = {
    "": lambda answers: np.concatenate(answers, axis=-1),
    "The answers of the heads are right, but shuffled into each other. They should stand side by "
    "side.": lambda answers: np.stack(answers, axis=-1).reshape(len(answers[0]), -1),
    "The answers of the heads are right, but the last head comes first.": (
        lambda answers: np.concatenate(answers[::-1], axis=-1)
    ),
    "You took the mean of the heads' answers. They should stand side by side, or nobody can tell "
    "the questions apart.": lambda answers: answers.mean(axis=0),
    "You added up the heads' answers. They should stand side by side, or nobody can tell the "
    "questions apart.": lambda answers: answers.sum(axis=0),
    "The answers are right, but in an array (heads, tokens, values). In the end a token should be "
    "one row of numbers.": lambda answers: answers,
    "The answers are right, but in an array (tokens, heads, values). In the end a token should be "
    "one row of numbers.": lambda answers: answers.swapaxes(0, 1),
    "The answers are right, but in an array (tokens, values, heads). In the end a token should be "
    "one row of numbers.": lambda answers: np.stack(answers, axis=-1),
    "The answers are right, but glued wrongly: one row holds answers to several tokens. `reshape` "
    "reads the axis of the heads first.": lambda answers: answers.reshape(answers.shape[1], -1),
    "The answers of the heads lie below each other, as if there were more tokens. They should "
    "stand side by side.": np.concatenate,
    "You took the largest of the heads' answers. They should stand side by side.": (
        lambda answers: answers.max(axis=0)
    ),
    "The answers of the heads are divided by their number.": (
        lambda answers: np.concatenate(answers, axis=-1) / len(answers)
    ),
    "The first head is left out.": lambda answers: np.concatenate(answers[1:], axis=-1),
    "The last head is left out.": lambda answers: np.concatenate(answers[:-1], axis=-1),
    "This is the answer of the first head only.": lambda answers: answers[0],
    "This is the answer of the last head only.": lambda answers: answers[-1],
}


def _all_heads(q, k, v, heads, head=HEAD[""], cut=CUT[""], glue=GLUE[""]):
    parts = (cut(x, heads) for x in (q, k, v))
    return glue(np.array([head(*some, q.shape[1]) for some in zip(*parts, strict=True)]))


def _mistakes(q, k, v, heads):
    cut, glue = CUT[""], GLUE[""]
    parts, width = (cut(q, heads), cut(k, heads), cut(v, heads)), q.shape[1] // heads
    maps = softmax(parts[0] @ parts[1].swapaxes(1, 2) / np.sqrt(parts[0].shape[2]))

    def first_of(*which):
        """All heads, which share the first one's part of some of query, key and value."""
        some = [[p[0]] * heads if i in which else p for i, p in enumerate(parts)]
        return glue([attend_right(*part) for part in zip(*some, strict=True)])

    return {
        "This is one head that asks with all numbers at once. Several heads ask several questions, "
        "each with its own part of the numbers.": attend_right(q, k, v),
        "This is one head, and its answer is divided by the number of heads.": (
            attend_right(q, k, v) / heads
        ),
        "You cut the values by the length of the queries. A value may have more numbers, or fewer.":
            glue(
                [
                    attend_right(parts[0][h], parts[1][h], v[:, h * width : (h + 1) * width])
                    for h in range(heads)
                ]
            ),
        "This is one head that asks with all numbers at once, and does not scale.": (
            softmax(q @ k.T) @ v
        ),
        "All your heads use the map of the first one.": maps[0] @ v,
        "All your heads use the map of the last one.": maps[-1] @ v,
        "You took the mean of the heads' maps. Each head should mix with its own map.": (
            maps.mean(axis=0) @ v
        ),
        "You added up the heads' maps. Each head should mix with its own map.": (
            maps.sum(axis=0) @ v
        ),
        "Each of your heads mixes the values of all heads, so a token gets too many numbers.": glue(
            [one @ v for one in maps]
        ),
        "Queries and keys are cut well. But the values are cut from the wrong axis.": glue(
            [
                attend_right(*some)
                for some in zip(*parts[:2], v.reshape(heads, len(v), -1), strict=True)
            ]
        ),
        "All your heads ask with the query of the first one.": first_of(0),
        "All your heads compare with the keys of the first one.": first_of(1),
        "All your heads tell the values of the first one.": first_of(2),
        "Your heads are cut from the wrong axis, and glued in the same way: `reshape` alone cannot "
        "bring the heads to the front.": _all_heads(
            q, k, v, heads, HEAD[""], lambda x, h: x.reshape(h, len(x), -1),
            lambda answers: answers.reshape(len(q), -1),
        ),
        "Your heads take the numbers in turns, like dealt cards, when you cut and when you glue. "
        "Each head's numbers should stay neighbours.": _all_heads(
            q, k, v, heads, HEAD[""], lambda x, h: x.reshape(len(x), -1, h).transpose(2, 0, 1),
            lambda answers: np.stack(answers, axis=-1).reshape(len(q), -1),
        ),
        "Your heads share out the *tokens*, and their answers lie below each other: each hears "
        "some of the tokens only. Every head should see all tokens, and a part of their numbers.": (
            _all_heads(
                q, k, v, heads, HEAD[""], lambda x, h: x.reshape(h, -1, x.shape[1]), np.concatenate
            )
        ),
        **mistakes_of(lambda *steps: _all_heads(q, k, v, heads, *steps), HEAD, CUT, GLUE),
    }  # fmt: skip


@check
def attend_heads(function):
    """Task 2: attention of several heads, whose parts lie side by side in the last axis."""
    random = np.random.default_rng(0)
    cases = []
    for count, heads, width, told in ((6, 3, 2, 4), (4, 2, 5, 3), (5, 1, 3, 2), (4, 4, 3, 3)):
        q, k = random.normal(size=(2, count, heads * width))
        given = q, k, random.normal(size=(count, heads * told)), heads
        cases.append(Case(given, _all_heads(*given), lambda given=given: _mistakes(*given)))
    compare(function, cases, "(tokens, values)")
    return "Every head asks its own question, and their answers stand side by side."
