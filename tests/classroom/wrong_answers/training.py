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


def by_steps(step, steps, warmup, peak):
    end = warmup * steps
    return peak * step / steps if step < end else rate(half)(step, steps, warmup, peak)


def by_share(step, steps, warmup, peak):
    end = warmup * steps
    return peak * step / warmup if step < end else rate(half)(step, steps, warmup, peak)


def two_slips(step, steps, warmup, peak):
    end = warmup * steps
    return step / steps if step < end else half((step - end) / (steps - end))


def whole_run(step, steps, warmup, peak):
    return np.array([rate(half)(s, steps, warmup, peak) for s in range(steps + 1)])


def in_a_list(step, steps, warmup, peak):
    return np.array([rate(half)(step, steps, warmup, peak)])


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


def chances(logits):
    return np.exp(log_softmax(logits))


def chance_losses(change):
    """A loss on the logarithms of changed chances."""
    return loss(logs=lambda logits: np.log(change(chances(logits))))


def every_label(logits, labels, smoothing):
    target = np.full(logits.shape, smoothing / logits.shape[1])
    target[:, labels] += 1 - smoothing
    return -(target * log_softmax(logits)).sum(axis=1)


def rows_by_label(logits, labels, smoothing):
    target = np.full(logits.shape, smoothing / logits.shape[1])
    target[labels] += 1 - smoothing
    return -(target * log_softmax(logits)).sum(axis=1)


def whole_numbers(logits, labels, smoothing):
    target = np.zeros(logits.shape, int)
    target[range(len(labels)), labels] = 1 - smoothing + smoothing / logits.shape[1]
    return -(target * log_softmax(logits)).sum(axis=1)


def best(runs, key="val_accuracy", of=max):
    return of((v, name, i + 1) for name, run in runs.items() for i, v in enumerate(run[key]))


def chosen(run=None, epoch=None, shift=0, key="val_accuracy", of=max):
    """A choice: `run` gets the runs and names one, `epoch` gets its history."""

    def choose(runs, measure):
        _, name, when = best(runs, key, of)
        if run:
            name = run(runs)
            when = best({name: runs[name]})[2]
        when = (epoch(runs[name]) if epoch else when) + shift
        return name, when, measure(name, when)

    return choose


def by(value):
    """The run of which `value`, a function of its validation accuracies, is largest."""
    return lambda runs: max(runs, key=lambda name: value(runs[name]["val_accuracy"]))


def last(run):
    return len(run["accuracy"])


def smallest_gap(runs, measure):
    _, name, epoch = min(
        (abs(a - b), name, i + 1)
        for name, run in runs.items()
        for i, (a, b) in enumerate(zip(run["accuracy"], run["val_accuracy"], strict=True))
    )
    return name, epoch, measure(name, epoch)


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
    accuracy, name, epoch = best(runs)
    return name, epoch, accuracy


def reports_validation(runs, measure):
    accuracy, name, epoch = best(runs)
    measure(name, epoch)
    return name, epoch, accuracy


def measures_the_last(runs, measure):
    _, name, epoch = best(runs)
    return name, epoch, measure(name, last(runs[name]))


def with_test(change):
    def choose(runs, measure):
        name, epoch, accuracy = chosen()(runs, measure)
        return name, epoch, change(accuracy)

    return choose


def empties(runs, measure):
    found = []
    for name, run in runs.items():
        while run["val_accuracy"]:
            found.append((run["val_accuracy"].pop(), name, len(run["val_accuracy"]) + 1))
    _, name, epoch = max(found)
    return name, epoch, measure(name, epoch)


