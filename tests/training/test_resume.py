"""A run that is killed, stopped, damaged or disturbed: the same result in the end, or an error."""

import errno
import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import vit_helpers
from vit_check.packages import ROOT
from vit_helpers import RECIPES, ViTConfig, create_vit_classifier, forget_runs, run_experiment
from vit_helpers.machine import statefiles
from vit_helpers.machine.statefiles import StateFiles, claimed
from vit_helpers.pictures import live
from vit_helpers.training import checkpoint, folders, run

SMALL = ViTConfig(patch_size=8, projection_dim=16, num_heads=2, transformer_layers=1, dropout=0.2)
RECIPE = replace(RECIPES["default"], augmentation="flip-shift", batch_size=16)
# Of killed.py: in the first epoch 1 and 6 to 8 are calls, 2 to 5 and 9 to 12 a write of a state.
POINTS = (3, 1, 5, 2, 4, 6, 8, 5, 9, 11, 6, 4)


def train(data, folder=None, model=None, recipe=RECIPE, epochs=2, **options):
    model = model or create_vit_classifier(SMALL)
    result = run_experiment(
        model, data, "smoke", recipe, epochs=epochs, checkpoint_dir=folder, **options
    )
    return result, model


def same(one, other):
    (first, a), (second, b) = one, other
    assert first.history == second.history
    assert first.test_accuracy == second.test_accuracy
    for ours, theirs in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


class Stop(BaseException):
    """As KeyboardInterrupt, it is no Exception."""


def stop_at(monkeypatch, call):
    """Let a run stop after `call` calls, and keep a state after each."""
    monkeypatch.setattr(checkpoint, "KEEP_SECONDS", -1)
    keep, made = checkpoint._Keep.on_train_batch_end, []

    def counted(self, batch, logs=None):
        keep(self, batch, logs)
        made.append(batch)
        if len(made) == call:
            raise Stop

    monkeypatch.setattr(checkpoint._Keep, "on_train_batch_end", counted)


@pytest.fixture(scope="module")
def data(small_dataset):
    return small_dataset.take(340, 100)  # 21 batches: two calls an epoch, of ten


@pytest.fixture(scope="module")
def whole(data):
    return train(data)


@pytest.fixture(scope="module")
def unfinished(data, tmp_path_factory):
    """The folder of a run that was stopped in the middle of its second epoch."""
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        stop_at(patch, call=3)
        with pytest.raises(Stop):
            train(data, folder)
    return folder


@pytest.fixture
def folder(unfinished, tmp_path):
    return shutil.copytree(unfinished, tmp_path / "copy")


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_the_same(tmp_path):
    """By SIGKILL, at points before, within and after calls and writes; all that is random is on."""

    def start(name, point):
        command = [sys.executable, "-m", "tests.training.killed", tmp_path / name]
        command += [
            tmp_path / f"{name}.json",
            str(point),
            "muon",
            "flip-shift",
            "cutmix",
            "dropout",
        ]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).returncode

    assert start("whole", 0) == 0
    assert [start("killed", point) for point in POINTS] == [-9] * len(POINTS)
    assert start("killed", 0) == 0
    results = [json.loads((tmp_path / f"{name}.json").read_text()) for name in ("whole", "killed")]
    assert results[0] == results[1]


@pytest.mark.slow
def test_a_stopped_run_goes_on_in_the_middle_of_an_epoch(data, whole, folder):
    same(train(data, folder), whole)
    assert vit_helpers.load_classifier(folder / "best.keras", SMALL).count_params()


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut])
@pytest.mark.parametrize("count", [1, 2])
def test_a_damaged_state_is_noticed_and_the_one_before_serves(data, whole, folder, damage, count):
    states = sorted(folder.glob("*.state"))
    assert len(states) == 2
    for path in states[-count:]:
        damage(path)
    with pytest.warns(UserWarning, match=r"\.state is damaged: going on from the state before"):
        same(train(data, folder), whole)


