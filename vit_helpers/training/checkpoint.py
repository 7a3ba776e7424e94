"""What a run keeps: its history and best weights, and in a `checkpoint_dir` what to go on from."""

import json
from dataclasses import asdict
from pathlib import Path

import keras

from ..machine.cache import write_atomically


class Checkpoints:
    """The memory of one run, as a context around its training.

    With a `checkpoint_dir` the folder is claimed for this run on entering, and it is finished on
    leaving without an error. Raises ValueError for a folder that holds another, unfinished run, and
    OSError, which names the folder, if it cannot be written.
    """

    def __init__(self, model, plan, checkpoint_dir=None):
        self.model, self.plan = model, plan
        self.folder = None if checkpoint_dir is None else Path(checkpoint_dir)

    def __enter__(self):
        with _Named(self.folder):
            if self.folder is not None:
                _claim(self.folder, self._description())
            self.best = BestCheckpoint(self.model, self.folder)
        return self

    def __exit__(self, kind, error, trace):
        with _Named(self.folder):
            if isinstance(error, OSError):
                raise error
            if error is None and self.folder is not None:
                self.best_weights()
                (self.folder / "run.json").unlink()

    @property
    def callbacks(self):
        """What Keras calls after each epoch."""
        if self.folder is None:
            return [self.best]
        backup = self.folder / "backup"
        return [self.best, keras.callbacks.BackupAndRestore(backup, double_checkpoint=True)]

    @property
    def epochs_done(self):
        """How many epochs were done before the run was interrupted."""
        return len(self.best.epochs)

    @property
    def history(self):
        """{metric: a value for each epoch}."""
        return {name: [epoch[name] for epoch in self.best.epochs] for name in self.best.epochs[0]}

    def best_weights(self):
        """The weights after the epoch with the best validation accuracy."""
        if self.best.weights is None:  # that epoch was before the run was interrupted
            self.best.weights = keras.saving.load_model(self.folder / "best.keras").get_weights()
        return self.best.weights

    def _description(self):
        """What must be the same for a run to go on."""
        plan = self.plan
        return {
            **asdict(plan.recipe), "epochs": plan.epochs, "seed": plan.seed,
            "profile": plan.profile, "dataset": plan.data.name,
            "weights": {
                weight.path: list(weight.shape)
                for weight in self.model.weights if not weight.path.endswith("/count")
            },
        }  # fmt: skip


class BestCheckpoint(keras.callbacks.Callback):
    """Keeps the epochs and the best weights of `model`, also in `folder` if there is one."""

    def __init__(self, model, folder=None):
        super().__init__()
        self.source, self.folder = model, folder
        self.epochs, self.weights = [], None
        if folder is not None and (folder / "history.json").exists():
            self.epochs = json.loads((folder / "history.json").read_text())

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs = self.epochs[:epoch]

    def on_epoch_end(self, epoch, logs=None):
        before = [past["val_accuracy"] for past in self.epochs]
        better = logs["val_accuracy"] > max(before, default=-1)
        self.epochs.append({name: float(value) for name, value in logs.items()})
        if better:
            self.weights = self.source.get_weights()
        if self.folder is None:
            return
        if better:
            part = self.folder / "best.part.keras"
            self.source.save(part)
            part.replace(self.folder / "best.keras")
        text = json.dumps(self.epochs).encode()
        write_atomically(self.folder / "history.json", lambda file: file.write(text))


class _Named:
    """Says which folder it was that could not be written."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, OSError):
            raise OSError(
                f"checkpoint_dir={str(self.folder)!r} cannot be written "
                f"({error.strerror or error}); name another folder, or make room and call again: "
                "the run then goes on after its last whole epoch"
            ) from error


def _claim(folder, run):
    """Note in `folder` which run it belongs to; raise ValueError if another one is unfinished."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "run.json"
    if note.exists():
        other = json.loads(note.read_text())
        if other != run:
            odd = ", ".join(sorted(key for key in run if other.get(key) != run[key]))
            raise ValueError(
                f"checkpoint_dir={str(folder)!r} holds an unfinished run with other settings "
                f"({odd}); name another folder, or delete this one to start afresh"
            )
        return
    (folder / "history.json").unlink(missing_ok=True)
    write_atomically(note, lambda file: file.write(json.dumps(run).encode()))
