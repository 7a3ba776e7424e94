"""The families of Shapes-100 with the same marks everywhere: only *where* they are tells.

Each function takes a `Pencil` for n images and their kinds (n,) in 0 ... 4, and returns images
(n, 32, 32, 3) in 0 ... 1. Lengths are in the units of the plane (-1 ... 1, 16 pixels a unit).
A mirror image, a turn of 7 degrees and a zoom of 20 % never change a kind: what matters stays
inside |x|, |y| < 0.8.
"""

import numpy as np

from .pencil import COLUMN, X, Y, cross, disc, mark, plain


def places(pencil, kind):
    """One mark; the kind is where: middle, top, bottom, a side, a lower corner.

    Left to chance: which of the five marks, its radius (0.14 to 0.2), the left
    or the right side, up to 0.08 of its place, the two tones.
    """
    kind, side = kind[:, None, None], pencil.sign() * 0.55
    x = np.choose(kind, (0, 0, 0, side, side)) + pencil.uniform(-0.08, 0.08)
    y = np.choose(kind, (0, -0.55, 0.55, 0, 0.55)) + pencil.uniform(-0.08, 0.08)
    signs, radius = pencil.choices(5, 1)[:, 0], pencil.uniform(0.14, 0.2)
    return plain(pencil, mark(signs, x, y, radius))


def pairs(pencil, kind):
    """A disc and a cross; the kind is how the two stand to each other.

    One above the other (disc or cross on top), beside each other, or aslant (disc or cross higher).
    Fixed: the two marks, of one size, at opposite ends of the same centre. Left to chance: left and
    right, the distance (0.36 to 0.44 from their middle), where that middle is (up to 0.12 off),
    their radius (0.2 to 0.28), the two tones.
    """
    gap = pencil.uniform(0.36, 0.44)
    flip = pencil.sign() * gap
    k = kind[:, None, None]
    x, y = np.choose(k, (0, 0, flip, flip, flip)), np.choose(k, (gap, -gap, 0, gap, -gap))
    shift_x, shift_y = pencil.uniform(-0.12, 0.12), pencil.uniform(-0.12, 0.12)
    r = pencil.uniform(0.2, 0.28)
    one = disc(X - x - shift_x, Y + y - shift_y, r)
    return plain(pencil, np.minimum(one, cross(X + x - shift_x, Y - y - shift_y, r)))


def stacks(pencil, kind):
    """A disc, a box and a cross, one below the other; the kind is their order from the top.

    Fixed: the three marks and their heights. Left to chance: each mark's shift to the side (up to
    0.25), their common radius (0.2 to 0.24), the two tones.
    """
    orders = np.array([[0, 1, 4], [0, 4, 1], [1, 0, 4], [1, 4, 0], [4, 0, 1]])[kind]
    r = pencil.uniform(0.2, 0.24)
    marks = [mark(orders[:, i], pencil.uniform(-0.25, 0.25), y, r) for i, y in enumerate(COLUMN)]
    return plain(pencil, np.minimum.reduce(marks))


def places_of(points):
    """The k points of `points` (n, k, 2) as k pairs x, y, each (n, 1, 1)."""
    return [(p[:, 0, None, None], p[:, 1, None, None]) for p in points.transpose(1, 0, 2)]


def dot_trios(pencil, kind):
    """Three equal dots; the kind is the line they form: level, upright, slanted, peak, valley.

    Fixed: three dots of one size. Left to chance: which way a slanted line falls, their middle (up
    to 0.1 off), their radius (0.13 to 0.18), the two tones.
    """
    flip = pencil.sign() * 0.5
    trios = np.array(
        [[[-1, 0], [0, 0], [1, 0]], [[0, -1], [0, 0], [0, 1]], [[-1, -1], [0, 0], [1, 1]]]
        + [[[-1, 0.7], [0, -0.7], [1, 0.7]], [[-1, -0.7], [0, 0.7], [1, -0.7]]],
        np.float32,
    )[kind]
    x0, y0, r = pencil.uniform(-0.1, 0.1), pencil.uniform(-0.1, 0.1), pencil.uniform(0.13, 0.18)
    dots = [disc(X - x0 - a * flip, Y - y0 - b * 0.5, r) for a, b in places_of(trios)]
    return plain(pencil, np.minimum.reduce(dots))


def sizes(pencil, kind):
    """Two equal figures; the kind is where the bigger is: above, below, beside; or none is.

    Where none is, both have a size between, one above the other or side by side. Left to chance:
    which figure (disc, box, diamond), the left or the right side, the sizes (radius 0.28 to 0.34
    and 0.12 to 0.16, or 0.18 to 0.3 for both), their middle (up to 0.08 off), the two tones.
    """
    k = kind[:, None, None]
    flip = pencil.sign() * 0.4
    x, y = np.choose(k, (0, 0, flip, 0, flip)), np.choose(k, (-0.4, 0.4, 0, 0.4, 0))
    big, small = pencil.uniform(0.28, 0.34), pencil.uniform(0.12, 0.16)
    middle = pencil.uniform(0.18, 0.3)
    big, small = np.where(k > 2, middle, big), np.where(k > 2, middle, small)
    x0, y0 = pencil.uniform(-0.08, 0.08), pencil.uniform(-0.08, 0.08)
    shape = pencil.choices(3, 1)[:, 0]
    return plain(
        pencil, np.minimum(mark(shape, x0 + x, y0 + y, big), mark(shape, x0 - x, y0 - y, small))
    )
