"""What a self-check says of an answer: right, or what is wrong with it; never how to do it."""

import functools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a message to the learner."""

    right: bool
    message: str

    def __repr__(self):
        return f"{'Right' if self.right else 'Not yet'}: {self.message}"

    def _repr_markdown_(self):
        return f"{'✓ **Right.**' if self.right else '○ **Not yet.**'} {self.message}"


class NotYet(Exception):
    """Ends a check with a message that says what is wrong."""


def check(function):
    """Make a check of a function that returns praise or raises NotYet: it returns a Verdict."""

    @functools.wraps(function)
    def checked(*answers):
        try:
            return Verdict(True, function(*answers))
        except NotYet as problem:
            return Verdict(False, str(problem))

    return checked


def call(function, *arguments):
    """What the learner's function returns; raises NotYet if it stops or returns nothing."""
    if not callable(function):
        raise NotYet(f"This check wants a function, and got {type(function).__name__}.")
    try:
        result = function(*arguments)
    except Exception as error:
        raise NotYet(f"Your function stops with {type(error).__name__}: {error}") from error
    if result is None:
        raise NotYet("Your function returns nothing yet. Write its body, and end it with `return`.")
    return result


def same(found, right, mistakes, axes, rtol=1e-4):
    """Raise NotYet unless the array `found` equals `right`.

    `mistakes` maps what to say to the array that this mistake gives; `axes` names the axes of the
    right array, such as "(patches, values)".
    """
    right = np.asarray(right)
    try:
        found = np.asarray(found, dtype="float64")
    except (TypeError, ValueError):
        raise NotYet(
            f"Your result is of type {type(found).__name__}; it should be one array {axes}."
        ) from None
    if _equal(found, right, rtol):
        return
    for message, wrong in mistakes.items():
        if _equal(found, np.asarray(wrong), rtol):
            raise NotYet(message)
    if found.shape != right.shape:
        raise NotYet(f"The shape should be {axes} = {right.shape}, and yours is {found.shape}.")
    if not np.isfinite(found).all():
        raise NotYet("Your result has values that are infinite or not a number.")
    factor = (found * right).sum() / max((right * right).sum(), 1e-12)
    if factor and _equal(found, factor * right, rtol):
        raise NotYet(f"Your values are {factor:.4g} times the right ones.")
    off = ~np.isclose(found, right, rtol=rtol, atol=1e-5)
    where = tuple(int(i) for i in np.argwhere(off)[0])
    raise NotYet(
        f"The shape is right, but {off.mean():.0%} of the values are not; the first at {where}, "
        f"where you have {found[where]:.4g}."
    )


def number(found, right, mistakes, what):
    """Raise NotYet unless the number `found` is `right`; `mistakes` maps messages to numbers."""
    if found is None or found is ...:
        raise NotYet(f"Write down {what} first: a guess costs nothing.")
    try:
        value = float(found)
    except (TypeError, ValueError):
        raise NotYet(f"As {what}, write a number; yours is {found!r}.") from None
    if np.isclose(value, right, rtol=1e-6):
        return
    for message, wrong in mistakes.items():
        if np.isclose(value, wrong, rtol=1e-6):
            raise NotYet(message)
    size = "too large" if value > right else "too small"
    raise NotYet(f"{value:,.10g} is {size} for {what}.")


def _equal(found, other, rtol):
    return found.shape == other.shape and np.allclose(found, other, rtol=rtol, atol=1e-5)
