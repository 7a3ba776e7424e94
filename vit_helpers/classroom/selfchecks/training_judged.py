"""Self-checks of tasks 3 and 4 of notebook 07: curves read, and a run chosen."""

from ..exercise_data import CURVES
from .verdict import NotYet, call, check, number

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
