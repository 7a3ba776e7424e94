"""A folder with the last two states of some work: each file is written whole and proven by a hash.

A file is a SHA-256 of all that follows, the length of a JSON text, that text, and the bytes of some
arrays one after the other. (Keras's own `OrbaxCheckpoint` needs Keras 3.14; 3.10 is supported.)
"""

import hashlib
import json
import os
import warnings
from contextlib import contextmanager

from filelock import FileLock, Timeout

from .cache import write_atomically

DIGEST, LENGTH = hashlib.sha256().digest_size, 8
FORMAT = 1


class StateFiles:
    """The states in `folder`: `save` adds one and keeps the one before it, `latest` reads."""

    def __init__(self, folder):
        self.folder = folder

    def save(self, about, arrays):
        """Write a dict (of what JSON has) and NumPy arrays; raises OSError if that fails."""
        paths = self._paths()
        number = 1 + (self._number(paths[-1]) if paths else 0)
        path = self.folder / f"{number:06d}.state"
        packed = _pack(about, arrays)
        write_atomically(path, lambda file: (file.write(packed), file.flush(), os.fsync(file)))
        if path.read_bytes() != packed:
            path.unlink()
            raise OSError(f"{path.name} reads other bytes than were written")
        for old in paths[:-1]:
            old.unlink(missing_ok=True)

    def latest(self):
        """(about, [bytes of each array]) of the newest state that is sound, or None.

        Warns of files that are damaged, and raises ValueError for one of a newer format.
        """
        for path in reversed(self._paths()):
            try:
                about, arrays = _unpack(path.read_bytes())
            except (OSError, ValueError):
                warnings.warn(
                    f"{path} is damaged: going on from the state before it, if there is one",
                    stacklevel=2,
                )
                continue
            if about["format"] > FORMAT:
                raise ValueError(
                    f"{str(self.folder)!r} was written by a newer version of this package (format "
                    f"{about['format']}, this one reads {FORMAT}); update the package, or name "
                    "another folder"
                )
            return about, arrays
        return None

    def clear(self):
        """Delete all states."""
        for path in self._paths():
            path.unlink(missing_ok=True)

    def _paths(self):
        return sorted(self.folder.glob("*.state"), key=self._number)

    @staticmethod
    def _number(path):
        return int(path.stem) if path.stem.isdigit() else 0


def _pack(about, arrays):
    blobs = [array.tobytes() for array in arrays]
    about = {**about, "format": FORMAT, "sizes": [len(blob) for blob in blobs]}
    text = json.dumps(about).encode()
    body = b"".join([len(text).to_bytes(LENGTH, "little"), text, *blobs])
    return hashlib.sha256(body).digest() + body


def _unpack(packed):
    digest, body = packed[:DIGEST], packed[DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise ValueError("the hash is that of other bytes")
    end = LENGTH + int.from_bytes(body[:LENGTH], "little")
    about, blobs = json.loads(body[LENGTH:end]), []
    for size in about["sizes"]:
        blobs.append(body[end : end + size])
        end += size
    return about, blobs


@contextmanager
def claimed(folder):
    """Make `folder` and keep every other process out of it, as long as this one lives.

    What a killed process left half written is removed. Raises TimeoutError if another one is at
    work there. Where the file system has no locks (some network drives) nobody is kept out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", mode=0o666)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lock.acquire(timeout=0)
    except Timeout:
        raise TimeoutError(f"another process is at work in {folder}") from None
    except NotImplementedError:
        pass
    try:
        for part in folder.glob("*.part*"):
            part.unlink(missing_ok=True)
        yield
    finally:
        lock.release()
