"""The families of Shapes-100 that differ in form, which a few neighbouring patches can tell.

Each function takes a `Pencil` for n images and their kinds (n,) in 0 ... 4, and returns images
(n, 32, 32, 3) in 0 ... 1. Lengths are in the units of the plane (-1 ... 1, 16 pixels a unit).
A mirror image, a turn of 7 degrees and a zoom of 20 % never change a kind: what matters stays
inside |x|, |y| < 0.8.
"""

import numpy as np

from .pencil import X, Y, disc, mark, plain

LETTERS = "01110 10001 11111 10001 10001|10001 10001 11111 10001 10001|11111 00100 00100 00100 00100|10001 10001 10001 10001 01110|10001 01010 00100 01010 10001"  # noqa: E501
GLYPHS = np.array(
    [[[int(bit) for bit in row] for row in letter.split()] for letter in LETTERS.split("|")],
    np.float32,
)


def solids(pencil, kind):
    """One filled mark; the kind is its shape: disc, box, diamond, triangle, cross.

    Left to chance: its centre (up to 0.25 off the middle), its radius (0.32 to 0.5), the two tones.
    """
    x, y = pencil.uniform(-0.25, 0.25), pencil.uniform(-0.25, 0.25)
    return plain(pencil, mark(kind, x, y, pencil.uniform(0.32, 0.5)))


def outlines(pencil, kind):
    """One mark in outline; the kind is its shape: disc, box, diamond, triangle, cross.

    Left to chance: its centre (up to 0.2 off the middle), its radius (0.4 to 0.55), the width of
    the stroke (0.1 to 0.16), the two tones.
    """
    x, y = pencil.uniform(-0.2, 0.2), pencil.uniform(-0.2, 0.2)
    distance = mark(kind, x, y, pencil.uniform(0.4, 0.55))
    return plain(pencil, np.abs(distance) - pencil.uniform(0.05, 0.08))


def letters(pencil, kind):
    """One capital letter; the kind is which: A, H, T, U or X, which a mirror leaves as they are.

    Left to chance: its centre (up to 0.15 off the middle), the side of its 5 x 5 cells (0.17 to
    0.24), the two tones.
    """
    cell = pencil.uniform(0.17, 0.24)
    column = np.floor((X - pencil.uniform(-0.15, 0.15)) / cell + 2.5).astype(int)
    row = np.floor((Y - pencil.uniform(-0.15, 0.15)) / cell + 2.5).astype(int)
    inside = (column >= 0) & (column < 5) & (row >= 0) & (row < 5)
    on = GLYPHS[kind[:, None, None], np.clip(row, 0, 4), np.clip(column, 0, 4)] * inside
    return plain(pencil, 0.05 - 0.1 * on)


def bars(pencil, kind):
    """One bar; the kind is its direction: 0, 22.5, 45, 67.5 or 90 degrees from the horizontal.

    Left to chance: up to 4 degrees of it, rising or falling, the centre (up to 0.15 off the
    middle), half the length (0.4 to 0.58), half the width (0.08 to 0.14), the two tones.
    """
    dx, dy = X - pencil.uniform(-0.15, 0.15), Y - pencil.uniform(-0.15, 0.15)
    c, s = pencil.tilt(kind)
    along, across = c * dx + s * dy, s * dx - c * dy
    half = pencil.uniform(0.4, 0.58)
    return plain(
        pencil, np.maximum(np.abs(along) - half, np.abs(across) - pencil.uniform(0.08, 0.14))
    )


def openings(pencil, kind):
    """A ring; the kind is where it is open: nowhere, top, bottom, one side, top and bottom.

    Left to chance: the left or the right side, the centre (up to 0.12 off the middle), the ring's
    radius (0.4 to 0.55) and thickness, how wide the gap is (0.32 to 0.44), the two tones.
    """
    dx, dy = X - pencil.uniform(-0.12, 0.12), Y - pencil.uniform(-0.12, 0.12)
    ring = np.abs(disc(dx, dy, pencil.uniform(0.4, 0.55))) - pencil.uniform(0.07, 0.1)
    reach = pencil.uniform(0.16, 0.22)
    up, down = np.maximum(np.abs(dx) - reach, dy), np.maximum(np.abs(dx) - reach, -dy)
    side = np.maximum(np.abs(dy) - reach, dx * pencil.sign())
    gaps = (np.ones_like(up + side), up, down, side, np.minimum(up, down))
    return plain(pencil, np.maximum(ring, -np.choose(kind[:, None, None], gaps)))


def counts(pencil, kind):
    """One to five dots; the kind is how many.

    Left to chance: which cells of a 3 x 3 grid they stand in and where in these, each dot's radius
    (0.11 to 0.17), the two tones.
    """
    cells = pencil.choices(9, 5)
    dots = []
    for i in range(5):
        column, row = (cells[:, i] % 3)[:, None, None], (cells[:, i] // 3)[:, None, None]
        x = (column - 1) * 0.54 + pencil.uniform(-0.06, 0.06)
        y = (row - 1) * 0.54 + pencil.uniform(-0.06, 0.06)
        dot = disc(X - x, Y - y, pencil.uniform(0.11, 0.17))
        dots.append(np.where((i <= kind)[:, None, None], dot, 9))
    return plain(pencil, np.minimum.reduce(dots))
