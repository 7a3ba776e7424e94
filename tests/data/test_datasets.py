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


@pytest.mark.slow
def test_flipped_and_cut_caches_are_made_again(own_cache, few_shapes):
    whole = vit_helpers.load_dataset()
    (path,) = own_cache.glob("*.npz")
    content = path.read_bytes()
    damaged = [content[:end] for end in (0, 50, len(content) // 2, len(content) - 1)]
    for place in range(200, len(content), len(content) // 25):
        damaged.append(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    for bad in damaged:
        path.write_bytes(bad)
        again = vit_helpers.load_dataset()
        np.testing.assert_array_equal(again.x_train, whole.x_train)
        np.testing.assert_array_equal(again.y_test, whole.y_test)


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


def test_take_keeps_images_with_their_labels_and_shares(image_folder):
    data = vit_helpers.load_dataset(image_folder({"cat": 30, "dog": 60}))
    few = data.take(train=24, evaluation=3)
    assert np.bincount(few.y_train).tolist() == [8, 16]
    assert np.bincount(few.y_val).tolist() == np.bincount(few.y_test).tolist() == [1, 2]
    assert np.array_equal(few.x_train[:, 0, 0, 0] >= 40, few.y_train == 1)
    assert (few.class_names, few.name) == (data.class_names, data.name)
    everything = data.take(train=len(data.y_train), evaluation=10_000)
    assert everything.x_train is data.x_train
    assert everything.x_test is data.x_test
    assert len(data.take(train=len(data.y_train) - 30).y_train) == len(data.y_train) - 30
    with pytest.raises(ValueError, match="evaluation=0 must be a whole number"):
        data.take(evaluation=0)


def test_no_image_is_in_two_splits(image_folder):
    data = vit_helpers.load_dataset(image_folder({"cat": 40, "dog": 40}))
    levels = [set(x[:, 0, 0, 0].tolist()) for x in (data.x_train, data.x_val, data.x_test)]
    assert sum(map(len, levels)) == len(set.union(*levels)) == 80


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


def test_an_image_of_the_right_size_is_not_touched(image_folder):
    root = image_folder({"cat": 3, "dog": 3})
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(root / "dog" / "2.png")
    data = vit_helpers.load_dataset(root)
    everything = np.concatenate([data.x_train, data.x_val, data.x_test])
    assert (everything == pixels).all(axis=(1, 2, 3)).any()


def test_images_stand_as_the_camera_was_held(image_folder):
    """A telephone writes an image lying down, and the turn it needs beside it (EXIF 274)."""
    root = image_folder({"cat": 3, "dog": 3})
    upper = np.zeros((32, 32, 3), np.uint8)
    upper[:16] = 200
    exif = Image.Exif()
    exif[274] = 6  # to be turned by 90 degrees, clockwise
    for i in range(3):
        Image.fromarray(np.rot90(upper)).save(root / "dog" / f"{i}.png", exif=exif)
    x = vit_helpers.load_dataset(root).x_test
    assert x[1, :14].min() == 200
    assert x[1, 18:].max() == 0


def test_what_is_transparent_shows_the_colour_below(image_folder):
    """As a palette with a transparent entry: it becomes that entry's colour, without a warning."""
    root = image_folder({"cat": 3, "dog": 3})
    for i in range(3):
        image = Image.new("P", (32, 32), 1)
        image.putpalette([0, 0, 0, 9, 8, 7])
        image.save(root / "dog" / f"{i}.png", transparency=b"\xff\x00")
    assert vit_helpers.load_dataset(root).x_test[1, 5, 5].tolist() == [9, 8, 7]


def test_only_images_in_folders_with_a_name_count(image_folder):
    root = image_folder({"cat": 3, "dog": 3, ".ipynb_checkpoints": 1, "__MACOSX": 1})
    (root / "cat" / "._0.png").write_bytes(b"a Mac's note")
    (root / "cat" / "notes.txt").write_text("no image")
    (root / "cat" / "0.png").rename(root / "cat" / "0.PNG")
    (root / "README.png").write_bytes(b"not in a folder")
    with pytest.warns(UserWarning, match=r"1 files in .* are passed over \(.txt: 1\)"):
        data = vit_helpers.load_dataset(root)
    assert data.class_names == ("cat", "dog")
    assert len(data.y_train) + len(data.y_val) + len(data.y_test) == 6


def test_labels_and_images_are_in_the_order_of_names(image_folder):
    from vit_helpers.data.folder import load_folder

    image_folder({"b": 2, "a": 3}, split="train")
    root = image_folder({"b": 1, "a": 1}, split="test")
    arrays, names = load_folder(root, 32)
    assert names == ("a", "b")
    assert arrays["y_train"].tolist() == [0, 0, 0, 1, 1]
    assert arrays["y_train"].dtype == np.int32
    assert arrays["x_train"][:, 0, 0, 0].tolist() == [40, 41, 42, 0, 1]
    assert arrays["y_test"].tolist() == [0, 1]


def test_a_class_needs_an_image_for_each_split(image_folder):
    """Two where there is a test folder, three where there is none."""
    image_folder({"cat": 2, "dog": 2}, split="train")
    root = image_folder({"cat": 1, "dog": 1}, split="test")
    data = vit_helpers.load_dataset(root)
    assert [len(y) for y in (data.y_train, data.y_val, data.y_test)] == [2, 2, 2]
    (root / "train" / "dog" / "0.png").unlink()
    with pytest.raises(ValueError, match=r"class 'dog' has 1 image\(s\); it needs at least 2"):
        vit_helpers.load_dataset(root)


def test_of_many_unreadable_images_five_are_named(image_folder):
    root = image_folder({"cat": 3, "dog": 3})
    for i in range(7):
        (root / "cat" / f"bad{i}.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"cat/bad4\.png \(.*\) and 2 more$"):
        vit_helpers.load_dataset(root)
    for i in (5, 6):
        (root / "cat" / f"bad{i}.png").unlink()
    with pytest.raises(ValueError, match=r"cat/bad4\.png \(cannot identify image file\)$"):
        vit_helpers.load_dataset(root)


def test_an_image_that_would_fill_the_memory_is_named(image_folder, monkeypatch):
    root = image_folder({"cat": 3, "dog": 3})
    Image.fromarray(np.zeros((99, 99, 3), np.uint8)).save(root / "dog" / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)
    with pytest.raises(ValueError, match=r"unreadable images.*dog/huge\.png"):
        vit_helpers.load_dataset(root)


@pytest.mark.parametrize("size", [0, 2.5])
def test_image_size_must_be_a_whole_number(image_folder, size):
    with pytest.raises(ValueError, match=f"image_size={size} must be a whole number"):
        vit_helpers.load_dataset(image_folder({"cat": 3, "dog": 3}), image_size=size)


def test_a_folder_called_like_a_dataset_does_not_hide_it(
    own_cache, few_shapes, image_folder, monkeypatch
):
    root = image_folder({"cat": 3, "dog": 3})
    monkeypatch.chdir(root.parent)
    root.rename("shapes100")
    assert len(vit_helpers.load_dataset("shapes100").class_names) == 100
    assert len(vit_helpers.load_dataset("./shapes100").class_names) == 2


def test_a_folder_that_is_given_as_a_dot_has_its_name(image_folder, monkeypatch):
    monkeypatch.chdir(image_folder({"cat": 3, "dog": 3}))
    assert vit_helpers.load_dataset(".").name == "photos"


def test_unreadable_images_are_named(image_folder):
    root = image_folder({"cat": 4, "dog": 4})
    (root / "dog" / "broken.jpg").write_bytes(b"no picture")
    whole = (root / "cat" / "1.png").read_bytes()
    (root / "cat" / "cut.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(
        ValueError, match=r"unreadable images.*cat/cut\.png \(.*\), dog/broken\.jpg"
    ):
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


def test_an_empty_split_is_allowed(small_dataset):
    from dataclasses import replace

    none = replace(small_dataset, x_val=small_dataset.x_val[:0], y_val=small_dataset.y_val[:0])
    assert len(none.y_val) == 0


def test_datasets_say_what_they_are(image_folder):
    data = vit_helpers.load_dataset(image_folder({"cat": 20, "dog": 20}), image_size=16)
    assert repr(data) == (
        "ImageDataset('photos': 2 classes, images 16 × 16, 32 train, 4 val, 4 test)"
    )


def test_stratified_takes_at_least_one():
    rest, chosen = datasets.stratified_split(np.array([0, 0, 0, 1, 1]), 0.1)
    assert len(chosen) == 2
    assert sorted([*rest, *chosen]) == list(range(5))


def test_stratified_takes_the_fraction_of_each_class_by_chance():
    labels = np.tile([0, 1, 2, 2], 25)
    rest, chosen = datasets.stratified_split(labels, 0.2)
    assert np.bincount(labels[chosen]).tolist() == [5, 5, 10]
    assert sorted([*rest, *chosen]) == list(range(100))
    assert (np.diff(rest) > 0).all()
    assert (np.diff(chosen) > 0).all()
    assert np.array_equal(chosen, datasets.stratified_split(labels, 0.2)[1])
    assert not np.array_equal(chosen, datasets.stratified_split(labels, 0.2, seed=1)[1])
