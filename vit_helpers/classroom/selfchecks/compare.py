"""Compares what a learner found with what is right, and names the mistake that explains it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from numbers import Number

import numpy as np

from .describe import describe, equal
from .verdict import NotYet, Stopped, call, told


@dataclass(frozen=True)
class Case:
    """Arguments of a function, what is right for them, and {what to say: what a mistake gives}.

    The mistakes are computed only where something is wrong.
    """

    arguments: tuple
    right: np.ndarray
    mistakes: Callable[[], dict] = dict


def compare(function, cases, axes, rtol=1e-4):
    """Raise NotYet unless `function` is right in all `cases`; `axes` names the axes of a result.

    A mistake is named only if it explains every case in which it can be told, so that what works
    for one size by chance is not taken for something else.
    """
    results = [_result(function, case, axes) for case in cases]
    wrong = [
        i
        for i, (case, (found, _, _)) in enumerate(zip(cases, results, strict=True))
        if found is None or not equal(found, case.right, rtol)
    ]
    if not wrong:
        if remark := next((remark for _, remark, _ in results if remark), None):
            raise NotYet(remark)
        return
    known = [case.mistakes() for case in cases]
    fits = [
        [m for m, gives in some.items() if found is None or equal(found, gives, rtol)]
        for some, (found, _, _) in zip(known, results, strict=True)
    ]
    for message in dict.fromkeys(m for i in wrong if results[i][0] is not None for m in known[i]):
        if all(message in f or message not in k for f, k in zip(fits, known, strict=True)):
            raise NotYet(message + _elsewhere(function, cases, results))
    # Not all cases are of one kind: a mistake may still explain those that have no other name.
    told_apart = [i for i in wrong if results[i][0] is not None]
    for message in dict.fromkeys(m for i in told_apart for m in fits[i]):
        fit = [i for i in told_apart if message in fits[i]]
        others = [i for i in range(len(cases)) if message in known[i] and message not in fits[i]]
        if len(fit) > 1 and all(i in told_apart and not fits[i] for i in others):
            raise NotYet(f"With {told(function, cases[fit[0]].arguments)}: {message}")
    case, (found, _, stopped) = cases[wrong[0]], results[wrong[0]]
    text = stopped or describe(found, np.asarray(case.right), axes, rtol)
    given = told(function, case.arguments)
    if fine := [i for i in range(len(cases)) if i not in wrong]:
        right = told(function, cases[fine[0]].arguments)
        raise NotYet(f"With {right} it is right. But with {given}: {text}")
    everywhere = len({problem for _, _, problem in results}) == 1
    raise NotYet(text if (stopped and everywhere) or not given else f"{text} (Tried with {given}.)")


def _elsewhere(function, cases, results):
    """What to add to a mistake if the function stops for other sizes."""
    for case, (_, _, stopped) in zip(cases, results, strict=True):
        if stopped:
            return f" And with {told(function, case.arguments)}: {stopped}"
    return ""


def _result(function, case, axes):
    """(the array that the function gives, a remark on it, what it says if it stops)."""
    arguments = [a.copy() if isinstance(a, np.ndarray) else a for a in case.arguments]
    try:
        return *as_array(call(function, *arguments), axes), None
    except Stopped as problem:
        return None, None, str(problem)


def same(found, right, mistakes, axes, rtol=1e-4):
    """Raise NotYet unless `found` is an array that equals `right`."""
    found, remark = as_array(found, axes)
    if equal(found, right, rtol):
        if remark:
            raise NotYet(remark)
        return
    for message, wrong in mistakes.items():
        if equal(found, wrong, rtol):
            raise NotYet(message)
    raise NotYet(describe(found, np.asarray(right), axes, rtol))


def mistakes_of(build, *slots, most=2):
    """{what to say: what `build` makes} of all choices with one mistake, or with two.

    Each slot is {what to say: part}, with "" for the right part.
    """
    made = {}
    for count in range(1, most + 1):
        for places in combinations(range(len(slots)), count):
            wrong = [
                [item for item in slot.items() if bool(item[0]) == (i in places)]
                for i, slot in enumerate(slots)
            ]
            for choice in product(*wrong):
                said = " And another thing: ".join(message for message, _ in choice if message)
                try:
                    with np.errstate(all="ignore"):
                        made[said] = build(*(part for _, part in choice))
                except (ValueError, IndexError):
                    continue  # these two mistakes stop a function, so there is nothing to compare
    return made


def as_array(found, axes):
    """(the array of `found`, a remark if it is none yet); raises NotYet where nothing is one."""
    kind = type(found).__name__
    try:
        array = np.asarray(found)
    except ValueError:
        raise NotYet(
            f"Your result is a {kind} of parts of different sizes; it should be one array {axes}."
        ) from None
    if array.dtype.kind in "USO" and array.size:
        what = "text" if array.dtype.kind in "US" else kind
        raise NotYet(f"Your result is of type {what}; it should be one array of numbers {axes}.")
    if array.dtype.kind == "c":
        raise NotYet("Your result has complex numbers.")
    remark = None
    if isinstance(found, list | tuple):
        remark = (
            f"The numbers are right, but they come as a {kind}. What is done with them next needs "
            f"one array {axes}: a {kind} has no shape."
        )
    return array.astype("float64"), remark


def number(found, right, mistakes, what):
    """Raise NotYet unless the number `found` is `right`; `mistakes` maps messages to numbers."""
    value = plain_number(found, what)
    if np.isclose(value, right, rtol=1e-6):
        return
    for message, wrong in mistakes.items():
        if np.isclose(value, wrong, rtol=1e-6):
            raise NotYet(message)
    size = "too large" if value > right else "too small"
    raise NotYet(f"{value:,.10g} is {size} for {what}.")


def plain_number(found, what):
    """`found` as a float; raises NotYet if it is text, True or False, a list, or nothing yet."""
    if found is None or found is ...:
        raise NotYet(f"Write down {what} first: a guess costs nothing.")
    if isinstance(found, bool | np.bool_):
        raise NotYet(f"{found} is an answer to yes or no. As {what}, write a number.")
    if isinstance(found, str):
        raise NotYet(f"{found!r} is a text. As {what}, write a number, without quotation marks.")
    value = found.item() if hasattr(found, "item") and np.ndim(found) == 0 else found
    if not isinstance(value, Number) or isinstance(value, complex):
        raise NotYet(f"As {what}, write a number; yours is {found!r}.")
    if not np.isfinite(value):
        raise NotYet(f"As {what}, write a number that is finite; yours is {found!r}.")
    return float(value)
