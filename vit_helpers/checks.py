"""Checks that every wing of the package shares: each error names the argument and the remedy."""

from numbers import Integral, Real


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
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
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
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < 1:
        raise ValueError(f"{argument}={value!r} must be at least 0 and below 1")
    return float(value)


def divides(argument, value, whole_name, whole):
    """Raise a ValueError that proposes divisors unless `value` divides `whole`."""
    positive(argument, value)
    if whole % value:
        divisors = [d for d in range(1, whole + 1) if whole % d == 0]
        near = [d for d in divisors if d < value][-1:] + [d for d in divisors if d > value][:1]
        raise ValueError(
            f"{argument}={value} does not divide {whole_name}={whole}; "
            f"try {' or '.join(str(d) for d in near)}"
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
