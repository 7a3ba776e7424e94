"""Self-check of task 1 of notebook 10: the first step of Adam, with L2 and with decay."""

import numpy as np

from .compare import Case, compare, mistakes_of
from .verdict import check

NEW_1, NEW_2 = 0.1, 0.001  # the shares of what is new in Adam's two averages
EPSILON = 1e-8


def _adam(first=1.0, second=1.0):
    """A first step whose averages, corrected, are `first` and `second` times the right ones."""
    return lambda g: first * g / (np.sqrt(second * g * g) + EPSILON)


# What reaches Adam as the gradient: `w` weights, `g` gradients.
GRADIENT = {
    "": lambda w, g, rate, decay, l2: g + l2 * w,
    "`l2` has no say: its term is not a part of the gradient.": lambda w, g, rate, decay, l2: g,
    "The L2 term has the wrong sign: in your gradient it lets weights grow.": (
        lambda w, g, rate, decay, l2: g - l2 * w
    ),
    "You add `l2` itself to the gradient. The term grows with the weight.": (
        lambda w, g, rate, decay, l2: g + l2
    ),
    "Your L2 term has the weight's size, but not its sign: it pulls negative weights away from "
    "zero.": lambda w, g, rate, decay, l2: g + l2 * abs(w),
    "Your L2 term is the square of the weight. This is what is added to the *loss*; the gradient "
    "has another term.": lambda w, g, rate, decay, l2: g + l2 * w * w,
    "Your L2 term is twice the one of the task. Some put it into the loss without a half; here "
    "the term of the gradient is given.": lambda w, g, rate, decay, l2: g + 2 * l2 * w,
    "Your L2 term has the learning rate in it. Adam brings the rate in later, for the whole "
    "gradient.": lambda w, g, rate, decay, l2: g + rate * l2 * w,
    "Your L2 term multiplies the gradient, not the weight.": (
        lambda w, g, rate, decay, l2: g + l2 * g
    ),
}
# What Adam makes of it.
STEP = {
    "": _adam(),
    "Your step is the gradient times the rate: plain gradient descent. Adam divides by the root of "
    "the second average.": lambda g: g,
    "Your step is about three times too long: neither of the two averages is corrected for its "
    "start at zero.": _adam(NEW_1, NEW_2),
    "Your step is too short by far: the average of the gradients is not corrected for its start at "
    "zero.": _adam(NEW_1, 1),
    "Your step is too long by far: the average of the squares is not corrected for its start at "
    "zero.": _adam(1, NEW_2),
    "The two corrections have changed places: each average has a number of its own.": (
        _adam(NEW_1 / NEW_2, NEW_2 / NEW_1)
    ),
    "You take 0.9 of the *new* gradient. This is the share of what was there before.": (
        _adam((1 - NEW_1) / NEW_1, 1)
    ),
    "You take 0.999 of the *new* square. This is the share of what was there before.": (
        _adam(1, (1 - NEW_2) / NEW_2)
    ),
    "You take 0.9 and 0.999 of what is *new*. These are the shares of what was there before.": (
        _adam((1 - NEW_1) / NEW_1, (1 - NEW_2) / NEW_2)
    ),
    "You correct as if no step were made yet, and divide by zero. The first step is number 1.": (
        lambda g: np.nan * g
    ),
    "You divide by the average of the squares itself. Its root is missing.": (
        lambda g: g / (g * g + EPSILON)
    ),
    "Your step has no sign: it goes down even where the gradient is negative.": (
        lambda g: abs(g) / (abs(g) + EPSILON)
    ),
    "Where the gradient is zero, you divide zero by zero. What is the small number for?": (
        lambda g: g / abs(g)
    ),
    "Epsilon stands inside your root. There it is not small at all beside a small square.": (
        lambda g: g / np.sqrt(g * g + EPSILON)
    ),
    "You divide by the length of the whole gradient. Adam has averages for each weight.": (
        lambda g: g / (np.sqrt((g * g).sum()) + EPSILON)
    ),
    "You divide by one mean of all squares. Adam has averages for each weight.": (
        lambda g: g / (np.sqrt((g * g).mean()) + EPSILON)
    ),
}
# What the decay takes, beside the step; `s` is the step, with the rate in it.
DECAY = {
    "": lambda w, g, s, rate, decay: rate * decay * w,
    "`decay` has no say: nothing is taken from the weight beside the step.": (
        lambda w, g, s, rate, decay: 0
    ),
    "Your decay takes too much: the learning rate is not in it.": (
        lambda w, g, s, rate, decay: decay * w
    ),
    "Your decay makes the weights larger.": lambda w, g, s, rate, decay: -rate * decay * w,
    "Your decay comes after the step. It takes a share of the weight as it was before.": (
        lambda w, g, s, rate, decay: rate * decay * (w - s)
    ),
    "Your decay takes the same from each weight. It takes a share, so more from a large one.": (
        lambda w, g, s, rate, decay: rate * decay * np.sign(w)
    ),
    "You take the same number off all weights, also off negative ones.": (
        lambda w, g, s, rate, decay: rate * decay
    ),
    "Your decay has the weight's size, but not its sign: negative weights move away from zero.": (
        lambda w, g, s, rate, decay: rate * decay * abs(w)
    ),
    "Your decay takes a share of the gradient. It is a share of the weight.": (
        lambda w, g, s, rate, decay: rate * decay * g
    ),
    "Your decay takes all of the weight but a share.": (
        lambda w, g, s, rate, decay: w - rate * decay * w
    ),
}
# What is returned; `d` is what the decay takes.
RESULT = {
    "": lambda w, s, d, rate: w - s - d,
    "Your step goes uphill: it should go against the gradient.": lambda w, s, d, rate: w + s - d,
    "You return what is taken off the weights. The new weights are wanted.": (
        lambda w, s, d, rate: s + d
    ),
    "You return the change. The new weights are wanted.": lambda w, s, d, rate: -s - d,
    "The learning rate is not in your step.": lambda w, s, d, rate: w - s / rate - d,
    "Where there is decay, your step is lost: only the decay is in the result.": (
        lambda w, s, d, rate: w - d if np.any(d) else w - s
    ),
}


