"""Measured speed: what is divided by what; nothing here depends on how long anything takes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from vit_helpers import (
    BUDGETS,
    PROFILES,
    RECIPES,
    ViTConfig,
    create_vit_classifier,
    speed_report,
    training_speed,
)
from vit_helpers.training import speed

TINY = ViTConfig(image_size=8, num_classes=3, projection_dim=8, num_heads=2, transformer_layers=1)
RECIPE = replace(RECIPES["default"], batch_size=4, augmentation="none")


@pytest.fixture
def clock(monkeypatch):
    """A clock that shows the next of these seconds at each look: the start, then ends of calls."""
    seconds = iter([10.0, 15.0, 17.0, 18.0, 22.0])
    monkeypatch.setattr(speed.time, "perf_counter", lambda: next(seconds))


@pytest.mark.slow
def test_speed_is_images_over_the_median_call(clock):
    found = training_speed(TINY, RECIPE, steps_per_execution=3, calls=3)
    assert found.first_seconds == 5
    assert found.images_per_second == 3 * 4 / 2  # calls of 2, 1 and 4 seconds


@pytest.mark.slow
def test_each_call_gets_as_many_images_as_are_counted(clock, monkeypatch):
    """As bytes, as those of a dataset are."""
    given, make = [], speed.batches

    def noted(*arguments, **options):
        for images, labels in make(*arguments, **options):
            given.append((images.shape, images.dtype))
            yield images, labels

    monkeypatch.setattr(speed, "batches", noted)
    training_speed(TINY, RECIPE, steps_per_execution=3, calls=3)
    assert len(given) >= 4
    assert set(given) == {((3 * 4, 8, 8, 3), np.dtype("uint8"))}


@pytest.mark.slow
def test_without_further_calls_there_is_no_speed(clock):
    found = training_speed(TINY, RECIPE, steps_per_execution=1, calls=0)
    assert found.first_seconds == 5
    assert np.isnan(found.images_per_second)


def test_the_report_says_how_much_each_profile_trains(monkeypatch, small_dataset):
    monkeypatch.setattr(speed, "load_dataset", lambda: small_dataset)
    monkeypatch.setattr(speed, "training_speed", lambda config: speed.Speed(100.0, 2.0))
    report = speed_report()
    assert report["images_per_second"] == 100
    assert report["profiles"] == {"smoke": 512, "quick": 3 * 600, "full": 30 * 600}
    assert set(report["profiles"]) == set(PROFILES)
    assert report["accelerator"]


def test_a_larger_budget_is_more_work():
    work = []
    for minutes, budget in BUDGETS.items():
        assert budget.minutes == minutes
        parameters = create_vit_classifier(budget.config).count_params()
        work.append(budget.epochs * parameters)
    assert list(BUDGETS) == sorted(BUDGETS)
    for minutes, more, (little, much) in zip(
        BUDGETS, list(BUDGETS)[1:], pairwise(work), strict=False
    ):
        assert 1 < much / little < 3 * more / minutes


def test_more_images_than_memory_holds_are_refused():
    with pytest.raises(ValueError, match=r"steps_per_execution=10000000 and .* GB of images"):
        training_speed(ViTConfig(), steps_per_execution=10_000_000)
