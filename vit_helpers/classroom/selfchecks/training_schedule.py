"""Self-check of task 1 of notebook 07: the learning rate of a step."""

from numbers import Number

import numpy as np

from .compare import Case, compare, mistakes_of
from .verdict import NotYet, Stopped, call, check


def _half_turn(share):
    """From 1 down to 0 along half a turn of the cosine."""
    return (1 + np.cos(np.pi * share)) / 2


# What is done at each of the places where the schedule can go wrong: {what to say: what is done};
# `s` is a step, `n` the number of all, `e` the step at which the warm-up ends.
END = {
    "": lambda share, n: share * n,
    "There is no warm-up: the first step is the longest of all.": lambda share, n: 0,
    "The warm-up is a share of all steps. You took it for a number of steps, so that it is over "
    "before it begins.": lambda share, n: share,
    "The rise and the fall have exchanged their lengths: the warm-up takes the share that the fall "
    "should take.": lambda share, n: (1 - share) * n,
}
UP = {
    "": lambda s, n, e: s / e,
    "Your warm-up rises too slowly: it takes a share of *all* steps, so it stops far below the "
    "peak, and the rate jumps.": lambda s, n, e: s / n,
    "Your warm-up rises far beyond the peak: you divide the step by the share, not by a number of "
    "steps.": lambda s, n, e: s * n / e,
    "Your warm-up rises by the whole peak at each step.": lambda s, n, e: s,
    "Your warm-up falls: you divide the number of its steps by the step.": (
        lambda s, n, e: e / np.maximum(s, 1)
    ),
    "Your warm-up runs backwards, from the peak down to zero.": lambda s, n, e: 1 - s / e,
    "Off by one: your warm-up does not begin at zero.": lambda s, n, e: (s + 1) / e,
    "Off by one: your warm-up is at the peak a step too early.": lambda s, n, e: s / (e - 1),
    "Your warm-up does not rise: it is at the peak from step 0 on.": lambda s, n, e: 1 + 0 * s,
    "Your warm-up does not rise: the rate stays at zero.": lambda s, n, e: 0 * s,
    "There is no rise: your cosine is used before the warm-up ends, too.": (
        lambda s, n, e: _half_turn((s - e) / (n - e))
    ),
    "Your warm-up rises along a cosine, not along a line.": lambda s, n, e: 1 - _half_turn(s / e),
    "Your warm-up rises along a curve, the square of the share that is done, not along a line.": (
        lambda s, n, e: (s / e) ** 2
    ),
}
SHARE = {
    "": lambda s, n, e: (s - e) / (n - e),
    "After the warm-up the rate jumps down: your cosine began at step 0 already, not where the "
    "warm-up ends.": lambda s, n, e: s / n,
    "The rate does not come down to zero: your cosine begins where the warm-up ends, but takes as "
    "long as the whole run.": lambda s, n, e: (s - e) / n,
    "Your cosine is as long as the rest of the run, but began at step 0: it is past its end when "
    "the run ends.": lambda s, n, e: s / (n - e),
    "Off by one: you reach zero a step too early, and then the rate rises again.": (
        lambda s, n, e: (s - e) / (n - e - 1)
    ),
    "Your cosine gets the number of steps since the warm-up, not a share of the rest.": (
        lambda s, n, e: s - e
    ),
}
DOWN = {
    "": _half_turn,
    "After the warm-up the rate stays where it is. It should come down.": lambda share: 1.0,
    "Your rate comes down along a straight line, not along a cosine.": lambda share: 1 - share,
    "Your rate falls below zero: a cosine runs from 1 down to -1.": (
        lambda share: np.cos(np.pi * share)
    ),
    "Your rate falls below zero: you halved the cosine, but it still runs as far below zero as "
    "above.": lambda share: np.cos(np.pi * share) / 2,
    "After the warm-up the rate jumps to twice the peak: a cosine and one runs from 2 to 0.": (
        lambda share: 2 * _half_turn(share)
    ),
    "After the warm-up the rate jumps to one and a half times the peak, and never reaches zero: "
    "you halved the cosine alone.": lambda share: 1 + np.cos(np.pi * share) / 2,
    "You take a quarter of a turn: the rate is still falling fast when it reaches zero. It should "
    "settle there, as it left the peak.": lambda share: np.cos(np.pi / 2 * share),
    "Your cosine makes a whole turn: at the end the rate is back at the peak.": (
        lambda share: _half_turn(2 * share)
    ),
    "Your curve is upside down: after the warm-up it jumps to zero and rises.": (
        lambda share: 1 - _half_turn(share)
    ),
    "Your cosine makes less than half a turn and stops high above zero. Half a turn is more than "
    "1.": lambda share: (1 + np.cos(share)) / 2,
    "NumPy's cosine counts its turns in radians, not in degrees.": (
        lambda share: (1 + np.cos(180 * share)) / 2
    ),
    "This is a sine, not a cosine: the rate jumps down when the warm-up ends.": (
        lambda share: (1 + np.sin(np.pi * share)) / 2
    ),
    "Your cosine reaches zero halfway, and is cut off there: the rate is zero for half of the "
    "rest.": lambda share: np.maximum(0, np.cos(np.pi * share)),
}
# The height of the rise and that of the fall.
PEAK = {
    "": lambda peak: (peak, peak),
    "`peak` has no say: your highest rate is 1.": lambda peak: (1, 1),
    "`peak` has no say while the rate rises: the warm-up ends at 1.": lambda peak: (1, peak),
    "`peak` has no say while the rate falls: the cosine starts from 1.": lambda peak: (peak, 1),
}


