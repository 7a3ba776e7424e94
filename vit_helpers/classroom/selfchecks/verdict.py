"""What a self-check says of an answer: right, or what is wrong with it; never how to do it."""

import functools
import inspect
import linecache
import re
import sysconfig
import traceback
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from numbers import Number
from pathlib import Path

import numpy as np

# A learner's function is none of these; its line is shown, and not one of a library.
LIBRARIES = (str(Path(__file__).parents[2]), *map(sysconfig.get_path, ("stdlib", "purelib")))
MOST_YIELDED = 1000  # a generator that never ends must not stop the notebook
# What Python and NumPy say, and what it means; `{}` are the groups of the pattern.
PLAIN = {
    r"core dimension \d+.*size (\d+) is different from (\d+)": "the sides of a matrix product do "
    "not fit: the left one has rows of {1} numbers, and the right one has {0} rows",
    r"could not be broadcast together with (?:remapped )?shapes (.*?)\s*$": "arrays of these "
    "shapes do not fit each other: {0}",
    r"axis (-?\d+) is out of bounds for array of dimension (\d+)": "an array with {1} axes has no "
    "axis {0} (they are counted from 0)",
    r"could not broadcast input array from shape (\S+) into shape (\S+)": "what you put in has the "
    "shape {0}, and the place for it the shape {1}",
    r"(.*(?:NoneType|ellipsis).*)": "{0}. Something is None there: is a function that you use not "
    "written yet, or does it not return what it made?",
}


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a message to the learner."""

    right: bool
    message: str
    task: str = ""

    def __repr__(self):
        return f"{'Right' if self.right else 'Not yet'}: {self.message}"

    def _repr_markdown_(self):
        return f"{'✓ **Right.**' if self.right else '○ **Not yet.**'} {self.message}"


class NotYet(Exception):
    """Ends a check with a message that says what is wrong."""


class Stopped(NotYet):
    """The learner's function stops with an error, or ends without a result."""


def check(function):
    """Make a check of a function that returns praise or raises NotYet: it returns a Verdict."""

    task = function.__doc__.partition(":")[0].lower()

    @functools.wraps(function)
    def checked(*answers):
        try:
            return Verdict(True, function(*answers), task)
        except NotYet as problem:
            return Verdict(False, str(problem), task)

    return checked


def ready(*verdicts):
    """Whether all verdicts are right; if not, says for which tasks the cell waits."""
    if tasks := [verdict.task for verdict in verdicts if not verdict.right]:
        print(f"There is something to see here when {' and '.join(tasks)} is right.")
    return not tasks


ANYTHING = inspect.signature(lambda *arguments: None)


def signature(function):
    """The signature of a function; some that are written in C do not tell theirs."""
    try:
        return inspect.signature(function)
    except ValueError:
        return ANYTHING


def names_of(function, arguments):
    """The names that the learner's function gives its arguments."""
    parameters = signature(function).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
    return names + [f"argument {i + 1}" for i in range(len(names), len(arguments))]


def told(function, arguments):
    """The arguments in words: numbers and short arrays as they are, longer ones by their shape."""
    words = []
    for name, value in zip(names_of(function, arguments), arguments, strict=False):
        if isinstance(value, np.ndarray):
            short = value.round(4) if value.dtype.kind == "f" else value
            words.append(f"`{name}` {short.tolist() if value.size <= 6 else value.shape}")
        elif isinstance(value, Number | str):
            words.append(f"`{name}` = {value!r}")
    return ", ".join(words)


def call(function, *arguments):
    """What the learner's function returns; raises NotYet if it stops, returns nothing, or writes
    into what it was given."""
    if not callable(function):
        raise NotYet(f"This check wants a function, and got {type(function).__name__}.")
    try:
        signature(function).bind(*arguments)
    except TypeError:
        raise NotYet(
            f"Your function does not take the {len(arguments)} things that the task gives it: its "
            f"first line has other arguments, {signature(function)}."
        ) from None
    before = [deepcopy(_state(argument)) for argument in arguments]
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
            if inspect.isgenerator(result):
                result = list(islice(result, MOST_YIELDED))
    except NotYet:
        raise
    except Exception as error:
        raise Stopped(f"Your function stops with {_in_words(error)}{_line(error)}") from error
    if result is None or result is ...:
        raise Stopped(
            "Your function returns nothing yet. Write its body, and end it with `return`. (What is "
            "printed, or only computed, is not returned.)"
        )
    for name, old, new in zip(names_of(function, arguments), before, arguments, strict=False):
        if not _alike(old, _state(new)):
            raise NotYet(
                f"Your function has changed `{name}`, which it was given: it writes into the "
                "original. Whoever uses that again, the next call for one, gets something else "
                "than before."
            )
    return result


def _state(argument):
    """What of an argument a function could change: its elements, or the arrays that it holds."""
    if isinstance(argument, np.ndarray | list | dict):
        return argument
    held = getattr(argument, "__dict__", {})
    return {name: value for name, value in held.items() if isinstance(value, np.ndarray)}


def _alike(old, new):
    """Whether something is as it was before, to the last element and in the same shape."""
    if isinstance(old, np.ndarray):
        return old.shape == new.shape and old.dtype == new.dtype and old.tobytes() == new.tobytes()
    if isinstance(old, dict):
        return list(old) == list(new) and all(_alike(old[key], new[key]) for key in old)
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(_alike, old, new))
    return old == new


def _in_words(error):
    for pattern, words in PLAIN.items():
        if found := re.search(pattern, str(error), re.DOTALL):
            return f"{type(error).__name__}: {words.format(*found.groups())}."
    return f"{type(error).__name__}: {str(error).rstrip('.')}."


def _line(error):
    """The line at which the learner's code stopped, and what stood in its names."""
    frames = [
        (frame, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if not frame.f_code.co_filename.startswith(LIBRARIES)
    ]
    if not frames:
        return ""
    frame, number = frames[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    values = {}
    for name in re.findall(r"[^\W\d]\w*", line):
        value = frame.f_locals.get(name)
        if hasattr(value, "shape") and value.shape != ():
            values[name] = f"`{name}` has the shape {tuple(value.shape)}"
        elif isinstance(value, Number | str) or (isinstance(value, list | tuple) and name != line):
            values[name] = f"`{name}` is {_short(value)}"
    where = f" It happens in the line `{line}`" if line else ""
    return where + (f", where {', '.join(values.values())}." if values else "." if line else "")


def _short(value):
    text = repr(value)
    return text if len(text) <= 40 else f"a {type(value).__name__} of {len(value)}"
