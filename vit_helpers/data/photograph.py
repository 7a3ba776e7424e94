"""Photographs from files: opened only as what photographs are, and as 8-bit RGB, or refused."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image, ImageOps

from vit_check.hardware import cores

# By content, whatever a file is called: Pillow would start another program for an EPS file.
FORMATS = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), "PNG": (".png",),
    "WEBP": (".webp",), "GIF": (".gif",), "BMP": (".bmp",), "TIFF": (".tif", ".tiff"),
    "PPM": (".ppm", ".pgm", ".pbm"),
}  # fmt: skip
SUFFIXES = frozenset(suffix for suffixes in FORMATS.values() for suffix in suffixes)


def read_all(files, size):
    """Decode all files: uint8 (N, size, size, 3); one ValueError names those that cannot be."""
    with ThreadPoolExecutor(cores()) as pool:  # each may hold a large photograph
        images = list(pool.map(lambda file: _read_or_reason(file, size), files))
    bad = [
        f"{file.parent.name}/{file.name} ({image})"
        for file, image in zip(files, images, strict=True)
        if isinstance(image, str)
    ]
    if bad:
        more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise ValueError(f"unreadable images, mend or remove them: {', '.join(bad[:5])}{more}")
    return np.stack(images)


def _read_or_reason(file, size):
    try:
        return read(file, size)
    except Image.DecompressionBombError:
        return "more pixels than a photograph has"
    except (OSError, ValueError, SyntaxError, TypeError, MemoryError) as error:
        return str(error).split(" '")[0] or type(error).__name__


def read(file, size):
    """One image as uint8 (size, size, 3): upright, RGB, centre-cropped, resized.

    16-bit grey becomes 8-bit by its upper byte. Raises OSError or ValueError for what is no
    photograph, is cut off, or has pixels whose black and white nobody can know (32-bit, float).
    """
    with Image.open(file, formats=list(FORMATS)) as image:
        image.draft("RGB", (2 * size, 2 * size))  # JPEG only: decoded at a fraction of its size
        _turn_upright(image)
        rgb = image if image.mode == "RGB" else _as_rgb(image)
        if rgb.size != (size, size):
            rgb = ImageOps.fit(rgb, (size, size), Image.Resampling.LANCZOS)
        return np.asarray(rgb)


def _turn_upright(image):
    """Turn the image as its EXIF data say, or not where they are damaged."""
    with contextlib.suppress(
        OSError, ValueError, TypeError, KeyError, SyntaxError, ZeroDivisionError
    ):
        ImageOps.exif_transpose(image, in_place=True)


def _as_rgb(image):
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PNG"):
        grey = np.asarray(image).astype(np.uint32) >> 8
        image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise ValueError(f"pixels of 32 bits, mode {image.mode}; save it with 8 or 16 bits")
    return image.convert("RGBA" if image.has_transparency_data else "RGB").convert("RGB")
