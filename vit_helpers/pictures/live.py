"""One live picture of a training run, or one line an epoch where there is no notebook."""

import time

import keras
import matplotlib
import numpy as np
from IPython import display, get_ipython

from .picture import COLOURS, MARKERS, Picture, new_figure, styled

REDRAW_SECONDS = 5


class LiveProgress(keras.callbacks.Callback):
    """Redraw the training loss every few seconds in one place; the last picture stays."""

    def __init__(self, epochs, steps):
        super().__init__()
        self.epochs, self.steps = epochs, steps
        self.in_notebook = getattr(get_ipython(), "kernel", None) is not None

    def on_train_begin(self, logs=None):
        self.losses, self.validation, self.handle = [], [], None
        self.started = self.drawn = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if not self.losses:
            self.first = epoch * self.steps

    def on_train_batch_end(self, batch, logs=None):
        self.step = self.epoch * self.steps + batch + 1
        # Keras reports the mean of the epoch so far; two of them give the loss of this call.
        total = float(logs["loss"]) * (batch + 1)
        loss = total - (self.total if batch else 0)
        self.total = total
        self.smooth = loss if not self.losses else (self.smooth + loss) / 2
        self.losses.append((self.step / self.steps, self.smooth))
        if self.in_notebook and time.monotonic() - self.drawn > REDRAW_SECONDS:
            self._draw(f"epoch {self.epoch + 1} of {self.epochs} · {self._left()} left")

    def on_epoch_end(self, epoch, logs=None):
        self.validation.append((epoch + 1, float(logs["val_accuracy"])))
        if not self.in_notebook:
            print(
                f"epoch {epoch + 1}/{self.epochs}: loss {logs['loss']:.3f}, "
                f"validation accuracy {logs['val_accuracy']:.1%}, {self._left()} left"
            )

    def on_train_end(self, logs=None):
        if self.in_notebook:
            best = max(accuracy for _, accuracy in self.validation)
            spent = time.monotonic() - self.started
            passes = f"{self.epochs} epoch{'s' if self.epochs > 1 else ''}"
            self._draw(f"{passes} in {spent:.0f} s · best validation {best:.1%}")

    def _left(self):
        done, total = self.step - self.first, self.epochs * self.steps - self.first
        seconds = (time.monotonic() - self.started) / done * (total - done)
        return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"

    def _draw(self, title):
        picture = plot_progress(self.losses, self.validation, self.epochs, title)
        if self.handle is None:
            self.handle = display.display(picture, display_id=True)
        else:
            self.handle.update(picture)
        self.drawn = time.monotonic()


@styled
def plot_progress(losses, validation, epochs, title):
    """The live picture: `losses` and `validation` accuracy as (epoch, value) pairs so far."""
    figure, ((left, right),) = new_figure(8, 2.8, title, 1, 2)
    left.plot(*np.transpose(losses), color=COLOURS[0], marker="o" if len(losses) < 3 else None)
    left.set(xlabel="epoch", ylabel="training loss (smoothed)", xlim=(0, epochs), ylim=(0, None))
    if validation:
        right.plot(*np.transpose(validation), color=COLOURS[1], marker=MARKERS[1], ls="--")
    right.set(xlabel="epoch", ylabel="validation accuracy", xlim=(0, epochs + 0.1), ylim=(0, 1))
    right.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
    return Picture(figure, f"Loss and validation accuracy during training: {title}")
