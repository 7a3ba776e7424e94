"""The folder in which datasets are kept between runs; a file there is whole or absent."""

import os
import warnings
import zipfile
from contextlib import contextmanager

import numpy as np
from filelock import FileLock, Timeout

from vit_check.hardware import cache_folder

QUIET_SECONDS = 3  # of waiting for another process, before we say so


def cached(name, make, before=None):
    """Return the arrays (a dict) that `make()` gives, from the cache where they are already.

    Of several processes that need them at once, one makes them and the others wait for it;
    `before()` is called ahead of the waiting, to raise for all of them at once what stands in the
    way. A damaged file is made again. Where the folder cannot be written, the arrays are used
    from memory, with a warning.
    """
    path = cache_folder() / f"{name}.npz"
    if (arrays := _read(path)) is None:
        if before is not None:
            before()
        with file_lock(path):
            if (arrays := _read(path)) is None:
                arrays = make()
                write_to_cache(path, lambda file: np.savez(file, **arrays))
    return arrays


def _read(path):
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


@contextmanager
def file_lock(path):
    """Keep other processes out while this one makes the file `path`.

    The operating system frees the lock when its process ends, in whatever way; what a killed one
    left half written is removed. A folder that cannot be written, or that has no locks (some
    network drives), keeps nobody out: work is then done twice, but files are still renamed whole.
    """
    lock = FileLock(f"{path}.lock", mode=0o666)  # other users of the folder may lock it, too
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with warnings.catch_warnings():  # that an existing file stands in for a lock here
                warnings.simplefilter("ignore")
                lock.acquire(timeout=QUIET_SECONDS)
        except Timeout:
            print(
                f"Waiting for another process that makes {path} ... "
                f"(if there is none, delete {lock.lock_file})",
                flush=True,
            )
            lock.acquire()
        for part in path.parent.glob(f"{path.name}.*.part"):
            part.unlink(missing_ok=True)
    except (OSError, NotImplementedError):
        pass
    try:
        yield
    finally:
        lock.release()


def write_to_cache(path, write):
    """Write a file whole, or warn where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, write)
    except OSError as error:
        warnings.warn(
            f"{path} cannot be written ({error.strerror or error}): not cached, used from memory",
            stacklevel=3,
        )


def write_atomically(path, write):
    """Write a file under a temporary name with `write(file)`, then rename it to `path`."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            write(file)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