def _stepped(w, g, rate, decay, l2, gradient, step, taken, result):
    """The new weights (weights,), with a choice for each of the four parts."""
    made = rate * step(gradient(w, g, rate, decay, l2))
    return result(w, made, taken(w, g, made, rate, decay), rate)


def _decay_mistakes(w, g, rate, decay, l2):
    step = _adam()
    return {
        "Your decay is a part of the gradient. Then it is L2 under another name: Adam divides it "
        "too.": w - rate * step(g + (l2 + decay) * w),
        "Your decay is a part of the gradient, and of the weight besides.": (
            w - rate * step(g + (l2 + decay) * w) - rate * decay * w
        ),
        "Your L2 stands beside the step. Then it is decay under another name: it should go through "
        "Adam.": w - rate * step(g) - rate * (decay + l2) * w,
        "Your L2 is a part of the gradient, and is taken from the weight besides.": (
            w - rate * step(g + l2 * w) - rate * (decay + l2) * w
        ),
        "`l2` and `decay` have changed places.": (
            w - rate * step(g + decay * w) - rate * l2 * w
        ),
        **mistakes_of(
            lambda *parts: _stepped(w, g, rate, decay, l2, *parts), GRADIENT, STEP, DECAY, RESULT
        ),
    }  # fmt: skip


WEIGHTS = np.array([0.5, -0.8, 0.3, -0.2, 1.5])
# Where gradient and weight differ in sign, the size of the L2 term decides which way a step goes.
AGAINST = np.array([0.5, -0.5, 0.5, 2.0, -2.0, 2.0])
# Weights, gradients, rate, decay, l2.
GIVEN = (
    (WEIGHTS, np.array([0.001, -0.02, 10.0, 3.0, -400.0]), 0.1, 0.0, 0.0),
    (WEIGHTS, np.array([0.001, 10.0, -0.4, -7.0, 0.03]), 0.1, 0.5, 0.0),
    (AGAINST, np.array([-0.15, 0.15, -0.3, -0.6, 0.6, -1.2]), 0.2, 0.0, 0.4),
    (np.array([0.7, 0.0, -0.4]), np.array([0.0, 0.0, 2.0]), 0.1, 0.3, 0.0),
    (np.array([0.7, -0.3]), np.array([0.0, 0.0]), 0.05, 0.0, 0.2),
    (np.array([1.2, -0.6, 0.4, -2.0]), np.array([-0.5, 0.3, 50.0, 0.9]), 0.3, 0.2, 0.6),
)


@check
def decay(function):
    """Task 1: new weights (W,) after Adam's first step on gradients (W,), with decay and L2."""
    right = [slot[""] for slot in (GRADIENT, STEP, DECAY, RESULT)]
    cases = [
        Case(given, _stepped(*given, *right), lambda given=given: _decay_mistakes(*given))
        for given in GIVEN
    ]
    compare(function, cases, "(weights,)")
    return "L2 goes through Adam, which divides by the size of what it gets; decay goes past it."
