"""JAX's compile cache in our cache folder: it saves seconds, and must never cost a run."""

import contextlib
import time
import warnings
import zlib

import jax

from vit_check.hardware import cache_folder

ZLIB = b"\x78"  # how an entry begins that zlib has packed, as JAX does it without zstandard
ABANDONED_SECONDS = 600


def keep_compiled_programs():
    """Let JAX keep its compiled programs, unless it was told already where to keep them.

    Where that is not possible (a read-only folder, a full disk) they are compiled anew, which is
    no reason to warn a learner.
    """
    if jax.config.jax_compilation_cache_dir is not None:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")


def sweep():
    """Delete damaged programs from our folder, so that they are compiled and kept once more.

    JAX writes an entry in place and never again: half a one, left by a killed process or a full
    disk, would be found damaged at every start. Each run begins with this look at all of them; an
    entry ends with a check sum of its content (RFC 1950). Packed in another way, it is left alone.
    """
    folder = cache_folder() / "compiled"
    if jax.config.jax_compilation_cache_dir != str(folder):
        return
    with contextlib.suppress(OSError):
        for entry in folder.glob("*-cache"):
            if damaged(entry):
                entry.unlink(missing_ok=True)
        for part in folder.glob("*.part"):  # version 0.1.0 wrote under such names
            if time.time() - part.stat().st_mtime > ABANDONED_SECONDS:
                part.unlink(missing_ok=True)


def damaged(entry):
    """Whether the file `entry` is empty, or packed by zlib and cut short or changed."""
    content = entry.read_bytes()
    if not content.startswith(ZLIB):
        return not content
    unpack = zlib.decompressobj()
    try:
        unpack.decompress(content)
    except zlib.error:
        return True
    return not unpack.eof
