"""Self-check of task 3 of notebook 09: a table with error bars, read."""

from .verdict import NotYet, check

TRUE = {"A": "better", "B": "not told apart", "C": "worse", "D": "not told apart"}
CLAIMS = ("better", "worse", "not told apart")
BUT = {
    "A": {
        "worse": "its difference from the default is above 0.",
        "not told apart": "the two bars do not decide. They are long because some seeds are good "
        "for both recipes, and others bad for both. A pair has the same seed: look at the "
        "difference and its error.",
    },
    "B": {
        "better": "divide the difference by its error. It is large, and the bars lie apart; yet "
        "the three differences are far from each other.",
        "worse": "its difference from the default is above 0. And is it far enough from 0?",
    },
    "C": {
        "better": "its difference from the default is below 0.",
        "not told apart": "divide the difference by its error. It is small, and nearly the same "
        "with each seed: small is one question, told apart is another.",
    },
    "D": {
        "better": "its difference from the default is below 0. And is it far enough from 0?",
        "worse": "divide the difference by its error. It is that of C, but its error is not. With "
        "three pairs it is not enough that all of them point the same way.",
    },
}


@check
def readings(answers):
    """Task 3: {"A": reading, ...} of four rows against the first one, in pairs of the same seed."""
    if not isinstance(answers, dict) or set(answers) != set(TRUE):
        raise NotYet("Your readings should be a dictionary with the keys A, B, C and D.")
    for letter, true in TRUE.items():
        claim = answers[letter]
        if claim is None or claim is ...:
            raise NotYet(f"Write down what you read in row {letter}: a guess costs nothing.")
        if claim not in CLAIMS:
            names = ", ".join(f'"{name}"' for name in CLAIMS)
            raise NotYet(f"{letter}: {claim!r} is none of the three readings. They are {names}.")
        if claim != true:
            raise NotYet(f'{letter}: you say "{claim}", but {BUT[letter][claim]}')
    return "You look at the difference of pairs, and at its own error."
