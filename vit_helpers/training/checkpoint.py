"""What a run keeps, so that after a kill the same call goes on from there, to the same last bit."""

import time
import warnings
from contextlib import ExitStack, contextmanager

import jax
import keras
import numpy as np

from ..machine.statefiles import StateFiles, claimed
from .folders import prune, run_folder
from .identity import identity, key, versions

KEEP_SECONDS = 30


class Checkpoints:
    """The memory of one run, as a context around it: how far it is, its best epoch, its states.

    Each state is whole: the weights, the optimizer, every random number generator, the running
    metrics, the place in the epoch, the history and the best weights so far. With a folder it is
    written after each epoch and every KEEP_SECONDS in between. Entering claims the folder and reads
    its last state. Raises ValueError if it holds another run that is not finished, and OSError,
    which names the folder, if it cannot be written or if another process trains in it.
    """

    def __init__(self, model, plan, folder=None, resume=False):
        self.model, self.plan = model, plan
        self.epochs, self.call = [], 0  # the metrics of each whole epoch; calls of the next one
        self.best = self.test = self.state = None
        self.spent, self.started, self.kept_at = 0.0, time.perf_counter(), time.monotonic()
        self.resume, self.stack = resume and folder is None, ExitStack()
        self.identity = identity(model, plan) if folder is not None or resume else None
        self.folder = folder
        if self.resume:
            self.folder = run_folder(key({**self.identity, "epochs": plan.epochs}))
        self.files = None if self.folder is None else StateFiles(self.folder)

    def __enter__(self):
        try:
            self._enter()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *error):
        self.stack.close()

    def _enter(self):
        if self.folder is None:
            return
        if self.resume:
            prune(self.folder)
        try:
            with _named(self.folder):
                self.stack.enter_context(claimed(self.folder))
        except OSError as error:
            if not self.resume:
                raise
            print(f"This run is not kept: {error}")
            self.folder = self.files = None
            return
        if (found := self.files.latest()) is not None:
            self._take(*found)

    def _take(self, about, blobs):
        """Go on from a state that was read, if it is one of this run."""
        theirs, epochs = about["run"], self.plan.epochs
        odd = [name for name in self.identity if theirs.get(name) != self.identity[name]]
        if odd and about["test"] is None:
            raise ValueError(
                f"checkpoint_dir={str(self.folder)!r} holds an unfinished run with other settings "
                f"({', '.join(sorted(odd))}); name another folder, or delete this one to start "
                "afresh"
            )
        if odd:
            self.files.clear()
            return
        if about["epochs"] != epochs:
            if self.plan.recipe.schedule != "constant" or len(about["history"]) > epochs:
                raise ValueError(
                    f"epochs={epochs}, but checkpoint_dir={str(self.folder)!r} holds a run of "
                    f"{about['epochs']} epochs: the learning rate of another number of epochs is "
                    "another from the first step on (unless it is constant, and they are more); "
                    "name another folder"
                )
            about["test"] = None
        if about["versions"] != versions():
            warnings.warn(
                f"{self.folder} was begun with other versions ({about['versions']}, now "
                f"{versions()}): the result may differ in the last digits",
                stacklevel=5,
            )
        self.epochs, self.call, self.test = about["history"], about["call"], about["test"]
        self.spent, count = about["seconds"], about["best"]
        self.state = blobs[count:]
        if count:
            self.best = _like(blobs[:count], self.model.weights)

    def restore(self, trainer):
        """Bring the weights, the optimizer and all random states of `trainer` to where they were.

        The running metrics follow when the epoch begins: Keras resets them there.
        """
        if self.state is None:
            return
        trainer.optimizer.build(trainer.trainable_variables)
        variables = _variables(trainer)
        for variable, blob in zip(variables, self.state, strict=False):
            _assign(variable, _array(blob, variable))
        self.state = self.state[len(variables) :] if self.call else None

    def callback(self):
        """The Keras callback that keeps the states of this run."""
        return _Keep(self)

    def epoch_done(self, logs):
        """Note the metrics (a dict) of an epoch; its weights, if none before it was better."""
        logs = {name: float(value) for name, value in logs.items()}
        before = max((epoch["val_accuracy"] for epoch in self.epochs), default=-1)
        if logs["val_accuracy"] > before:
            self.best = self.model.get_weights()
        self.epochs.append(logs)
        self.call = 0

    def save(self, trainer):
        """Write a state; raises OSError that names the folder."""
        if self.files is None:
            return
        best = self.best or []
        about = {
            "run": self.identity, "versions": versions(), "epochs": self.plan.epochs,
            "history": self.epochs, "call": self.call, "test": self.test,
            "seconds": self.seconds, "best": len(best),
        }  # fmt: skip
        state = [np.asarray(v.value) for v in [*_variables(trainer), *trainer.metrics_variables]]
        with _named(self.folder):
            self.files.save(about, [*best, *state])
        self.kept_at = time.monotonic()

    def finish(self, test):
        """Note the result {metric: value} on the test split; write the best model, `best.keras`."""
        self.test = test
        if self.folder is None:
            return
        if (last := self.files.latest()) is None:
            warnings.warn(f"the states in {self.folder} are gone: nothing is kept", stacklevel=4)
            return
        about, blobs = last
        with _named(self.folder):
            about |= {"test": test, "seconds": self.seconds}
            self.files.save(about, [np.frombuffer(blob, np.uint8) for blob in blobs])
            part = self.folder / "best.part.keras"
            self.model.save(part)
            part.replace(self.folder / "best.keras")

    @property
    def seconds(self):
        """Spent on this run, also before it was interrupted."""
        return self.spent + time.perf_counter() - self.started

    @property
    def history(self):
        """{metric: a value for each epoch}."""
        return {name: [epoch[name] for epoch in self.epochs] for name in self.epochs[0]}


