"""Run the benchmark: contenders in turn, each in its own process; medians, ratios, pictures.

Writes benchmarks/results.json, the picture in benchmarks/ and the table in README.md. Parts that
do not run keep the results that they have. With --one-step every part runs as little as it can,
and nothing but a temporary folder is written.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vit_check.packages import ROOT
from vit_helpers import load_dataset

from . import report

TORCH = ROOT / ".venv-torch" / "bin" / "python"
PLAIN = {"GLIBC_TUNABLES": ""}
KERAS_IO = {"batch": 256, "stack": 3, "calls": 2, "recipe": "keras-io", "augmentation": "keras-io"}


def run(*command, **environment):
    """What the last line of a command's output holds as JSON; exits with its error if it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, **environment},
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def contender(environment=None, **arguments):
    command = sys.executable, "-m", "benchmarks.contender", json.dumps(arguments)
    return run(*command, **(environment or {}))


def torch(**arguments):
    return run(TORCH, "-m", "benchmarks.torch_tiny", json.dumps(arguments))


def reference(environment, **arguments):
    return run(sys.executable, "-m", "benchmarks.reference", json.dumps(arguments), **environment)


def in_turn(contenders, rounds):
    """{name: the median of each figure} of contenders {name: function} run A B C, A B C ..."""
    found = {name: [] for name in contenders}
    for turn in range(rounds):
        for name, measure in contenders.items():
            found[name].append(measure())
            speed = found[name][-1]["images_per_second"]
            print(f"  {turn + 1}/{rounds} {name}: {speed:.1f} images/s", flush=True)
    return {
        name: {key: statistics.median(one[key] for one in runs) for key in runs[0]}
        for name, runs in found.items()
    }


def speed(options):
    """Images a second and peak memory: the reference recipe, ours, PyTorch."""
    small = {"batch": 8, "calls": 1} if options.one_step else {}
    few = {"stack": 1, **small} if options.one_step else {}
    theirs = {"blocks": 1, **small} if options.one_step else {}
    torch_few = {"steps": 1, **small} if options.one_step else {}
    same = {"name": "keras-io", "model": {"augmentation": "none"}, **KERAS_IO, **few}
    contenders = {
        "reference": lambda: reference(PLAIN, **theirs),
        "reference, in our environment": lambda: reference({}, **theirs),
        "same model, our way": lambda: contender(**same),
        "default": lambda: contender(augmentation="flip", **few),
        "default, no augmentation": lambda: contender(optimizer="adamw", **few),
        "PyTorch eager": lambda: torch(**torch_few),
        "PyTorch compiled": lambda: torch(compiled=True, **torch_few),
        "default, no augmentation, batch 16": lambda: contender(
            optimizer="adamw", **({"batch": 16} | few)
        ),
    }
    if not TORCH.exists():
        print("  PyTorch left out: run `make .venv-torch/ready` first")
        contenders = {k: v for k, v in contenders.items() if "PyTorch" not in k}
    return in_turn(contenders, options.rounds)


def growth(options):
    """Images a second and memory over the batch; time of an image over tokens and blocks."""
    few = {"calls": 1, **({"stack": 1} if options.one_step else {})}
    steps = slice(0, 2) if options.one_step else slice(None)
    batches = (16, 32, 64, 128, 256, 512)[steps]
    sides = {16: (32, 8), 64: (32, 4), 144: (48, 4), 256: (64, 4)}
    tokens = list(sides.items())[steps]
    blocks = (2, 4, 6, 8, 12)[steps]
    return {
        "batch": {n: contender(batch=n, **few) for n in batches},
        "tokens": {
            n: contender(model={"image_size": side, "patch_size": patch}, **few)
            for n, (side, patch) in tokens
        },
        "blocks": {n: contender(model={"transformer_layers": n}, **few) for n in blocks},
    }


def augmentation(options):
    """The share of a training step that augmentation takes, in the recipes that the series uses."""
    few = {"stack": 1, "calls": 1} if options.one_step else {"calls": 5}
    found = {}
    for kind, budget in (("flip", None), ("flip-shift", 20)):
        contenders = {
            name: lambda name=name, budget=budget: contender(
                augmentation=name, budget=budget, **few
            )
            for name in ("none", kind)
        }
        speeds = in_turn(contenders, options.rounds)
        rates = [speeds[name]["images_per_second"] for name in ("none", kind)]
        found[kind] = {"share": 1 - rates[1] / rates[0], "images_per_second": rates}
    return found


def start(options):
    """Seconds from `python` to the end of the first training step, without and with the cache."""
    step = {"data": True, "stack": 1, "calls": 0, "batch": 8 if options.one_step else 64}
    load_dataset()
    found = {"first": [], "second": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as empty:
            for which in found:
                started = time.perf_counter()
                contender({"JAX_COMPILATION_CACHE_DIR": empty}, **step)
                found[which].append(time.perf_counter() - started)
    return {which: {"seconds": statistics.median(times)} for which, times in found.items()}


def memory(options):
    """The peak memory of the kernel of each notebook."""
    profile = "smoke" if options.one_step else "quick"
    notebooks = ["notebooks/03_image_patches.ipynb"] if options.one_step else []
    table = Path(options.scratch) / "series.json"
    done = subprocess.run(
        [sys.executable, "tools/run_series.py", "--table", table, *notebooks], cwd=ROOT,
        env={**os.environ, "VIT_PROFILE": profile, "VIT_DATASET": "shapes100"},
    )  # fmt: skip
    if done.returncode:
        sys.exit("the series does not run; see above")
    return json.loads(table.read_text())


def accuracy(options):
    """Test accuracy on CIFAR-10 (JPEG) after 5, 20 and 60 minutes on two cores."""
    if not options.photos or not Path(options.photos).is_dir():
        print("  left out: name a folder of photographs, make bench PHOTOS=...")
        return None
    few = ["--one-step"] if options.one_step else []
    found = {}
    for minutes in options.minutes:
        command = (sys.executable, "-m", "benchmarks.accuracy", options.photos, minutes, *few)
        found[str(minutes)] = run(*command)
        print(f"  {minutes} minutes: {found[str(minutes)]}", flush=True)
    return found


PARTS = {part.__name__: part for part in (speed, growth, augmentation, start, memory, accuracy)}


def main():
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"only these of {', '.join(PARTS)}"
    )
    parser.add_argument("--one-step", action="store_true", help="does it run?")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender has a turn")
    parser.add_argument("--photos", default="", help="a folder of photographs, such as CIFAR-10")
    parser.add_argument("--minutes", type=int, nargs="*", default=[5, 20, 60])
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if options.one_step:
        options.rounds, options.minutes = 1, [5]
    with tempfile.TemporaryDirectory() as options.scratch:
        folder = Path(options.scratch) if options.one_step else ROOT / "benchmarks"
        results = report.load(folder)
        for name in options.parts or PARTS:
            print(f"{name}: {PARTS[name].__doc__}", flush=True)
            found = PARTS[name](options)
            if found is not None:
                results[name] = report.merged(results.get(name), found)
                report.save(folder, results)
        print(report.table(results))
        report.pictures(folder, results)
        if not options.one_step:
            report.into_readme(ROOT / "README.md", results)


if __name__ == "__main__":
    main()
