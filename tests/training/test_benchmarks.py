"""The benchmark runs, in its smallest form; nothing here depends on how long anything takes."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import reference, report
from vit_check.packages import ROOT
from vit_helpers.model.vit import trainable_parameters

RESULTS = {
    "machine": {"cores": 2},
    "speed": {
        "reference": {"images_per_second": 10.0, "peak_mb": 9000.0},
        "default": {"images_per_second": 900.0, "peak_mb": 900.0},
    },
}


def bench(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one-step", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.mark.slow
def test_reference_recipe_has_the_published_size():
    model = reference.build(np.zeros((2, 32, 32, 3), "uint8"))
    assert trainable_parameters(model) == 21_759_012


@pytest.mark.slow
def test_speed_part_runs_every_contender():
    if not (ROOT / ".venv-torch" / "bin" / "python").exists():
        pytest.skip("no PyTorch here; `make test` installs it into .venv-torch")
    printed = bench("speed")
    for name in ("reference", "same model, our way", "default", "PyTorch eager", "compiled"):
        assert name in printed
    assert "left out" not in printed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "shows"),
    [
        ("growth", "growth"),
        ("augmentation", "augmentation `flip-shift`"),
        ("start", "second start"),
        ("memory", "peak memory of a notebook"),
    ],
)
def test_part_runs(part, shows):
    assert shows in bench(part)


@pytest.mark.slow
def test_accuracy_part_runs_on_a_folder(image_folder):
    folder = image_folder({"cat": 40, "dog": 40})
    assert "the recipe for 5 minutes" in bench("accuracy", "--photos", folder)
    assert "name a folder of photographs" in bench("accuracy")


def test_table_goes_between_the_marks_and_nothing_else_changes(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nafter\n")
    report.into_readme(page, RESULTS)
    text = page.read_text()
    assert text.startswith("before\n<!-- benchmark -->\n| what")
    assert text.endswith("<!-- /benchmark -->\nafter\n")
    assert "old" not in text
    assert "| our default / the reference recipe | 90.00 × | ≥ 40 |" in text


def test_the_readme_shows_the_results_that_are_committed():
    results = report.load(ROOT / "benchmarks")
    assert report.table(results) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_results_of_other_parts_stay():
    assert report.merged({"5": 1, "20": 2}, {"20": 3}) == {"5": 1, "20": 3}
    assert json.dumps(report.merged(None, {5: 1})) == '{"5": 1}'
