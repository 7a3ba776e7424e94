"""Run the series again and again at `smoke`, two kernels at once in random order, and count.

A row for each time: how many notebooks failed, the seconds, the most memory of a kernel, and how
large the cache is afterwards. Not for CI: twenty times take an hour and more.
"""

import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tools.run_series import run
from vit_check.hardware import cache_folder
from vit_check.packages import ROOT

KERNELS = 2


def execute(path):
    """(failed or not, peak MB) of one notebook."""
    target = ROOT / "build" / f"soak_{os.getpid()}.ipynb"
    row, error = run(path, target)
    if error:
        print(f"{path.name}: {error.splitlines()[-1]}", flush=True)
    return bool(error), row[2]


def cache_megabytes():
    files = [path for path in cache_folder().rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 2**20


def main():
    times = int(sys.argv[1])
    folder = ROOT / "notebooks"
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb")) + sorted(folder.glob("solutions/*.ipynb"))
    (ROOT / "build").mkdir(exist_ok=True)
    failed = 0
    print(
        f"{'time':>4}{'failed':>8}{'of':>4}{'seconds':>9}{'peak MB':>9}{'cache MB':>10}", flush=True
    )
    for i in range(1, times + 1):
        started = time.monotonic()
        order = random.Random(i).sample(paths, len(paths))
        with ProcessPoolExecutor(KERNELS) as pool:
            found = list(pool.map(execute, order))
        bad, seconds = sum(error for error, _ in found), time.monotonic() - started
        peak = max(peak for _, peak in found)
        failed += bad
        print(
            f"{i:>4}{bad:>8}{len(paths):>4}{seconds:>9.0f}{peak:>9.0f}{cache_megabytes():>10.0f}",
            flush=True,
        )
    for path in (ROOT / "build").glob("soak_*.ipynb"):
        path.unlink()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
