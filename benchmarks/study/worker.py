"""Runs settings on one core: reads lines of JSON, writes a line of JSON for each.

python -m benchmarks.study.worker CORE DATASET
"""

import json
import os
import sys

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(sys.argv[1])})  # before JAX counts the cores

import vit_helpers  # isort: skip  (chooses the backend before Keras is imported)

import keras

from vit_helpers.machine.memory import free_memory

from .probes import PROBES
from .questions import QUESTIONS, SMOKE, runs
from .settings import train


def main(name):
    dataset = vit_helpers.load_dataset(name)
    known = {s.key: s for table in (QUESTIONS, SMOKE) for s, _ in runs(table, 1)}
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(measured(known[asked["key"]], dataset, asked["seed"])), flush=True)
        keras.backend.clear_session()
        free_memory()


def measured(setting, dataset, seed):
    """The entry of one run."""
    try:
        model, done, data = train(setting, dataset, seed)
    except ValueError as error:
        if "diverged" not in str(error):
            raise
        return {"diverged": True, "test": 1 / len(dataset.class_names)}
    history = {name: [round(v, 4) for v in values] for name, values in done.history.items()}
    few = slice(0, 2_000)
    _, train_accuracy, _ = model.evaluate(data.x_train[few], data.y_train[few], 250, verbose=0)
    return {
        "test": round(done.test_accuracy, 4),
        "train": round(float(train_accuracy), 4),
        "history": {n: history[n] for n in ("loss", "accuracy", "val_loss", "val_accuracy")},
        "parameters": model.count_params(),
        "seconds": round(done.seconds, 1),
        "probes": {name: PROBES[name](model, setting, data, seed) for name in setting.probes},
    }


if __name__ == "__main__":
    main(sys.argv[2])