def sorts(runs, measure):
    _, name, _ = best(runs)
    runs[name]["val_accuracy"].sort()
    return name, last(runs[name]), measure(name, last(runs[name]))


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
        (lambda step, steps, warmup, peak: rate(half)(step, steps, warmup, 1), "highest rate is 1"),
        (lambda step, steps, warmup, peak: rate(half)(step, steps, warmup, peak) / 2, "0.5 times"),
        (by_steps, "a share of *all* steps"),
        (by_share, "far beyond the peak"),
        (two_slips, "And another thing: `peak` has no say: your highest"),
        (whole_run, "array of shape (41,)"),
        (in_a_list, "array of shape (1,)"),
        (lambda *given: str(rate(half)(*given)), "you return '0.0'"),
        (warm_up_only, "at step 10 of 40"),
        (no_zero, "`warmup` = 0.0"),
        (lambda step, steps, warmup, peak: peak, "stays where it is. It should come down"),
        (lambda step, steps, warmup, peak: rate(half)(step, steps, warmup, peak) ** 2, "At 1 there should be 0.2"),
    ],
    "loss": [
        (lambda logits, labels, smoothing: None, "returns nothing"),
        (loss(lambda hot, s, c: hot), "without smoothing"),
        (loss(lambda hot, s, c: (1 - s) * hot + s / (c - 1) * (1 - hot)), "*other* classes"),
        (loss(lambda hot, s, c: (1 - s) * hot + s / c * (1 - hot)), "does not add up to 1"),
        (loss(lambda hot, s, c: (1 - s) * hot + s), "each class gets the whole"),
        (loss(lambda hot, s, c: hot + s / c), "keeps all of its certainty"),
        (loss(lambda hot, s, c: 0 * hot + 1 / c), "the same target"),
        (loss(lambda hot, s, c: s * hot + (1 - s) / c), "Most of your target"),
        (smoothed_chances, "smooth the chances"),
        (loss(logs=lambda logits: logits), "use the logits as they are"),
        (loss(logs=lambda logits: np.exp(log_softmax(logits))), "weigh the chances themselves"),
        (loss(logs=lambda logits: log_softmax(logits, 0)), "among the images"),
        (loss(logs=lambda logits: log_softmax(logits, None)), "among all numbers"),
        (loss(logs=lambda logits: log_softmax(np.exp(log_softmax(logits)))), "softmax of a softmax"),
        (loss(logs=np.log), "logits may be negative"),
        (loss(then=lambda terms: terms.mean(axis=1)), "mean over the classes"),
        (loss(then=lambda terms: -terms.sum(axis=1)), "negative"),
        (loss(then=lambda terms: terms.sum(axis=1).mean()), "whole batch. Wanted"),
        (loss(then=lambda terms: terms.sum()), "grows with the batch"),
        (loss(then=lambda terms: terms.mean(axis=0)), "mean over the images"),
        (loss(then=lambda terms: terms.sum(axis=0)), "add up over the images"),
        (loss(then=lambda terms: terms), "not added up yet"),
        (overflows, "around 1,000"),
        (loss(logs=lambda logits: log_softmax(np.clip(logits, -700, 700))), "cut off what is large"),
        (chance_losses(lambda p: p), "1,000 apart your loss is infinite"),
        (chance_losses(lambda p: p + 1e-9), "1,000 apart your loss is wrong. Small chances"),
        (chance_losses(lambda p: np.clip(p, 1e-7, 1)), "and you have 15.58"),
        (loss(logs=lambda logits: log_softmax(logits) / np.log(10)), "base 10"),
        (every_label, "labels of the *whole batch*"),
        (rows_by_label, "numbers of *rows*"),
        (whole_numbers, "should be a fraction"),
        (loss(lambda hot, s, c: hot, then=lambda terms: terms.mean(axis=1)), "And another thing: You take the mean over"),
        (loss(lambda hot, s, c: hot + s / c, lambda logits: log_softmax(logits, 0)), "And another thing: Your softmax"),
        (lambda *given: list(loss()(*given)), "come as a list"),
        (lambda logits, labels: logits, "does not take the 3 things"),
        (lambda logits, labels, smoothing: ["a"], "should be one array"),
        (loss(logs=lambda logits: log_softmax(logits) / np.log(2)), "base 2"),
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
        ((TRUE, "11"), "'11' is a text"),
        ((TRUE, True), "yes or no"),
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
        (chosen(key="accuracy"), "*training* accuracy"),
        (chosen(by(lambda values: values[-1]), last), "*last* epochs"),
        (chosen(by(lambda values: values[-1])), "need not be the last one."),
        (chosen(by(list)), "the first epoch decided"),
        (chosen(by(np.mean)), "*mean* accuracy"),
        (chosen(by(len)), "most epochs"),
        (chosen(epoch=last), "The run is the right one. The epoch is the run's last"),
        (chosen(epoch=lambda run: 1), "The run is the right one. The epoch is the run's first"),
        (chosen(of=min), "*lowest* accuracy"),
        (smallest_gap, "closest together"),
        (chosen(max), "alphabet"),
        (chosen(lambda runs: next(iter(runs))), "the first run only"),
        (by_test, "no test any more"),
        (empties, "has changed `runs`"),
        (chosen(shift=1), "on validation. Another epoch"),
        (lambda runs, measure: (0.66, 2, measure("deep", 2)), "no run 0.66"),
        (lambda runs, measure: ("deep", "2", measure("deep", 2)), "'2' is a text"),
        (never_tests, "never asked"),
        (looks_at_all, "19 times"),
        (measures_the_last, "and then measured another"),
        (reports_validation, "reported the accuracy on validation"),
        (with_test(lambda accuracy: accuracy * 100), "per cent"),
        (with_test(str), "is a text"),
        (with_test(lambda accuracy: accuracy / 2), "too small"),
        (lambda runs, measure: ("deep", 0, measure("deep", 0)), "stops with ValueError"),
    ],
}  # fmt: skip
