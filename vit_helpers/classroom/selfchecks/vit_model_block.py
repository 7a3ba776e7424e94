"""Self-check of task 1 of notebook 06: a block, wired from its parts."""

import numpy as np

from .arithmetic import block_parts
from .compare import Case, compare, mistakes_of
from .verdict import check

# What is done at the four places of a block, with the tokens `x` at that place, those that came in
# (`first`) and the parts; each {what to say: what is done}.
LOOKS = {
    "": lambda x, p: p.attention(p.norm_1(x)),
    "Attention gets the tokens without a norm.": lambda x, p: p.attention(x),
    "Attention gets the tokens from the second norm. Each step has a norm of its own.": (
        lambda x, p: p.attention(p.norm_2(x))
    ),
    "The norm stands behind attention, not before it.": lambda x, p: p.norm_1(p.attention(x)),
    "Attention has one norm before it and one behind it.": (
        lambda x, p: p.norm_1(p.attention(p.norm_1(x)))
    ),
    "Attention is left out: what you add is the normed tokens.": lambda x, p: p.norm_1(x),
    "The tokens look around twice.": lambda x, p: p.attention(p.attention(p.norm_1(x))),
    "Both norms stand before attention.": lambda x, p: p.attention(p.norm_2(p.norm_1(x))),
}
ADDS_1 = {
    "": lambda x, p: x,
    "Attention *replaces* the tokens: what each knew before it looked around is lost. The residual "
    "connection around attention is missing.": lambda x, p: 0 * x,
    "Around attention you add to the *normed* tokens. What goes past a step are the tokens as they "
    "were before its norm.": lambda x, p: p.norm_1(x),
    "Around attention you add the tokens twice.": lambda x, p: 2 * x,
    "Around attention you subtract where you should add.": lambda x, p: -x,
}
THINKS = {
    "": lambda x, first, p: p.mlp(p.norm_2(x)),
    "The MLP gets the tokens without a norm.": lambda x, first, p: p.mlp(x),
    "You use the first norm twice. Each step has a norm of its own, with its scale and shift.": (
        lambda x, first, p: p.mlp(p.norm_1(x))
    ),
    "The norm stands behind the MLP, not before it.": lambda x, first, p: p.norm_2(p.mlp(x)),
    "The MLP stands *beside* attention: it gets the tokens as they came in, so they think without "
    "what they have just seen.": lambda x, first, p: p.mlp(p.norm_2(first)),
    "The MLP stands *beside* attention: it gets what attention got, so the tokens think without "
    "what they have just seen.": lambda x, first, p: p.mlp(p.norm_1(first)),
    "The MLP gets attention's answer alone, without the tokens that it was added to.": (
        lambda x, first, p: p.mlp(p.norm_2(p.attention(p.norm_1(first))))
    ),
    "The MLP is left out: what you add is the normed tokens.": lambda x, first, p: p.norm_2(x),
    "The tokens think twice.": lambda x, first, p: p.mlp(p.mlp(p.norm_2(x))),
    "The tokens look around again before they think.": (
        lambda x, first, p: p.mlp(p.norm_2(p.attention(x)))
    ),
}
ADDS_2 = {
    "": lambda x, first, p: x,
    "The MLP *replaces* the tokens: what each knew before is lost. The residual connection around "
    "the MLP is missing.": lambda x, first, p: 0 * x,
    "Around the MLP you add to the *normed* tokens. What goes past a step are the tokens as they "
    "were before its norm.": lambda x, first, p: p.norm_2(x),
    "The MLP hears what attention found, but your second sum starts from the tokens at the very "
    "beginning: attention's own answer is not in it.": lambda x, first, p: first,
    "Your second sum has the tokens of the very beginning in it once more.": (
        lambda x, first, p: x + first
    ),
    "Around the MLP you add the tokens twice.": lambda x, first, p: 2 * x,
    "Around the MLP you subtract where you should add.": lambda x, first, p: -x,
}


