"""An archive from the network, kept whole under its name: found, or not, within seconds.

An archive has a `name`, `url`, `sha256`, `size` in bytes, and a `path` at which it is kept.
"""

import errno
import hashlib
import io
import logging
import os
import shutil
import threading
import warnings
from contextlib import contextmanager

import pooch
from requests import RequestException

from ..machine.cache import file_lock

CONNECT_SECONDS = 8  # to hear from the server, name look-up included
SILENT_SECONDS = 30  # between two pieces of a download
RETRIES = 2  # after a download that was cut off or damaged
CHUNK = 1 << 18  # bytes


def check_reachable(archive):
    """Raise ConnectionError if the archive is not on this machine and its server doesn't answer."""
    if not archive.path.exists():
        with _explained(archive):
            _ask(archive.url)


def open_archive(archive):
    """The archive as an open file, downloaded unless it is there; its hash is checked before.

    Of several processes that need it at once, one downloads it. Where its folder cannot be written
    or has no room, it is used from memory, with a warning. Raises ConnectionError where it cannot
    be downloaded, and ValueError where the file in its place is not the archive.
    """
    with file_lock(archive.path):
        if archive.path.exists():
            _check_hash(archive)
            return open(archive.path, "rb")
        with _explained(archive):
            _ask(archive.url)
            obstacle = _download(archive)
            if obstacle is None:
                return open(archive.path, "rb")
            warnings.warn(
                f"{archive.path} cannot be written ({obstacle.strerror or obstacle}): "
                "not cached, used from memory",
                stacklevel=2,
            )
            return _download_to_memory(archive)


def _check_hash(archive):
    """Raise ValueError unless the file, which somebody may have put there, is the archive."""
    with open(archive.path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != archive.sha256:
        raise ValueError(
            f"{archive.path} is not the whole {archive.name} archive (its sha256 is not "
            f"{archive.sha256}); delete it, or replace it by a fresh copy of {archive.url}"
        )


@contextmanager
def _explained(archive):
    """Turn what goes wrong on the network into one ConnectionError that says what to do."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"{archive.name} could not be downloaded from {archive.url} ({_reason(error)}). Get "
            f"that file by hand and save it as {archive.path}, or use 'shapes100', which works "
            "offline."
        ) from None


def _reason(error):
    """What the system said: the innermost of the errors that requests wraps in each other."""
    if isinstance(error, ValueError) and not isinstance(error, RequestException):
        return "what arrived is not the official file: its sha256 differs"
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or error


def _ask(url):
    """Raise OSError unless the server answers within CONNECT_SECONDS, be it that it has no file.

    In a thread, because a name look-up has no time limit of its own.
    """
    outcome = [TimeoutError(f"no answer within {CONNECT_SECONDS} s")]

    def ask():
        try:
            pooch.HTTPDownloader(timeout=CONNECT_SECONDS)(url, None, None, check_only=True)
            outcome[0] = None
        except OSError as error:
            outcome[0] = error

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if outcome[0] is not None:
        raise outcome[0]


def _download(archive):
    """Download to the archive's place; returns None, or the OSError of a disk that won't have it.

    pooch checks the hash, tries again, and renames a whole file. It works in a folder of its own,
    in which the next download finds and removes what a killed process left.
    """
    folder = archive.path.with_name(f"{archive.kept_as}.download")
    fetcher = pooch.create(
        path=folder,
        base_url="",
        registry={archive.kept_as: f"sha256:{archive.sha256}"},
        urls={archive.kept_as: archive.url},
        retry_if_failed=RETRIES,
    )
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # it would tell a notebook the folders of this machine
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if shutil.disk_usage(folder).free < archive.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fetched = fetcher.fetch(
            archive.kept_as,
            downloader=lambda url, file, _: _downloader(archive)(url, file, None),
        )
        os.replace(fetched, archive.path)
    except RequestException:
        raise
    except OSError as error:
        return error
    finally:
        logger.setLevel(level)
        shutil.rmtree(folder, ignore_errors=True)
    return None


def _download_to_memory(archive):
    """The archive as a file in memory; raises OSError, or ValueError where its hash differs."""
    content = io.BytesIO()
    _downloader(archive)(archive.url, content, None)
    if hashlib.sha256(content.getbuffer()).hexdigest() != archive.sha256:
        raise ValueError("the sha256 differs")
    content.seek(0)
    return content


def _downloader(archive):
    """pooch's downloader, with our time limits and progress."""
    return pooch.HTTPDownloader(
        progressbar=Progress(archive.name, archive.size),
        chunk_size=CHUNK,
        timeout=(CONNECT_SECONDS, SILENT_SECONDS),
    )


class Progress:
    """What pooch wants of a progress bar: a line every 10 %, readable in a notebook and a log."""

    def __init__(self, name, size):
        self.name, self.size, self.done, self.printed = name, size, 0, -1

    def update(self, count):
        """Count `count` more bytes."""
        self.done += count
        percent = min(100, 100 * self.done // self.size // 10 * 10)
        if percent > self.printed:
            self.printed = percent
            print(f"Downloading {self.name}: {percent} % of {self.size / 1e6:.0f} MB", flush=True)

    def reset(self):
        """Count from 0 again, which pooch does before it adds the whole at the end."""
        self.done = 0

    def close(self):
        """Nothing is left open."""
