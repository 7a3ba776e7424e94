"""Self-check of task 3 of notebook 07: the curves of four runs, read."""

from ..exercise_data import CURVES
from .compare import plain_number
from .verdict import NotYet, check

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
    if plain_number(epoch, "the epoch") not in range(1, epochs + 1):
        raise NotYet(f"The run has {epochs} epochs, counted from 1, and you say {epoch!r}.")
    if epoch == epochs:
        raise NotYet("That is the last epoch, where the *training* loss is lowest.")
    if epoch < 10:
        raise NotYet("There it was still learning: the validation loss gets lower than that.")
    if epoch > 12:
        raise NotYet("There the validation loss is already on its way up.")
    return "You can read what a run tells you, and know when to stop it."
