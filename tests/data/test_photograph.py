"""Photographs are opened as what they are; everything else is refused or passed over, by name."""

import os

import numpy as np
import pytest
from PIL import Image

from vit_helpers import load_dataset
from vit_helpers.data import photograph
from vit_helpers.data.photograph import read

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 32 32\n%%EndComments\nshowpage\n%%EOF\n"


def grey(tmp_path, values, name):
    """A file with a left half of one value and a right half of another."""
    pixels = np.repeat(np.array(values)[None], 32, axis=0).repeat(16, axis=1)
    Image.fromarray(pixels).save(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize("name", ["16.png", "16.tif"])
def test_16_bit_grey_keeps_its_brightness(tmp_path, name):
    image = read(grey(tmp_path, np.array([0x4000, 0xC0FF], np.uint16), name), 32)
    assert image.shape == (32, 32, 3)
    assert image[:, :16].tolist() == np.full((32, 16, 3), 0x40).tolist()
    assert image[:, 16:].tolist() == np.full((32, 16, 3), 0xC0).tolist()


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_pixels_of_32_bits_are_refused(image_folder, tmp_path, kind):
    root = image_folder({"cat": 3, "dog": 3})
    grey(root / "cat", np.array([0, 70_000], kind), "wide.tif")
    with pytest.raises(ValueError, match=r"cat/wide.tif \(pixels of 32 bits, mode [IF]; save it"):
        load_dataset(root)


def test_a_program_that_is_called_a_photograph_is_not_started(image_folder, monkeypatch):
    root = image_folder({"cat": 3, "dog": 3})
    (root / "cat" / "holiday.jpg").write_bytes(EPS)
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *args: pytest.fail("started"))
    with pytest.raises(ValueError, match=r"cat/holiday.jpg \(cannot identify image file\)"):
        load_dataset(root)


def test_other_files_are_passed_over_and_counted(image_folder):
    root = image_folder({"cat": 3, "dog": 3})
    for name in ("a.heic", "b.HEIC", "notes.txt", "c.eps"):
        (root / "dog" / name).write_bytes(EPS)
    os.mkfifo(root / "cat" / "pipe.jpg")  # reading it would wait for ever
    with pytest.warns(UserWarning, match="files in .* are passed over") as warned:
        assert len(load_dataset(root).y_test) == 2
    (text,) = {str(one.message) for one in warned}
    for part in ("5 files", ".heic: 2", ".txt: 1", ".eps: 1", "no file: 1", ".jpeg"):
        assert part in text


@pytest.mark.parametrize("names", [("Cat", "cat"), ("caf\u00e9", "cafe\u0301")])
def test_classes_that_differ_in_case_or_form_only(image_folder, names):
    root = image_folder(dict.fromkeys(names, 3))
    with pytest.raises(ValueError, match="differ only in case or in the form of a letter"):
        load_dataset(root)


def test_truncated_and_giant_images_are_named(image_folder, monkeypatch):
    root = image_folder({"cat": 4, "dog": 4}, suffix="jpg", size=(200, 200))
    cut = root / "cat" / "0.jpg"
    cut.write_bytes(cut.read_bytes()[:500])
    with pytest.raises(ValueError, match=r"cat/0.jpg \(.*[Tt]runcated"):
        load_dataset(root)
    cut.unlink()
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ValueError, match=r"cat/1.jpg \(more pixels than a photograph has\)"):
        load_dataset(root)


def test_damaged_exif_leaves_the_image_as_it_is(tmp_path):
    pixels = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff")
    with pytest.warns(UserWarning, match="Corrupt EXIF data"):
        np.testing.assert_array_equal(read(tmp_path / "a.png", 32), pixels)


def test_a_large_jpeg_is_decoded_small(tmp_path, monkeypatch):
    Image.fromarray(np.full((3000, 4000, 3), 90, np.uint8)).save(tmp_path / "large.jpg")
    sizes, fit = [], photograph.ImageOps.fit
    monkeypatch.setattr(
        photograph.ImageOps,
        "fit",
        lambda image, *args: sizes.append(image.size) or fit(image, *args),
    )
    assert abs(int(read(tmp_path / "large.jpg", 32).mean()) - 90) <= 1
    assert sizes == [(500, 375)]  # an eighth, the least that JPEG can
