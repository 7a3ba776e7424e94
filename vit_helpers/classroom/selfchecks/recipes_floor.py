"""Self-check of task 3 of notebook 10: the lowest loss that label smoothing allows."""

from numbers import Number

import numpy as np

from .compare import Case, compare, mistakes_of, plain_number
from .verdict import NotYet, Stopped, call, check

SMOOTHINGS = (0.1, 0.3, 0.02, 0.0)
LOSS = 1.10  # of a run with 100 classes and a smoothing of 0.1

# The target of the label and that of each other class, of `c` classes with smoothings `s`.
TARGET = {
    "": lambda c, s: (1 - s + s / c, s / c),
    "Your target does not add up to 1: the label does not get its own share of the smoothing.": (
        lambda c, s: (1 - s, s / c)
    ),
    "You share the smoothing among the *other* classes. In this series the label gets its share "
    "of it too.": lambda c, s: (1 - s, s / (c - 1)),
    "Your target adds up to more than 1: the label has its share, and yet the others share all of "
    "the smoothing.": lambda c, s: (1 - s + s / c, s / (c - 1)),
    "Your target adds up to more than 1: each other class gets the whole smoothing, not a share.": (
        lambda c, s: (1 - s + s / c, s)
    ),
    "Your target adds up to more than 1: the label gives away one share only.": (
        lambda c, s: (1 - s / c, s / c)
    ),
    "Most of your target is spread over all classes: its two parts have changed places.": (
        lambda c, s: (s + (1 - s) / c, (1 - s) / c)
    ),
    "All classes have the same target in yours: this is the loss of a guess.": (
        lambda c, s: (1 / c + 0 * s, 1 / c + 0 * s)
    ),
}
LOGARITHM = {
    "": np.log,
    "Your logarithm is the one to the base 2.": np.log2,
    "Your logarithm is the one to the base 10.": np.log10,
    "Your logarithm is that of 1 more than the target, which `log1p` gives.": np.log1p,
}


def _times(p, logs):
    """p log p, which is zero where p is."""
    return np.where(p == 0, 0, p * logs(p))


# What is made of the targets `p` of the label and `q` of each other class.
SUM = {
    "": lambda p, q, c, logs: -_times(p, logs) - (c - 1) * _times(q, logs),
    "Only the label is in your sum. The other classes have a target too.": (
        lambda p, q, c, logs: -_times(p, logs)
    ),
    "The label is missing in your sum.": lambda p, q, c, logs: -(c - 1) * _times(q, logs),
    "Your sum has the label and *one* other class. How many others are there?": (
        lambda p, q, c, logs: -_times(p, logs) - _times(q, logs)
    ),
    "Off by one: the label is a class too, so there is one fewer of the others.": (
        lambda p, q, c, logs: -_times(p, logs) - c * _times(q, logs)
    ),
    "Your floor is negative. The logarithm of a target is; a loss is not.": (
        lambda p, q, c, logs: _times(p, logs) + (c - 1) * _times(q, logs)
    ),
    "You take the mean over the classes. Cross-entropy adds them up.": (
        lambda p, q, c, logs: (-_times(p, logs) - (c - 1) * _times(q, logs)) / c
    ),
    "This is what the label's logarithm alone costs: a loss for labels without smoothing.": (
        lambda p, q, c, logs: -logs(p)
    ),
    "You add up the logarithms. Each of them counts as much as the target of its class.": (
        lambda p, q, c, logs: -logs(p) - (c - 1) * logs(q)
    ),
}
AT_ZERO = {
    "": lambda floors, s: floors,
    "With a smoothing of 0 your floor is not a number: the others have a target of 0, and the "
    "logarithm of 0 spoils the sum. How much should such a class add to it?": (
        lambda floors, s: np.where(s == 0, np.nan, floors)
    ),
    "With a smoothing of 0 your floor is infinite. Full certainty is asked for then, and a model "
    "may have it.": lambda floors, s: np.where(s == 0, np.inf, floors),
}


def _floors(classes, target, logs, total, at_zero):
    """The floors (smoothing,), with a choice for each of the four parts."""
    s = np.array(SMOOTHINGS)
    return at_zero(total(*target(classes, s), classes, logs), s)


def _right(classes):
    with np.errstate(all="ignore"):
        return _floors(classes, *[slot[""] for slot in (TARGET, LOGARITHM, SUM, AT_ZERO)])


def _floor_mistakes(classes):
    s = np.array(SMOOTHINGS)
    p, q = TARGET[""](classes, s)
    return {
        "This is a straight line from 0 up to the loss of a guess. Work it out from the targets.": (
            s * np.log(classes)
        ),
        "Zero is the floor without smoothing only.": 0 * s,
        "This is the target of the label, not yet a loss.": p,
        "This is the target of the other classes, not yet a loss.": q,
        "You take squares of the targets off 1. The loss of this series has logarithms.": (
            1 - p * p - (classes - 1) * q * q
        ),
        **mistakes_of(
            lambda *parts: _floors(classes, *parts), TARGET, LOGARITHM, SUM, AT_ZERO
        ),
    }  # fmt: skip


def _floors_of(function):
    """A function that collects what the learner's one gives for each of the smoothings."""

    def floors(classes):
        found = []
        for smoothing in SMOOTHINGS:
            start = f"With a smoothing of {smoothing:g}: "
            try:
                lowest = call(function, classes, smoothing)
            except (NotYet, Stopped) as problem:
                start = start if found else ""
                raise type(problem)(f"{start}{problem}") from None
            if np.ndim(lowest) or not isinstance(np.asarray(lowest).item(), Number):
                shape = np.shape(lowest)
                what = f"something of shape {shape}" if shape else f"{lowest!r}"
                raise NotYet(f"{start}one number is wanted, and you return {what}.")
            found.append(float(lowest))
        return np.array(found)

    return floors


def _check_above(above):
    """Raise NotYet unless `above` is right to two digits."""
    lowest = _right(100)[0]
    value = plain_number(above, "how far the loss is above its floor")
    for message, wrong in {
        "": LOSS - lowest,
        "This is the loss itself, measured from zero.": LOSS,
        "This is the floor itself.": lowest,
        "You took the loss off the floor. It lies above it.": lowest - LOSS,
        "You added the two.": lowest + LOSS,
        "You divided. How *far* above its floor is the loss?": LOSS / lowest,
        "You measured from the loss of a guess among 100 classes.": np.log(100) - LOSS,
        "This is per cent, or points. A loss is a plain number.": 100 * (LOSS - lowest),
    }.items():
        if abs(value - wrong) < 0.006 * max(1, abs(wrong)):
            if message:
                raise NotYet(f"Your function is right. But {value:g}: {message}")
            return
    size = "too large" if value > LOSS - lowest else "too small"
    raise NotYet(f"Your function is right. But {value:g} is {size}. (Two digits will do.)")


@check
def floor(function, above):
    """Task 3: the lowest loss of classes and smoothing, and how far 1.10 is above one."""
    if not callable(function):
        raise NotYet(f"This check wants a function first, and got {type(function).__name__}.")
    cases = [
        Case((classes,), _right(classes), lambda classes=classes: _floor_mistakes(classes))
        for classes in (10, 4, 100)
    ]
    compare(_floors_of(function), cases, "(smoothing,)")
    _check_above(above)
    return "A loss is measured from its floor, and the floor is not always at zero."
