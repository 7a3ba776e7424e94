"""Self-check of task 4 of notebook 07: a run chosen by validation, and one test."""

import numpy as np

from .compare import number, plain_number
from .verdict import NotYet, call, check


def _runs(seed):
    """({name: history}, {name: test accuracies}) of runs whose lines are invented."""
    random, runs, tests = np.random.RandomState(seed), {}, {}
    for name, count in zip(("narrow", "deep", "wide", "short"), (5, 6, 4, 3), strict=True):
        rise = np.sort(random.uniform(0.45, 0.95, count))
        rise[-2:] = rise[:-3:-1]  # or the best epoch on training would always be the last one
        values = random.choice(np.arange(500, 700, 3), (2, count), replace=False) / 1000
        runs[name] = {"accuracy": rise.round(3).tolist(), "val_accuracy": values[0].tolist()}
        tests[name] = values[1].tolist()
    return runs, tests


def _best(values):
    """(name, epoch) of the largest value of {name: values}."""
    return max(((v, name, i + 1) for name, some in values.items() for i, v in enumerate(some)))[1:]


def _of(runs, key="val_accuracy"):
    return {name: run[key] for name, run in runs.items()}


def _gaps(runs):
    return {
        name: [-abs(a - b) for a, b in zip(run["accuracy"], run["val_accuracy"], strict=True)]
        for name, run in runs.items()
    }


# What a run is chosen by, if not by its best epoch on validation: (history -> score).
BY_RUN = {
    "You compared the runs by their *last* epochs. But of each run the best epoch is kept, and "
    "that need not be the last one.": lambda run: run["val_accuracy"][-1],
    "You compared the runs by their whole lists of accuracies. Python compares lists by their "
    "first values: so the first epoch decided.": lambda run: run["val_accuracy"],
    "You compared the runs by their *mean* accuracy. A run may be poor for long, and hold the best "
    "epoch of all.": lambda run: np.mean(run["val_accuracy"]),
    "You chose the run by its *training* accuracy. It is highest where a model knows its training "
    "images by heart.": lambda run: max(run["accuracy"]),
    "You chose the run with the most epochs, or added up accuracies, which comes to the same.": (
        lambda run: len(run["accuracy"])
    ),
    "You chose the run that is best at its *worst* epoch.": lambda run: min(run["val_accuracy"]),
    "You chose the run with the *lowest* accuracy on validation.": (
        lambda run: -min(run["val_accuracy"])
    ),
    "You chose the run whose best epoch is the *worst* of all best ones.": (
        lambda run: -max(run["val_accuracy"])
    ),
}
BY_NAME = {
    "You compared names, and the last one in the alphabet won.": max,
    "You looked at the first run only.": lambda runs: next(iter(runs)),
    "You looked at the last run only, or each run replaced the one before.": (
        lambda runs: list(runs)[-1]
    ),
}
# Which epoch of the run is taken if not its best one on validation: (history -> number from 0).
BY_EPOCH = {
    "": lambda run: np.argmax(run["val_accuracy"]),
    "The epoch is the run's last one, which need not be its best.": lambda run: -1,
    "The epoch is the run's first one.": lambda run: 0,
    "The epoch is the one where its *training* accuracy is highest.": (
        lambda run: np.argmax(run["accuracy"])
    ),
    "The epoch is its *worst* one on validation.": lambda run: np.argmin(run["val_accuracy"]),
}


def _choices(runs):
    """{what to say: (name, epoch)} of each way to choose that is not by validation alone."""
    right, _ = _best(_of(runs))
    both = {
        name: np.add(run["accuracy"], run["val_accuracy"]).tolist() for name, run in runs.items()
    }
    lowest = {name: [-v for v in values] for name, values in _of(runs).items()}
    whole = {
        "You chose by the *training* accuracy. It is highest where a model knows its training "
        "images by heart.": _best(_of(runs, "accuracy")),
        "You chose the epoch at which training and validation lie closest together. A poor model "
        "has a small gap, too.": _best(_gaps(runs)),
        "You chose by training and validation accuracy together. The first says what a model knows "
        "by heart.": _best(both),
        "You chose the *lowest* accuracy on validation.": _best(lowest),
    }
    names = {m: pick(runs) for m, pick in BY_NAME.items()}
    names |= {m: max(runs, key=lambda n: score(runs[n])) for m, score in BY_RUN.items()}
    for first, name in {"The run is the right one.": right, **names}.items():
        for second, epoch in BY_EPOCH.items():
            place = epoch(runs[name]) % len(runs[name]["accuracy"])
            whole.setdefault(f"{first} {second}".strip(), (name, place + 1))
    del whole["The run is the right one."]
    name, epoch = _best(_of(runs))
    whole["You count epochs from zero, as Python does. Here they count from one."] = name, epoch - 1
    return whole


