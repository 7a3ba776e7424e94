"""Typical wrong answers to the exercises on training, each with a phrase of the message."""

import numpy as np

from vit_helpers.classroom.exercise_data import CURVES


def rate(down, up=lambda step, end: step / end, end=lambda steps, warmup: warmup * steps):
    """A schedule: `down` gets (the share of the rest, step, steps, end), `up` (step, end)."""

    def learning_rate(step, steps, warmup, peak):
        last = end(steps, warmup)
        if step < last:
            return peak * up(step, last)
        return peak * down((step - last) / (steps - last), step, steps, last)

    return learning_rate


def half(share, *rest):
    return (1 + np.cos(np.pi * share)) / 2


def product(step, steps, warmup, peak):
    return peak * min(1, step / (warmup * steps)) * half(step / steps)


def divides_by_zero(step, steps, warmup, peak):
    end = warmup * steps
    return peak * min(step / end, 1) if step < end else half((step - end) / (steps - end)) * peak


def warm_up_only(step, steps, warmup, peak):
    if step < warmup * steps:
        return peak * step / (warmup * steps)


def no_zero(step, steps, warmup, peak):
    up = step / (warmup * steps)
    return peak * up if up < 1 else rate(half)(step, steps, warmup, peak)


def log_softmax(logits, axis=1):
    logits = logits - logits.max(axis=axis, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=axis, keepdims=True))


def loss(target=None, logs=log_softmax, then=lambda terms: terms.sum(axis=1)):
    """A loss: `target` gets (one-hot labels, smoothing, classes), `then` the terms (B, C)."""
    target = target or (lambda hot, s, classes: (1 - s) * hot + s / classes)

    def crossentropy(logits, labels, smoothing):
        classes = logits.shape[1]
        return then(-target(np.eye(classes)[labels], smoothing, classes) * logs(logits))

    return crossentropy


def smoothed_chances(logits, labels, smoothing):
    chances = np.exp(log_softmax(logits))
    chances = (1 - smoothing) * chances + smoothing / logits.shape[1]
    return -np.log(chances[np.arange(len(labels)), labels])


def overflows(logits, labels, smoothing):
    powers = np.exp(logits)
    return loss(logs=lambda _: np.log(powers / powers.sum(axis=1, keepdims=True)))(
        logits, labels, smoothing
    )


def best(runs, key, last=False):
    epochs = [
        (v, name, i + 1)
        for name, run in runs.items()
        for i, v in enumerate(run[key])
        if not last or i + 1 == len(run[key])
    ]
    return max(epochs)


def chosen(key="val_accuracy", last=False, shift=0):
    def choose(runs, measure):
        _, name, epoch = best(runs, key, last)
        return name, epoch + shift, measure(name, epoch + shift)

    return choose


def by_test(runs, measure):
    tests = [
        (measure(name, i + 1), name, i + 1)
        for name, run in runs.items()
        for i in range(len(run["accuracy"]))
    ]
    accuracy, name, epoch = max(tests)
    return name, epoch, accuracy


def looks_at_all(runs, measure):
    by_test(runs, measure)
    return chosen()(runs, measure)


def never_tests(runs, measure):
    accuracy, name, epoch = best(runs, "val_accuracy")
    return name, epoch, accuracy


def reports_validation(runs, measure):
    accuracy, name, epoch = best(runs, "val_accuracy")
    measure(name, epoch)
    return name, epoch, accuracy


def measures_the_last(runs, measure):
    _, name, epoch = best(runs, "val_accuracy")
    return name, epoch, measure(name, len(runs[name]["accuracy"]))


CLAIMS = ("healthy", "overfits", "rate too high", "not finished")
TRUE = {"A": "not finished", "B": "overfits", "C": "rate too high", "D": "healthy"}
NOW = {claim: letter for letter, claim in TRUE.items()}

