"""A small run that kills its own process at a given point; started by `test_resume`.

`python -m tests.training.killed FOLDER RESULT POINT [CHOICE ...]`: the points are counted from the
start of the process: before and after each call of training, and before, within and after each
write of a state. Point 0 is never reached. The result is written as JSON.
"""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

import vit_helpers
from vit_helpers.machine import statefiles
from vit_helpers.training import checkpoint
from vit_helpers.training.identity import digest

CHOICES = {"muon", "flip-shift", "cutmix", "dropout"}


class Points:
    """Counts, and kills at the one that was asked for."""

    def __init__(self, kill_at):
        self.count, self.kill_at = 0, kill_at

    def __call__(self):
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def write_in_halves(point):
    """`write_atomically` with points before it, after each half and after it."""

    def write(path, give):
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        point()
        with open(part, "wb") as file:
            give(file)
        whole = part.read_bytes()
        part.write_bytes(whole[: len(whole) // 2])
        point()
        part.write_bytes(whole)
        point()
        os.replace(part, path)
        point()

    return write


def data():
    """400 drawings to train on, of ten classes."""
    shapes = vit_helpers.load_dataset()
    mine = np.flatnonzero(shapes.y_train < 10)[:400]
    return replace(
        shapes.take(4000, 1000), x_train=shapes.x_train[mine], y_train=shapes.y_train[mine]
    )


def train(folder, choices, epochs):
    """The result of a run of 2 blocks, and a digest of the weights."""
    rate = 0.2 if "dropout" in choices else 0.0
    config = vit_helpers.ViTConfig(
        patch_size=8, projection_dim=16, num_heads=2, transformer_layers=2, dropout=rate,
        attention_dropout=rate,
    )  # fmt: skip
    recipe = replace(
        vit_helpers.RECIPES["default"], batch_size=16,
        optimizer="muon" if "muon" in choices else "adamw",
        augmentation="flip-shift" if "flip-shift" in choices else "none",
        mixing="cutmix" if "cutmix" in choices else "none",
    )  # fmt: skip
    model = vit_helpers.create_vit_classifier(config)
    result = vit_helpers.run_experiment(
        model, data(), "smoke", recipe, epochs=epochs, checkpoint_dir=folder
    )
    return {
        "history": result.history, "test": [result.test_accuracy, result.test_top5],
        "weights": digest(*model.get_weights()),
    }  # fmt: skip


def main(folder, target, kill_at, *choices):
    point = Points(int(kill_at))
    checkpoint.KEEP_SECONDS = 0
    statefiles.write_atomically = write_in_halves(point)
    count = checkpoint._Keep.on_train_batch_end

    def counted(self, batch, logs=None):
        point()
        count(self, batch, logs)
        point()

    checkpoint._Keep.on_train_batch_end = counted
    result = train(folder, choices, epochs=3)
    Path(target).write_text(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
