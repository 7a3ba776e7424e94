"""What `make study` measured beforehand, with its errors."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from ..checks import choose
from .show import show_table

FILE = Path(__file__).with_name("study.jsonl")
HEADER = ("", "test accuracy", "against the first row", "training accuracy", "runs")


@dataclass(frozen=True)
class Study:
    """`about` {dataset: its questions and rows}, `runs` {(dataset, key of the row, seed): run}."""

    about: dict
    runs: dict


@dataclass(frozen=True)
class Row:
    """A row of an answer: what it `changes` in the default, and `runs` {seed: entry}."""

    name: str
    changes: dict
    runs: dict

    def values(self, field="test"):
        """{seed: value} of one field of the runs, where they have it."""
        return {seed: run[field] for seed, run in self.runs.items() if field in run}


def read(path):
    """The Study in a file."""
    about, runs = {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "questions" in entry:
            about[entry["data"]] = entry
        else:
            runs[entry["data"], entry["key"], entry["seed"]] = entry
    return Study(about, runs)


@cache
def _stored():
    return read(FILE)


def study_rows(question, data="shapes100", study=None):
    """The rows that answer a question, as far as they were trained: [Row], the default first.

    Raises ValueError for an unknown question or dataset.
    """
    study = study or _stored()
    about = choose("data", data, study.about)
    keys = choose("question", question, about["questions"])
    found = []
    for name, key in keys.items():
        runs = {s: run for (d, k, s), run in sorted(study.runs.items()) if (d, k) == (data, key)}
        if runs:
            found.append(Row(name, about["rows"][key], runs))
    return found


def mean_and_error(values):
    """The mean of some runs and its standard error, s / sqrt(n); nan for one run."""
    values = np.asarray(values)
    if values.dtype.kind not in "uif" or values.ndim != 1 or not len(values):
        raise ValueError(f"values must be one number or more in a row, not {values!r:.80}")
    spread = values.std(ddof=1) if len(values) > 1 else np.nan
    return float(values.mean()), float(spread / np.sqrt(len(values)))


def difference(first, second, field="test"):
    """How much `second` is above `first`, in pairs of the same seed: (mean, error, seen).

    `seen` is True where chance makes such a mean in fewer than 5 of 100 cases, if both were equal:
    where it is further from 0 than Student's t says, for n - 1 degrees of freedom.
    """
    a, b = first.values(field), second.values(field)
    pairs = [b[seed] - a[seed] for seed in a if seed in b]
    if not pairs:
        return float("nan"), float("nan"), False
    mean, error = mean_and_error(pairs)
    bound = stdtrit(len(pairs) - 1, 0.975) * error if len(pairs) > 1 else np.inf
    return mean, error, bool(abs(mean) > bound)


def study_table(question, data="shapes100"):
    """The answer as a rendered table; differences are in points, in bold where chance is ruled out.

    "none seen" stands where the runs do not tell the two apart.
    """
    return show_table(_cells(study_rows(question, data)), HEADER)


def as_text(study, question, data):
    """The answer as plain text."""
    table = [HEADER, *_cells(study_rows(question, data, study))]
    sizes = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, row, sizes)).rstrip() for row in table]
    return "\n".join([f"{question} ({data})", *lines])


def _cells(rows):
    return [
        (
            row.name,
            _percent(*mean_and_error(list(row.values().values()))),
            _against(*difference(rows[0], row)) if row is not rows[0] else "",
            _percent(*mean_and_error(list(row.values("train").values()))),
            str(len(row.runs)),
        )
        for row in rows
    ]


def _percent(mean, error):
    return f"{mean:.1%}" if np.isnan(error) else f"{100 * mean:.1f} ± {100 * error:.1f} %"


def _against(mean, error, seen):
    if np.isnan(error):
        return "one run"
    points = f"{100 * mean:+.1f} ± {100 * error:.1f}"
    return f"**{points}**" if seen else f"none seen ({points})"
