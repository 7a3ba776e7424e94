"""The live picture of a training run: one place that is drawn again, or a line an epoch."""

import types

import pytest

from vit_helpers.pictures import live


class Display:
    """Stands in for the notebook: what was shown first, and what took its place."""

    def __init__(self):
        self.shown, self.titles = [], []

    def display(self, picture, display_id=None):
        assert display_id
        self.shown.append(picture)
        return types.SimpleNamespace(update=self.shown.append)


@pytest.fixture
def notebook(monkeypatch):
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setattr(live, "get_ipython", lambda: shell)
    monkeypatch.setattr(live, "display", display := Display())
    return display


@pytest.fixture
def seconds(monkeypatch):
    """A clock of the test's own."""
    now = types.SimpleNamespace(value=0.0)
    monkeypatch.setattr(live.time, "monotonic", lambda: now.value)
    return now


def train(callback, seconds, each, first=0):
    """Two epochs of two calls, `each` seconds a call; Keras reports running means of the loss."""
    for epoch in range(first, 2):
        for batch, loss in enumerate((4.0, 3.0)):  # means, so the losses are 4 and 2
            seconds.value += each
            callback.on_train_batch_end(batch, {"loss": loss})
        callback.on_epoch_end(epoch, {"loss": 3.0, "val_accuracy": 0.5 - epoch / 10})
    callback.on_train_end()


def test_losses_are_those_of_the_calls_and_smoothed(notebook, seconds):
    callback = live.LiveProgress(epochs=2, steps=2)
    train(callback, seconds, each=1)
    assert callback.losses == [(0.5, 4.0), (1.0, 3.0), (1.5, 3.5), (2.0, 2.75)]
    assert callback.validation == [(1, 0.5), (2, 0.4)]


def test_one_place_is_drawn_again(notebook, seconds):
    train(live.LiveProgress(epochs=2, steps=2), seconds, each=live.REDRAW_SECONDS + 1)
    assert len(notebook.shown) == 4 + 1
    last = notebook.shown[-1]
    assert last.figure.get_suptitle() == "2 epochs in 24 s · best validation 50.0%"
    middle = notebook.shown[1].figure.get_suptitle()
    assert middle == "epoch 1 of 2 · 0:12 left"


def test_quick_calls_are_not_drawn(notebook, seconds):
    train(live.LiveProgress(epochs=2, steps=2), seconds, each=0.1)
    assert len(notebook.shown) == 1


def test_a_resumed_run_says_what_is_left_of_it(notebook, seconds):
    callback = live.LiveProgress(epochs=3, steps=4, done=5, validation=[0.3])
    for loss in (2.0, 1.5, 1.0):  # the second to fourth call of the second epoch
        seconds.value += 6
        callback.on_train_batch_end(0, {"loss": loss})
    callback.on_epoch_end(1, {"loss": 1.0, "val_accuracy": 0.4})
    callback.on_train_end()  # of this epoch, not of the run
    assert callback.losses == [(1.5, 2.0), (1.75, 1.25), (2.0, 0.375)]
    assert callback.validation == [(1, 0.3), (2, 0.4)]
    titles = [picture.figure.get_suptitle() for picture in notebook.shown]
    assert titles == [f"epoch 2 of 3 · 0:{left} left" for left in ("36", "30", "24")]


def test_without_a_notebook_each_epoch_is_a_line(monkeypatch, seconds, capsys):
    monkeypatch.setattr(live, "get_ipython", lambda: None)
    train(live.LiveProgress(epochs=2, steps=2), seconds, each=45)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "epoch 1/2: loss 3.000, validation accuracy 50.0%, 1:30 left"
    assert second.endswith("validation accuracy 40.0%, 0:00 left")
