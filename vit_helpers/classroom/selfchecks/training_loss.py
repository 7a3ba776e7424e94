"""Self-check of task 2 of notebook 07: cross-entropy with smoothed labels."""

import numpy as np

from .arithmetic import log_softmax
from .compare import Case, as_array, compare, mistakes_of
from .describe import equal
from .verdict import NotYet, call, check


def _rows_by_label(hot, s):
    """Smoothed targets, with the share of the label in the *rows* that the labels number."""
    target = np.full(hot.shape, s / hot.shape[1])
    target[hot.argmax(axis=1)] += 1 - s
    return target


# Targets of one-hot labels and a smoothing.
TARGET = {
    "": lambda hot, s: (1 - s) * hot + s / hot.shape[1],
    "This is the loss without smoothing: all of the target is on the label.": lambda hot, s: hot,
    "You share the smoothing among the *other* classes. Some do so; here the label gets its share "
    "of it too.": lambda hot, s: (1 - s) * hot + s / (hot.shape[1] - 1) * (1 - hot),
    "Your target does not add up to 1: the label does not get its own share of the smoothing.": (
        lambda hot, s: (1 - s) * hot + s / hot.shape[1] * (1 - hot)
    ),
    "Your target does not add up to 1: the other classes get nothing of what the label gives.": (
        lambda hot, s: (1 - s) * hot
    ),
    "Your target does not add up to 1: the label gives what it should share, and the others get "
    "nothing.": lambda hot, s: (1 - s + s / hot.shape[1]) * hot,
    "Your target adds up to more than 1: each class gets the whole smoothing, not a share.": (
        lambda hot, s: (1 - s) * hot + s
    ),
    "Your target adds up to more than 1: each of the *other* classes gets all of the smoothing.": (
        lambda hot, s: (1 - s) * hot + s * (1 - hot)
    ),
    "You take the smoothing off each class, and give it to none.": lambda hot, s: hot - s,
    "Your target adds up to more than 1: the label keeps all of its certainty.": (
        lambda hot, s: hot + s / hot.shape[1]
    ),
    "Your target adds up to more than 1: the label keeps all of its certainty, and the others get "
    "their shares besides.": lambda hot, s: hot + s / hot.shape[1] * (1 - hot),
    "All classes get the same target: the labels do not count.": (
        lambda hot, s: 0 * hot + 1 / hot.shape[1]
    ),
    "All classes get the same target, their share of the smoothing: the labels do not count.": (
        lambda hot, s: 0 * hot + s / hot.shape[1]
    ),
    "Most of your target is spread over all classes: its two parts have changed places.": (
        lambda hot, s: s * hot + (1 - s) / hot.shape[1]
    ),
    "You share the smoothing among the *images*. It is shared among the classes.": (
        lambda hot, s: (1 - s) * hot + s / len(hot)
    ),
    "Each row of your target has the labels of the *whole batch*. A row belongs to one image.": (
        lambda hot, s: (1 - s) * hot.max(axis=0) + s / hot.shape[1] + 0 * hot
    ),
    "You use the labels as numbers of *rows* of the target. A row is an image; a label is the "
    "number of a column.": _rows_by_label,
    "Your target is zero where it should be a fraction. Are its numbers whole ones, so that "
    "what stands behind the point is lost?": lambda hot, s: np.trunc(
        (1 - s) * hot + s / hot.shape[1]
    ),
}
LOGS = {
    "": log_softmax,
    "You use the logits as they are. They must become logarithms of chances first.": (
        lambda logits: logits
    ),
    "You take the largest logit off, and then use the logits. They are not yet logarithms of "
    "chances.": lambda logits: logits - logits.max(axis=1, keepdims=True),
    "You divide the logits by the largest one. It should be taken off them.": (
        lambda logits: log_softmax(logits / logits.max(axis=1, keepdims=True))
    ),
    "You weigh the chances themselves. Cross-entropy weighs their logarithms.": (
        lambda logits: np.exp(log_softmax(logits))
    ),
    "Your softmax shares among the images of the batch. The chances of the classes of *one* image "
    "add up to 1.": lambda logits: log_softmax(logits, 0),
    "Your softmax shares among all numbers of the batch. The chances of the classes of *one* image "
    "add up to 1.": lambda logits: log_softmax(logits, None),
    "There is a softmax of a softmax: the chances are nearly alike, whatever the model says.": (
        lambda logits: log_softmax(np.exp(log_softmax(logits)))
    ),
    "Your logarithm is the one to the base 2.": lambda logits: log_softmax(logits) / np.log(2),
    "Your logarithm is the one to the base 10.": lambda logits: log_softmax(logits) / np.log(10),
    "Your logarithm is that of 1 more than the chance, which `log1p` gives.": (
        lambda logits: np.log1p(np.exp(log_softmax(logits)))
    ),
    "Your chances do not add up to 1: e to the power of each logit is divided by the *mean* of the "
    "powers, not by their sum.": lambda logits: log_softmax(logits) + np.log(logits.shape[1]),
    "You subtract the sum of the powers itself. Its logarithm is missing.": (
        lambda logits: logits - np.exp(logits).sum(axis=1, keepdims=True)
    ),
    "You subtract the sum of the powers itself, with the largest logit taken off. Its logarithm is "
    "missing.": lambda logits: (
        (x := logits - logits.max(axis=1, keepdims=True)) - np.exp(x).sum(axis=1, keepdims=True)
    ),
    "The largest logit is taken off in one place only: it is missing where the logarithm of the "
    "sum comes off.": lambda logits: log_softmax(logits) + logits.max(axis=1, keepdims=True),
    "The largest logit is taken off the sum, but not off the logits.": (
        lambda logits: log_softmax(logits) - logits.max(axis=1, keepdims=True)
    ),
    "Each class gets a chance of its own, by a sigmoid. Here the chances of all classes add up to "
    "1.": lambda logits: -np.log1p(np.exp(-logits)),
    "You divide the logits by their sum; the power of e is missing.": (
        lambda logits: np.log(logits / logits.sum(axis=1, keepdims=True))
    ),
    "You take the logarithm of the logits. They must become chances first; and logits may be "
    "negative, chances may not.": np.log,
}
# What becomes of the contributions (images, classes), which are positive.
SUM = {
    "": lambda terms, hot: terms.sum(axis=1),
    "You take the mean over the classes. Their contributions are added up.": (
        lambda terms, hot: terms.mean(axis=1)
    ),
    "Your loss is negative, and better answers make it larger.": (
        lambda terms, hot: -terms.sum(axis=1)
    ),
    "Only the label's contribution is in your loss. The target of the other classes is not zero.": (
        lambda terms, hot: (terms * hot).sum(axis=1)
    ),
    "Your loss has the contribution of the label twice.": (
        lambda terms, hot: terms.sum(axis=1) + (terms * hot).sum(axis=1)
    ),
    "This is one number for the whole batch. Wanted is one for each image.": (
        lambda terms, hot: terms.sum(axis=1).mean()
    ),
    "This is one number for the whole batch, and it grows with the batch. Wanted is one for each "
    "image.": lambda terms, hot: terms.sum(),
    "This is the mean of all contributions of all images. Wanted is a sum for each image.": (
        lambda terms, hot: terms.mean()
    ),
    "You take the mean over the images. This is a loss for each class; wanted is one for each "
    "image.": lambda terms, hot: terms.mean(axis=0),
    "You add up over the images. This is a loss for each class; wanted is one for each image.": (
        lambda terms, hot: terms.sum(axis=0)
    ),
    "These are the contributions of all classes, not added up yet.": lambda terms, hot: terms,
}


