"""Giving memory back: what a training run needed must not add to what the next one needs."""

import contextlib
import ctypes
import gc

import jax


def release():
    """Free compiled programs and what nothing refers to any more, back to the operating system.

    A program that is needed again comes from the compile cache. The last step is for Linux only.
    """
    jax.clear_caches()
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
