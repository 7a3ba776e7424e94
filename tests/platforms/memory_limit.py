"""A hard limit on the memory of a process and all its descendants together, as a container has."""

import contextlib
import threading

import psutil

TICK_SECONDS = 0.1


class MemoryLimit(threading.Thread):
    """Watches the Popen `process` and kills its whole tree once that takes more than `limit` bytes.

    As a context manager it ends the tree on leaving, with a MemoryError if the limit was broken.
    `peak` is the most that was taken. Shared pages count once (the proportional set size, Linux
    only); a control group would do the same, but needs root.
    """

    def __init__(self, process, limit):
        super().__init__(daemon=True)
        self.process, self.limit = process, limit
        self.peak = self.broken = 0
        self.left = threading.Event()

    def run(self):
        while not self.left.wait(TICK_SECONDS) and self.process.poll() is None:
            tree = _tree(self.process)
            taken = sum(map(_taken, tree))
            self.peak = max(self.peak, taken)
            if taken > self.limit:
                self.broken = taken
                _kill(tree)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.left.set()
        self.join()
        _kill(_tree(self.process))
        self.process.wait()
        if self.broken:
            raise MemoryError(f"{self.broken:,} bytes taken, {self.limit:,} allowed")


def _tree(process):
    try:
        root = psutil.Process(process.pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _taken(process):
    try:
        return process.memory_full_info().pss
    except psutil.Error:  # it has ended
        return 0


def _kill(tree):
    for process in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
