"""What a run keeps in its `checkpoint_dir`, and who may go on with it."""

import json
from contextlib import contextmanager

import keras

from ..machine.cache import write_whole


class Keeper(keras.callbacks.Callback):
    """Keep the history and the best weights of `model`, also in `folder` if there is one.

    `epochs` are those done before.
    """

    def __init__(self, model, folder=None):
        super().__init__()
        self.kept, self.folder = model, folder
        self.epochs, self.best = [], None
        if folder is not None and (folder / "history.json").exists():
            self.epochs = json.loads((folder / "history.json").read_text())

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs = self.epochs[:epoch]

    def on_epoch_end(self, epoch, logs=None):
        before = [past["val_accuracy"] for past in self.epochs]
        better = logs["val_accuracy"] > max(before, default=-1)
        self.epochs.append({name: float(value) for name, value in logs.items()})
        if better:
            self.best = self.kept.get_weights()
        if self.folder is None:
            return
        if better:
            part = self.folder / "best.part.keras"
            self.kept.save(part)
            part.replace(self.folder / "best.keras")
        text = json.dumps(self.epochs).encode()
        write_whole(self.folder / "history.json", lambda file: file.write(text))

    def best_weights(self):
        if self.best is None:  # that epoch was before the run was interrupted
            self.best = keras.saving.load_model(self.folder / "best.keras").get_weights()
        return self.best

    @property
    def history(self):
        return {name: [epoch[name] for epoch in self.epochs] for name in self.epochs[0]}


@contextmanager
def _named(checkpoint_dir):
    """Say which folder it was that could not be written."""
    try:
        yield
    except OSError as error:
        raise OSError(
            f"checkpoint_dir={str(checkpoint_dir)!r} cannot be written "
            f"({error.strerror or error}); name another folder, or make room and call again: the "
            "run then goes on after its last whole epoch"
        ) from error


def _shapes(model):
    return {w.path: list(w.shape) for w in model.weights if not w.path.endswith("/count")}


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
    write_whole(note, lambda file: file.write(json.dumps(run).encode()))
