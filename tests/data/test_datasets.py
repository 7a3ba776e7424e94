"""load_dataset: the splits, the cache, folders of images, and every bad input's message."""

import errno
import os

import numpy as np
import pytest
from PIL import Image

import vit_helpers
from vit_helpers.data import datasets
from vit_helpers.data.shapes100 import draw as shapes
from vit_helpers.machine.cache import cached


@pytest.fixture
def few_shapes(monkeypatch):
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 20)
    monkeypatch.setattr(shapes, "TEST_PER_CLASS", 3)


def test_splits_are_stratified_and_the_same_every_time(own_cache, few_shapes):
    one, two = vit_helpers.load_dataset(), vit_helpers.load_dataset("shapes100")
    assert one.name == "shapes100"
    assert np.array_equal(np.bincount(one.y_val), np.full(100, 2))
    assert np.array_equal(np.bincount(one.y_train), np.full(100, 18))
    assert len(one.y_test) == 300
    assert np.array_equal(one.x_val, two.x_val)
    together = np.concatenate([one.x_train, one.x_val])
    assert len(np.unique(together.reshape(len(together), -1), axis=0)) == 2000
    assert "100 classes" in repr(one)


def test_damaged_cache_is_made_again(own_cache, few_shapes):
    whole = vit_helpers.load_dataset()
    file = own_cache / "shapes100-1.npz"
    file.write_bytes(file.read_bytes()[: 1 << 16])
    assert np.array_equal(vit_helpers.load_dataset().x_train, whole.x_train)
    assert sorted(path.name for path in own_cache.iterdir()) == [file.name, f"{file.name}.lock"]


def test_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("VIT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="cannot be written"):
        arrays = cached("numbers", lambda: {"x": np.arange(3)})
    assert arrays["x"].sum() == 3


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_drive_without_locks_is_used_all_the_same(own_cache, monkeypatch, code):
    def no_locks(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", no_locks)
    assert cached("numbers", lambda: {"x": np.arange(3)})["x"].sum() == 3
    assert (own_cache / "numbers.npz").exists()


def test_take_keeps_every_class(small_dataset):
    few = small_dataset.take(train=100, evaluation=100)
    assert set(few.y_train) == set(small_dataset.y_train)
    assert len(few.y_train) <= 120
    assert small_dataset.take().x_train is small_dataset.x_train
    with pytest.raises(ValueError, match="train=0 must be a whole number"):
        small_dataset.take(train=0)


def test_folder_with_splits(image_folder):
    image_folder({"cat": 10, "dog": 10}, split="train")
    root = image_folder({"cat": 3, "dog": 2}, split="test")
    data = vit_helpers.load_dataset(str(root))
    assert data.name == "photos"
    assert data.class_names == data.families == ("cat", "dog")
    assert np.bincount(data.y_train).tolist() == [9, 9]
    assert np.bincount(data.y_val).tolist() == [1, 1]
    assert np.bincount(data.y_test).tolist() == [3, 2]
    assert data.x_test[0].max() == 0
    assert data.x_test[-1].min() == 41


def test_folder_of_classes_alone_gets_a_test_split(image_folder):
    data = vit_helpers.load_dataset(image_folder({"cat": 20, "dog": 20}))
    assert [len(y) for y in (data.y_train, data.y_val, data.y_test)] == [32, 4, 4]


@pytest.mark.parametrize(
    ("mode", "suffix"), [("L", "png"), ("RGBA", "png"), ("P", "gif"), ("L", "jpg")]
)
def test_grey_and_alpha_become_rgb(image_folder, mode, suffix):
    data = vit_helpers.load_dataset(image_folder({"cat": 3, "dog": 3}, mode=mode, suffix=suffix))
    assert data.x_train.shape == (2, 32, 32, 3)
    assert data.x_train.dtype == np.uint8


def test_other_sizes_are_cropped_to_a_centred_square(image_folder):
    root = image_folder({"cat": 3, "dog": 3}, size=(90, 40))
    wide = np.zeros((40, 90, 3), np.uint8)
    wide[:, 25:65] = 200
    Image.fromarray(wide).save(root / "dog" / "0.png")
    data = vit_helpers.load_dataset(root, image_size=48)
    everything = np.concatenate([data.x_train, data.x_val, data.x_test])
    assert everything.shape == (6, 48, 48, 3)
    assert (everything[:, 4:-4, 4:-4] == 200).all(axis=(1, 2, 3)).any()


def test_unreadable_images_are_named(image_folder):
    root = image_folder({"cat": 4, "dog": 4})
    (root / "dog" / "broken.jpg").write_bytes(b"no picture")
    whole = (root / "cat" / "1.png").read_bytes()
    (root / "cat" / "cut.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"unreadable images.*cat/cut\.png, dog/broken\.jpg"):
        vit_helpers.load_dataset(root)


def test_folders_that_cannot_be_used(image_folder, tmp_path):
    with pytest.raises(ValueError, match="is not a folder; check the path"):
        vit_helpers.load_dataset(str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match="no images in"):
        vit_helpers.load_dataset(image_folder({}))
    root = image_folder({"cat": 4})
    with pytest.raises(ValueError, match="has one class, 'cat'"):
        vit_helpers.load_dataset(root)
    (root / "dog").mkdir()
    with pytest.raises(ValueError, match=r"no images in the class folders \['dog'\]"):
        vit_helpers.load_dataset(root)
    image_folder({"dog": 2})
    with pytest.raises(ValueError, match=r"class 'dog' has 2 image\(s\); it needs at least 3"):
        vit_helpers.load_dataset(root)


def test_test_folder_with_another_class(image_folder):
    image_folder({"cat": 4, "dog": 4}, split="train")
    root = image_folder({"cat": 4, "cow": 4}, split="test")
    with pytest.raises(ValueError, match=r"the same classes; they differ in \['cow', 'dog'\]"):
        vit_helpers.load_dataset(root)


def test_unknown_name():
    with pytest.raises(ValueError, match="name='mnist' is unknown; choose one of 'shapes100'"):
        vit_helpers.load_dataset("mnist")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_val": np.array([0, 100], np.int32)}, "labels 0 ... 100; with 100 classes"),
        ({"y_val": np.array([-1, 3], np.int32)}, "labels -1 ... 3"),
        ({"y_val": np.array([1], np.int32)}, r"y_val must be int32 \(2,\)"),
        ({"x_val": np.zeros((2, 32, 32), np.uint8)}, "x_val must be uint8"),
        ({"x_val": np.zeros((2, 32, 32, 3))}, "x_val must be uint8"),
        ({"class_names": ("one",)}, "at least 2 classes"),
    ],
)
def test_dataset_checks_itself(small_dataset, change, message):
    from dataclasses import replace

    two = {"x_val": small_dataset.x_val[:2], "y_val": small_dataset.y_val[:2]}
    with pytest.raises(ValueError, match=message):
        replace(small_dataset, **{**two, **change})


def test_stratified_takes_at_least_one():
    rest, chosen = datasets.stratified_split(np.array([0, 0, 0, 1, 1]), 0.1)
    assert len(chosen) == 2
    assert sorted([*rest, *chosen]) == list(range(5))