def _block(x, p, looks=LOOKS[""], adds_1=ADDS_1[""], thinks=THINKS[""], adds_2=ADDS_2[""]):
    looked = adds_1(x, p) + looks(x, p)
    return adds_2(looked, x, p) + thinks(looked, x, p)


def _mistakes(x, p):
    """{message: what a block with this mistake gives}."""
    n1, attention, n2, mlp = p.norm_1, p.attention, p.norm_2, p.mlp
    replaced, bare, normed = attention(n1(x)), x + attention(x), n1(x) + attention(n1(x))
    after, behind = n1(bare), x + n1(attention(x))
    looked, looked_2 = x + attention(n1(x)), x + attention(n2(x))
    thought, thought_2 = x + mlp(n1(x)), x + mlp(n2(x))
    return {
        "No step adds anything: what the tokens knew before attention, and before the MLP, is "
        "lost. Both residual connections are missing.": mlp(n2(replaced)),
        "Both times you add to the *normed* tokens. What goes past a step are the tokens as they "
        "were before its norm.": n2(normed) + mlp(n2(normed)),
        "The tokens think before they look around: the MLP comes first in your block.": (
            thought + attention(n2(thought))
        ),
        "The tokens think before they look around: the two halves of your block, each with its "
        "norm, have changed places.": thought_2 + attention(n1(thought_2)),
        "Your norms stand behind the sums. That is a *post-norm* block; in a pre-norm block "
        "nothing is normed that goes past a step.": n2(after + mlp(after)),
        "Your norms stand behind the sums, and the first one is used twice. That is a *post-norm* "
        "block; in a pre-norm block nothing is normed that goes past a step.": (
            n1(after + mlp(after))
        ),
        "The norm of attention stands behind the sum. In a pre-norm block nothing is normed that "
        "goes past a step.": after + mlp(n2(after)),
        "At the end of your block stands one norm more.": n2(looked + mlp(n2(looked))),
        "At the end of your block stands one norm more, the first one.": (
            n1(looked + mlp(n2(looked)))
        ),
        "The norm of the MLP stands behind the sum. In a pre-norm block nothing is normed that "
        "goes past a step.": n2(looked + mlp(looked)),
        "Your norms stand behind attention and behind the MLP. In a pre-norm block each stands "
        "before its step.": behind + n2(mlp(behind)),
        "Attention and MLP get the tokens as they are: both norms are missing.": bare + mlp(bare),
        "The two norms have changed places.": looked_2 + mlp(n1(looked_2)),
        "You use the second norm twice. Each step has a norm of its own, with its own scale and "
        "shift.": looked_2 + mlp(n2(looked_2)),
        "This is half a block: the tokens look around, and then do not think.": looked,
        "This is half a block: the tokens look around, without a norm, and then do not think.":
            bare,
        "This is half a block: the tokens think, but have not looked around.": thought_2,
        "This is attention's answer alone. The tokens it should be added to, and the thinking, are "
        "missing.": replaced,
        "The tokens leave your block as they came.": x,
        "You multiply where you should add: what a step says is added to the tokens.": (
            (multiplied := x * attention(n1(x))) * mlp(n2(multiplied))
        ),
        "You take the mean of what goes past a step and of what it says. The two are added.": (
            ((half := (x + attention(n1(x))) / 2) + mlp(n2(half))) / 2
        ),
        **mistakes_of(lambda *done: _block(x, p, *done), LOOKS, ADDS_1, THINKS, ADDS_2),
    }  # fmt: skip


@check
def block(function):
    """Task 1: a pre-norm block on tokens (B, N, D), of given parts."""
    cases = []
    for seed, shape in enumerate([(2, 5, 4), (1, 3, 6)]):
        x = np.random.default_rng(seed).normal(size=shape) * 2 + 1
        p = block_parts(shape[-1], seed)
        given = x, p.norm_1, p.attention, p.norm_2, p.mlp
        cases.append(Case(given, _block(x, p), lambda x=x, p=p: _mistakes(x, p)))
    compare(function, cases, "(images, tokens, values)")
    return "First look around, then think; and what goes past a step is never normed."
