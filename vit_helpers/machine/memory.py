"""Giving memory back: what a training run needed must not add to what the next one needs."""

import contextlib
import ctypes
import gc

import jax
import keras


def free_memory():
    """Free compiled programs and what nothing refers to any more, back to the operating system.

    A program that is needed again comes from the compile cache.
    """
    jax.clear_caches()
    gc.collect()
    trim()


def trim():
    """Give free memory back to the operating system (Linux only)."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


class TrimAfterCompiling(keras.callbacks.Callback):
    """Gives back what compiling took, once the first batch of training and of validation ran."""

    def __init__(self):
        super().__init__()
        self.done = set()

    def on_train_batch_end(self, batch, logs=None):
        self._once("training")

    def on_test_batch_end(self, batch, logs=None):
        self._once("validation")

    def _once(self, what):
        if what not in self.done:
            self.done.add(what)
            trim()
