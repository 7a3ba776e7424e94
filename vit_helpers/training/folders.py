"""The folders in which runs are kept."""

import shutil
from pathlib import Path

from vit_check.hardware import cache_folder

RUNS_KEPT = 12


def folder_of(checkpoint_dir):
    """The Path of `checkpoint_dir` (`~` is the home), None for None; raises ValueError for ""."""
    if checkpoint_dir is None:
        return None
    if not isinstance(checkpoint_dir, str | Path) or not str(checkpoint_dir).strip():
        raise ValueError(f"checkpoint_dir={checkpoint_dir!r} must be the path of a folder, or None")
    return Path(checkpoint_dir).expanduser()


def run_folder(key):
    """The folder of the run `key` among those in the cache."""
    return cache_folder() / "runs" / key


def prune(mine):
    """Delete the oldest of the runs in the cache, so that with `mine` RUNS_KEPT are left."""
    if not mine.parent.is_dir():
        return
    others = [path for path in mine.parent.iterdir() if path.is_dir() and path != mine]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[RUNS_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def forget_runs(*experiments):
    """Delete what `run_experiment(..., resume=True)` kept of these: the next call trains anew."""
    for one in experiments:
        if one.folder is not None and one.folder.parent == run_folder("any").parent:
            shutil.rmtree(one.folder, ignore_errors=True)
