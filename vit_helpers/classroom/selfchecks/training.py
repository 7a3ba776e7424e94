"""Self-checks of the exercises on training (notebook 07)."""

import numpy as np

from .arithmetic import log_softmax as _log_softmax
from .training_judged import curves, honest
from .verdict import NotYet, call, check, same

__all__ = ["curves", "honest", "loss", "schedule"]


def _half_turn(share):
    """From 1 down to 0 along half a turn of the cosine."""
    return (1 + np.cos(np.pi * share)) / 2


def _schedule(steps, warm):
    """Rates of the steps 0 ... `steps`, of which `warm` warm up, to a peak of 1."""
    step = np.arange(steps + 1)
    return np.where(step < warm, step / (warm or 1), _half_turn((step - warm) / (steps - warm)))


def _schedule_mistakes(steps, warmup):
    """{message: the rates with this mistake}, to a peak of 1."""
    step, warm = np.arange(steps + 1), warmup * steps
    up, share = step / warm, (step - warm) / (steps - warm)

    def then(down):
        return np.where(step < warm, up, down)

    late = np.where(step < warm, (step + 1) / warm, _half_turn(share))
    return {
        "There is no warm-up: the first step is the longest of all.": _half_turn(step / steps),
        "`warmup` is a share of all steps. You took it for a number of steps, so that the warm-up "
        "is over before it begins.": _schedule(steps, warmup),
        "The warm-up is right. Then the rate jumps down: your cosine began at step 0 already, not "
        "where the warm-up ends.": then(_half_turn(step / steps)),
        "The rate does not come down to zero: your cosine begins where the warm-up ends, but takes "
        "as long as the whole run.": then(_half_turn((step - warm) / steps)),
        "Your cosine runs from the first step on, and the warm-up only dims it: the peak is never "
        "reached.": np.minimum(1, up) * _half_turn(step / steps),
        "After the warm-up the rate stays where it is. It should come down.": then(1.0),
        "Your rate comes down along a straight line, not along a cosine.": then(1 - share),
        "Your rate falls below zero: a cosine runs from 1 down to -1.": (
            then(np.cos(np.pi * share))
        ),
        "After the warm-up the rate jumps to twice the peak: one more than a cosine runs from 2 to "
        "0.": then(2 * _half_turn(share)),
        "You take a quarter of a turn: the rate is still falling fast when it reaches zero. It "
        "should settle there, as it left the peak.": then(np.cos(np.pi / 2 * share)),
        "Your curve is upside down: after the warm-up it jumps to zero and rises.": then(
            1 - _half_turn(share)
        ),
        "Your cosine makes less than half a turn and stops high above zero. Half a turn is more "
        "than 1.": then((1 + np.cos(share)) / 2),
        "NumPy's cosine counts its turns in radians, not in degrees.": then(
            (1 + np.cos(180 * share)) / 2
        ),
        "Off by one: your warm-up does not begin at zero.": late,
        "Off by one: you reach zero a step too early, and then the rate rises again.": then(
            _half_turn((step - warm) / (steps - warm - 1))
        ),
        "Your warm-up runs backwards, from the peak down to zero.": np.where(
            step < warm, 1 - up, _half_turn(share)
        ),
    }  # fmt: skip


def _rates(function, steps, warmup, peak):
    """What the learner's function gives for each of the steps 0 ... `steps`."""
    rates = [call(function, 0, steps, warmup, peak)]
    for step in range(1, steps + 1):
        try:
            rates.append(call(function, step, steps, warmup, peak))
        except NotYet as problem:
            raise NotYet(f"Step 0 has a rate. But at step {step} of {steps}: {problem}") from None
    return rates


@check
def schedule(function):
    """Task 1: the learning rate of a step, with a linear warm-up and half a turn of cosine."""
    for steps, warmup, peak in ((40, 0.25, 2.0), (60, 0.1, 0.5)):
        right = peak * _schedule(steps, warmup * steps)
        mistakes = {m: peak * wrong for m, wrong in _schedule_mistakes(steps, warmup).items()}
        same(_rates(function, steps, warmup, peak), right, mistakes, "(steps + 1,)")
    try:
        same(_rates(function, 30, 0.0, 1.0), _schedule(30, 0), {}, "(steps + 1,)")
    except NotYet as problem:
        raise NotYet(
            f"With a warm-up it is right. But a recipe may do without, `warmup=0`: {problem}"
        ) from None
    return "Up along a line, down along half a turn of the cosine, and zero at the very end."