@pytest.mark.slow
def test_a_full_disk_loses_nothing(data, whole, folder, monkeypatch):
    def full(path, write):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(statefiles, "write_atomically", full)
        with pytest.raises(OSError, match=r"cannot be written \(No space left .* make room"):
            train(data, folder)
    same(train(data, folder), whole)


@pytest.mark.slow
def test_an_output_that_is_closed_is_no_fault_of_the_folder(data, whole, folder, monkeypatch):
    def closed(*text):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with monkeypatch.context() as patch:
        patch.setattr(live, "print", closed, raising=False)
        with pytest.raises(BrokenPipeError, match="Broken pipe") as caught:
            train(data, folder)
        assert "checkpoint_dir" not in str(caught.value)
    same(train(data, folder), whole)


@pytest.mark.slow
def test_a_folder_that_vanishes_at_the_end_costs_no_result(data, whole, folder, monkeypatch):
    evaluate = run._evaluate

    def and_delete(*given):
        for path in folder.glob("*.state"):
            path.unlink()
        return evaluate(*given)

    monkeypatch.setattr(run, "_evaluate", and_delete)
    with pytest.warns(UserWarning, match="the states in .* are gone"):
        same(train(data, folder), whole)


OTHERS = {
    "model": lambda data: {"model": create_vit_classifier(replace(SMALL, num_heads=4))},
    "model, weights": lambda data: {"model": create_vit_classifier(replace(SMALL, pool="token"))},
    "position": lambda data: {"model": create_vit_classifier(replace(SMALL, position="none"))},
    "dropout": lambda data: {"model": create_vit_classifier(replace(SMALL, dropout=0.3))},
    "first weights": lambda data: {"model": create_vit_classifier(SMALL, seed=1)},
    "fewer images": lambda data: {"data": data.take(330, 100)},
    "inverted": lambda data: {"data": replace(data, x_train=255 - data.x_train)},
    "recipe": lambda data: {"recipe": replace(RECIPE, learning_rate=1e-3)},
    "seed": lambda data: {"seed": 1},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_an_unfinished_run_of_another_kind_is_not_overwritten(data, folder, name):
    before = {path.name: path.read_bytes() for path in folder.glob("*.state")}
    with pytest.raises(ValueError, match=r"holds an unfinished run with other settings \("):
        train(**{"data": data, "folder": folder, **OTHERS[name](data)})
    assert {path.name: path.read_bytes() for path in folder.glob("*.state")} == before


@pytest.mark.slow
def test_more_epochs_need_a_constant_rate(data, folder, tmp_path):
    with pytest.raises(
        ValueError, match=r"epochs=3, but checkpoint_dir=.* holds a run of 2 epochs"
    ):
        train(data, folder, epochs=3)
    flat = replace(RECIPE, schedule="constant", warmup_ratio=0.0)
    train(data, tmp_path / "flat", recipe=flat, epochs=1)
    more = train(data, tmp_path / "flat", recipe=flat, epochs=2)
    same(more, train(data, recipe=flat, epochs=2))


@pytest.mark.slow
def test_a_finished_run_is_not_made_again(data, tmp_path, capsys):
    first = train(data, tmp_path)
    capsys.readouterr()
    second = train(data, tmp_path)
    same(first, second)
    assert "This run was finished before" in capsys.readouterr().out
    assert second[0].seconds > 0
    other, _ = train(data, tmp_path, recipe=replace(RECIPE, learning_rate=1e-3), epochs=1)
    assert len(other.history["loss"]) == 1  # the folder of a finished run serves the next


@pytest.mark.slow
def test_only_one_process_trains_in_a_folder(data, folder):
    with claimed(folder), pytest.raises(OSError, match="is in use: another process trains in it"):
        train(data, folder)


@pytest.mark.slow
def test_a_stopped_or_failed_run_leaves_the_model_as_it_was(data, monkeypatch):
    model = create_vit_classifier(SMALL)
    before = model.get_weights()
    stop_at(monkeypatch, call=1)
    with pytest.raises(Stop):
        train(data, model=model)
    monkeypatch.undo()
    wild = replace(RECIPE, learning_rate=1e9, clip_norm=None, warmup_ratio=0.0)
    with pytest.raises(ValueError, match=r"learning_rate=1e\+09: the training diverged in epoch 1"):
        train(data, model=model, recipe=wild, epochs=3)
    for ours, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, old)
    assert np.isfinite(model.predict(data.x_test, verbose=0)).all()