def _right(logits, labels, smoothing):
    target = TARGET[""](np.eye(logits.shape[1])[labels], smoothing)
    return -(target * log_softmax(logits)).sum(axis=1)


def _mistakes(logits, labels, s):
    hot = np.eye(logits.shape[1])[labels]
    chances = np.exp(log_softmax(logits))
    return {
        "You smooth the chances that the model gives. What is smoothed is the target; the model "
        "may say what it likes.": -np.log(TARGET[""](chances, s)[range(len(labels)), labels]),
        "You smooth the chances that the model gives, and the target too.": (
            -(TARGET[""](hot, s) * np.log(TARGET[""](chances, s))).sum(axis=1)
        ),
        "You smooth after the logarithm: it is the loss of the label that you mix with a number.": (
            -TARGET[""](log_softmax(logits), s)[range(len(labels)), labels]
        ),
        **mistakes_of(
            lambda target, logs, total: total(-target(hot, s) * logs(logits), hot),
            TARGET, LOGS, SUM,
        ),
    }  # fmt: skip


# Logits that are large, and what to say where the loss is no number, and where it is a wrong one.
NEAR = (np.array([[1000.0, 998, 996], [-1001, -1000, -1003]]), np.array([0, 2]))
APART = (np.array([[1000.0, 0, 0], [-400, 600, 200]]), np.array([1, 0]))
LARGE = (
    (NEAR, "around 1,000 or -1,000",
     "your loss is not a number any more: their powers are too large, or too small, for a "
     "computer. Notebook 7 met this where it made chances.",
     "your loss is wrong. Do you cut off what is large?"),
    (APART, "1,000 apart",
     "your loss is infinite or not a number: the smaller chance is so small that the computer "
     "takes it for zero, and the logarithm of zero is minus infinity.",
     "your loss is wrong. Small chances, or large logits, are cut off, or have something added to "
     "them, and so being wrong costs less than it should."),
)  # fmt: skip


def _check_large(function):
    for (logits, labels), which, no_number, cut_off in LARGE:
        for s in (0.1, 0.0):
            right = _right(logits, labels, s)
            found, _ = as_array(call(function, logits.copy(), labels.copy(), s), "(images,)")
            if equal(found, right):
                continue
            why = cut_off if np.isfinite(found).all() else no_number
            raise NotYet(
                f"Right, as long as the logits are small. With logits {which} {why} (The logits "
                f"{logits[0].tolist()} with label {labels[0]} and smoothing {s} should give "
                f"{right[0]:,.4g}, and you have {found.flat[0]:,.4g}.)"
            )


@check
def loss(function):
    """Task 2: cross-entropy (B,) of logits (B, C) with smoothed labels."""
    cases = []
    for (count, classes), smoothing in (((5, 3), 0.2), ((2, 6), 0.1), ((4, 4), 0.0)):
        random = np.random.default_rng(count)
        logits = random.normal(size=(count, classes)) * 2
        given = logits, random.integers(classes, size=count), smoothing
        with np.errstate(all="ignore"):
            cases.append(Case(given, _right(*given), lambda given=given: _mistakes(*given)))
    compare(function, cases, "(images,)")
    _check_large(function)
    return "Softmax, logarithm, smoothed target, for small logits and for large ones."