def _rates(steps, warmup, peak, end, up, share, down, height):
    """The rates of the steps 0 ... `steps`."""
    step, last, (rise, fall) = np.arange(steps + 1.0), end(warmup, steps), height(peak)
    falling = fall * down(share(step, steps, last))
    return np.where(step < last, rise * up(step, steps, last), falling)


def _schedule_mistakes(steps, warmup, peak):
    step, end = np.arange(steps + 1), warmup * steps
    turn = np.cos(np.pi * (step - end) / (steps - end))
    up, whole = np.minimum(1, step / (end or 1)), peak * _half_turn(step / steps)
    return {
        "Your cosine runs from the first step on, and the warm-up only dims it: the peak is never "
        "reached.": up * whole,
        "You take the smaller one of a line and of a cosine that runs from the first step on: the "
        "peak is never reached.": np.minimum(peak * up, whole),
        "The two parts have changed places: the line comes after the warm-up.": np.where(
            step > end, peak * step / (end or 1), peak * (1 + turn) / 2
        ),
        "While the rate falls, `peak` is not in all of the sum: it does not multiply the cosine.": (
            np.where(step < end, peak * up, peak / 2 + turn)
        ),
        "While the rate falls, `peak` is not in all of the sum: it multiplies the cosine alone.": (
            np.where(step < end, peak * up, peak * turn / 2 + 0.5)
        ),
        "The warm-up is all there is: the rate goes on rising.": peak * step / (end or 1),
        "The warm-up ends at the peak, and then the rate is zero.": np.where(
            step < end, peak * up, 0
        ),
        **mistakes_of(
            lambda *parts: _rates(steps, warmup, peak, *parts), END, UP, SHARE, DOWN, PEAK
        ),
    }


def _rates_of(function):
    """A function that collects what the learner's one gives for the steps 0 ... `steps`."""

    def rates(steps, warmup, peak):
        found = []
        for step in range(steps + 1):
            start = f"Step 0 has a rate. But at step {step} of {steps}: " if step else ""
            try:
                rate = call(function, step, steps, warmup, peak)
            except (NotYet, Stopped) as problem:
                raise type(problem)(f"{start}{problem}") from None
            if np.ndim(rate) or not isinstance(np.asarray(rate).item(), Number):
                shape = np.shape(rate)
                what = f"an array of shape {shape}" if shape else f"{rate!r}"
                raise NotYet(f"{start}For one step one number is wanted, and you return {what}.")
            found.append(float(rate))
        return np.array(found)

    return rates


@check
def schedule(function):
    """Task 1: the learning rate of a step, with a linear warm-up and half a turn of cosine."""
    if not callable(function):
        raise NotYet(f"This check wants a function, and got {type(function).__name__}.")
    right = [next(iter(slot.values())) for slot in (END, UP, SHARE, DOWN, PEAK)]
    cases = []
    for given in ((40, 0.25, 2.0), (60, 0.1, 0.5), (30, 0.0, 0.7)):
        with np.errstate(all="ignore"):
            cases.append(
                Case(given, _rates(*given, *right), lambda given=given: _schedule_mistakes(*given))
            )
    compare(_rates_of(function), cases, "(step,)")
    return "Up along a line, down along half a turn of the cosine, and zero at the very end."
