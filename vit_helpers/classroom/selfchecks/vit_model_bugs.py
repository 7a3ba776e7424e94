"""Self-check of task 4 of notebook 06: a whole model without its bugs."""

from itertools import product
from types import SimpleNamespace

import numpy as np

from .arithmetic import block_parts, norm, positions, softmax
from .compare import as_array
from .describe import describe, equal
from .verdict import NotYet, Stopped, call, check

# At each place of the model, {what is done: the symptom by which one may find it}.
SYMPTOMS = {
    "scale": {
        "right": None,
        "255": "The patches arrive on a scale that the weights were not trained on: this model "
        "learned from pixels that had been brought to mean 0 and deviation 1.",
        "raw": "The patches arrive as raw pixels, 0 ... 255; the weights were trained on others.",
        "both": "The pixels are scaled twice before they are cut.",
        "own": "The pixels are brought to mean 0 and deviation 1 by numbers of the batch, not by "
        "those that the model learned in training.",
        "range": "The pixels are brought to -1 ... 1; in training they had mean 0 and deviation 1.",
        "after": "The pixels are brought to the scale of the training, and then divided once more.",
    },
    "place": {
        "right": None,
        "row": "For your model all patches stand in one long line: a patch and the one right below "
        "it are no neighbours, but a whole row apart.",
        "column": "For your model all patches stand in one long column.",
        "none": "Swap two patches of an image, and your model does not notice: no token knows its "
        "place.",
        "swapped": "Rows and columns of the grid are exchanged.",
        "twice": "The places are added twice: they weigh more than they did in training.",
    },
    "past": {
        "right": None,
        "normed": "Let attention and MLP say nothing, only zeros: a block should then leave its "
        "tokens as they are. Yours changes them.",
        "bare": "Double all tokens that go into a block: its attention should look where it looked "
        "before. Yours does not: it gets tokens of any size.",
        "second": "One of the two norms of a block is never used; and the other one twice.",
        "nothing": "Let attention say nothing, only zeros: the tokens should then reach the MLP "
        "as they are. Yours are gone.",
        "behind": "The norm before attention stands behind it.",
        "post": "The norm before attention stands behind the sum, and what goes past is normed.",
        "skipped": "The tokens of your model never look at each other.",
    },
    "thought": {
        "right": None,
        "bare": "The MLP gets tokens of any size: nothing norms them before they think.",
        "first": "Both steps of a block use its first norm.",
        "nothing": "Let the MLP say nothing, only zeros: a block should then hand on what the "
        "tokens have seen. Yours hands on zeros.",
        "normed": "Around the MLP, normed tokens go past: a block whose MLP says nothing should "
        "hand on its tokens as they are.",
        "beside": "The MLP does not hear what attention has just found.",
    },
    "blocks": {
        "right": None,
        "later": "Not all blocks of the trained model are used: the first one is missing.",
        "fewer": "Not all blocks of the trained model are used.",
        "backwards": "The blocks come in another order than in training.",
    },
    "end": {
        "right": None,
        "bare": "The tokens reach the head without the norm that stood there in training.",
        "token": "The head gets a single token. In training it got the mean of all.",
        "each": "There are logits for each token. Wanted is one answer for each image.",
        "undone": "At the end are features, no logits: a part of the model is never used.",
        "late": "The norm at the end comes behind the mean. In training it came before it.",
        "chances": "The answers are chances. Logits were asked for.",
    },
}
MOST = 3  # so many bugs were there at the start


