"""Checks that every room of the package shares: each error names the argument and the remedy."""


def choose(argument, value, options):
    """Return `options[value]`, or raise a ValueError that lists what there is."""
    if not isinstance(value, str) or value not in options:
        known = ", ".join(repr(name) for name in options)
        raise ValueError(f"{argument}={value!r} is unknown; choose one of {known}")
    return options[value]


def positive(argument, value):
    """Return `value` if it is an integer above zero, or raise a ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{argument}={value!r} must be a whole number of at least 1")
    return value


def not_negative(argument, value):
    """Return `value` if it is an integer of zero or more, or raise a ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{argument}={value!r} must be a whole number of at least 0")
    return value


def share(argument, value):
    """Return `value` if it is in [0, 1), or raise a ValueError."""
    if not isinstance(value, (int, float)) or not 0 <= value < 1:
        raise ValueError(f"{argument}={value!r} must be at least 0 and below 1")
    return value


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
