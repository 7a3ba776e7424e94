"""Train what the study needs and does not have yet, one run a core; print its tables.

Each run is kept as soon as it is done: a study that was stopped goes on where it was. With
--smoke a few tiny runs are made and nothing is kept.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from vit_check.hardware import cores
from vit_check.packages import ROOT
from vit_helpers.classroom import study

from .questions import PHOTOGRAPHS, QUESTIONS, SMOKE, runs
from .store import Store


def main():
    parser = argparse.ArgumentParser(prog="benchmarks.study", description=__doc__)
    parser.add_argument("--photos", default="", help="a folder of photographs, such as CIFAR-10")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each row")
    parser.add_argument("--only", default="", help="questions, separated by commas")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no run later")
    parser.add_argument("--show", action="store_true", help="print the tables, train nothing")
    parser.add_argument("--smoke", action="store_true", help="does it run?")
    options = parser.parse_args()
    data, place = ("photographs", options.photos) if options.photos else ("shapes100", "shapes100")
    questions = {q: QUESTIONS[q] for q in (PHOTOGRAPHS if options.photos else QUESTIONS)}
    asked = [name.strip() for name in options.only.split(",") if name.strip()]
    if unknown := set(asked) - set(questions):
        parser.error(f"no question {', '.join(sorted(unknown))}; there are {', '.join(questions)}")
    if options.smoke:
        questions, options.seeds = SMOKE, 1
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "study.jsonl" if options.smoke else study.FILE)
        store.describe(data, questions)
        if not options.show:
            chosen = {
                name: rows for name, rows in questions.items() if name in (asked or questions)
            }
            todo = store.missing(data, runs(chosen, options.seeds))
            work(todo, place, options.minutes, lambda *run: store.keep(data, *run))
        for question in asked or questions:
            print(study.as_text(store.study, question, data), end="\n\n")


def work(todo, dataset, minutes, keep):
    """Give the runs `todo` to a worker on each core; `keep(setting, seed, entry)` each result."""
    count, started, failed = len(todo), time.monotonic(), []
    lock, todo = threading.Lock(), list(reversed(todo))

    def serve(core):
        command = [sys.executable, "-m", "benchmarks.study.worker", str(core), dataset]
        with subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as worker:  # fmt: skip
            while time.monotonic() - started < 60 * minutes and not failed:
                with lock:
                    if not todo:
                        break
                    setting, seed = todo.pop()
                print(json.dumps({"key": setting.key, "seed": seed}), file=worker.stdin, flush=True)
                if (entry := _answer(worker)) is None:
                    failed.append((setting, seed))
                    break
                with lock:
                    keep(setting, seed, entry)
                    minute = (time.monotonic() - started) / 60
                    print(f"{count - len(todo)}/{count} after {minute:.1f} minutes", flush=True)
            worker.stdin.close()

    threads = [threading.Thread(target=serve, args=(core,)) for core in range(min(cores(), count))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(f"a worker failed at {failed[0]}")


def _answer(worker):
    """The next line of a worker that is JSON; None where it ended."""
    for line in worker.stdout:
        if line.startswith("{"):
            return json.loads(line)
    return None


if __name__ == "__main__":
    main()