class _Keep(keras.callbacks.Callback):
    """Keeps the state of a run after each epoch and every KEEP_SECONDS; stops one that diverges."""

    def __init__(self, checkpoints):
        super().__init__()
        self.run = checkpoints

    def on_epoch_begin(self, epoch, logs=None):
        if self.run.state:  # goes on in the middle of an epoch
            for variable, blob in zip(self.model.metrics_variables, self.run.state, strict=True):
                _assign(variable, _array(blob, variable))
        self.run.state = None

    def on_train_batch_end(self, batch, logs=None):
        run = self.run
        run.call += 1
        if not np.isfinite(loss := float(logs["loss"])):
            rate = run.plan.recipe.learning_rate
            raise ValueError(
                f"learning_rate={rate:g}: the training diverged in epoch {len(run.epochs) + 1} "
                f"(the loss is {loss}); try {rate / 10:g}, a longer warm-up or clip_norm=1.0"
            )
        due = time.monotonic() - run.kept_at > KEEP_SECONDS
        if due and run.call < run.plan.calls_per_epoch:
            run.save(self.model)

    def on_epoch_end(self, epoch, logs=None):
        trainer = self.model
        self.run.epoch_done(logs)
        self.run.save(trainer)


@contextmanager
def as_before_on_failure(model):
    """Give `model` its values back if what is inside fails or is stopped."""
    before = [np.array(variable.value) for variable in model.variables]
    try:
        yield
    except BaseException:
        for variable, value in zip(model.variables, before, strict=True):
            _assign(variable, value)
        raise


def _variables(trainer):
    return [*trainer.model.variables, *trainer.optimizer.variables]


def _array(blob, variable):
    """The value of `variable` from its bytes."""
    dtype = np.asarray(variable.value).dtype
    return np.frombuffer(blob, dtype).reshape(variable.shape)


def _assign(variable, value):
    """Give `variable` a copy of its own: a training step of JAX reuses the memory of its values."""
    variable.assign(jax.numpy.array(value, copy=True))


def _like(blobs, variables):
    return [_array(blob, variable).copy() for blob, variable in zip(blobs, variables, strict=True)]


@contextmanager
def _named(folder):
    """Say which folder it was that could not be written."""
    try:
        yield
    except TimeoutError:
        raise OSError(
            f"checkpoint_dir={str(folder)!r} is in use: another process trains in it; wait for it, "
            "or name another folder"
        ) from None
    except OSError as error:
        raise OSError(
            f"checkpoint_dir={str(folder)!r} cannot be written ({error.strerror or error}); name "
            "another folder, or make room and call again: the run then goes on from its last state"
        ) from error