SEEDS = (59, 110, 119)  # here no two of the choices below, nor the right one, are the same
SPIED = (
    "You chose what does best on the *test* images. Then the test is no test any more: the choice "
    "has been fitted to it."
)


def _measured(function, runs, tests):
    """What the learner's function returns, and the questions that it put to the test."""
    asked = []

    def measure(name, epoch):
        if name not in tests or epoch not in range(1, len(tests[name]) + 1):
            raise ValueError(f"there is no epoch {epoch!r} of a run {name!r}")
        asked.append((name, epoch))
        return tests[name][int(epoch) - 1]

    result = call(function, runs, measure)
    if not isinstance(result, tuple | list) or len(result) != 3:
        raise NotYet("Return three things: the name of the run, the epoch, and its test accuracy.")
    name, epoch, accuracy = result
    if not isinstance(name, str) or name not in runs:
        raise NotYet(f"There is no run {name!r}. The first thing to return is its name.")
    epoch = plain_number(epoch, "the epoch")
    plain_number(accuracy, "the test accuracy")
    return (name, epoch), accuracy, asked


def _check_choice(chosen, asked, runs, tests):
    """Raise NotYet if a choice is wrong: one (name, epoch) for each of several sets of runs."""
    rights = [_best(_of(some)) for some in runs]
    if chosen == rights:
        return
    looked = all(len(some) > 1 for some in asked)
    if looked and chosen == [_best(some) for some in tests]:
        raise NotYet(SPIED)
    known = [_choices(some) for some in runs]
    for message in known[0]:
        if chosen == [some[message] for some in known]:
            raise NotYet(message)
    i = next(i for i in range(len(runs)) if chosen[i] != rights[i])
    (name, epoch), (best, when), values = chosen[i], rights[i], _of(runs[i])
    mine = values[name][int(epoch) - 1] if epoch in range(1, len(values[name]) + 1) else "no value"
    raise NotYet(
        f"You chose epoch {epoch:g} of {name!r}, which has {mine} on validation. Another epoch of "
        f"these runs has more, {values[best][when - 1]}. (The validation accuracies: {values}.)"
    )


@check
def honest(function):
    """Task 4: (name, epoch, test accuracy) of the run chosen by validation; one test."""
    sets = [_runs(seed) for seed in SEEDS]
    found = [_measured(function, *some) for some in sets]
    chosen, accuracies, asked = zip(*found, strict=True)
    runs, tests = zip(*sets, strict=True)
    _check_choice(list(chosen), asked, runs, tests)
    for (name, epoch), accuracy, questions, (some, test) in zip(
        chosen, accuracies, asked, sets, strict=True
    ):
        place = int(epoch) - 1
        right = test[name][place]
        if not questions:
            raise NotYet(
                "You chose well, and never asked the test. The accuracy on the images that the "
                "choice was made with is too good to report."
            )
        if len(questions) > 1:
            raise NotYet(
                f"You chose well, but you asked the test {len(questions)} times. It judges once, "
                "when all is decided; each further look is a temptation."
            )
        if questions != [(name, epoch)]:
            raise NotYet(
                f"You chose epoch {epoch:g} of {name!r}, well, and then measured another one on "
                f"the test: epoch {questions[0][1]} of {questions[0][0]!r}."
            )
        number(
            accuracy, right,
            {
                "You measured on the test, and then reported the accuracy on validation.":
                    some[name]["val_accuracy"][place],
                "You measured on the test, and then reported the accuracy on the training images.":
                    some[name]["accuracy"][place],
                "This is per cent. `measure` gives a share of one, as the histories do.":
                    100 * right,
                "This is the share that is *wrong* on the test.": 1 - right,
                "You rounded the test accuracy. Report what was measured.": round(right, 2),
                "You rounded the test accuracy. Report what was measured, all of it.":
                    round(right, 1),
            },
            "the test accuracy",
        )  # fmt: skip
    return "Chosen by validation, measured once on the test."
