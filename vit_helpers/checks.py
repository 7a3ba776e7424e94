"""Checks that every wing of the package shares: each error names the argument and the remedy."""

import math
from numbers import Integral, Real

import numpy as np

FAR = 10_000  # how many numbers are tried on each side


def choose(argument, value, options):
    """Return `options[value]`, or raise a ValueError that lists what there is."""
    if not isinstance(value, str) or value not in options:
        known = ", ".join(repr(name) for name in options)
        raise ValueError(f"{argument}={value!r} is unknown; choose one of {known}")
    return options[value]


def whole(argument, value, least):
    """Return `value` as an int if it is a whole number of at least `least`, or raise a ValueError.

    NumPy's integers are whole numbers, too; booleans are not.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral) or value < least:
        raise ValueError(f"{argument}={value!r} must be a whole number of at least {least}")
    return int(value)


def positive(argument, value):
    """Return `value` as an int if it is a whole number above zero, or raise a ValueError."""
    return whole(argument, value, 1)


def not_negative(argument, value):
    """Return `value` as an int if it is a whole number of zero or more, or raise a ValueError."""
    return whole(argument, value, 0)


def share(argument, value):
    """Return `value` as a float if it is in [0, 1), or raise a ValueError."""
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{argument}={value!r} must be at least 0 and below 1")
    return float(value)


def number(argument, value, above_zero=False):
    """Return `value` as a float if it is finite and at least (or above) 0, or raise ValueError."""
    fits = _is_number(value) and math.isfinite(value) and value >= 0
    if not fits or (above_zero and value == 0):
        bound = "above 0" if above_zero else "of at least 0"
        raise ValueError(f"{argument}={value!r} must be a finite number {bound}")
    return float(value)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def flag(argument, value):
    """Return `value` as a bool if it is True or False, or raise a ValueError."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{argument}={value!r} must be True or False")
    return bool(value)


def seed_number(argument, value):
    """Return `value` as an int if it is a whole number in 0 ... 2^32 - 1, or raise a ValueError."""
    if not_negative(argument, value) >= 2**32:
        raise ValueError(f"{argument}={value!r} must be below 2^32")
    return int(value)


def widths(argument, value, least=0):
    """Return `value` as a tuple of `least` or more whole numbers above 0, or raise a ValueError."""
    if not isinstance(value, tuple | list) or len(value) < least:
        example = "(256, 64)" if least else "(256,) or ()"
        raise ValueError(f"{argument}={value!r} must be a tuple of whole numbers, as in {example}")
    return tuple(positive(argument, one) for one in value)


def sides(argument, value):
    """Return `value`, one side or (height, width), as whole numbers, or raise a ValueError."""
    if not isinstance(value, tuple | list):
        return positive(argument, value)
    if len(value) != 2:
        raise ValueError(f"{argument}={value!r} must be one side or (height, width)")
    return tuple(positive(argument, side) for side in value)


def several(argument, value):
    """Return `value` if it is a list, a tuple, an array or the like, or raise a ValueError."""
    if not hasattr(value, "__len__") or isinstance(value, str | bytes):
        raise ValueError(f"{argument}={value!r:.80} must be a list or an array")
    return value


def instance(argument, value, kind, remedy):
    """Return `value` if it is of the class `kind`, or raise a ValueError with the remedy."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise ValueError(f"{argument}={value!r:.80} must be {article} {kind.__name__}; {remedy}")
    return value


class Choices(dict):
    """A dict of what can be chosen by name; a name that is not there is answered with the list."""

    def __init__(self, argument, options):
        super().__init__(options)
        self.argument = argument

    def __missing__(self, name):
        known = ", ".join(map(repr, self))
        raise KeyError(f"{self.argument}[{name!r}] is unknown; choose one of {known}")


def divides(argument, value, whole_name, whole):
    """Raise a ValueError that proposes the nearest divisors unless `value` divides `whole`."""
    positive(argument, value)
    if whole % value:
        smaller = (d for d in range(min(value - 1, whole), 0, -1)[:FAR] if whole % d == 0)
        larger = (d for d in range(value + 1, whole + 1)[:FAR] if whole % d == 0)
        near = [d for d in (next(smaller, None), next(larger, None)) if d]
        raise ValueError(
            f"{argument}={value} does not divide {whole_name}={whole}; "
            f"try {' or '.join(map(str, near or [1]))}"
        )


def only(layer, given, **honoured):
    """Raise a ValueError for arguments in `given` that a layer of ours takes but does not honour.

    `honoured` maps the name of an argument to its one value; `given` loses these arguments.
    """
    for argument, value in honoured.items():
        if (found := given.pop(argument, value)) != value:
            raise ValueError(
                f"{layer} does not know {argument}={found!r}, only {argument}={value!r}; "
                f"take the layer of keras.layers for that"
            )
