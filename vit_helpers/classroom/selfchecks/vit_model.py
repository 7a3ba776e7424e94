"""Self-checks of the exercises on the whole model (notebook 06)."""

from itertools import product

import numpy as np

from .arithmetic import block_parts
from .arithmetic import softmax as _softmax
from .verdict import call, check, same
from .vit_model_whole import bugs, count

__all__ = ["block", "bugs", "count", "head"]


def _block_mistakes(x, n1, attention, n2, mlp):
    """{message: what a block with this mistake gives}."""
    looked, looked_2 = x + attention(n1(x)), x + attention(n2(x))
    replaced, bare, normed = attention(n1(x)), x + attention(x), n1(x) + attention(n1(x))
    after, behind = n1(bare), x + n1(attention(x))
    thought, thought_2 = x + mlp(n1(x)), x + mlp(n2(x))
    return {
        "No step adds anything: what the tokens knew before attention, and before the MLP, is "
        "lost. Both residual connections are missing.": mlp(n2(replaced)),
        "Attention *replaces* the tokens: what each knew before it looked around is lost. The "
        "residual connection around attention is missing.": replaced + mlp(n2(replaced)),
        "The MLP *replaces* the tokens: what each knew before is lost. The residual connection "
        "around the MLP is missing.": mlp(n2(looked)),
        "Around attention you add to the *normed* tokens. What goes past a step are the tokens "
        "as they were before its norm.": normed + mlp(n2(normed)),
        "Around the MLP you add to the *normed* tokens. What goes past a step are the tokens as "
        "they were before its norm.": n2(looked) + mlp(n2(looked)),
        "Both times you add to the *normed* tokens. What goes past a step are the tokens as they "
        "were before its norm.": n2(normed) + mlp(n2(normed)),
        "The MLP hears what attention found, but your second sum starts from the tokens at the "
        "very beginning: attention's own answer is not in it.": x + mlp(n2(looked)),
        "The MLP stands *beside* attention: it gets the tokens as they came in, so they think "
        "without what they have just seen.": looked + mlp(n2(x)),
        "The tokens think before they look around: the MLP comes first in your block.": (
            thought + attention(n2(thought))
        ),
        "The tokens think before they look around: the two halves of your block, each with its "
        "norm, have changed places.": thought_2 + attention(n1(thought_2)),
        "Your norms stand behind the sums. That is a *post-norm* block; in a pre-norm block "
        "nothing is normed that goes past a step.": n2(after + mlp(after)),
        "Your norms stand behind attention and behind the MLP. In a pre-norm block each stands "
        "before its step.": behind + n2(mlp(behind)),
        "Attention and MLP get the tokens as they are: both norms are missing.": bare + mlp(bare),
        "Attention gets the tokens without a norm.": bare + mlp(n2(bare)),
        "The MLP gets the tokens without a norm.": looked + mlp(looked),
        "You use the first norm twice. Each step has a norm of its own, with its own scale and "
        "shift.": looked + mlp(n1(looked)),
        "You use the second norm twice. Each step has a norm of its own, with its own scale and "
        "shift.": looked_2 + mlp(n2(looked_2)),
        "The two norms have changed places.": looked_2 + mlp(n1(looked_2)),
        "This is half a block: the tokens look around, and then do not think.": looked,
        "This is half a block: the tokens think, but have not looked around.": thought_2,
        "The tokens leave your block as they came.": x,
    }


@check
def block(function):
    """Task 1: a pre-norm block on tokens (B, N, D), of given parts."""
    for seed, shape in enumerate([(2, 5, 4), (1, 3, 6)]):
        x = np.random.default_rng(seed).normal(size=shape) * 2 + 1
        p = block_parts(shape[-1], seed)
        parts = (p.norm_1, p.attention, p.norm_2, p.mlp)
        looked = x + p.attention(p.norm_1(x))
        right = looked + p.mlp(p.norm_2(looked))
        found = call(function, x.copy(), *parts)
        same(found, right, _block_mistakes(x, *parts), "(images, tokens, values)")
    return "First look around, then think; and what goes past a step is never normed."


def _head_mistakes(tokens, pool, weights, biases):
    """{message: what a head with this mistake gives}; axes by mistake need B = N = D."""
    by_pool = {"mean": tokens.mean(axis=1), "token": tokens[:, 0]}
    right = by_pool[pool] @ weights + biases
    mistakes = {
        f'You pool in the same way whatever `pool` says: here it says "{pool}".': by_pool[
            "token" if pool == "mean" else "mean"
        ]
        @ weights
        + biases,
        "Your head answers with chances. It should give *logits*: the softmax belongs to the "
        "loss, and twice would be once too often.": _softmax(right),
        "You pool well and then forget the biases.": right - biases,
        "These are the numbers of the likeliest classes. The head should give all scores.": (
            right.argmax(axis=-1)
        ),
        "Your head gives scores for each token. It should give one answer for each image.": (
            tokens @ weights + biases
        ),
        "This is one vector for each image. What is missing is the dense layer that makes a "
        "score for each class of it.": by_pool[pool],
    }
    if pool == "mean":
        mistakes |= {
            "Your head adds up the tokens. A mean does not grow with their number.": (
                tokens.sum(axis=1) @ weights + biases
            ),
            "Your head takes the largest value of all tokens. The mean was wanted.": (
                tokens.max(axis=1) @ weights + biases
            ),
        }
        wrong_axes = {
            "You take the mean over the images of the batch. They have nothing to do with each "
            "other; the mean goes over the tokens of one image.": tokens.mean(axis=0),
            "You take the mean over the values of a token, so that a token is one number. The "
            "mean goes over the tokens; the values stay apart.": tokens.mean(axis=2),
        }
    else:
        mistakes |= {
            "The class token is not the last of the tokens.": tokens[:, -1] @ weights + biases,
            "You count tokens from one; Python does not, so this is the token after the class "
            "token.": tokens[:, 1] @ weights + biases,
            "You leave the class token out and take the mean of the patches. Here the class "
            "token answers alone.": tokens[:, 1:].mean(axis=1) @ weights + biases,
        }
        wrong_axes = {
            "These are all tokens of the first image. The first axis counts the images, not the "
            "tokens.": tokens[0],
            "This is the first value of every token. Wanted are all values of one token.": (
                tokens[:, :, 0]
            ),
        }
    if len(set(tokens.shape)) == 1:
        mistakes |= {message: wrong @ weights + biases for message, wrong in wrong_axes.items()}
    return mistakes


@check
def head(function):
    """Task 2: logits (B, classes) of tokens (B, N, D), pooled by "mean" or "token"."""
    for shape, pool in product([(4, 4, 4), (2, 6, 3)], ("mean", "token")):
        random = np.random.default_rng(sum(shape))
        tokens = random.normal(size=shape)
        weights, biases = random.normal(size=(shape[-1], 5)), random.normal(size=5)
        pooled = tokens.mean(axis=1) if pool == "mean" else tokens[:, 0]
        mistakes = _head_mistakes(tokens, pool, weights, biases)
        found = call(function, tokens.copy(), pool, weights, biases)
        same(found, pooled @ weights + biases, mistakes, "(images, classes)")
    return "Many tokens in, one answer for each image out, in both ways."
