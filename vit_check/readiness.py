"""Whether a machine is ready for the series, and what mends it where it is not."""

from __future__ import annotations  # an old Python must be able to read this, to be told so

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import hardware, packages
from .cost import cost

READY, NOTE, NOT_READY = "ready", "note", "not ready"
GB = 2**30
MEMORY = 2e9  # for the kernel of a notebook and the server, whatever the notebook
KERNEL = 1.2e9  # for the kernel alone
DATASET, REST = 0.2e9, 0.1e9  # on disk: Shapes-100; compiled programs and outputs
SLOW_MINUTES = 30
PATIENCE = 120  # seconds
REPORT = "import json, vit_helpers; print(json.dumps(vit_helpers.speed_report()))"
ELSEWHERE = "open the series on Binder or Colab, or sit beside someone whose machine is ready"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, and what to do where that is not enough."""

    what: str
    found: str
    state: str = READY
    mend: str = ""
    report: dict | None = None


def examine(report=None):
    """Look at everything, one Finding after the other.

    `report` is what `vit_helpers.speed_report` returned before; without it a process of its own
    trains for some steps, unless something else is wrong.
    """
    yield (first := python())
    if first.state == NOT_READY:
        return
    ready = True
    for check in (installed, processor, memory, disk, cache):
        try:
            finding = check()
        except ImportError as error:
            how = "first mend the packages"
            finding = Finding(check.__name__, f"not looked at: {error}", NOT_READY, how)
        ready = ready and finding.state != NOT_READY
        yield finding
    if report or ready:
        yield training(report)
    else:
        yield Finding("training", "not tried", NOT_READY, "first mend what is not ready above")


def python():
    needed, here = packages.needed_python(), sys.version_info[:2]
    found = ".".join(map(str, sys.version_info[:3]))
    if here >= needed:
        return Finding("Python", found)
    oldest = ".".join(map(str, needed))
    how = f"install Python {oldest} or later, then: make check PYTHON=python{oldest}"
    return Finding("Python", f"{found}, needs {oldest} or later", NOT_READY, how)


def installed():
    try:
        wrong, drifted, count = packages.compare()
    except ImportError as error:
        wrong = [str(error)]
    if wrong:
        return Finding("packages", "; ".join(wrong), NOT_READY, packages.mend())
    if drifted:
        found = f"in the supported range, but not as tested: {'; '.join(drifted)}"
        return Finding("packages", found, NOTE, f"only if something fails: {packages.mend()}")
    main = ", ".join(f"{name} {packages.version(name)}" for name in ("keras", "jax", "numpy"))
    how = "as pinned" if packages.pins() else "in the supported range"
    return Finding("packages", f"{main}; all {count} {how}")


def processor():
    count, pages = hardware.cores(), "on" if hardware.huge_pages() else "off"
    found = f"{count} core{'s' if count > 1 else ''}; huge pages {pages}"
    if count > 1:
        return Finding("processor", found)
    return Finding("processor", found, NOTE, "choose the profile smoke where time is short")


def memory():
    most, free = hardware.memory()
    found = f"{free / GB:.1f} GB free of {most / GB:.1f} GB"
    if most < MEMORY:
        how = f"ask for a larger limit, or {ELSEWHERE}"
        return Finding("memory", f"{found}; the series needs 2 GB in all", NOT_READY, how)
    if free < KERNEL:
        how = "close other programs and other notebooks (Kernel, Shut Down All Kernels)"
        return Finding("memory", f"{found}; a notebook takes up to 1.2 GB", NOT_READY, how)
    return Finding("memory", found)


def disk():
    folder, needs = _cache(), REST + (0 if _has_shapes() else DATASET)
    while not os.path.exists(folder):
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / GB:.1f} GB free in {_short(_cache())}"
    if free >= needs:
        return Finding("disk", found)
    how = "free some space, or set VIT_CACHE to a folder on another disk"
    return Finding("disk", f"{found}; needs {needs / GB:.1f} GB", NOT_READY, how)


def cache():
    folder = _cache()
    files = sorted(folder.glob("*.npz")) if os.path.isdir(folder) else []
    damaged = [file.name for file in files if not _whole(file)]
    names = ", ".join(file.stem.split("-")[0] for file in files if file.name not in damaged)
    found = f"{_short(folder)} has {names or 'no dataset yet, Shapes-100 is drawn at first use'}"
    if not _writable(folder):
        state = NOTE if _has_shapes() else NOT_READY
        how = "set VIT_CACHE to a folder that you may write"
        return Finding("cache", f"{found}; it cannot be written", state, how)
    if damaged:
        how = "nothing to do for Shapes-100; load others once more while there is a network"
        return Finding("cache", f"{found}; damaged: {', '.join(damaged)}", NOTE, how)
    return Finding("cache", found)


def _cache():
    return hardware.cache_folder().absolute()


def _has_shapes():
    return any(_whole(file) for file in _cache().glob("shapes100-*.npz"))


def _whole(path):
    try:
        with zipfile.ZipFile(path) as file:
            return file.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _writable(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _short(path):
    """A path with `~` for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def training(report=None):
    try:
        report = report or in_own_process()
    except RuntimeError as error:
        found, how = error.args
        return Finding("training", found, NOT_READY, how)
    found = (
        f"{report['images_per_second']:.0f} images/s, the first after "
        f"{report['first_seconds']:.0f} s; accelerator: {report['accelerator']}"
    )
    minutes = {name: series for name, *_, series in cost(report)}
    if minutes["quick"] <= SLOW_MINUTES:
        return Finding("training", found, report=report)
    how = "close other programs, plug in the charger; else choose the profile smoke"
    return Finding("training", f"{found}: slow", NOTE, how, report)


def in_own_process():
    """`vit_helpers.speed_report` from a new process, which survives what may go wrong.

    Raises RuntimeError(what was found, what mends it).
    """
    paths = [str(packages.ROOT), os.environ.get("PYTHONPATH", "")]
    try:
        done = subprocess.run(
            [sys.executable, "-c", REPORT],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no step within {PATIENCE} s", ELSEWHERE) from None
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if done.returncode == -9:
        raise RuntimeError("stopped by the system, for want of memory", "close other programs")
    if done.returncode < 0:
        raise RuntimeError(f"crashed (signal {-done.returncode})", ELSEWHERE)
    last = (done.stderr.strip() or "no message").splitlines()[-1]
    how = f"where the message does not say it: {packages.mend()}"
    raise RuntimeError(f"failed: {last}", how)
