"""`make study`: every row can be built, runs are kept one by one, and a stopped study goes on."""

import json
import subprocess
import sys

import pytest

from benchmarks.study import questions, store
from benchmarks.study.variants import MODELS
from vit_check.packages import ROOT
from vit_helpers import PROFILES
from vit_helpers.classroom import study

ALL = [(s, row) for rows in questions.QUESTIONS.values() for row, s in rows.items()]
ENTRY = {"test": 0.5, "train": 0.6, "probes": {}}


@pytest.fixture
def kept(tmp_path):
    found = store.Store(tmp_path / "study.jsonl")
    found.describe("toys", questions.QUESTIONS)
    return found


def test_keys_tell_settings_apart_and_nothing_else():
    by_key = {}
    for setting, _ in ALL:
        other = by_key.setdefault(setting.key, setting)
        assert setting.but(probes=()) == other.but(probes=())
    assert len(by_key) == len({setting.but(probes=()) for setting, _ in ALL})


def test_each_question_begins_with_a_default_and_changes_it():
    for name, rows in questions.QUESTIONS.items():
        first, *others = (store.changes(setting) for setting in rows.values())
        assert {*first} <= {"images", "seen"}, name
        assert all(other != first for other in others), name


def test_runs_are_asked_for_once_and_with_all_their_probes():
    runs = questions.runs(questions.QUESTIONS, seeds=2)
    assert len({(s.key, seed) for s, seed in runs}) == len(runs)
    base = next(setting for setting, _ in runs if setting.key == questions.BASE.key)
    assert base.probes == ("calibration", "first steps")


def test_a_stopped_study_goes_on_where_it_was(kept):
    runs = questions.runs(questions.QUESTIONS, seeds=1)
    assert kept.missing("toys", runs) == runs
    setting, seed = runs[3]
    kept.keep("toys", setting, seed, ENTRY | {"probes": dict.fromkeys(setting.probes)})
    again = store.Store(kept.path)
    assert again.missing("toys", runs) == runs[:3] + runs[4:]
    assert again.study == kept.study


def test_a_run_without_its_probe_is_made_again(kept):
    setting = questions.BASE.but(probes=("calibration",))
    kept.keep("toys", setting, 0, ENTRY)
    assert kept.missing("toys", [(setting, 0)]) == [(setting, 0)]
    assert kept.missing("toys", [(questions.BASE, 0)]) == []


def test_a_kill_while_writing_leaves_the_file_whole(kept, monkeypatch):
    kept.keep("toys", questions.BASE, 0, ENTRY)
    before = kept.path.read_text("utf-8")
    monkeypatch.setattr("os.replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kept.keep("toys", questions.BASE, 1, ENTRY)
    assert kept.path.read_text("utf-8") == before


@pytest.mark.parametrize("variant", MODELS)
def test_variants_give_logits_and_differ(variant, small_dataset):
    config = questions.TINY.fit_to(small_dataset)
    model, plain = MODELS[variant](config, 0), MODELS["vit"](config, 0)
    logits = model(small_dataset.x_test[:2])
    assert logits.shape == (2, 100)
    same = (logits == plain(small_dataset.x_test[:2])).all()
    assert same == (variant == "vit")


def test_the_committed_study_is_the_one_that_is_asked_for():
    """Each line is a run of a row; each dataset's questions are those in the code."""
    stored = study.read(study.FILE)
    for data, about in stored.about.items():
        asked = store.Store(study.FILE)
        names = [q for q in questions.QUESTIONS if q in about["questions"]]
        asked.describe(data, {name: questions.QUESTIONS[name] for name in names})
        assert json.loads(json.dumps(asked.study.about[data])) == about
        for where, key, _ in stored.runs:
            assert where != data or key in about["rows"]


@pytest.mark.slow
def test_smoke_trains_every_kind_of_row():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.study", "--smoke"], cwd=ROOT, capture_output=True,
        text=True,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    for row in questions.SMOKE["smoke"]:
        assert row in done.stdout
    assert PROFILES["smoke"].epochs == 1
