"""The results of the benchmark as a file, a table and pictures."""

import json
import platform
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from vit_helpers.machine.cache import write_atomically
from vit_helpers.machine.hardware import this_machine

MARKS = "<!-- benchmark -->", "<!-- /benchmark -->"


def load(folder):
    path = Path(folder) / "results.json"
    return json.loads(path.read_text()) if path.exists() else {}


def save(folder, results):
    results["machine"] = {"processor": processor(), **this_machine()}
    text = json.dumps(results, indent=1, default=str).encode() + b"\n"
    write_atomically(Path(folder) / "results.json", lambda file: file.write(text))


def merged(old, new):
    """`new`, beside what `old` has of other minutes."""
    return {**(old or {}), **json.loads(json.dumps(new))}


def processor():
    """The name of the processor, as Linux or Python tells it."""
    info = Path("/proc/cpuinfo")
    if info.exists() and (found := re.search(r"model name\s*: (.*)", info.read_text())):
        return found[1]
    return platform.processor() or platform.machine()


def _ratio(results, part, over, under):
    speed = results.get(part, {})
    if over not in speed or under not in speed:
        return None
    return speed[over]["images_per_second"] / speed[under]["images_per_second"]


def rows(results):
    """[(what, figure, goal)] of everything that has been measured."""
    found = []
    for name, one in results.get("speed", {}).items():
        figure = f"{one['images_per_second']:.1f} images/s, {one['peak_mb']:,.0f} MB"
        found.append((f"training: {name}", figure, ""))
    for what, over, under, goal in (
        ("our default / the reference recipe", "default", "reference", "≥ 40"),
        ("the same model our way / the reference", "same model, our way", "reference", "≥ 8"),
        ("our default / PyTorch eager", "default, no augmentation", "PyTorch eager", "≥ 1.0"),
        ("our default / PyTorch compiled", "default, no augmentation", "PyTorch compiled", ""),
        ("batch 16 / batch 64", "default, no augmentation, batch 16", "default, no augmentation",
         "≥ 0.8"),
    ):  # fmt: skip
        if (ratio := _ratio(results, "speed", over, under)) is not None:
            found.append((what, f"{ratio:.2f} ×", goal))
    for kind, one in results.get("augmentation", {}).items():
        if kind != "none":
            figure = f"{max(0, one['share']):.1%}"
            found.append((f"share of a training step: augmentation `{kind}`", figure, "≤ 10 %"))
    for which, goal in (("first", "≤ 15 s"), ("second", "≤ 8 s")):
        if one := results.get("start", {}).get(which):
            what = f"from `python` to the end of a training step, {which} start"
            found.append((what, f"{one['seconds']:.1f} s", goal))
    if series := results.get("memory"):
        name, peak = max(series.items(), key=lambda item: item[1]["peak_mb"])
        found.append((f"peak memory of a notebook ({name})", f"{peak['peak_mb']:,.0f} MB",
                      "≤ 1,200 MB"))  # fmt: skip
    for minutes, goal in (("5", "60 %"), ("20", "72 %"), ("60", "78.4 %")):
        if one := results.get("accuracy", {}).get(minutes):
            what = f"CIFAR-10 (JPEG), the recipe for {minutes} minutes ({one['minutes']:.0f} taken)"
            what += one.get("note", "")
            found.append((what, f"{one['test_accuracy']:.1%} test", f"≥ {goal}"))
    return found


def table(results):
    """What was measured, as a Markdown table, and on what."""
    lines = ["| what | measured | to reach |", "| --- | --- | --- |"]
    lines += [f"| {what} | {figure} | {goal} |" for what, figure, goal in rows(results)]
    machine = ", ".join(f"{key} {value}" for key, value in results.get("machine", {}).items())
    return "\n".join([*lines, "", f"Measured with `make bench`: {machine}."])


def into_readme(path, results):
    """Put the table between the marks in the file `path`."""
    text = path.read_text(encoding="utf-8")
    first, last = (text.index(mark) for mark in MARKS)
    text = f"{text[: first + len(MARKS[0])]}\n{table(results)}\n{text[last:]}"
    write_atomically(path, lambda file: file.write(text.encode()))


def pictures(folder, results):
    """Draw how the cost grows with the batch, the tokens and the blocks."""
    growth = results.get("growth")
    if not growth:
        return
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
    for axis, (name, title) in zip(
        axes,
        (("batch", "Batch"), ("tokens", "Tokens (batch 64)"), ("blocks", "Blocks (batch 64)")),
        strict=True,
    ):
        counts = [int(count) for count in growth[name]]
        found = list(growth[name].values())
        if name == "batch":
            axis.plot(counts, [one["images_per_second"] for one in found], "o-", color="#0072b2")
            axis.set(ylabel="images/s (line)", ylim=(0, None))
            other = axis.twinx()
            other.plot(counts, [one["peak_mb"] for one in found], "s--", color="#d55e00")
            other.set(ylabel="peak memory, MB (dashes)", ylim=(0, None))
            axis.set_xscale("log", base=2)
        else:
            axis.plot(counts, [1000 / one["images_per_second"] for one in found], "o-",
                      color="#0072b2")  # fmt: skip
            axis.set(ylabel="milliseconds an image", ylim=(0, None))
        axis.set_xticks(counts, [str(count) for count in counts])
        axis.minorticks_off()
        axis.set(title=title, xlabel=title.split(" ")[0].lower())
        axis.grid(alpha=0.3)
    figure.suptitle("What training `tiny` costs as the work grows")
    figure.savefig(Path(folder) / "growth.png", dpi=110)
    plt.close(figure)
