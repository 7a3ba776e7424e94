"""Self-checks of the exercises on training (notebook 07)."""

import numpy as np

from .verdict import NotYet, call, check, number, same


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


def _log_softmax(logits, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


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


# Real runs of `tiny` on ten classes (stripes and outlines of Shapes-100), recorded once.
CURVES = {
    "A": {
        "loss": [
            2.45, 2.2, 2.06, 1.92, 1.75, 1.58, 1.46, 1.36,
            1.27, 1.2, 1.12, 1.07, 1.04, 1.0, 0.95, 0.9,
        ],
        "val_loss": [
            2.27, 2.16, 2.06, 1.91, 1.73, 1.61, 1.5, 1.41,
            1.36, 1.29, 1.23, 1.21, 1.14, 1.15, 1.09, 1.12,
        ],
    },
    "B": {
        "loss": [
            2.58, 2.18, 1.95, 1.46, 1.23, 1.06, 0.93, 0.79,
            0.7, 0.6, 0.41, 0.29, 0.22, 0.19, 0.17, 0.1,
        ],
        "val_loss": [
            2.35, 2.22, 1.85, 1.5, 1.35, 1.27, 1.14, 1.2,
            1.12, 1.22, 1.08, 1.29, 1.19, 1.4, 1.38, 1.38,
        ],
    },
    "C": {
        "loss": [
            3.21, 2.41, 2.37, 2.34, 2.35, 2.33, 2.33, 2.33,
            2.33, 2.33, 2.32, 2.33, 2.33, 2.34, 2.32, 2.34,
        ],
        "val_loss": [
            2.4, 2.4, 2.36, 2.32, 2.32, 2.31, 2.34, 2.32,
            2.32, 2.33, 2.31, 2.31, 2.33, 2.33, 2.32, 2.33,
        ],
    },
    "D": {
        "loss": [
            2.22, 1.2, 0.64, 0.44, 0.3, 0.21, 0.14, 0.1,
            0.07, 0.03, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0,
        ],
        "val_loss": [
            1.51, 0.82, 0.63, 0.35, 0.33, 0.24, 0.15, 0.14,
            0.12, 0.07, 0.08, 0.07, 0.06, 0.06, 0.06, 0.06,
        ],
    },
}  # fmt: skip
TRUE = {"A": "not finished", "B": "overfits", "C": "rate too high", "D": "healthy"}
BUT = {
    "healthy": {
        "overfits": "the lines part only a little, and the validation loss does not turn up.",
        "rate too high": "the loss comes down, far and evenly. Long steps would not let it.",
        "not finished": "at the right edge nothing falls any more. What should a longer run bring?",
    },
    "overfits": {
        "healthy": "the two lines part. What becomes of the images that it has never seen?",
        "rate too high": "the training loss comes down nearly to zero: the steps do find down.",
        "not finished": "only the training loss is still falling. Would a longer run help with "
        "images that it has never seen?",
    },
    "rate too high": {
        "healthy": "look at the numbers on the axis: it knows hardly more than a fresh model.",
        "overfits": "to learn by heart is learning too, and the training loss hardly comes down.",
        "not finished": "both lines are level for ten epochs. More of the same would not help.",
    },
    "not finished": {
        "healthy": "it stops in the middle of the way: look at the right edge of the panel.",
        "overfits": "the validation loss comes down with the training loss, and does not turn up.",
        "rate too high": "the training loss comes down, from the first epoch to the last.",
    },
}


@check
def curves(readings, epoch):
    """Task 3: {"A": reading, ...} of the four runs, and the epoch at which to stop the second."""
    if not isinstance(readings, dict) or set(readings) != set(TRUE):
        raise NotYet("Your readings should be a dictionary with the keys A, B, C and D.")
    for letter, true in TRUE.items():
        claim = readings[letter]
        if claim is None or claim is ...:
            raise NotYet(f"Write down what you read in panel {letter}: a guess costs nothing.")
        if claim not in BUT:
            raise NotYet(f"{letter}: {claim!r} is none of the four readings. They are " + ", ".join(
                f'"{name}"' for name in BUT) + ".")  # fmt: skip
        if claim != true:
            raise NotYet(f'{letter}: you say "{claim}", but {BUT[true][claim]}')
    epochs = len(CURVES["B"]["loss"])
    if epoch is None or epoch is ...:
        raise NotYet("The readings are right. Write down the epoch, too.")
    if epoch not in range(1, epochs + 1):
        raise NotYet(f"The run has {epochs} epochs, counted from 1, and you say {epoch!r}.")
    if epoch == epochs:
        raise NotYet("That is the last epoch, where the *training* loss is lowest.")
    if epoch < 10:
        raise NotYet("There it was still learning: the validation loss gets lower than that.")
    if epoch > 12:
        raise NotYet("There the validation loss is already on its way up.")
    return "You can read what a run tells you, and know when to stop it."


RUNS = {
    "narrow": {"accuracy": [0.48, 0.59, 0.61], "val_accuracy": [0.52, 0.58, 0.60]},
    "deep": {"accuracy": [0.55, 0.83, 0.91, 0.98], "val_accuracy": [0.57, 0.66, 0.63, 0.62]},
    "wide": {"accuracy": [0.51, 0.64, 0.79], "val_accuracy": [0.50, 0.61, 0.64]},
}
TEST = {"narrow": [0.51, 0.57, 0.68], "deep": [0.56, 0.65, 0.67, 0.60], "wide": [0.49, 0.62, 0.63]}
CHOICES = {
    ("deep", 4): "You chose by the *training* accuracy. It is highest where a model knows its "
    "training images by heart.",
    ("wide", 3): "You compared the last epochs. But of each run the best epoch is kept, and that "
    "need not be the last one.",
    ("narrow", 3): "You chose what does best on the *test* images. Then the test is no test any "
    "more: the choice has been fitted to it.",
    ("deep", 1): "You count epochs from zero, as Python does. Here they count from one.",
    ("wide", 1): "This is the worst of all epochs on validation.",
}


@check
def honest(function):
    """Task 4: (name, epoch, test accuracy) of the run chosen by validation; one test."""
    asked = []

    def measure(name, epoch):
        if name not in TEST or epoch not in range(1, len(TEST[name]) + 1):
            raise ValueError(f"there is no epoch {epoch} of a run {name!r}")
        asked.append((name, epoch))
        return TEST[name][epoch - 1]

    runs = {name: {key: list(v) for key, v in run.items()} for name, run in RUNS.items()}
    result = call(function, runs, measure)
    if not isinstance(result, tuple | list) or len(result) != 3:
        raise NotYet("Return three things: the name of the run, the epoch, and its test accuracy.")
    name, epoch, accuracy = result
    if (name, epoch) != ("deep", 2):
        if name not in RUNS:
            raise NotYet(f"There is no run {name!r}. The first thing to return is its name.")
        why = CHOICES.get((name, epoch), "Another epoch did better on validation.")
        raise NotYet(f"You chose epoch {epoch} of {name!r}. {why}")
    if not asked:
        raise NotYet(
            "You chose well, and never asked the test. The accuracy on the images that the choice "
            "was made with is too good to report."
        )
    if len(asked) > 1:
        raise NotYet(
            f"You chose well, but you asked the test {len(asked)} times. It judges once, when all "
            "is decided; each further look is a temptation."
        )
    if asked != [("deep", 2)]:
        raise NotYet("You chose well, and then measured another epoch on the test.")
    number(
        accuracy, 0.65,
        {"You measured on the test, and then reported the accuracy on validation.": 0.66},
        "the test accuracy",
    )  # fmt: skip
    return "Chosen by validation, measured once on the test."
