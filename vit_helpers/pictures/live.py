"""One live picture of a training run, or one line an epoch where there is no notebook."""

import time

import keras
import matplotlib
import numpy as np
from IPython import display, get_ipython

from .picture import COLOURS, MARKERS, Picture, new_figure, styled

REDRAW_SECONDS = 5


class LiveProgress(keras.callbacks.Callback):
    """Redraw the training loss every few seconds in one place; the last picture stays.

    Of `epochs` epochs of `steps` calls each, `done` calls were made before, and the epochs among
    them had the validation accuracies `validation`.
    """

    def __init__(self, epochs, steps, done=0, validation=()):
        super().__init__()
        self.epochs, self.steps, self.done, self.step = epochs, steps, done, done
        self.losses, self.validation = [], list(enumerate(validation, 1))
        self.handle = self.total = None
        self.in_notebook = getattr(get_ipython(), "kernel", None) is not None
        self.started = self.drawn = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        epoch, place = divmod(self.step, self.steps)
        self.step += 1
        # Keras reports the mean of the epoch so far; two of them give the loss of this call.
        mean = float(logs["loss"])
        loss = mean if place == 0 or self.total is None else mean * (place + 1) - self.total
        self.total = mean * (place + 1)
        self.smooth = loss if not self.losses else (self.smooth + loss) / 2
        self.losses.append((self.step / self.steps, self.smooth))
        if self.in_notebook and time.monotonic() - self.drawn > REDRAW_SECONDS:
            self._draw(f"epoch {epoch + 1} of {self.epochs} · {self._left()} left")

    def on_epoch_end(self, epoch, logs=None):
        self.validation.append((epoch + 1, float(logs["val_accuracy"])))
        if not self.in_notebook:
            print(
                f"epoch {epoch + 1}/{self.epochs}: loss {logs['loss']:.3f}, "
                f"validation accuracy {logs['val_accuracy']:.1%}, {self._left()} left"
            )

    def on_train_end(self, logs=None):
        if self.in_notebook and self.step == self.epochs * self.steps:
            best = max(accuracy for _, accuracy in self.validation)
            spent = time.monotonic() - self.started
            passes = f"{self.epochs} epoch{'s' if self.epochs > 1 else ''}"
            self._draw(f"{passes} in {spent:.0f} s · best validation {best:.1%}")

    def _left(self):
        each = (time.monotonic() - self.started) / (self.step - self.done)
        seconds = each * (self.epochs * self.steps - self.step)
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