@pytest.mark.slow
def test_runs_of_other_lengths_are_kept_apart(data, monkeypatch, tmp_path):
    monkeypatch.setenv("VIT_CACHE", str(tmp_path))
    (longer, _), (shorter, _) = (train(data, resume=True, epochs=epochs) for epochs in (2, 1))
    assert [len(run.history["loss"]) for run in (longer, shorter)] == [2, 1]
    assert longer.folder != shorter.folder


@pytest.mark.slow
def test_runs_in_the_cache_are_found_again_and_forgotten(data, whole, tmp_path, monkeypatch):
    monkeypatch.setenv("VIT_CACHE", str(tmp_path))
    with monkeypatch.context() as patch:
        stop_at(patch, call=3)
        with pytest.raises(Stop):
            train(data, resume=True)
    (kept,) = (tmp_path / "runs").iterdir()
    assert sorted(kept.glob("*.state"))
    result, model = train(data, resume=True)
    same((result, model), whole)
    assert result.folder == kept
    with claimed(kept):
        again, _ = train(data, resume=True)  # is told, and trains all the same
    assert again.folder is None
    forget_runs(result, again)
    assert list((tmp_path / "runs").iterdir()) == []


def test_the_oldest_runs_in_the_cache_make_room(tmp_path, monkeypatch):
    monkeypatch.setenv("VIT_CACHE", str(tmp_path))
    monkeypatch.setattr(folders, "RUNS_KEPT", 3)
    for age, name in enumerate("abcde"):
        path = folders.run_folder(name)
        path.mkdir(parents=True)
        checkpoint.time.sleep(0.01 if age else 0)
    folders.prune(folders.run_folder("f"))
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["d", "e"]


def test_every_flipped_byte_and_every_cut_is_noticed(tmp_path):
    files = StateFiles(tmp_path)
    files.save({"step": 1}, [np.arange(3.0)])
    files.save({"step": 2}, [np.arange(5.0)])
    (_, newest) = sorted(tmp_path.glob("*.state"))
    content = newest.read_bytes()
    damaged = [content[:end] for end in range(0, len(content), 7)]
    damaged += [
        content[:i] + bytes([content[i] ^ 16]) + content[i + 1 :] for i in range(len(content))
    ]
    for bad in damaged:
        newest.write_bytes(bad)
        with pytest.warns(UserWarning, match="is damaged"):
            about, (blob,) = files.latest()
        assert about["step"] == 1
        np.testing.assert_array_equal(np.frombuffer(blob), np.arange(3.0))


def test_states_of_a_newer_version_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(statefiles, "FORMAT", 2)
    StateFiles(tmp_path).save({}, [])
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"written by a newer version .* \(format 2"):
        StateFiles(tmp_path).latest()
    assert len(list(tmp_path.iterdir())) == 1


def test_two_states_are_kept_and_what_was_half_written_goes(tmp_path):
    with claimed(tmp_path):
        for step in range(4):
            StateFiles(tmp_path).save({"step": step}, [])
    (tmp_path / "000005.state.12.part").write_bytes(b"half")
    with claimed(tmp_path):
        pass
    assert sorted(path.name for path in tmp_path.glob("0*")) == ["000003.state", "000004.state"]


@pytest.mark.parametrize("folder", ["", "  ", 3, b"x"])
def test_a_checkpoint_dir_is_a_path(data, folder):
    with pytest.raises(ValueError, match=r"checkpoint_dir=.* must be the path of a folder"):
        train(data, folder)


def test_a_tilde_is_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folders.folder_of("~/run") == tmp_path / "run"


def test_a_folder_that_cannot_be_written_is_named(data, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OSError, match=r"checkpoint_dir='.*' cannot be written \(Not a directory\)"):
        train(data, tmp_path / "file" / "run")
