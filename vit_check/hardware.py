"""What this machine gives a process: cores, memory, huge pages, a folder to keep things in."""

import os
from pathlib import Path


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def huge_pages():
    """Whether the memory of this process comes in huge pages (`environment.env`)."""
    return "hugetlb=1" in os.environ.get("GLIBC_TUNABLES", "")


def cache_folder():
    """The folder of the environment variable VIT_CACHE, or `~/.cache/vit_helpers`."""
    return Path(os.environ.get("VIT_CACHE") or Path.home() / ".cache" / "vit_helpers")


def memory(system="/"):
    """(bytes that this process may have at most, bytes of them that are free or its own).

    The least of the memory that is built in, the limit of Binder and JupyterHub (MEM_LIMIT), and
    those of the control groups, found below the folder `system`. Raises ImportError without psutil.
    """
    import psutil

    built_in, own = psutil.virtual_memory(), psutil.Process().memory_info().rss
    limits = [(built_in.total, built_in.available)]
    if os.environ.get("MEM_LIMIT"):
        limits.append((int(os.environ["MEM_LIMIT"]), int(os.environ["MEM_LIMIT"])))
    limits += _control_groups(Path(system))
    most = min(limit for limit, _ in limits)
    return most, min(most, min(free for _, free in limits) + own)


def _control_groups(system):
    """(limit, free) of each control group with a limit that this process is in, version 1 or 2."""
    try:
        lines = (system / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        old = controllers == "memory"
        root = system / ("sys/fs/cgroup/memory" if old else "sys/fs/cgroup")
        names = ("limit_in_bytes", "usage_in_bytes") if old else ("max", "current")
        group = root / path.strip("/")
        for folder in [group, *group.parents]:
            try:
                limit, used = (int((folder / f"memory.{name}").read_text()) for name in names)
                stat = dict(map(str.split, (folder / "memory.stat").read_text().splitlines()))
            except (OSError, ValueError):  # no such file, or "max": no limit here
                limit = None
            if limit:
                # Pages of files are given back as soon as a process asks for the memory.
                files = int(stat["total_inactive_file" if old else "inactive_file"])
                yield limit, limit - max(0, used - files)
            if folder == root:
                break