def _answer(images, parts, scale, place, past, thought, blocks, end):
    """Logits of the model; each choice names what is done at one of its places."""
    x = {
        "right": parts.normalise, "255": lambda x: x / 255, "raw": lambda x: x,
        "both": lambda x: parts.normalise(x / 255), "range": lambda x: x / 127.5 - 1,
        "own": lambda x: (x - x.mean()) / x.std(), "after": lambda x: parts.normalise(x) / 255,
    }[scale](images)  # fmt: skip
    rows, columns = (side // 4 for side in images.shape[1:3])
    grid = {"row": (1, rows * columns), "column": (rows * columns, 1), "swapped": (columns, rows)}
    places = parts.places(*grid.get(place, (rows, columns)))
    tokens = parts.project(parts.cut(x)) + {"none": 0, "twice": 2}.get(place, 1) * places
    some = {
        "right": parts.blocks,
        "fewer": parts.blocks[:-1],
        "later": parts.blocks[1:],
        "backwards": parts.blocks[::-1],
    }
    for block in some[blocks]:
        before, normed = tokens, block.norm_1(tokens)
        heard = {
            **dict.fromkeys(("bare", "behind", "post"), tokens),
            "second": block.norm_2(tokens),
        }
        heard = heard.get(past, normed)
        kept = {"normed": normed, "nothing": 0}.get(past, tokens)
        answer = block.attention(heard) * (past != "skipped")
        answer = block.norm_1(answer) if past == "behind" else answer
        tokens = block.norm_1(kept + answer) if past == "post" else kept + answer
        normed = block.norm_2(tokens)
        given = {"bare": tokens, "first": block.norm_1(tokens), "beside": block.norm_2(before)}
        kept = {"nothing": 0, "normed": normed}.get(thought, tokens)
        tokens = kept + block.mlp(given.get(thought, normed))
    features = {
        "bare": lambda: tokens.mean(axis=1), "token": lambda: parts.norm(tokens)[:, 0],
        "late": lambda: parts.norm(tokens.mean(axis=1)), "each": lambda: parts.norm(tokens),
    }.get(end, lambda: parts.norm(tokens).mean(axis=1))()  # fmt: skip
    if end == "undone":
        return features
    logits = parts.dense(features)
    return softmax(logits) if end == "chances" else logits


def _model_parts(width=8):
    """Small stand-ins for all parts of a model with patches of 4 x 4 pixels."""
    random = np.random.default_rng(5)
    w_project, w_dense = random.normal(size=(48, width)) / 7, random.normal(size=(width, 5))

    def cut(images):
        count, height, width, _ = images.shape
        axes = images.reshape(count, height // 4, 4, width // 4, 4, 3)
        return axes.transpose(0, 1, 3, 2, 4, 5).reshape(count, -1, 48)

    return SimpleNamespace(
        normalise=lambda images: (images - 120) / 60,
        cut=cut,
        project=lambda patches: patches @ w_project + 0.2,
        places=lambda rows, columns: positions(rows, columns, width),
        blocks=[block_parts(width, seed) for seed in (6, 7)],
        norm=norm(*random.uniform(0.5, 2, (2, width))),
        dense=lambda features: features @ w_dense + 0.1,
    )


def _choices():
    """All choices at the places with at most MOST bugs, those with the fewest first."""
    choices = [
        choice
        for choice in product(*SYMPTOMS.values())
        if 1 <= sum(c != "right" for c in choice) <= MOST
    ]
    return sorted(choices, key=lambda choice: sum(c != "right" for c in choice))


def _named(found, images):
    """What to say of the bugs that explain all of the logits `found`, or None."""
    parts = _model_parts()
    for choice in _choices():
        if all(equal(f, _answer(x, parts, *choice)) for f, x in zip(found, images, strict=True)):
            left = [s[c] for s, c in zip(SYMPTOMS.values(), choice, strict=True) if s[c]]
            bugs = ("One bug is", "Two bugs are", "Three bugs are")[len(left) - 1]
            return f"{bugs} left. A symptom: {left[0]}"
    return None


@check
def bugs(function):
    """Task 4: the repaired model, on square images and on others."""
    right_choice = ["right"] * len(SYMPTOMS)
    images, found, stopped = [], [], {}
    for size in ((8, 12), (32, 32)):
        some = np.random.default_rng(size[0]).uniform(0, 255, (2, *size, 3))
        try:
            answer, remark = as_array(
                call(function, some.copy(), _model_parts()), "(images, classes)"
            )
        except Stopped as problem:
            stopped[size] = str(problem)
            continue
        answer, remark = as_array(answer, "(images, classes)")
        if remark:
            raise NotYet(remark)
        images.append(some)
        found.append(answer)
    rights = [_answer(some, _model_parts(), *right_choice) for some in images]
    wrong = [i for i, (f, r) in enumerate(zip(found, rights, strict=True)) if not equal(f, r)]
    if wrong and (named := _named(found, images)):
        also = "".join(
            f" And another thing, for images of {h} × {w}: {why}" for (h, w), why in stopped.items()
        )
        raise NotYet(named + also)
    for (height, width), why in stopped.items():
        fine = "" if wrong or not found else "For images of another size it is right; "
        raise NotYet(f"{fine}for {height} × {width}: {why}")
    if wrong:
        i = wrong[-1]
        height, width = images[i].shape[1:3]
        fine = "For images of another size it is right. " if len(wrong) < len(found) else ""
        raise NotYet(
            f"{fine}For images of {height} × {width}: "
            + describe(found[i], rights[i], "(images, classes)")
        )
    return "All three bugs are gone, for images of any size."
