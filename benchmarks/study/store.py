"""The study's file: a line for the questions of each dataset, a line for each run."""

import json
from dataclasses import fields, replace

from vit_helpers.classroom import study
from vit_helpers.machine.cache import write_atomically

from .settings import Setting

DEFAULT = Setting()


class Store:
    """What is in the file `path`, and how it grows."""

    def __init__(self, path):
        self.path = path
        self.study = study.read(path) if path.exists() else study.Study({}, {})

    def describe(self, data, questions):
        """Note which rows answer which question, and what each changes in the default."""
        rows = {s.key: changes(s) for rows in questions.values() for s in rows.values()}
        table = {q: {row: s.key for row, s in rows.items()} for q, rows in questions.items()}
        self.study.about[data] = {"data": data, "questions": table, "rows": rows}

    def missing(self, data, runs):
        """Of [(setting, seed)], those that have no entry or lack a probe."""

        def done(setting, seed):
            entry = self.study.runs.get((data, setting.key, seed))
            return entry and ("diverged" in entry or {*setting.probes} <= {*entry["probes"]})

        return [run for run in runs if not done(*run)]

    def keep(self, data, setting, seed, entry):
        """Add one run to the file."""
        entry = {"data": data, "key": setting.key, "seed": seed, **entry}
        self.study.runs[data, setting.key, seed] = entry
        runs = [run for _, run in sorted(self.study.runs.items())]
        lines = (
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
            for line in [*self.study.about.values(), *runs]
        )
        write_atomically(self.path, lambda file: file.write("".join(lines).encode()))


def changes(setting):
    """{field: value} of what differs from the default."""
    found = {}
    for mine, default in (
        (replace(setting, probes=()), DEFAULT),
        (setting.recipe, DEFAULT.recipe),
        (setting.config, DEFAULT.config),
    ):
        for name in (field.name for field in fields(mine)):
            if name not in ("recipe", "config") and getattr(mine, name) != getattr(default, name):
                found[name] = getattr(mine, name)
    return found
