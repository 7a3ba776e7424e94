"""JAX's compile cache in our cache folder: it saves seconds, and must never cost a run."""

import contextlib
import time
import warnings

import jax

from vit_check.hardware import cache_folder

from .cache import write_whole

ABANDONED_SECONDS = 600


def keep_compiled_programs():
    """Let JAX keep its compiled programs, unless it was told already where to keep them.

    Where that is not possible (a read-only folder, a full disk) they are compiled anew, which is
    no reason to warn a learner.
    """
    if jax.config.jax_compilation_cache_dir is not None:
        return
    folder = cache_folder() / "compiled"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")
    with contextlib.suppress(ImportError, AttributeError):
        _write_entries_whole()
    with contextlib.suppress(OSError):
        for part in folder.glob("*.part"):
            if time.time() - part.stat().st_mtime > ABANDONED_SECONDS:
                part.unlink()


def _write_entries_whole():
    """Have an entry written under another name first.

    JAX writes in place and never again: half an entry, left by a killed process or a full disk,
    would be found damaged at every start. There is no public way to change that; another JAX,
    without these names, goes its own way.
    """
    from jax._src.lru_cache import LRUCache

    in_place = LRUCache.put

    def put(self, key, value):
        path = self.path / f"{key}-cache"
        if self.eviction_enabled:
            in_place(self, key, value)
        elif not path.exists():
            write_whole(path, lambda file: file.write(value))

    LRUCache.put = put
