"""What is wrong with an array, in words that fit every task: the right value beside mine."""

from itertools import combinations

import numpy as np


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
        "The sign of some of your values is turned round.": equal(abs(found), abs(right), rtol),
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
            return f"Along the axis of {name}, {len(which)} of {len(bad)} are wrong: {listed}."
    return f"{off.mean():.0%} of the values are wrong."


def _sorted(rows):
    return rows[np.lexsort(rows.T[::-1])] if rows.size else rows
