"""Self-check of task 2 of notebook 10: is a comparison of two recipes fair?"""

from ..exercise_reports import REPORTS
from .verdict import NotYet, check

TRUE = {
    "smoothing": "test chose",
    "versions": "more training",
    "decay": "fair",
    "optimizer": "two changes",
    "warm-up": "one seed",
}
# What in a report speaks against a claim.
BUT = {
    "smoothing": {
        "fair": "Which images were left, by which one of twelve smoothings could be found best?",
        "one seed": "Each smoothing was trained three times, and B as well.",
        "more training": "A had more tries, but a run of A is no longer than one of B.",
        "two changes": "The smoothing is all that differs in the table, besides the accuracy.",
    },
    "versions": {
        "fair": "How many steps does each of the two make? The table has all that you need.",
        "one seed": "Each was trained three times, and the worst run of A is far above the best "
        "one of B.",
        "test chose": "The test came last, once for each run, and nothing was chosen by it.",
        "two changes": "One line of the table was changed, and it is the one that the conclusion "
        "is about. But what else follows from it?",
    },
    "decay": {
        "one seed": "Each of the two was trained three times, and the conclusion says how far the "
        "differences scatter.",
        "more training": "Compare the steps of A with those of B.",
        "test chose": "The learning rates were tried on other images, and the test came last.",
        "two changes": "Go through the table again. Which lines differ, besides the accuracy?",
    },
    "optimizer": {
        "fair": "Go through the table line by line. Do you know which of its lines brought the "
        "2.1 points?",
        "one seed": "Each was trained three times, and every run of A is above every run of B.",
        "more training": "Both make 15,000 steps, and both had five tries.",
        "test chose": "The learning rates were tried on other images, and the test came last.",
    },
    "warm-up": {
        "fair": "How many of the test images are 0.6 points? And would the lead be the same from "
        "other random weights?",
        "more training": "Both make 15,000 steps. A longer warm-up only changes how long each of "
        "them is.",
        "test chose": "The rest of the recipe was chosen on other images, and the test came last.",
        "two changes": "The two differ in one line of the table, besides the accuracy; even the "
        "start and the order of the images are the same.",
    },
}
READINGS = list(dict.fromkeys(["fair", *TRUE.values()]))


@check
def fair(readings):
    """Task 2: {report: reading} of the five reports."""
    if not isinstance(readings, dict):
        raise NotYet(f"This check wants the dictionary, and got {type(readings).__name__}.")
    if missing := [name for name in REPORTS if name not in readings]:
        raise NotYet(f"The dictionary has nothing for {', '.join(missing)} any more.")
    for name in REPORTS:
        claim = readings[name]
        if claim is None or claim is ...:
            raise NotYet(f"`{name}`: write down what you read; a guess costs nothing.")
        if not isinstance(claim, str) or claim not in READINGS:
            raise NotYet(
                f"`{name}`: {claim!r} is none of the five readings. They are "
                + ", ".join(f'"{reading}"' for reading in READINGS)
                + "."
            )
        if claim != TRUE[name]:
            raise NotYet(f'`{name}`, "{claim}"? {BUT[name][claim]}')
    return "One change, equal work, several seeds; chosen on validation, and then tested once."
