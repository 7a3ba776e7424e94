"""Typical wrong answers to the exercises on recipes, each with a phrase of the message."""

import math

import numpy as np


def adam(gradient):
    return gradient / (np.abs(gradient) + 1e-8)


def step(
    gradient=lambda w, g, rate, decay, l2: g + l2 * w,
    then=adam,
    taken=lambda w, g, moved, rate, decay: rate * decay * w,
    result=lambda w, moved, off: w - moved - off,
):
    """A first step: `taken` is what decay takes, `result` gets (weights, the step, this)."""

    def first_step(weight, gradient_, rate, decay, l2):
        moved = rate * then(gradient(weight, gradient_, rate, decay, l2))
        return result(weight, moved, taken(weight, gradient_, moved, rate, decay))

    return first_step


def averages(new_1=0.1, new_2=0.001, right_1=0.1, right_2=0.001):
    """Adam with shares of what is new, divided by corrections."""
    return lambda g: (new_1 * g / right_1) / (np.sqrt(new_2 * g * g / right_2) + 1e-8)


def step_zero(weight, gradient, rate, decay, l2):
    t = 0
    m, v = 0.1 * (gradient + l2 * weight), 0.001 * (gradient + l2 * weight) ** 2
    m, v = m / np.float64(1 - 0.9**t), v / np.float64(1 - 0.999**t)
    return weight - rate * m / (np.sqrt(v) + 1e-8) - rate * decay * weight


def in_place(weight, gradient, rate, decay, l2):
    weight -= rate * adam(gradient + l2 * weight) + rate * decay * weight
    return weight


def changed_places(weight, gradient, rate, decay, l2):
    return step()(weight, gradient, rate, l2, decay)


def target(classes, s):
    return 1 - s + s / classes, s / classes


def entropy(p, q, classes):
    others = (classes - 1) * q * math.log(q) if q > 0 else 0
    return -p * math.log(p) - others


def lowest(target=target, total=entropy):
    """A floor: `total` gets the targets of the label and of each other class, and the classes."""
    return lambda classes, smoothing: total(*target(classes, smoothing), classes)


def log(value):
    return math.log(value) if value > 0 else 0


def not_a_number(classes, smoothing):
    p = np.full(classes, smoothing / classes)
    p[0] += 1 - smoothing
    return -(p * np.log(p)).sum()


def each_class(classes, smoothing):
    p = np.full(classes, smoothing / classes)
    p[0] += 1 - smoothing
    return -p * np.log(p + 1e-12)


def math_log(classes, smoothing):
    p, q = target(classes, smoothing)
    return -p * math.log(p) - (classes - 1) * q * math.log(q)


def for_ten(classes, smoothing):
    return lowest()(10, smoothing)


TRUE = {
    "smoothing": "test chose",
    "versions": "more training",
    "decay": "fair",
    "optimizer": "two changes",
    "warm-up": "one seed",
}
ABOVE = 1.10 - 0.7778