def _loss_mistakes(logits, labels, s):
    """{message: the losses with this mistake}."""
    count, classes = logits.shape
    hot = np.eye(classes)[labels]
    target, others = (1 - s) * hot + s / classes, 1 - hot
    log_p = _log_softmax(logits)
    chances = np.exp(log_p)
    right = -(target * log_p).sum(axis=1)

    def of(target):
        return -(target * log_p).sum(axis=1)

    return {
        "This is the loss without smoothing: all of the target is on the label.": of(hot),
        "You share the smoothing among the *other* classes. Some do so; here the label gets its "
        "share of it too.": of((1 - s) * hot + s / (classes - 1) * others),
        "Your target does not add up to 1: the label does not get its own share of the "
        "smoothing.": of((1 - s) * hot + s / classes * others),
        "Your target adds up to more than 1: each class gets all of the smoothing, not a share of "
        "it.": of((1 - s) * hot + s),
        "Your target adds up to more than 1: the label keeps all of its certainty.": of(
            hot + s / classes
        ),
        "All classes get the same target: the labels do not count.": of(0 * hot + 1 / classes),
        "Most of your target is spread over all classes: its two parts have changed places.": of(
            s * hot + (1 - s) / classes
        ),
        "You smooth the chances that the model gives. What is smoothed is the target; the model "
        "may say what it likes.": -np.log(((1 - s) * chances + s / classes)[range(count), labels]),
        "You use the logits as they are. They must become logarithms of chances first.": (
            -(target * logits).sum(axis=1)
        ),
        "You weigh the chances themselves. Cross-entropy weighs their logarithms.": (
            -(target * chances).sum(axis=1)
        ),
        "Your softmax shares among the images of the batch. The chances of the classes of *one* "
        "image add up to 1.": -(target * _log_softmax(logits, 0)).sum(axis=1),
        "Your softmax shares among all numbers of the batch. The chances of the classes of *one* "
        "image add up to 1.": -(target * _log_softmax(logits, None)).sum(axis=1),
        "There is a softmax of a softmax: the chances are nearly alike, whatever the model says.": (
            -(target * _log_softmax(chances)).sum(axis=1)
        ),
        "You take the mean over the classes. Their contributions are added up.": right / classes,
        "Your loss is negative, and better answers make it larger.": -right,
        "This is one number for the whole batch. Wanted is one for each image.": right.mean(),
        "This is one number for the whole batch, and it grows with the batch. Wanted is one for "
        "each image.": right.sum(),
        "You take the mean over the images. This is a loss for each class; wanted is one for each "
        "image.": -(target * log_p).mean(axis=0),
        "You add up over the images. This is a loss for each class; wanted is one for each "
        "image.": -(target * log_p).sum(axis=0),
        "These are the contributions of all classes, not added up yet.": -(target * log_p),
    }  # fmt: skip


@check
def loss(function):
    """Task 2: cross-entropy (B,) of logits (B, C) with smoothed labels."""
    for (count, classes), smoothing in (((5, 3), 0.2), ((2, 6), 0.1)):
        random = np.random.default_rng(count)
        logits = random.normal(size=(count, classes)) * 2
        labels = random.integers(classes, size=count)
        mistakes = _loss_mistakes(logits, labels, smoothing)
        right = _right_loss(logits, labels, smoothing)
        with np.errstate(all="ignore"):
            found = call(function, logits.copy(), labels, smoothing)
            if isinstance(found, np.ndarray) and found.dtype == float and np.isnan(found).any():
                raise NotYet(
                    "Some of your losses are not a number: there is a logarithm of a number below "
                    "zero. Logits may be negative, chances may not."
                )
        same(found, right, mistakes, "(images,)")
    large = np.array([[1000.0, 998.0, 996.0], [-1001.0, -1000.0, -1003.0]])
    labels = np.array([0, 2])
    with np.errstate(all="ignore"):
        found = np.asarray(call(function, large, labels, 0.1))
    if not np.isfinite(found).all():
        raise NotYet(
            "Right, as long as the logits are small. With logits around 1,000 or -1,000 your loss "
            "is not a number any more: their powers are too large, or too small, for a computer. "
            "Notebook 7 met this where it made chances."
        )
    same(found, _right_loss(large, labels, 0.1), {}, "(images,)")
    return "Softmax, logarithm, smoothed target, for small logits and for large ones."


def _right_loss(logits, labels, smoothing):
    log_p = _log_softmax(logits)
    true = log_p[np.arange(len(labels)), labels]
    return -(1 - smoothing) * true - smoothing * log_p.mean(axis=1)
