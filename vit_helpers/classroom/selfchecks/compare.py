"""Compares what a learner found with what is right, and names the mistake that explains it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from numbers import Number

import numpy as np

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
        {m for m, gives in some.items() if found is None or equal(found, gives, rtol)}
        for some, (found, _, _) in zip(known, results, strict=True)
    ]
    for message in dict.fromkeys(m for i in wrong if results[i][0] is not None for m in known[i]):
        if all(message in f or message not in k for f, k in zip(fits, known, strict=True)):
            raise NotYet(message)
    case, (found, _, stopped) = cases[wrong[0]], results[wrong[0]]
    text = stopped or describe(found, np.asarray(case.right), axes, rtol)
    given = told(function, case.arguments)
    if fine := [i for i in range(len(cases)) if i not in wrong]:
        right = told(function, cases[fine[0]].arguments)
        raise NotYet(f"With {right} it is right. But with {given}: {text}")
    everywhere = len({problem for _, _, problem in results}) == 1
    raise NotYet(text if (stopped and everywhere) or not given else f"{text} (Tried with {given}.)")


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


def equal(found, other, rtol=1e-4):
    other = np.asarray(other)
    return found.shape == other.shape and np.allclose(found, other, rtol, 1e-5, equal_nan=True)


def describe(found, right, axes, rtol=1e-4):
    """What is wrong with an array, in the words that fit all tasks; right beside mine."""
    names = axes.strip("(),").split(", ")
    names = [names[i] if i < len(names) else f"axis {i}" for i in range(right.ndim)]
    shape = f"The shape should be {axes} = {right.shape}, and yours is {found.shape}."
    if found.shape != right.shape:
        return f"{_other_shape(found, right, names, rtol)}{shape}"
    off = ~np.isclose(found, right, rtol, 1e-5)
    where = tuple(map(int, np.argwhere(off)[0]))
    place = where if len(where) > 1 else where[0]
    beside = f" At {place} there should be {right[where]:.4g}, and you have {found[where]:.4g}."
    if not np.isfinite(found).all():
        return f"Your result has values that are infinite or not a number.{beside}"
    factor = (found * right).sum() / max((right * right).sum(), 1e-12)
    offset = (found - right).mean()
    mirrored = [n for i, n in enumerate(names) if equal(np.flip(found, i), right, rtol)]
    swapped = [
        f"{names[i]} and {names[j]}"
        for i, j in combinations(range(found.ndim), 2)
        if equal(found.swapaxes(i, j), right, rtol)
    ]
    rows = _sorted(found.reshape(len(found), -1)), _sorted(right.reshape(len(right), -1))
    general = {
        "All your values are zero.": not found.any(),
        f"All your values are the same: {found.flat[0]:.4g}.": np.ptp(found) == 0,
        "The sign of all your values is turned round.": equal(-found, right, rtol),
        f"Your values are {factor:.4g} times the right ones.": equal(found, factor * right, rtol),
        f"Your values are all off by the same number, {offset:+.4g}.": equal(
            found, right + offset, rtol
        ),
        "Your values are whole numbers: what stands behind the point is lost.": equal(
            found, np.trunc(right), rtol
        ) or equal(found, np.round(right), rtol),
        f"This is right but backwards, along the axis of {', '.join(mirrored)}.": mirrored,
        f"Two axes have changed places: {', '.join(swapped)}.": swapped,
        f"All rows are right, but in another order, along the axis of {names[0]}.": equal(
            *rows, rtol
        ),
        "All the right numbers are there, but in other places.": equal(
            np.sort(found, None), np.sort(right, None), rtol
        ),
    }  # fmt: skip
    text = next((text for text, true in general.items() if true), "")
    return (text or f"The shape is right, but not all values. {_some(off, names)}") + beside


def _other_shape(found, right, names, rtol):
    """What an array of another shape is of the right one, if it is anything."""
    squeezed, flat = found.squeeze(), (found.ravel(), right.ravel())
    if squeezed.shape == right.shape and equal(squeezed, right, rtol):
        return "The numbers are right, but there is an axis too many. "
    if equal(found.T, right, rtol):
        return "The numbers are right, but rows and columns are swapped. "
    if equal(*flat, rtol):
        return "The numbers and their order are right, but not how they are laid out. "
    if equal(*map(np.sort, flat), rtol):
        return "All the right numbers are there, but in other places. "
    for axis, name in enumerate(names):
        for what, part in (
            ("added up over", right.sum(axis)), ("took the mean over", right.mean(axis)),
            ("took only the first of", right.take(0, axis)),
            ("took only the last of", right.take(-1, axis)),
        ):  # fmt: skip
            if equal(squeezed, part.squeeze(), rtol):
                return f"You {what} the {name}. "
    return ""


def _some(off, names):
    """Which part of the values is wrong: all, or those at some places along one axis."""
    for axis, name in enumerate(names):
        bad = off.any(axis=tuple(i for i in range(off.ndim) if i != axis))
        if not bad.all() and bad.size > 1:
            which = np.flatnonzero(bad)
            listed = ", ".join(map(str, which[:6])) + (", ..." if len(which) > 6 else "")
            return (
                f"Along the axis of {name}, wrong is what stands at {listed} ({len(bad)} in all)."
            )
    return f"{off.mean():.0%} of the values are wrong."


def _sorted(rows):
    return rows[np.lexsort(rows.T[::-1])] if rows.size else rows


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