WRONG = {
    "decay": [
        (lambda *_: None, "returns nothing"),
        (lambda weight, gradient: weight, "does not take the 5 things"),
        (step(lambda w, g, rate, decay, l2: g), "`l2` has no say"),
        (step(lambda w, g, rate, decay, l2: g - l2 * w), "lets weights grow"),
        (step(lambda w, g, rate, decay, l2: g + l2), "`l2` itself"),
        (step(lambda w, g, rate, decay, l2: g + l2 * w**2), "added to the *loss*"),
        (step(lambda w, g, rate, decay, l2: g + 2 * l2 * w), "twice the one"),
        (step(lambda w, g, rate, decay, l2: g + rate * l2 * w), "has the learning rate in it"),
        (step(lambda w, g, rate, decay, l2: g + (l2 + decay) * w, taken=lambda *_: 0), "L2 under another name"),
        (step(lambda w, g, rate, decay, l2: g + (l2 + decay) * w), "and of the weight besides"),
        (lambda w, g, rate, decay, l2: w - rate * adam(g) - rate * (decay + l2) * w, "should go through Adam"),
        (changed_places, "`l2` and `decay` have changed places"),
        (step(then=lambda g: g), "plain gradient descent"),
        (step(then=averages(right_1=1, right_2=1)), "three times too long"),
        (step(then=averages(right_1=1)), "average of the gradients is not corrected"),
        (step(then=averages(right_2=1)), "average of the squares is not corrected"),
        (step(then=averages(right_1=0.001, right_2=0.1)), "corrections have changed places"),
        (step(then=averages(0.9)), "0.9 of the *new* gradient"),
        (step(then=averages(0.9, 0.999)), "0.9 and 0.999 of what is *new*"),
        (step_zero, "The first step is number 1"),
        (step(then=lambda g: g / (g * g + 1e-8)), "root is missing"),
        (step(then=lambda g: abs(g) / (abs(g) + 1e-8)), "no sign"),
        (step(then=lambda g: g / np.sqrt(g * g)), "zero by zero"),
        (step(then=lambda g: g / np.sqrt(g * g + 1e-8)), "inside your root"),
        (step(then=lambda g: g / (np.linalg.norm(g) + 1e-8)), "length of the whole gradient"),
        (step(taken=lambda *_: 0), "`decay` has no say"),
        (step(taken=lambda w, g, moved, rate, decay: decay * w), "the learning rate is not in it"),
        (step(taken=lambda w, g, moved, rate, decay: -rate * decay * w), "makes the weights larger"),
        (step(taken=lambda w, g, moved, rate, decay: rate * decay * (w - moved)), "comes after the step"),
        (step(taken=lambda w, g, moved, rate, decay: rate * decay * g), "a share of the gradient"),
        (step(result=lambda w, moved, off: w + moved - off), "uphill"),
        (step(result=lambda w, moved, off: -moved - off), "You return the change"),
        (step(result=lambda w, moved, off: moved + off), "what is taken off"),
        (lambda w, g, rate, decay, l2: w - adam(g + l2 * w) - rate * decay * w, "not in your step"),
        (step(lambda w, g, *_: g, taken=lambda *_: 0), "And another thing: `decay`"),
        (in_place, "has changed `weight`"),
        (lambda *given: list(step()(*given)), "come as a list"),
        (lambda *given: step()(*given).sum(), "The shape should be"),
    ],
    "fair": [
        (dict.fromkeys(TRUE), "`smoothing`: write down"),
        (["fair"], "wants the dictionary"),
        ({"smoothing": "fair"}, "nothing for versions, decay"),
        (TRUE | {"decay": "unfair"}, "none of the five"),
        (TRUE | {"warm-up": ["one seed"]}, "['one seed'] is none"),
        (TRUE | {"warm-up": None}, "`warm-up`: write down"),
        *[
            (TRUE | {report: claim}, f'`{report}`, "{claim}"? ')
            for report in TRUE
            for claim in TRUE.values()
            if claim != TRUE[report]
        ],
    ],
    "floor": [
        ((lambda *_: None, ABOVE), "returns nothing"),
        ((0.78, ABOVE), "wants a function first"),
        ((lambda classes: 0, ABOVE), "does not take the 2 things"),
        ((lowest(lambda c, s: (1 - s, s / c)), ABOVE), "does not add up to 1"),
        ((lowest(lambda c, s: (1 - s, s / (c - 1))), ABOVE), "among the *other* classes"),
        ((lowest(lambda c, s: (1 - s + s / c, s)), ABOVE), "the whole smoothing"),
        ((lowest(lambda c, s: (s + (1 - s) / c, (1 - s) / c)), ABOVE), "two parts have changed places"),
        ((lambda classes, smoothing: math.log(classes), ABOVE), "the loss of a guess"),
        ((lambda classes, smoothing: smoothing * math.log(classes), ABOVE), "a straight line"),
        ((lowest(total=lambda p, q, c: -p * log(p)), ABOVE), "Only the label"),
        ((lowest(total=lambda p, q, c: -(c - 1) * q * log(q)), ABOVE), "label is missing"),
        ((lowest(total=lambda p, q, c: -p * log(p) - q * log(q)), ABOVE), "*one* other class"),
        ((lowest(total=lambda p, q, c: -p * log(p) - c * q * log(q)), ABOVE), "Off by one"),
        ((lowest(total=lambda *given: -entropy(*given)), ABOVE), "negative"),
        ((lowest(total=lambda p, q, c: entropy(p, q, c) / c), ABOVE), "mean over the classes"),
        ((lowest(total=lambda p, q, c: -log(p)), ABOVE), "labels without smoothing"),
        ((lowest(total=lambda *given: entropy(*given) / math.log(2)), ABOVE), "base 2"),
        ((lambda classes, smoothing: 0, ABOVE), "Zero is the floor without"),
        ((not_a_number, ABOVE), "is not a number"),
        ((math_log, ABOVE), "With a smoothing of 0: Your function stops with ValueError"),
        ((each_class, ABOVE), "of shape (10,)"),
        ((for_ten, ABOVE), "`classes` = 10 it is right. But with `classes` = 4"),
        ((lowest(), None), "Write down how far"),
        ((lowest(), "0.32"), "is a text"),
        ((lowest(), 1.10), "measured from zero"),
        ((lowest(), 0.778), "the floor itself"),
        ((lowest(), -0.32), "lies above it"),
        ((lowest(), 1.41), "You divided"),
        ((lowest(), 32.2), "per cent"),
        ((lowest(), 0.5), "0.5 is too large"),
        ((lowest(), 0.1), "0.1 is too small"),
    ],
}  # fmt: skip
