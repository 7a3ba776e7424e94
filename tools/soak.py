"""Run the series again and again at `smoke` through nbval, two at once in random order, and count.

A row for each time: how many notebooks failed, the seconds, the most memory of a kernel, and how
large the cache is afterwards. Not for CI: twenty times take an hour and more.
"""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from vit_check.hardware import cache_folder
from vit_check.packages import ROOT

KERNELS = 2


def execute(path):
    """(failed or not, peak MB) of one notebook."""
    test = [sys.executable, "-m", "pytest", "--quiet", "--nbval-lax", "--nbval-current-env", path]
    process = subprocess.Popen(test, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)  # the peak is that of its largest descendant
    if status:
        print(f"{path.name} failed:\n{printed[-2000:]}", flush=True)
    return bool(status), used.ru_maxrss / 1024


def cache_megabytes():
    files = [path for path in cache_folder().rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 2**20


def main():
    times = int(sys.argv[1])
    folder = ROOT / "notebooks"
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb")) + sorted(folder.glob("solutions/*.ipynb"))
    failed = 0
    print(
        f"{'time':>4}{'failed':>8}{'of':>4}{'seconds':>9}{'peak MB':>9}{'cache MB':>10}", flush=True
    )
    for i in range(1, times + 1):
        started = time.monotonic()
        order = random.Random(i).sample(paths, len(paths))
        with ThreadPoolExecutor(KERNELS) as pool:
            found = list(pool.map(execute, order))
        bad, seconds = sum(error for error, _ in found), time.monotonic() - started
        peak = max(peak for _, peak in found)
        failed += bad
        print(
            f"{i:>4}{bad:>8}{len(paths):>4}{seconds:>9.0f}{peak:>9.0f}{cache_megabytes():>10.0f}",
            flush=True,
        )
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