WRONG = {
    "schedule": [
        (lambda *_: None, "returns nothing"),
        (rate(half, end=lambda steps, warmup: 0), "no warm-up"),
        (rate(half, end=lambda steps, warmup: warmup), "number of steps"),
        (rate(lambda share, step, steps, end: half(step / steps)), "began at step 0"),
        (rate(lambda share, step, steps, end: half((step - end) / steps)), "does not come down to zero"),
        (product, "only dims it"),
        (rate(lambda share, *_: 1), "stays where it is"),
        (rate(lambda share, *_: 1 - share), "straight line"),
        (rate(lambda share, *_: np.cos(np.pi * share)), "below zero"),
        (rate(lambda share, *_: 2 * half(share)), "twice the peak"),
        (rate(lambda share, *_: np.cos(np.pi / 2 * share)), "quarter of a turn"),
        (rate(lambda share, *_: 1 - half(share)), "upside down"),
        (rate(lambda share, *_: (1 + np.cos(share)) / 2), "less than half a turn"),
        (rate(lambda share, *_: (1 + np.cos(180 * share)) / 2), "radians"),
        (rate(half, up=lambda step, end: (step + 1) / end), "does not begin at zero"),
        (rate(lambda share, step, steps, end: half((step - end) / (steps - end - 1))), "too early, and then"),
        (rate(half, up=lambda step, end: 1 - step / end), "backwards"),
        (lambda step, steps, warmup, peak: rate(half)(step, steps, warmup, 1), "0.5 times"),
        (warm_up_only, "at step 10 of 40"),
        (no_zero, "may do without"),
        (lambda step, steps, warmup, peak: peak, "of the values are not"),
    ],
    "loss": [
        (lambda logits, labels, smoothing: None, "returns nothing"),
        (loss(lambda hot, s, c: hot), "without smoothing"),
        (loss(lambda hot, s, c: (1 - s) * hot + s / (c - 1) * (1 - hot)), "*other* classes"),
        (loss(lambda hot, s, c: (1 - s) * hot + s / c * (1 - hot)), "does not add up to 1"),
        (loss(lambda hot, s, c: (1 - s) * hot + s), "each class gets all"),
        (loss(lambda hot, s, c: hot + s / c), "keeps all of its certainty"),
        (loss(lambda hot, s, c: 0 * hot + 1 / c), "the same target"),
        (loss(lambda hot, s, c: s * hot + (1 - s) / c), "Most of your target"),
        (smoothed_chances, "smooth the chances"),
        (loss(logs=lambda logits: logits), "use the logits as they are"),
        (loss(logs=lambda logits: np.exp(log_softmax(logits))), "weigh the chances themselves"),
        (loss(logs=lambda logits: log_softmax(logits, 0)), "among the images"),
        (loss(logs=lambda logits: log_softmax(logits, None)), "among all numbers"),
        (loss(logs=lambda logits: log_softmax(np.exp(log_softmax(logits)))), "softmax of a softmax"),
        (loss(logs=np.log), "Logits may be negative"),
        (loss(then=lambda terms: terms.mean(axis=1)), "mean over the classes"),
        (loss(then=lambda terms: -terms.sum(axis=1)), "negative"),
        (loss(then=lambda terms: terms.sum(axis=1).mean()), "whole batch. Wanted"),
        (loss(then=lambda terms: terms.sum()), "grows with the batch"),
        (loss(then=lambda terms: terms.mean(axis=0)), "mean over the images"),
        (loss(then=lambda terms: terms.sum(axis=0)), "add up over the images"),
        (loss(then=lambda terms: terms), "not added up yet"),
        (overflows, "around 1,000"),
        (lambda logits, labels, smoothing: ["a"], "should be one array"),
        (loss(logs=lambda logits: log_softmax(logits) / np.log(2)), "1.443 times"),
    ],
    "curves": [
        (({letter: None for letter in CURVES}, None), "Write down"),
        (("healthy", 11), "dictionary"),
        ((TRUE | {"A": "fine"}, 5), "is none of the four"),
        ((TRUE, None), "Write down the epoch, too"),
        ((TRUE, 1), "still learning"),
        ((TRUE, 16), "last epoch"),
        ((TRUE, 14), "on its way up"),
        ((TRUE, 40), "16 epochs"),
        *[
            ((TRUE | {NOW[true]: claim}, 5), f"{NOW[true]}: ")
            for true in CLAIMS
            for claim in CLAIMS
            if claim != true
        ],
    ],
    "honest": [
        (lambda runs, measure: None, "returns nothing"),
        (lambda runs, measure: "deep", "three things"),
        (chosen("accuracy"), "*training* accuracy"),
        (chosen(last=True), "last epochs"),
        (by_test, "no test any more"),
        (chosen(shift=-1), "from zero"),
        (lambda runs, measure: ("wide", 1, measure("wide", 1)), "the worst"),
        (lambda runs, measure: ("wide", 2, measure("wide", 2)), "Another epoch"),
        (lambda runs, measure: (0.66, 2, measure("deep", 2)), "no run 0.66"),
        (never_tests, "never asked"),
        (looks_at_all, "11 times"),
        (measures_the_last, "measured another epoch"),
        (reports_validation, "reported the accuracy on validation"),
        (lambda runs, measure: ("deep", 2, measure("deep", 2) * 100), "too large"),
        (lambda runs, measure: ("deep", 0, measure("deep", 0)), "stops with ValueError"),
    ],
}  # fmt: skip
